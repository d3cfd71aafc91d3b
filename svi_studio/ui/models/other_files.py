"""A list of files that are of no use, or of none yet: what each is, and why."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from svi_studio.domain.text.visible_text import visible
from svi_studio.ui.controls.elided_label import plain_tool_tip
from svi_studio.ui.theme import theme

Index = QModelIndex | QPersistentModelIndex
FileRow = tuple[Path, str, str, str]
"""A path, the kind of file, facts about it, and why it cannot be used, or ""."""

_ROWS_SHOWN, _ROW = 7, 42  # two lines of a reason


class _Model(QAbstractTableModel):
    def __init__(self, rows: Sequence[FileRow], parent: QWidget) -> None:
        super().__init__(parent)
        self._rows = rows

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as above
        return 0 if parent.isValid() else 3

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return (self.tr("File"), self.tr("What it is"), self.tr("Why it is not used"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        path, kind, facts, why = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            reason = _reason(path, why) or self.tr("Not needed: the models above use other files.")
            return visible((path.name, kind, reason)[index.column()])
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tool_tip("\n".join(filter(None, (str(path), facts, why))))
        if role == Qt.ItemDataRole.ForegroundRole and index.column():
            return theme().colour("text-dim")
        return None


def _reason(path: Path, why: str) -> str:
    """Without the name of the file, which stands in the same row already."""
    for name in (str(path), path.name):
        if why.startswith(f"{name} "):
            rest = why.removeprefix(f"{name} ")
            return rest[:1].upper() + rest[1:]
    return why


class OtherFiles(QTableView):
    """As high as its rows, up to seven of them; then it scrolls."""

    def __init__(self, rows: Sequence[FileRow], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(_Model(tuple(rows), self))
        self.setAccessibleName(self.tr("Other files"))
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        for column, mode in enumerate((QHeaderView.ResizeMode.Interactive,) * 2 + (QHeaderView.ResizeMode.Stretch,)):
            header.setSectionResizeMode(column, mode)
        self.setColumnWidth(0, 270)
        self.setColumnWidth(1, 110)
        self.setFixedHeight(min(len(rows), _ROWS_SHOWN) * _ROW + 36)
