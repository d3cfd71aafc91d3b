"""What the chain reads and writes on disk: pictures only from the film's folder, and errors that name the place."""

import errno
from pathlib import Path

import pytest

from svi_studio.domain.errors import BadProject, DiskFull
from svi_studio.engine.chain import film
from svi_studio.engine.loading.wan_models import WanModels
from tests.builders.small_film import Renders, plan_of, small_storyboard, write_picture


@pytest.fixture
def renders(tmp_path: Path, models: WanModels) -> Renders:
    (tmp_path / "film").mkdir()
    return Renders(tmp_path / "film", models)


def test_a_link_out_of_the_folder_is_not_followed(renders: Renders, tmp_path: Path) -> None:
    write_picture(tmp_path / "private.png")
    (renders.folder / "first.png").symlink_to(tmp_path / "private.png")
    with pytest.raises(BadProject, match=r"first\.png.* lies outside of"):
        renders(plan_of(small_storyboard(["a red ball"]), renders.folder))
    assert not list(renders.store.hashes())


def test_a_disk_error_that_names_no_file_is_told_with_the_folder_of_the_takes(
    renders: Renders, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_picture(renders.folder / "first.png")
    plan = plan_of(small_storyboard(["a red ball"]), renders.folder)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(film, "write_pictures", full)
    with pytest.raises(DiskFull) as refusal:
        renders(plan)
    assert f"The disk is full at {renders.store.folder}" in str(refusal.value)
    assert [getattr(event, "message", None) for event in renders.heard("render_failed")] == [str(refusal.value)]
    assert not list(renders.store.hashes())
