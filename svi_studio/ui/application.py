"""What the program is called and looks like, for the desktop that it runs on."""

from PySide6.QtWidgets import QApplication

from svi_studio.ui.desktop.app_icon import app_icon
from svi_studio.ui.desktop.translations import load_translations


def prepare_application(application: QApplication) -> None:
    """Name, icon and style of the program; call it once before the first window."""
    application.setApplicationName("svi-studio")
    application.setApplicationDisplayName("SVI Studio")
    application.setDesktopFileName("svi-studio")
    application.setStyle("Fusion")
    application.setWindowIcon(app_icon())
    application.setQuitOnLastWindowClosed(False)
    load_translations(application)
