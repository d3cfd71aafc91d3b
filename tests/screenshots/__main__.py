"""Photographs the real program: ``python -m tests.screenshots FOLDER``; needs no screen, takes some minutes."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--journey", action="store_true", help="film the way of a first film instead")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_VIDEOS_DIR"):
            os.environ[name] = str(Path(home) / name.lower())
        return _run(options.folder, Path(home), journey=options.journey)


def _run(folder: Path, home: Path, *, journey: bool) -> int:
    from PySide6.QtWidgets import QApplication

    from svi_studio.document.preferences import Preferences
    from svi_studio.ui.application import prepare_application
    from svi_studio.ui.studio import Studio
    from tests.journey.user import User
    from tests.screenshots.camera import Camera
    from tests.screenshots.scenes import photograph
    from tests.screenshots.screen_film import film_the_journey

    application = QApplication([])
    prepare_application(application)
    studio = Studio(Preferences(home / "preferences.ini"))
    try:
        studio.start()
        if journey:
            film_the_journey(studio, folder)
        else:
            user = User(studio)
            photograph(user, Camera(folder, user))
    finally:
        ended = studio.close()
    return 0 if ended else 1


if __name__ == "__main__":
    sys.exit(main())
