"""The subtitles of a film: read from a file or laid on the speech, written, moved, and written to a file."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.subtitles.subtitle_files import SubtitleFiles
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.number_range import NumberRange
from svi_studio.domain.text.plain_name import plain_name
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.controls.number_box import NumberBox
from svi_studio.ui.controls.text_box import TextBox
from svi_studio.ui.dialogs.choose_file import choose_file, choose_target
from svi_studio.ui.dialogs.plain_dialog import PlainDialog, plain_label
from svi_studio.ui.subtitles.cue_table import CueTable
from svi_studio.ui.subtitles.script_dialog import ScriptDialog

_READ = "*.srt *.vtt *.ass *.ssa"


def _tr(text: str) -> str:
    return QCoreApplication.translate("SubtitlesDialog", text)


class SubtitlesDialog(PlainDialog):
    """One for a window, shown again and again; the film can be edited meanwhile. ``shutdown`` ends its thread.

    ``sound_wanted``: a script is to be laid, and the film has no sound yet.
    """

    sound_wanted = Signal()

    def __init__(self, film: OpenFilm, parent: QWidget | None = None) -> None:
        super().__init__(_tr("Subtitles"), parent=parent)
        self._film = film
        self.files = SubtitleFiles(film, self)
        self.table = CueTable(film, self)
        self.words = TextBox(2, 4, self)
        self.shift = NumberBox(NumberRange(-3600, 3600, 0.1, decimals=2), optional=False, parent=self)
        self.shift_button = QPushButton(_tr("Shift all"), self)
        self.import_button = QPushButton(_tr("Import…"), self)
        self.lay_button = QPushButton(_tr("Lay a script on the speech…"), self)
        self.new_button = QPushButton(_tr("Add at the playhead"), self)
        self.remove_button = QPushButton(_tr("Remove"), self)
        self.empty = plain_label(
            _tr(
                "This film has no subtitles yet. Import a file, lay a script on the speech, or add one at the playhead."
            ),
            self,
        )
        self.said = plain_label("", self)
        self.warning = plain_label("", self, "warn")
        self._script: ScriptDialog | None = None
        self._row = -1
        self._lay_out()
        self._connect()
        self._follow()

    def shutdown(self) -> bool:
        """Ends the thread; returns whether it has ended."""
        return self.files.close()

    def showEvent(self, event: QShowEvent) -> None:
        """Looks anew which letters this computer has, and whether somebody speaks in the film."""
        super().showEvent(event)
        self._show_primary()
        self._look()

    def _lay_out(self) -> None:
        self.words.setAccessibleName(_tr("Words of the subtitle"))
        self.words.setPlaceholderText(_tr("Words of the subtitle"))
        self.shift.setAccessibleName(_tr("Seconds to shift by"))
        self.shift.setFixedWidth(84)
        self.shift.show_value(0.5)
        for button in (self.import_button, self.lay_button, self.new_button, self.remove_button, self.shift_button):
            button.setAutoDefault(False)
        self.body.addLayout(
            row_of(self.import_button, self.lay_button, 1, self.new_button, self.remove_button, spacing=8)
        )
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setMinimumHeight(180)
        self.body.addWidget(self.empty, 1)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.words)
        seconds = QLabel(_tr("seconds later (with a minus: earlier)"), self)
        seconds.setProperty("tone", "dim")
        self._shift_row = QWidget(self)
        row_of(self.shift_button, self.shift, seconds, 1, within=self._shift_row, spacing=8)
        self.body.addWidget(self._shift_row)
        self.body.addLayout(column_of(self.said, self.warning, spacing=4))
        self.export_button = self.add_button(_tr("Export as a file…"), left=True)
        self.close_button = self.add_button(_tr("Close"))
        self.close_button.clicked.connect(self.close)
        self.resize(760, 560)
        self.setModal(False)

    def _connect(self) -> None:
        film, commands = self._film, self._film.commands.subtitles
        film.document.changed.connect(self._changed)
        self.table.chosen.connect(self._choose)
        self.table.removed.connect(commands.remove)
        self.words.edited.connect(self._write)
        self.words.left.connect(film.document.end_merge)
        self.import_button.clicked.connect(self._ask_import)
        self.export_button.clicked.connect(self._ask_export)
        self.lay_button.clicked.connect(self._ask_script)
        self.new_button.clicked.connect(self._add)
        self.remove_button.clicked.connect(lambda: commands.remove(self.table.rows))
        self.shift_button.clicked.connect(self._shift)
        self.files.told.connect(self._tell)
        self.files.failed.connect(self._fail)
        stack = film.document.undo_stack
        for keys, act in ((QKeySequence.StandardKey.Undo, stack.undo), (QKeySequence.StandardKey.Redo, stack.redo)):
            QShortcut(QKeySequence(keys), self, act)

    @Slot(object)
    def _changed(self, change: object) -> None:
        before: Storyboard | None = getattr(change, "before", None)
        if before is None or before.subtitles != self._film.document.storyboard.subtitles:
            self._follow()
            self._look()

    def _follow(self) -> None:
        cues = self._film.document.storyboard.subtitles
        can_edit = not self._film.read_only
        self.empty.setVisible(not cues)
        for widget in (self.table, self.words, self._shift_row):
            widget.setVisible(bool(cues))
        self.export_button.setEnabled(bool(cues))
        for widget in (self.import_button, self.lay_button, self.new_button, self.shift_button):
            widget.setEnabled(can_edit)
        self._show_primary()
        self._choose(self.table.currentIndex().row())

    def _show_primary(self) -> None:
        """The button of the next step: what brings subtitles, or the way back to the film once there are some."""
        if self._film.document.storyboard.subtitles or self._film.read_only:
            primary = self.close_button
        else:
            primary = self.lay_button if self._film.sound_finder.has_sound else self.import_button
        for button in (self.import_button, self.lay_button, self.close_button):
            button.setAutoDefault(button is primary)
            button.setDefault(button is primary)

    @Slot(int)
    def _choose(self, row: int) -> None:
        cues = self._film.document.storyboard.subtitles
        self._row = row if 0 <= row < len(cues) else -1
        self.words.show_text(cues[self._row].text if self._row >= 0 else "")
        self.words.setReadOnly(self._row < 0 or self._film.read_only)
        self.remove_button.setEnabled(bool(self.table.rows) and not self._film.read_only)

    @Slot(str)
    def _write(self, words: str) -> None:
        if self._row >= 0:
            self._film.commands.subtitles.write(self._row, words)

    @Slot()
    def _add(self) -> None:
        place = self._film.commands.subtitles.add(words=_tr("New subtitle"))
        if place is not None:
            self.table.choose(place)
            self.words.setFocus()
            self.words.selectAll()

    @Slot()
    def _shift(self) -> None:
        seconds = self.shift.value
        if seconds:
            self._film.commands.subtitles.shift(round(float(seconds) * 1000))

    @Slot()
    def _ask_import(self) -> None:
        choose_file(
            self, _tr("Import subtitles"), f"{_tr('Subtitles')} ({_READ})", lambda file: self.files.read(Path(file))
        )

    @Slot()
    def _ask_export(self) -> None:
        kinds = {f"{_tr('SubRip, for every player')} (*.srt)": ".srt", f"{_tr('WebVTT, for browsers')} (*.vtt)": ".vtt"}
        name = plain_name(self._film.document.storyboard.title, _tr("Subtitles")) + ".srt"
        dialog = choose_target(self, _tr("Export subtitles"), name, list(kinds))

        def write(file: str) -> None:
            path = Path(file)
            ending = kinds.get(dialog.selectedNameFilter(), ".srt")
            self.files.write(path if path.suffix.lower() in kinds.values() else path.with_name(path.name + ending))

        dialog.fileSelected.connect(write)

    @Slot()
    def _ask_script(self) -> None:
        if not self._film.sound_finder.has_sound:
            self._fail(_tr("There is no sound under this film: add one first, or speak a text."))
            self.sound_wanted.emit()
            return
        if self._script is None:
            self._script = ScriptDialog(self._film, self.files, self)
        self._script.open()

    def _look(self) -> None:
        if self.isVisible() and self._film.document.storyboard.subtitles:
            self.files.look(self._warn)
        else:
            self._warn(())

    def _warn(self, remarks: tuple[str, ...]) -> None:
        self.warning.setText(" ".join(remarks))
        self.warning.setVisible(bool(remarks))

    @Slot(str)
    def _tell(self, sentence: str) -> None:
        self._say(sentence, "dim")

    @Slot(str)
    def _fail(self, sentence: str) -> None:
        self._say(sentence, "warn")

    def _say(self, sentence: str, tone: str) -> None:
        self.said.setProperty("tone", tone)
        self.said.style().unpolish(self.said)
        self.said.style().polish(self.said)
        self.said.setText(sentence)
