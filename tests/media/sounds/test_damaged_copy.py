"""A prepared sound that was damaged is let go of and thrown away, so that the next time makes it anew."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from svi_studio.domain.errors import StudioError
from svi_studio.media.sounds.lossless_copy import CopyReader, CopyWriter

SAMPLES = 3 * 48_000


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    path = tmp_path / "sound.flac"
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (SAMPLES, 2)).astype(np.float32)
    with CopyWriter(path, 1.0) as writer:
        writer.take(noise)
    return path


@pytest.fixture
def held_by_windows(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Files that cannot be deleted while they are open, as Windows has it."""
    files: list[Any] = []
    unlink = Path.unlink

    def delete(path: Path, *, missing_ok: bool = False) -> None:
        if any(not file.closed for file in files):
            raise PermissionError(32, "in use")
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", delete)
    return files


def test_one_that_breaks_while_it_is_read_goes(copy: Path, held_by_windows: list[Any]) -> None:
    content = copy.read_bytes()
    copy.write_bytes(content[: len(content) // 2])
    reader = CopyReader(copy, 1.0, SAMPLES)
    held_by_windows.append(reader._file)
    with pytest.raises(StudioError, match="was damaged and was thrown away"):
        reader.read(0, SAMPLES)
    assert not copy.exists()
    copy.write_bytes(content)  # made anew
    with pytest.raises(StudioError, match="was damaged"):
        reader.read(2 * 48_000, 10)  # by who has not heard of it
    assert copy.exists()


@pytest.mark.parametrize("content", [b"", b"fLaC\0\0\0\0"])
def test_one_that_cannot_be_opened_goes(copy: Path, content: bytes) -> None:
    copy.write_bytes(content)
    with pytest.raises(StudioError, match="was damaged"):
        CopyReader(copy, 1.0, SAMPLES)
    assert not copy.exists()


def test_one_of_another_length_goes(copy: Path, held_by_windows: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    import soundfile

    opened = soundfile.SoundFile

    def watched(path: Path) -> Any:
        held_by_windows.append(opened(path))
        return held_by_windows[-1]

    monkeypatch.setattr(soundfile, "SoundFile", watched)
    with pytest.raises(StudioError, match="was damaged"):
        CopyReader(copy, 1.0, SAMPLES + 1)
    assert not copy.exists()
