"""What nobody foresaw: kept in a log, shown once, and the window goes on."""

import faulthandler
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.faulthandler import fault_handler_stderr_fd_key
from PySide6.QtCore import QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from svi_studio import crash_log
from svi_studio.ui.dialogs import crash_box
from svi_studio.ui.dialogs.crash import CrashDialog
from svi_studio.ui.dialogs.crash_box import CrashBox, left_by_a_crash


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for module in (crash_log, crash_box):
        monkeypatch.setattr(module, "crash_folder", lambda: tmp_path / "logs")
    return tmp_path / "logs"


@pytest.fixture
def box(qtbot: QtBot, logs: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CrashBox]:
    """Without the handlers of the whole process, which belong to the tests."""
    made = CrashBox()
    yield made
    for dialog in _dialogs():
        dialog.close()


def _dialogs() -> list[CrashDialog]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, CrashDialog) and each.isVisible()]


def _fail(box: CrashBox, words: str = "nobody foresaw this") -> None:
    error = ValueError(words)
    box._excepthook(type(error), error, None)


def test_a_fault_is_written_to_a_log_and_shown(qtbot: QtBot, box: CrashBox, logs: Path) -> None:
    _fail(box)
    assert len(_dialogs()) == 1
    assert "nobody foresaw this" in next(logs.glob("crash-*.log")).read_text()


def test_a_fault_in_another_thread_is_shown_in_the_windows_own(qtbot: QtBot, box: CrashBox) -> None:
    thread = threading.Thread(target=_fail, args=(box,))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(_dialogs()) == 1, timeout=5000)


def test_a_fault_that_comes_again_and_again_does_not_bury_the_screen(qtbot: QtBot, box: CrashBox, logs: Path) -> None:
    for number in range(20):
        _fail(box, f"fault {number}")
    assert len(_dialogs()) == 1 and len(list(logs.glob("crash-*.log"))) == 20


def test_the_log_does_not_tell_the_name_of_the_home_folder(qtbot: QtBot, box: CrashBox, logs: Path) -> None:
    _fail(box, f"{Path.home()}/secret")
    assert str(Path.home()) + "/secret" not in next(logs.glob("crash-*.log")).read_text()


def test_a_program_that_the_machine_ended_is_told_of_at_the_next_start(logs: Path) -> None:
    logs.mkdir()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (logs / f"fatal-{ended.pid}.log").write_text("Fatal Python error: Segmentation fault")
    assert [path.name for path in left_by_a_crash()] == [f"crash-fatal-{ended.pid}.log"]
    assert left_by_a_crash() == ()


def test_a_program_that_ended_well_or_still_runs_leaves_nothing_to_tell(logs: Path) -> None:
    logs.mkdir()
    (logs / f"fatal-{os.getppid()}.log").write_text("of a program that still runs")
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (logs / f"fatal-{ended.pid}.log").touch()
    assert left_by_a_crash() == ()


@pytest.fixture
def stacks_of_crashes(pytestconfig: pytest.Config) -> Iterator[None]:
    """What pytest shows of a process that crashes, which a crash box takes over."""
    yield
    faulthandler.enable(pytestconfig.stash[fault_handler_stderr_fd_key])


def test_installing_and_removing_leaves_everything_as_it_was(qtbot: QtBot, logs: Path, stacks_of_crashes: None) -> None:
    handler = qInstallMessageHandler(None)
    box, before = CrashBox(), sys.excepthook
    box.install()
    assert sys.excepthook != before
    box.remove()
    qInstallMessageHandler(handler)
    assert list(logs.iterdir()) == []
    sys.excepthook = before


def test_messages_of_qt_go_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    crash_box._note_qt_message(QtMsgType.QtWarningMsg, None, "a warning of Qt")  # type: ignore[arg-type]
    assert "a warning of Qt" in caplog.text
