"""Lets the computer speak a text as a scratch voice, and lays it under the film."""

from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QLabel, QPlainTextEdit, QRadioButton, QWidget

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.speech.scratch_voice import ScratchVoice
from svi_studio.domain.film.voice_speed import FASTEST, SLOWEST, USUAL
from svi_studio.ui.controls.choice_box import Choice, ChoiceBox
from svi_studio.ui.controls.layouts import row_of
from svi_studio.ui.controls.weight_slider import QuietSlider
from svi_studio.ui.dialogs.plain_dialog import PlainDialog, plain_label, section_label


def _tr(text: str) -> str:
    return QCoreApplication.translate("SpeakDialog", text)


class SpeakDialog(PlainDialog):
    """Closes when the text is spoken. ``shutdown`` ends its thread."""

    def __init__(self, film: OpenFilm, parent: QWidget | None = None) -> None:
        super().__init__(
            _tr("Speak a text"),
            _tr(
                "A scratch voice: it sounds like a machine, and shows how long a text is and how the mouth moves. "
                "A recording can take its place at any time."
            ),
            parent,
        )
        self._film = film
        self.voice = ScratchVoice(film, self)
        self._is_missing = True
        self.text = QPlainTextEdit(self)
        self.text.setAccessibleName(_tr("Text to speak"))
        self.text.setPlaceholderText(_tr("What is to be said"))
        self.text.setTabChangesFocus(True)
        self.voices = ChoiceBox(self)
        self.voices.setAccessibleName(_tr("Voice"))
        self.speed = QuietSlider(Qt.Orientation.Horizontal, self)
        self.speed.setRange(SLOWEST, FASTEST)
        self.speed.setValue(USUAL)
        self.speed.setAccessibleName(_tr("Words a minute"))
        self.speed_words = QLabel(self)
        self.at_playhead = QRadioButton(_tr("At the playhead"), self)
        self.at_end = QRadioButton(_tr("Behind the other sounds"), self)
        self.problem = plain_label("", self, "warn")
        self._lay_out()
        self._connect()

    def shutdown(self) -> bool:
        """Ends the thread; returns whether it has ended."""
        return self.voice.close()

    def showEvent(self, event: QShowEvent) -> None:
        """Looks anew whether there is a voice: it may have been installed meanwhile."""
        super().showEvent(event)
        self.voice.ask(self._show_voices)
        self._judge()
        self.text.setFocus()

    def _lay_out(self) -> None:
        group = QButtonGroup(self)
        for button in (self.at_end, self.at_playhead):
            group.addButton(button)
        self.at_end.setChecked(True)
        self.speed_words.setMinimumWidth(140)
        self.body.addWidget(self.text, 1)
        self.body.addLayout(row_of(section_label(_tr("Voice"), self), (self.voices, 1), spacing=12))
        speed = section_label(_tr("Speed"), self)
        self.body.addLayout(row_of(speed, (self.speed, 1), self.speed_words, spacing=12))
        self.body.addLayout(row_of(self.at_end, self.at_playhead, 1, spacing=18))
        self.body.addWidget(self.problem)
        self.add_button(_tr("Cancel")).clicked.connect(self.reject)
        self.speak_button = self.add_button(_tr("Speak it"), primary=True)
        self.resize(580, 440)

    def _connect(self) -> None:
        self.text.textChanged.connect(self._judge)
        self.speed.valueChanged.connect(self._show_speed)
        self.speak_button.clicked.connect(self._speak)
        self.voice.spoken.connect(self.accept)
        self.voice.failed.connect(self._fail)
        self._show_speed()

    def _show_voices(self, missing: str, voices: tuple[tuple[str, str], ...]) -> None:
        self._is_missing = bool(missing)
        self.problem.setText(missing)
        usual = [Choice("", _tr("English"))]
        self.voices.show_choices([*usual, *(Choice(language, f"{name} ({language})") for language, name in voices)])
        if self.voices.shown() is None:
            self.voices.show_value("")
        self._judge()

    @Slot()
    def _judge(self) -> None:
        ready = not self._is_missing and not self.voice.is_speaking and not self._film.read_only
        self.speak_button.setEnabled(ready and bool(self.text.toPlainText().strip()))
        self.speak_button.setText(_tr("Speaking…") if self.voice.is_speaking else _tr("Speak it"))

    @Slot()
    def _show_speed(self) -> None:
        self.speed_words.setText(_tr("{count} words a minute").format(count=self.speed.value()))

    @Slot()
    def _speak(self) -> None:
        self.problem.clear()
        voice = self.voices.shown()
        at = self._film.playhead.frame if self.at_playhead.isChecked() else None
        self.voice.speak(self.text.toPlainText(), voice if isinstance(voice, str) else "", self.speed.value(), at)
        self._judge()

    @Slot(str)
    def _fail(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self._judge()
