"""The window: the only file that wires everything together."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

NO_SCREEN = (
    "There is no screen here for the window: start it on a desktop, or use the command line, which "
    "'svi-studio --help' explains."
)


def main(arguments: Sequence[str] = ()) -> int:
    """Open the window, with the film that ``arguments`` may name; returns the exit code when the last one closes."""
    if not _has_screen():
        print(NO_SCREEN, file=sys.stderr)
        return 2
    os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")  # threads that share a fill wait for a core that a render has
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - not before it is clear that there is a screen

    from svi_studio.jobs.owned_thread import end_if_stuck  # noqa: PLC0415
    from svi_studio.ui.crash_box import CrashBox  # noqa: PLC0415
    from svi_studio.ui.interrupts import Interrupts  # noqa: PLC0415
    from svi_studio.ui.studio import Studio, prepare_application  # noqa: PLC0415

    box = CrashBox()
    box.install()  # before the application: it also catches a screen that cannot be reached
    application = QApplication(["svi-studio"])
    prepare_application(application)
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
        interrupts.remove()
        box.remove()
    end_if_stuck(code)
    return code


def _has_screen() -> bool:
    if sys.platform in {"win32", "darwin"} or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
