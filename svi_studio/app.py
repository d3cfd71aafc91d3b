"""The window: the only file that wires everything together."""

import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path

from svi_studio.domain.text.command_name import command_name
from svi_studio.settings import DISPLAY, QT_ONE_THREAD, QT_PLATFORM, WAYLAND_DISPLAY

NO_SCREEN = (
    "There is no screen here for the window: start it on a desktop, or use the command line, which "
    "'{command} --help' explains."
)
NO_WINDOW = (
    "The window is not installed, because this system is too old for it. The command line works: '{command} --help' "
    "explains it."
)


def main(arguments: Sequence[str] = ()) -> int:
    """Opens the window, with the film that ``arguments`` may name; returns the exit code when the last one closes."""
    if obstacle := _obstacle():
        print(obstacle, file=sys.stderr)
        return 2
    QT_ONE_THREAD.tell_library()  # threads that share a fill wait for a core that a render has
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - not before it is clear that there is a screen

    from svi_studio.jobs.threads.garbage import GarbageCollector  # noqa: PLC0415
    from svi_studio.jobs.threads.owned_thread import end_if_stuck  # noqa: PLC0415
    from svi_studio.ui.application import prepare_application  # noqa: PLC0415
    from svi_studio.ui.desktop.interrupts import Interrupts  # noqa: PLC0415
    from svi_studio.ui.dialogs.crash_box import CrashBox  # noqa: PLC0415
    from svi_studio.ui.studio import Studio  # noqa: PLC0415

    box = CrashBox()
    box.install()  # before the application: it also catches a screen that cannot be reached
    application = QApplication(["svi-studio"])
    prepare_application(application)
    collector = GarbageCollector()
    collector.install()
    studio = Studio()
    studio.finished.connect(application.quit)
    box.quit_wanted.connect(studio.quit)
    interrupts = Interrupts()
    interrupts.wanted.connect(studio.end_now)
    application.commitDataRequest.connect(lambda _session: studio.end_now())
    studio.start(Path(arguments[0]) if arguments else None)
    try:
        code = int(application.exec())
    finally:
        studio.close()
        collector.remove()
        interrupts.remove()
        box.remove()
    end_if_stuck(code)
    return code


def _obstacle() -> str:
    """Why no window can be opened here, as one sentence; Qt would end the program with a page of its own."""
    if importlib.util.find_spec("PySide6") is None:
        return NO_WINDOW.format(command=command_name())
    if sys.platform in {"win32", "darwin"} or QT_PLATFORM.text():
        return ""
    if not DISPLAY.text() and not WAYLAND_DISPLAY.text():
        return NO_SCREEN.format(command=command_name())
    from svi_studio.system_libraries import window_libraries_obstacle  # noqa: PLC0415 - Linux alone needs it

    return window_libraries_obstacle()
