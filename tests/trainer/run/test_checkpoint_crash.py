"""Wherever the process ends or the disk fails, the last whole checkpoint leads to the very same LoRA."""

import errno
from pathlib import Path

import pytest

from svi_studio.disk.fs_ops import FsOps
from svi_studio.domain.errors import DiskFull, StudioError
from tests.builders.faulty_disk import KILLED, CountingDisk, FaultyDisk, die, failing
from tests.forked import exit_code_of, needs_fork
from tests.trainer.run.tiny_training import Training, content
from trainer.run.state.checkpoint import whole_checkpoint


def train(folder: Path, disk: FsOps) -> Training:
    return Training(folder, disk, steps=4, save_every=2, keep_checkpoints=1).run()


def operations(folder: Path) -> int:
    disk = CountingDisk()
    train(folder, disk)
    return len(disk.operations)


def end_of(folder: Path) -> dict[str, bytes]:
    return content(folder / "checkpoints" / "00000004")


def check_kill(folder: Path, at: int, wanted: dict[str, bytes]) -> None:
    assert exit_code_of(lambda: train(folder, FaultyDisk(at, die, torn=True))) == KILLED
    train(folder, FsOps())
    assert end_of(folder) == wanted, f"killed at operation {at}"
    assert [entry.name for entry in (folder / "checkpoints").iterdir()] == ["00000004"]


@needs_fork
def test_a_kill_at_any_write_of_a_checkpoint_changes_nothing_in_the_end(tmp_path: Path) -> None:
    disk = CountingDisk()
    train(tmp_path / "whole", disk)
    paths = disk.paths
    first_is_there = paths.index(tmp_path / "whole" / "checkpoints" / "00000002")
    second = [at for at, path in enumerate(paths) if at > first_is_there and "checkpoints" in path.parts]
    assert len(second) > 30
    for at in second:
        check_kill(tmp_path / str(at), at, end_of(tmp_path / "whole"))


@needs_fork
@pytest.mark.slow
def test_a_kill_at_any_operation_of_a_training_changes_nothing_in_the_end(tmp_path: Path) -> None:
    for at in range(operations(tmp_path / "whole")):
        check_kill(tmp_path / str(at), at, end_of(tmp_path / "whole"))


def check_error(folder: Path, at: int, code: int, for_good: bool, wanted: dict[str, bytes]) -> None:
    disk = FaultyDisk(at, failing(code), torn=True, for_good=for_good)
    with pytest.raises(DiskFull if code in (errno.ENOSPC, errno.EDQUOT) else StudioError):
        train(folder, disk)
    checkpoints = folder / "checkpoints"
    saved = [p for p in checkpoints.glob("0*") if whole_checkpoint(p)] if checkpoints.exists() else []
    assert saved or not any(path.name == "00000002" for path in disk.paths[:at])
    train(folder, FsOps())
    assert end_of(folder) == wanted, f"failed at operation {at}"


@pytest.mark.parametrize("first", [0, 1, 2])
def test_a_full_disk_is_one_sentence_and_leaves_the_last_checkpoint_whole(tmp_path: Path, first: int) -> None:
    count = operations(tmp_path / "whole")
    for at in range(first * 5, count, 15):
        check_error(tmp_path / str(at), at, errno.ENOSPC, first == 1, end_of(tmp_path / "whole"))


@pytest.mark.slow
@pytest.mark.parametrize("for_good", [False, True])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EACCES])
def test_every_error_at_every_operation_leaves_the_last_checkpoint_whole(
    tmp_path: Path, code: int, for_good: bool
) -> None:
    for at in range(operations(tmp_path / "whole")):
        check_error(tmp_path / str(at), at, code, for_good, end_of(tmp_path / "whole"))
