"""How long a user waits for the window, from the start of the process to the first painted frame."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from svi_studio.project.project_file import Project
from svi_studio.project.schema import read_storyboard
from svi_studio.project.strict_json import parse_object
from svi_studio.resource_files import resource_path
from tests.benchmarks.figure import Figure

RUNS = 7
GOAL_SECONDS = 1.0

_CHILD = """
import json, sys, time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication
from svi_studio.app import main

class FirstPaint(QObject):
    seen = 0.0
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and not FirstPaint.seen and watched.isWidgetType():
            FirstPaint.seen = time.time()
        return False

def run():
    application = QApplication.instance()
    watch = FirstPaint()
    application.installEventFilter(watch)
    until = time.time() + 20
    while not FirstPaint.seen and time.time() < until:
        application.processEvents()
    names = ("torch", "diffusers", "transformers", "peft", "numpy", "PIL", "av", "moviepy")
    heavy = [name for name in names if name in sys.modules]
    print(json.dumps({"painted": FirstPaint.seen, "heavy": heavy}), flush=True)
    for window in application.topLevelWidgets():
        window.close()
    return 0

QApplication.exec = staticmethod(run)
main(sys.argv[1:])
"""


def measure() -> list[Figure]:
    """The welcome page, and a film of ten clips; torch must not be imported by then."""
    with tempfile.TemporaryDirectory() as folder:
        source = resource_path("storyboards", "first-film.json")
        film = Project.create(
            Path(folder) / "film.svi", read_storyboard(parse_object(source.read_bytes(), source), source)
        )
        return [_figure("window shown, welcome", []), _figure("window shown, a film of 10 clips", [str(film.folder)])]


def _figure(name: str, arguments: list[str]) -> Figure:
    _start(arguments)  # the first start after a change compiles
    runs = [_start(arguments) for _ in range(RUNS)]
    heavy = sorted({module for _, modules in runs for module in modules})
    assert "torch" not in heavy
    seconds = [seconds for seconds, _ in runs]
    return Figure(
        name,
        statistics.median(seconds),
        GOAL_SECONDS,
        "s",
        {"runs": [round(each, 3) for each in seconds], "heavy_modules_imported": heavy},
    )


def _start(arguments: list[str]) -> tuple[float, list[str]]:
    began = time.time()
    command = [sys.executable, "-c", _CHILD, *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    if done.returncode or not done.stdout.strip():
        raise RuntimeError(done.stderr[-2000:])
    answer = json.loads(done.stdout.strip().splitlines()[-1])
    return answer["painted"] - began, answer["heavy"]
