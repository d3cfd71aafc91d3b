"""What else can be done with a training, behind one button."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QToolButton, QWidget

from svi_studio.ui.controls.key_menu import KeyMenu
from svi_studio.ui.theme.icons import keep_icon


class RunMenu(QToolButton):
    """Its requests come as signals."""

    change_wanted = Signal()
    begin_wanted = Signal()
    save_lora_wanted = Signal()
    csv_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        keep_icon(self, "more")
        self.setToolTip(self.tr("Change it, save a LoRA or the log"))
        self.setAccessibleName(self.tr("More about this training"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = KeyMenu(self)
        self.change = menu.addAction(self.tr("Change it and go on…"))
        self.begin = menu.addAction(self.tr("New training from its LoRA…"))
        self.save_lora = menu.addAction(self.tr("Save a checkpoint as a LoRA…"))
        self.csv = menu.addAction(self.tr("Save the log as a table (CSV)…"))
        self.change.triggered.connect(self.change_wanted)
        self.begin.triggered.connect(self.begin_wanted)
        self.save_lora.triggered.connect(self.save_lora_wanted)
        self.csv.triggered.connect(self.csv_wanted)
        self.setMenu(menu)

    def show_possible(self, *, change: bool, begin: bool, save_lora: bool, csv: bool) -> None:
        """Enables what can be done now."""
        self.change.setEnabled(change)
        self.begin.setEnabled(begin)
        self.save_lora.setEnabled(save_lora)
        self.csv.setEnabled(csv)
