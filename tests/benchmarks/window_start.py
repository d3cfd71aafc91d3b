"""How long a user waits for the window, from the start of the process to the first painted frame."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from svi_studio.project.film.project_file import Project
from svi_studio.project.film.schema import read_storyboard
from svi_studio.project.strict_json import parse_object
from svi_studio.resource_files import resource_path
from tests.benchmarks.figure import Figure

RUNS = 7
GOAL_SECONDS = 0.6
NAMED_GOAL_SECONDS = 0.8
FILM_GOAL_SECONDS = 1.5

_CHILD = """
import json, sys, time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication
from svi_studio.app import main

WANTED = sys.argv.pop(1)

class FirstPaint(QObject):
    seen = 0.0
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and not FirstPaint.seen and watched.isWidgetType():
            if WANTED in ("", watched.window().objectName()):
                FirstPaint.seen = time.time()
        return False

def run():
    application = QApplication.instance()
    watch = FirstPaint()
    application.installEventFilter(watch)
    until = time.time() + 20
    while not FirstPaint.seen and time.time() < until:
        application.processEvents()
    names = ("torch", "diffusers", "transformers", "peft", "numpy", "PIL", "av")
    heavy = [name for name in names if name in sys.modules]
    print(json.dumps({"painted": FirstPaint.seen, "heavy": heavy}), flush=True)
    for window in application.topLevelWidgets():
        window.close()
    return 0

QApplication.exec = staticmethod(run)
main(sys.argv[1:])
"""


def measure() -> list[Figure]:
    """The welcome; the first window when a film is named, which may be the welcome; the window of that film itself."""
    with tempfile.TemporaryDirectory() as folder:
        source = resource_path("storyboards", "first-film.json")
        film = Project.create(
            Path(folder) / "film.svi", read_storyboard(parse_object(source.read_bytes(), source), source)
        )
        path = str(film.folder)
        return [
            _figure("window shown, no film named", GOAL_SECONDS, ""),
            _figure("window shown, a film of 10 clips named", NAMED_GOAL_SECONDS, "", path),
            _figure("a film of 10 clips on the screen", FILM_GOAL_SECONDS, "film", path),
        ]


def _figure(name: str, goal: float, wanted: str, *arguments: str) -> Figure:
    _start(wanted, *arguments)  # the first start after a change compiles
    runs = [_start(wanted, *arguments) for _ in range(RUNS)]
    heavy = sorted({module for _, modules in runs for module in modules})
    assert "torch" not in heavy
    seconds = [seconds for seconds, _ in runs]
    details = {"runs": [round(each, 3) for each in seconds], "heavy_modules_imported": heavy}
    return Figure(name, statistics.median(seconds), goal, "s", details)


def _start(*arguments: str) -> tuple[float, list[str]]:
    began = time.time()
    command = [sys.executable, "-c", _CHILD, *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    if done.returncode or not done.stdout.strip():
        raise RuntimeError(done.stderr[-2000:])
    answer = json.loads(done.stdout.strip().splitlines()[-1])
    return answer["painted"] - began, answer["heavy"]
