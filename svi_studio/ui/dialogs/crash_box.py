"""Catches what nobody foresaw: writes it to a log on this computer and shows it, once, while the window goes on."""

import contextlib
import faulthandler
import logging
import os
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType
from typing import TextIO

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, Slot, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QWidget

from svi_studio.crash_log import crash_folder, write_crash_text

_FATAL = "fatal-{process}.log"
_log = logging.getLogger("svi_studio.qt")
_MOST_BOXES = 3  # a fault that comes again with every frame must not bury the screen in boxes


class CrashBox(QObject):
    """``install`` once at the start, ``remove`` at the end. ``quit_wanted`` when the user has had enough."""

    quit_wanted = Signal()
    _caught = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown = 0
        self._open = False
        self._fatal: TextIO | None = None
        self._caught.connect(self._show)

    def install(self) -> None:
        """Catches every unforeseen exception, in any thread, from now on; faults of the machine go to a file."""
        sys.excepthook = self._excepthook
        threading.excepthook = lambda told: self._excepthook(told.exc_type, told.exc_value, told.exc_traceback)
        qInstallMessageHandler(_note_qt_message)
        with contextlib.suppress(OSError):
            crash_folder().mkdir(parents=True, exist_ok=True)
            self._fatal = (crash_folder() / _FATAL.format(process=os.getpid())).open("w", encoding="utf-8")
            faulthandler.enable(self._fatal)

    def remove(self) -> None:
        """Restores the handlers of Python and Qt."""
        sys.excepthook, threading.excepthook = sys.__excepthook__, threading.__excepthook__
        qInstallMessageHandler(None)
        if self._fatal is not None:
            faulthandler.disable()
            self._fatal.close()
            Path(self._fatal.name).unlink(missing_ok=True)
            self._fatal = None

    def _excepthook(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self.quit_wanted.emit()
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        print(text, file=sys.stderr)
        self._caught.emit(text)  # it may come from any thread; the box is shown in the window's own

    @Slot(str)
    def _show(self, text: str) -> None:
        log = write_crash_text(text)
        if self._open or self._shown >= _MOST_BOXES:
            return
        from svi_studio.ui.dialogs.crash import CrashDialog  # noqa: PLC0415 - hardly ever needed

        self._shown += 1
        self._open = True
        dialog = CrashDialog(log.read_text(encoding="utf-8") if log.is_file() else text, log, _window())
        dialog.finished.connect(lambda: self._closed(dialog))
        dialog.open()

    def _closed(self, dialog: QObject) -> None:
        self._open = False
        dialog.deleteLater()
        if getattr(dialog, "quit_wanted", False):
            self.quit_wanted.emit()


def left_by_a_crash() -> tuple[Path, ...]:
    """Logs of earlier starts that the machine or the system ended; files of programs that still run do not count."""
    found = []
    for file in crash_folder().glob(_FATAL.format(process="*")):
        process = file.stem.removeprefix("fatal-")
        if process.isdigit() and int(process) != os.getpid() and not _is_running(int(process)):
            with contextlib.suppress(OSError):
                if file.stat().st_size:
                    found.append(file.rename(file.with_name(f"crash-{file.name}")))
                else:
                    file.unlink()
    return tuple(found)


def _is_running(process: int) -> bool:
    if sys.platform == "win32":
        return False  # there a file of a running program cannot be renamed, which is suppressed above
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _note_qt_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """Qt's own messages go to the log; its last words before it gives up become one sentence on the terminal."""
    if kind is QtMsgType.QtFatalMsg:
        log = write_crash_text(text)
        print(f"The window cannot be shown on this screen; the details are in {log}.", file=sys.stderr, flush=True)
        os._exit(1)
    level = logging.DEBUG if kind in {QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg} else logging.WARNING
    _log.log(level, "%s", text)


def _window() -> QWidget | None:
    return QApplication.activeWindow()
