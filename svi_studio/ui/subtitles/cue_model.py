"""The subtitles of a film as rows of a table: from, to, words."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Slot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.film.clock_words import clock_words, parse_clock
from svi_studio.domain.film.subtitles import Cue

FROM, TO, WORDS = range(3)
_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole


class CueModel(QAbstractTableModel):
    """Follows the film. Times can be written in their cells; words are shown in one line."""

    def __init__(self, film: OpenFilm, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self._cues = film.document.storyboard.subtitles
        film.document.changed.connect(self._follow)

    @property
    def cues(self) -> tuple[Cue, ...]:
        """What is shown."""
        return self._cues

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """One row a subtitle."""
        return 0 if parent.isValid() else len(self._cues)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """From, to, words."""
        return 0 if parent.isValid() else 3

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> object:
        """The names of the columns, the numbers of the rows."""
        if role != _Role.DisplayRole:
            return None
        if orientation is Qt.Orientation.Horizontal:
            return (self.tr("From"), self.tr("To"), self.tr("Words"))[section]
        return str(section + 1)

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> object:
        """Times as ``1:02.500``; words with a stroke between their lines."""
        if role not in {_Role.DisplayRole, _Role.EditRole, _Role.AccessibleTextRole} or not index.isValid():
            return None
        cue = self._cues[index.row()]
        if index.column() == WORDS:
            return cue.text.replace("\n", "  |  ")
        return clock_words(cue.start if index.column() == FROM else cue.stop)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Times can be written."""
        flags = super().flags(index)
        can_write = index.column() != WORDS and not self._film.read_only
        return flags | Qt.ItemFlag.ItemIsEditable if can_write else flags

    def setData(self, index: _Index, value: object, role: int = _Role.EditRole) -> bool:
        """Moves the start or the end of a subtitle; what is no time changes nothing."""
        time = parse_clock(str(value))
        if time is None or role != _Role.EditRole or not index.isValid():
            return False
        commands, row = self._film.commands.subtitles, index.row()
        return commands.retime(row, start=time) if index.column() == FROM else commands.retime(row, stop=time)

    @Slot()
    def _follow(self) -> None:
        cues = self._film.document.storyboard.subtitles
        if cues == self._cues:
            return
        if len(cues) == len(self._cues):
            self._cues = cues
            self.dataChanged.emit(self.index(0, 0), self.index(len(cues) - 1, WORDS))
        else:
            self.beginResetModel()
            self._cues = cues
            self.endResetModel()
