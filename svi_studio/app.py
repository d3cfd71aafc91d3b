"""The window: the only file that wires everything together."""

import os
import signal
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
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - not before it is clear that there is a screen

    from svi_studio.ui.crash_box import CrashBox  # noqa: PLC0415
    from svi_studio.ui.studio import Studio, prepare_application  # noqa: PLC0415

    application = QApplication.instance() or QApplication(["svi-studio"])
    assert isinstance(application, QApplication)  # noqa: S101 - nothing else makes one in this process
    box = CrashBox()
    box.install()
    prepare_application(application)
    studio = Studio()
    box.quit_wanted.connect(studio.quit)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    studio.start(Path(arguments[0]) if arguments else None)
    try:
        return int(application.exec())
    finally:
        studio.close()
        box.remove()


def _has_screen() -> bool:
    if sys.platform in {"win32", "darwin"} or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
