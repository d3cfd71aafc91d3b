"""What this computer has and which models are on it, with what to do about it."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from svi_studio.document import words
from svi_studio.document.welcome.hardware_words import cards_line, fitting_line, memory_size
from svi_studio.document.welcome.looks import Looks
from svi_studio.domain.film.found_model import FoundModel
from svi_studio.domain.text.command_name import command_name
from svi_studio.domain.training.hardware import Hardware
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.desktop.open_with_system import open_with_system
from svi_studio.ui.dialogs.plain_dialog import PlainDialog, empty_layout, plain_label, section_label
from svi_studio.ui.theme.icons import icon_pixmap


class HardwareDialog(PlainDialog):
    """``look_again`` asks for a new look; ``show_found`` fills the page. ``models_wanted``: the user wants others."""

    look_again = Signal()
    models_wanted = Signal()

    def __init__(self, models_folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("HardwareDialog", "This computer and its models"), parent=parent)
        self._models_folder = models_folder
        self.resize(620, 520)
        self._page = self.add_scrolled(12, right=8)
        self._page.addWidget(plain_label(self.tr("Looking at this computer…"), self))
        self.add_button(self.tr("Open the models folder"), left=True).clicked.connect(self._open_folder)
        self.add_button(self.tr("Look again")).clicked.connect(self.look_again)
        self.add_button(self.tr("Close"), primary=True).clicked.connect(self.accept)

    def show_found(self, hardware: Hardware, models: Sequence[FoundModel]) -> None:
        """Shows what was found."""
        empty_layout(self._page)
        self._page.addWidget(self._computer(hardware))
        self._page.addWidget(section_label(self.tr("Models"), self))
        for model in models:
            self._page.addWidget(_row("model", model.name, self._about(model), "" if model.problem is None else "warn"))
        self._page.addWidget(section_label(self.tr("Another model"), self))
        for part in self._way_to_a_model():
            self._page.addWidget(part)
        self._page.addStretch(1)

    def _way_to_a_model(self) -> tuple[QWidget, ...]:
        way = plain_label(
            self.tr(
                "Your own pictures and words need a larger model: Wan 2.1 I2V, Wan 2.2 I2V A14B or Wan 2.2 TI2V 5B. "
                "Files that ComfyUI or another program has are used where they are, and what is missing can be fetched."
            ),
            self,
        )
        models = QPushButton(self.tr("Find or get models…"), self)
        models.setAutoDefault(False)
        models.clicked.connect(self.accept)
        models.clicked.connect(self.models_wanted)
        row = QWidget(self)
        row_of(models, 1, within=row)
        words = self.tr(
            "Its makers' own .pth files are turned into a model once, with:  {command} models convert FOLDER -o {new}"
        )
        new = self._models_folder / "wan-14b"
        original = plain_label(words.format(command=command_name(), new=new), self)
        return way, row, original

    def _computer(self, hardware: Hardware) -> QWidget:
        box = QWidget(self)
        column = column_of(within=box, spacing=12, margins=(0, 0, 0, 8))
        cores = self.tr("{name}, {count} cores").format(name=hardware.processor, count=hardware.cores)
        column.addWidget(_row("memory", self.tr("Processor"), cores))
        if hardware.memory:
            column.addWidget(_row("layers", self.tr("Memory"), memory_size(hardware.memory)))
        column.addWidget(_row("gpu", self.tr("Graphics card"), _advice(hardware)))
        if hardware.disk_free is not None:
            free = self.tr("{size} free where your films are kept").format(size=words.size(hardware.disk_free))
            column.addWidget(_row("save", self.tr("Disk"), free))
        return box

    def _about(self, model: FoundModel) -> str:
        if model.problem is not None:
            return model.problem
        if model.origin == "bundled":
            return self.tr("Comes with the program. Small pictures, and it needs no graphics card.")
        return str(model.folder)

    def _open_folder(self) -> None:
        self._models_folder.mkdir(parents=True, exist_ok=True)
        open_with_system(self._models_folder)


def show_hardware(looks: Looks, parent: QWidget | None) -> HardwareDialog:
    """Opens the page at once and fills it when all is known."""
    dialog = HardwareDialog(looks.models_folder, parent)
    alive = [True]

    def show(found: tuple[Hardware, tuple[FoundModel, ...]]) -> None:
        if alive:
            dialog.show_found(*found)

    dialog.finished.connect(alive.clear)
    dialog.look_again.connect(lambda: looks.computer(show))
    dialog.open()
    looks.computer(show)
    return dialog


def _advice(hardware: Hardware) -> str:
    if not hardware.cards:
        rest = QCoreApplication.translate(
            "HardwareDialog", "The bundled model renders well without one; a large one would take days for a clip."
        )
        line = cards_line(hardware)
        return f"{line[:1].upper()}{line[1:]}. {rest}"  # it may name a command, which stays as it is
    return f"{cards_line(hardware)}. {fitting_line(hardware)}" if hardware.memory else cards_line(hardware)


def _row(drawing: str, name: str, fact: str, tone: str = "dim") -> QWidget:
    row = QWidget()
    grid = row_of(within=row, spacing=12)
    picture = QLabel(row)
    picture.setPixmap(icon_pixmap(drawing, 22, "text-dim", row.devicePixelRatioF()))
    grid.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
    words = column_of(plain_label(name, row, ""), plain_label(fact, row, tone or "dim"), spacing=1)
    grid.addLayout(words, 1)
    return row
