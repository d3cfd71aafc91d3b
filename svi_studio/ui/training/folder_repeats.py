"""How often each folder of the footage counts."""

from pathlib import PurePosixPath

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from svi_studio.domain.number_range import NumberRange
from svi_studio.domain.training.data_recipe import TOP, DataRecipe, FolderRepeat, named_repeats
from svi_studio.domain.training.footage import Footage
from svi_studio.ui.controls.elided_label import ElidedLabel
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.controls.number_box import NumberBox

_MOST_FOLDERS = 60


class FolderRepeats(QWidget):
    """``edited`` brings a tuple of ``FolderRepeat``. ``boxes`` are by their folder; none where there is one only."""

    edited = Signal(object)

    def __init__(self, footage: Footage | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        sources = [clip.source for clip in footage.clips] if footage is not None else []
        self._named = named_repeats(sources)
        self._data = DataRecipe()
        self.boxes: dict[str, NumberBox] = {}
        self.by_name = QPushButton(self.tr("As the folders are named"), self)
        self.by_name.setToolTip(self.tr("A folder such as “10_cat” counts ten times, as in kohya's trainer"))
        self.by_name.setVisible(bool(self._named))
        self.by_name.clicked.connect(lambda: self.edited.emit(self._named))
        self._lay_out(_folders(sources))

    @property
    def has_choice(self) -> bool:
        """Whether there is more than one folder."""
        return bool(self.boxes)

    def show_data(self, data: DataRecipe) -> None:
        """Shows how often each folder counts; one without a number of its own, as that above it."""
        self._data = data
        for folder, box in self.boxes.items():
            box.show_value(data.times(f"{folder}/any"))

    def _lay_out(self, folders: list[str]) -> None:
        grid = QGridLayout()
        grid.setColumnStretch(0, 1)
        grid.setVerticalSpacing(6)
        for row, folder in enumerate(folders if len(folders) > 1 else []):
            box = NumberBox(NumberRange(1, 1000), optional=False, parent=self)
            box.setAccessibleName(self.tr("Times that {folder} counts").format(folder=folder))
            box.edited.connect(self._count)
            name = self.tr("The folder itself") if folder == TOP else folder
            grid.addWidget(ElidedLabel(name, Qt.TextElideMode.ElideMiddle, self), row, 0)
            grid.addWidget(box, row, 1)
            self.boxes[folder] = box
        column_of(grid, row_of(self.by_name, 1), within=self, spacing=8)

    @Slot()
    def _count(self) -> None:
        """Keeps numbers that differ from those of the folder above, and those of folders that are not here."""
        kept = {each.folder: each.times for each in self._data.repeats if each.folder not in self.boxes}
        found: dict[str, int] = {}
        for folder, box in self.boxes.items():
            above = [str(place) for place in PurePosixPath(folder).parents] if folder != TOP else []
            given = next(((found | kept)[place] for place in above if place in found | kept), 1)
            times = int(box.value or 1)
            if times != given:
                found[folder] = times
        self.edited.emit(tuple(FolderRepeat(folder=name, times=times) for name, times in (kept | found).items()))


def _folders(sources: list[str]) -> list[str]:
    """The folders that hold clips and those above them, the top first."""
    found = {str(place) for source in sources for place in PurePosixPath(source).parents}
    return sorted(found, key=lambda folder: (folder != TOP, folder))[:_MOST_FOLDERS]
