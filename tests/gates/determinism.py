"""Gate 14: the same storyboard gives the same frames, stopped anywhere, and whatever surrounds the program."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from svi_studio.media.video_reader import stream_frames
from tests.builders.tiny_models import build_tiny_model
from tests.cli.conftest import write_storyboard
from tests.gates.gate import Gate, Run

REPEATS, RESUMES, SURROUNDINGS = "repeats", "stops", "surroundings"
CLIPS = 4
_AT_ONCE = 2
_HOUSE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Surroundings:
    """What is different around the program; a variable that is None is not there."""

    name: str
    variables: Mapping[str, str | None] = field(default_factory=dict)
    folder: str = "film"
    umask: int = 0o022
    before: tuple[str, ...] = ()


PLAIN = Surroundings("as it is")
ALL = (
    Surroundings("one thread", {"OMP_NUM_THREADS": "1"}),
    Surroundings("three threads", {"OMP_NUM_THREADS": "3"}),
    Surroundings("one core", before=("taskset", "-c", "0")),
    Surroundings("Turkish", {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"}),
    Surroundings("German, with decimal commas", {"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"}),
    Surroundings("no language", {"LC_ALL": "C", "LANG": "C"}),
    Surroundings(
        "no UTF-8", {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    ),
    Surroundings("the first time zone of all", {"TZ": "Pacific/Kiritimati"}),
    Surroundings("a time zone of half hours", {"TZ": "America/St_Johns"}),
    Surroundings("another hash seed", {"PYTHONHASHSEED": "12345"}),
    Surroundings("files for their owner alone", umask=0o077),
    Surroundings("no home folder", {"HOME": None, "XDG_CACHE_HOME": None, "XDG_STATE_HOME": None}),
    Surroundings(
        "a home that cannot be written", {"HOME": "/proc/1/home", "XDG_CACHE_HOME": None, "XDG_STATE_HOME": None}
    ),
    Surroundings("a folder with spaces and other scripts", folder="my film – 映画 🎬 'x' \"y\""),
)


class Films:
    """Makes the same small film again and again; ``pixels`` is one hash of its frames and of the names of its takes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        build_tiny_model(folder / "models" / "tiny-random")

    def pixels(self, around: Surroundings, name: str, stop_after: int = 0) -> str:
        """Raises AssertionError when the program does not end well."""
        work = self.folder / name / around.folder
        work.mkdir(parents=True)
        write_storyboard(work / "story.json", CLIPS)
        if stop_after:
            self._start(around, work, stop_after)
        self._start(around, work)
        frames = hashlib.sha256()
        for batch in stream_frames(work / "film.mkv"):
            frames.update(batch.tobytes())
        takes = sorted(entry.name for entry in (work / "film.svi" / "takes").iterdir() if len(entry.name) == 64)
        return f"{frames.hexdigest()} of {takes}"

    def _start(self, around: Surroundings, work: Path, stop_after: int = 0) -> None:
        """Render; Ctrl-C after ``stop_after`` clips when it is not 0."""
        inherited = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
        wanted = inherited | {"SVI_MODELS": str(self.folder / "models"), "PYTHONPATH": str(_HOUSE)} | around.variables
        command = [*around.before, sys.executable, "-P", "-m", "svi_studio", "render", "story.json", "-o", "film.mkv"]
        with (work / "errors.txt").open("wb") as errors:
            process = subprocess.Popen(
                [*command, "--json", "--device", "cpu"],
                cwd=work,
                env={name: value for name, value in wanted.items() if value is not None},
                stdout=subprocess.PIPE,
                stderr=errors,
                umask=around.umask,
            )
            assert process.stdout is not None
            done = 0
            for line in process.stdout:
                done += json.loads(line)["kind"] == "clip_done"
                if stop_after and done == stop_after:
                    process.send_signal(signal.SIGINT)
                    stop_after = 0
                    done = -CLIPS
        code = process.wait()
        said = (work / "errors.txt").read_text(errors="replace").strip()
        assert code == 0 or (done < 0 and code == 130), f"ended with {code}: {said[-300:]}"


@dataclass(frozen=True)
class _Try:
    kind: str
    name: str
    around: Surroundings = PLAIN
    stop_after: int = 0


def exercise(run: Run) -> None:
    """Repeats, a stop after each clip, and all surroundings: one hash. Two at a time, as most of each is its start."""
    films = Films(run.folder)
    wanted = films.pixels(PLAIN, "first")
    run.done(REPEATS)
    tries = [_Try(SURROUNDINGS, around.name, around) for around in ALL]
    tries[2:2] = [_Try(RESUMES, f"stopped after clip {clip}", PLAIN, clip) for clip in range(1, CLIPS)]
    tries[4:4] = [_Try(REPEATS, f"repeat {number}") for number in range(1, GATE.promised[REPEATS])]

    def pixels(each: _Try) -> str:
        if run.seconds_left <= 0:
            return ""
        try:
            return films.pixels(each.around, each.name, each.stop_after)
        except Exception as error:
            return f"{type(error).__name__}: {error}"

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for each, found in zip(tries, pool.map(pixels, tries), strict=True):
            if found:
                with run.case(each.kind, each.name):
                    assert found == wanted, f"{found[:90]}, but first {wanted[:90]}"


GATE = Gate(14, "determinism", {REPEATS: 3, RESUMES: CLIPS - 1, SURROUNDINGS: len(ALL)}, exercise)
