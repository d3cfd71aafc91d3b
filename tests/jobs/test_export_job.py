"""An export in a process of its own: progress, the end, and giving up."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.jobs.film import command_job
from svi_studio.jobs.film.export_job import ExportJob
from tests.patience import felt_time

PROGRESS = """
import sys, time
print('{"kind": "film_progress", "done": 0, "total": 2}')
print('a library prints something', flush=True)
print('{"kind": "film_progress", "done": 1, "total": 2}')
print('{"kind": "film_written", "path": "film.mp4", "frames": 9, "seconds": 1.0}')
"""
REFUSED = """
import sys
print('{"kind": "render_failed", "message": "Clip 2 is not rendered yet.", "index": null}')
sys.exit(2)
"""
CRASHED = "import sys; sys.exit('No module named av.')"
SILENT = "import sys; sys.exit(1)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('{}', flush=True); time.sleep(60)"

Export = Callable[[str], "Heard"]


class Heard:
    """A job and everything it said."""

    def __init__(self, program: str) -> None:
        self.job = ExportJob((), command=(sys.executable, "-S", "-c", program))
        self.words: list[object] = []
        self.job.progress.connect(lambda done, total: self.words.append((done, total)))
        self.job.finished.connect(self.words.append)
        self.job.failed.connect(self.words.append)
        self.job.cancelled.connect(lambda: self.words.append("cancelled"))
        self.job.start()


@pytest.fixture
def export(qtbot: QtBot) -> Iterator[Export]:
    started: list[Heard] = []

    def start(program: str) -> Heard:
        started.append(Heard(program))
        return started[-1]

    yield start
    for each in started:
        assert each.job.shutdown()


def test_it_tells_each_clip_and_where_the_film_is(qtbot: QtBot, export: Export) -> None:
    heard = export(PROGRESS)
    qtbot.waitUntil(lambda: len(heard.words) == 3)
    assert heard.words == [(0, 2), (1, 2), Path("film.mp4")]


@pytest.mark.parametrize(
    ("program", "sentence"),
    [
        (REFUSED, "Clip 2 is not rendered yet."),
        (CRASHED, "No module named av."),
        (SILENT, "It ended early without a reason: try it again."),
    ],
)
def test_an_export_that_fails_says_why(qtbot: QtBot, export: Export, program: str, sentence: str) -> None:
    heard = export(program)
    qtbot.waitUntil(lambda: bool(heard.words))
    assert heard.words == [sentence]


def test_a_cancelled_export_says_only_that(qtbot: QtBot, export: Export) -> None:
    heard = export("import time; time.sleep(60)")
    qtbot.waitUntil(lambda: heard.job.is_running)
    heard.job.cancel()
    qtbot.waitUntil(lambda: bool(heard.words))
    assert heard.words == ["cancelled"]


def test_an_export_that_does_not_listen_is_ended(qtbot: QtBot, export: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_job, "CANCEL_MS", 300)
    heard = export(STUBBORN)
    qtbot.wait(300)
    heard.job.cancel()
    qtbot.waitUntil(lambda: bool(heard.words))
    assert heard.words == ["cancelled"]


def test_a_shutdown_is_quick_and_the_last_word(qtbot: QtBot, export: Export) -> None:
    heard = export("import time; time.sleep(60)")
    qtbot.waitUntil(lambda: heard.job.is_running)
    with felt_time() as seconds:
        assert heard.job.shutdown()
        assert seconds() < 4
    qtbot.wait(50)
    assert heard.words == []


def test_the_real_command_line_answers(qtbot: QtBot, tmp_path: Path) -> None:
    job = ExportJob((str(tmp_path / "nothing.svi"), "-o", str(tmp_path / "film.mp4")))
    with qtbot.waitSignal(job.failed, timeout=60_000) as failed:
        job.start()
    assert "There is no film" in failed.args[0]
