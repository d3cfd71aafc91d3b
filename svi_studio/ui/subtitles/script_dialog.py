"""Lays a script on the speech of a film: the text, and how long a pause between two sentences is."""

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPlainTextEdit, QProgressBar, QWidget

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.subtitles.subtitle_files import SubtitleFiles
from svi_studio.ui.controls.layouts import row_of
from svi_studio.ui.dialogs.plain_dialog import PlainDialog, plain_label, section_label
from svi_studio.ui.speech.pause_slider import PauseSlider


def _tr(text: str) -> str:
    return QCoreApplication.translate("ScriptDialog", text)


class ScriptDialog(PlainDialog):
    """Closes when the script is laid; its text stays for the next time."""

    def __init__(self, film: OpenFilm, files: SubtitleFiles, parent: QWidget | None = None) -> None:
        super().__init__(
            _tr("Lay a script on the speech"),
            _tr("Write or paste what is said, one sentence a line. Each line becomes a subtitle."),
            parent,
        )
        self._film, self._files = film, files
        self.script = QPlainTextEdit(self)
        self.script.setAccessibleName(_tr("Script"))
        self.script.setTabChangesFocus(True)
        self.script.setPlaceholderText(_tr("Good evening.\nThis is the story of a puppet who wanted to see the sea."))
        self.pause = PauseSlider(self)
        self.found = plain_label("", self)
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.problem = plain_label("", self, "warn")
        self.body.addWidget(self.script, 1)
        self.body.addLayout(row_of(section_label(_tr("A pause is longer than"), self), (self.pause, 1), spacing=12))
        for widget in (self.found, self.progress, self.problem):
            self.body.addWidget(widget)
        self.add_button(_tr("Cancel")).clicked.connect(self.reject)
        self.lay_button = self.add_button(_tr("Lay on the speech"), primary=True)
        self.lay_button.clicked.connect(self._lay)
        self.script.textChanged.connect(self._follow)
        self.pause.changed.connect(self._follow)
        finder = film.sound_finder
        finder.changed.connect(self._follow)
        finder.progressed.connect(self._follow)
        files.failed.connect(self.problem.setText)
        self.resize(600, 480)

    def showEvent(self, event: QShowEvent) -> None:
        """Listens to the sound."""
        super().showEvent(event)
        self.problem.clear()
        self._film.sound_finder.want()
        self._follow()
        self.script.setFocus()

    @Slot()
    def _follow(self) -> None:
        finder = self._film.sound_finder
        self.progress.setVisible(finder.is_busy)
        self.progress.setValue(round(finder.share * 1000))
        lines = sum(bool(line.strip()) for line in self.script.toPlainText().splitlines())
        if finder.is_busy:
            self.found.setText(_tr("Listening to the sound…"))
        else:
            count = len(finder.marks().sentences(self.pause.seconds))
            self.found.setText(
                _tr("{count} sentences of speech, {lines} lines of script.").format(count=count, lines=lines)
            )
        if finder.problem:
            self.problem.setText(finder.problem)
        self.lay_button.setEnabled(bool(lines) and not finder.is_busy and not self._film.read_only)

    @Slot()
    def _lay(self) -> None:
        self.problem.clear()
        if self._files.lay(self.script.toPlainText(), self.pause.seconds):
            self.accept()
