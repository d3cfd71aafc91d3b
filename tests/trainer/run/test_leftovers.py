"""What killed processes left half written in a run goes when it goes on, but not what somebody writes just now."""

import os
import time
from pathlib import Path

import pytest

from tests.trainer.run.tiny_training import recipe
from trainer.run.control_part import ControlFolder
from trainer.run.state.run_folder import RunFolder

HALF = ".svi-0123456789abcdef.tmp"


@pytest.mark.parametrize("place", [".", "lora", "samples/00000002", "evaluation/abc"])
def test_what_a_killed_process_left_goes(tmp_path: Path, place: str) -> None:
    old, new, other = (tmp_path / place / name for name in (HALF, HALF.replace("0", "f"), "mine.tmp"))
    old.parent.mkdir(parents=True, exist_ok=True)
    for file in (old, new, other):
        file.write_bytes(b"half")
    long_ago = time.time() - 7200
    for file in (old, other):
        os.utime(file, (long_ago, long_ago))

    RunFolder(tmp_path).begin(recipe())

    assert [old.exists(), new.exists(), other.exists()] == [False, True, True]


@pytest.mark.parametrize("kind", ["expert", "control"])
def test_the_lora_of_a_part_leaves_nothing_half_written_either(tmp_path: Path, kind: str) -> None:
    run = RunFolder(tmp_path)
    part = run.part("low") if kind == "expert" else ControlFolder(tmp_path / "control", home=tmp_path)
    half = part.lora("x").with_name(HALF)
    half.parent.mkdir(parents=True)
    half.write_bytes(b"half")
    os.utime(half, (0, 0))

    part.begin(recipe())

    assert not half.exists()
