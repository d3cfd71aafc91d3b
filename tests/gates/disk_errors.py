"""Gate 3: each of five errors of the disk at every write, once and for good; and disks that are full at 20 sizes."""

import subprocess
import sys
from itertools import count, product
from pathlib import Path

from svi_studio.domain.errors import StudioError
from tests.builders.faulty_disk import ERRNOS, FaultyDisk, failing
from tests.builders.tiny_models import build_tiny_model
from tests.cli.conftest import environment, write_storyboard
from tests.cli.test_full_disk import SCRIPT
from tests.gates.gate import Gate, Run
from tests.gates.kills import WRITERS, Writer, operations

POINTS, SIZES = "errors", "sizes of a full disk"


def exercise(run: Run) -> None:
    """First each error at each operation of each writer; then one small disk that grows while a film is made on it."""
    folders = run.folders("error")
    in_time = run.part(0.6)
    sizes = count(4, 2)
    while run.wants(POINTS, GATE.promised[POINTS], in_time):
        size = next(sizes)
        for writer in WRITERS:
            places = range(operations(writer, next(folders), size))
            for at, code, for_good in product(places, ERRNOS, (False, True)):
                if in_time():
                    _fail(run, writer, next(folders), size, at, code, for_good)
    _small_disks(run)


def _fail(run: Run, writer: Writer, folder: Path, size: int, at: int, code: int, for_good: bool) -> None:
    with run.case(POINTS, f"{writer.name}, error {code} at operation {at}{' for good' if for_good else ''}"):
        place = writer.prepare(folder, size)
        disk = FaultyDisk(at, failing(code), torn=True, for_good=for_good)
        try:
            writer.work(place, size)(disk)
        except StudioError as error:
            assert str(error).endswith("."), f"no sentence: {error}"
        assert writer.sound(place, size), "neither the old nor the new is there whole"


def _small_disks(run: Run) -> None:
    """Sizes from one that holds no take to one that holds the film: one sentence each, and no take is lost."""
    if sys.platform != "linux" or subprocess.run(["unshare", "-Urm", "true"], check=False).returncode:
        run.misses("small disks: they need Linux with user namespaces")
        return
    home = run.folder / "small disks"
    home.mkdir()
    write_storyboard(home / "story.json")
    build_tiny_model(home / "models" / "tiny-random")
    sizes = [24 + 20 * number for number in range(19)] + [4096]
    command = ["unshare", "-Urm", sys.executable, "-c", SCRIPT, *map(str, sizes)]
    done = subprocess.run(
        command,
        env=environment(SVI_MODELS=str(home / "models")),
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        timeout=max(run.seconds_left, 60),
    )
    last = 0
    for line in done.stdout.splitlines():
        size, code, takes, names, said = line.split("|", 4)
        with run.case(SIZES, f"a disk of {size} KB"):
            assert code in ("0", "4"), f"ended with {code}: {said}"
            assert code == "0" or "The disk is full" in said, said
            assert names == ("film.mp4" if code == "0" else ""), f"left behind: {names}"
            assert int(takes) >= last, "a finished take is lost"
            last = int(takes)
    if done.returncode:
        run.fault(f"the film on small disks: {done.stderr.strip()[-300:]}")


GATE = Gate(3, "errors of the disk", {POINTS: 600, SIZES: 20}, exercise)
