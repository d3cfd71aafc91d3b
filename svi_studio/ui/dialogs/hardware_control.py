"""Fills the page about this computer from a thread."""

from pathlib import Path

from PySide6.QtWidgets import QWidget

from svi_studio.jobs.background import Background
from svi_studio.jobs.hardware import Hardware, find_hardware
from svi_studio.ui.dialogs.hardware import HardwareDialog
from svi_studio.weights.catalogue import FoundModel, find_models, models_folders

Found = tuple[Hardware, tuple[FoundModel, ...]]


def look() -> Found:
    """The hardware and the models; reads the disk and asks the driver, so call it in a thread."""
    return find_hardware(Path.home()), find_models()


def show_hardware(work: Background, parent: QWidget) -> HardwareDialog:
    """Open the page at once and fill it when all is known."""
    dialog = HardwareDialog(models_folders()[-1], parent)
    alive = [True]

    def show(found: Found) -> None:
        if alive:
            dialog.show_found(*found)

    dialog.finished.connect(alive.clear)
    dialog.look_again.connect(lambda: work.submit(look, show))
    dialog.open()
    work.submit(look, show)
    return dialog
