"""A video that crashes or stalls the decoder costs only itself."""

import sys
from pathlib import Path

import pytest

from svi_studio.domain.errors import BadInput
from tests.builders.videos import scene, write_video
from tests.patience import felt_time
from trainer.footage.clips.analysis_file import load_analysis
from trainer.footage.processes.video_decoder import VideoDecoder

CRASH = (sys.executable, "-c", "import os, signal; os.read(0, 1); os.kill(os.getpid(), signal.SIGSEGV)")
STALL = (sys.executable, "-c", "import time; time.sleep(60)")
NOISE = (sys.executable, "-c", "import os; os.read(0, 1); os.write(1, b'hello hello hello'); os.read(0, 9999)")


@pytest.mark.parametrize("command", [CRASH, STALL, NOISE], ids=["crash", "stall", "noise"])
def test_a_decoder_that_fails_is_one_sentence(tmp_path: Path, command: tuple[str, ...]) -> None:
    decoder = VideoDecoder(command, patience=2.0)
    with felt_time() as seconds:
        try:
            with pytest.raises(BadInput, match="stops the video decoder"):
                decoder.analyse(tmp_path / "film.mp4", tmp_path / "film.npz")
        finally:
            decoder.close()
        assert seconds() < 30


def test_after_a_bad_video_the_next_one_is_seen(tmp_path: Path) -> None:
    (tmp_path / "bad.mp4").write_text("#EXTM3U\n")
    good = write_video(tmp_path / "good.mp4", scene(1, 8))
    decoder = VideoDecoder()
    try:
        with pytest.raises(BadInput, match="playlist"):
            decoder.analyse(tmp_path / "bad.mp4", tmp_path / "bad.npz")
        decoder.analyse(good, tmp_path / "good.npz")
    finally:
        decoder.close()
    seen = load_analysis(tmp_path / "good.npz")
    assert seen is not None and len(seen.times) == 8


def test_a_damaged_memory_of_a_video_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(b"PK\x03\x04 damaged")

    assert load_analysis(tmp_path / "a.npz") is None
