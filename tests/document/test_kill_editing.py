"""kill -9 while a film is edited: at most the edit in flight is lost, and the program says what it brought back."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from svi_studio.project.film.project_file import Project
from tests.builders.film_parts import make_project, numbered

pytestmark = pytest.mark.skipif(os.name == "nt", reason="this system has no kill -9")


def edit_until_killed(folder: Path, seconds: float) -> list[str]:
    """What the process said before it was killed, ``seconds`` after its first edit."""
    command = [sys.executable, "-m", "tests.document.kill_child", str(folder)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as child:
        assert child.stdout is not None
        said = [child.stdout.readline()]
        time.sleep(seconds)
        child.send_signal(signal.SIGKILL)
        said += child.stdout.readlines()
    return [line.strip() for line in said if line.endswith("\n")]


def number_of(lines: list[str], kind: str) -> int:
    return max((int(line.split()[-1]) for line in lines if line.startswith(kind)), default=0)


@pytest.mark.parametrize("seed", range(3))
def test_a_killed_window_loses_at_most_the_edit_in_flight(tmp_path: Path, seed: int) -> None:
    folder = make_project(tmp_path / "film", numbered(2))
    said = edit_until_killed(folder, random.Random(seed).uniform(0.05, 0.5))
    found = Project.open(folder)
    words = found.storyboard.clips[0].prompt
    number = int(words.split()[-1]) if words.startswith("words ") else 0
    assert number_of(said, "kept") <= number <= number_of(said, "edit")
    assert found.recovered == number
