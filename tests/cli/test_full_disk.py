"""A disk that is full at any point of a render: one sentence, no film, nothing lost, and more room is all it takes."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import environment, write_storyboard

SIZES = (24, 96, 240, 384, 4096)  # KB: full in clip 1, 1, 3, in the film, and never

SCRIPT = """
import contextlib, io, os, subprocess, sys
from pathlib import Path
from svi_studio.cli import main

disk = Path("disk")
disk.mkdir()
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", disk], check=True)
for size in sys.argv[1:]:
    subprocess.run(["mount", "-o", f"remount,size={size}k", disk], check=True)
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        code = main(["render", "story.json", "-o", "disk/film.mp4"])
    names = [name for name in os.listdir(disk) if name != "film.svi"]
    takes = [name for name in os.listdir(disk / "film.svi" / "takes") if len(name) == 64] if code != 4 or (
        disk / "film.svi" / "takes").exists() else []
    print(size, code, len(takes), ",".join(names), said.getvalue().strip().splitlines()[-1], sep="|")
"""


@pytest.fixture
def small_disks() -> None:
    if (
        sys.platform != "linux"
        or subprocess.run(["unshare", "-Urm", "true"], check=False, capture_output=True).returncode
    ):
        pytest.skip("needs Linux user namespaces for a disk of its own")


def test_a_full_disk_stops_with_a_sentence_and_more_room_lets_it_go_on(own_world: None, small_disks: None) -> None:
    write_storyboard(Path("story.json"))
    command = ["unshare", "-Urm", sys.executable, "-c", SCRIPT, *map(str, SIZES)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    runs = [line.split("|") for line in done.stdout.splitlines()]
    codes = [int(run[1]) for run in runs]
    takes = [int(run[2]) for run in runs]
    assert set(codes) == {0, 4}
    assert codes == sorted(codes, reverse=True), "once there is room, it works"
    assert takes == sorted(takes), "no finished take is lost"
    assert all("The disk is full" in run[4] for run in runs if run[1] == "4")
    assert all(run[3] == ("film.mp4" if run[1] == "0" else "") for run in runs)
