"""What a new dance still needs: what shall follow where it ends, and whether it is aligned to the picture."""

from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QRadioButton, QWidget

from svi_studio.ui.dialogs.plain_dialog import PlainDialog, plain_label


class Ending(StrEnum):
    """What follows where a dance ends before the film does."""

    LEAVE = "leave"
    LOOP = "loop"
    HOLD = "hold"


class AddedDialog(PlainDialog):
    """``chosen`` brings the Ending, and whether the dance shall be aligned to the picture now; ``clips_wanted`` comes
    before it, when the film shall become as long as the dance, ``sound_wanted`` when the video's sound shall come, too.
    """

    chosen = Signal(object, bool)
    clips_wanted = Signal()
    sound_wanted = Signal()

    def __init__(self, facts: str, parent: QWidget | None = None) -> None:
        """``facts``: what the dance is, in a line."""
        super().__init__(self.tr("The dance is in the film"), facts, parent)
        self._endings: dict[Ending, QRadioButton] = {}
        self.align = QCheckBox(self.tr("Align it to the person in the picture now"), self)
        self.more = QCheckBox(self.tr("Add clips until the dance ends"), self)
        self.sound = QCheckBox(self.tr("Lay the video's sound under the film, too"), self)
        for box in (self.align, self.more, self.sound):
            box.hide()

    def ask_ending(self, seconds: float, film_seconds: float) -> None:
        """The dance ends at ``seconds`` of a film of ``film_seconds``."""
        words = self.tr("It ends at {end:.1f} s, and the film goes on to {film:.1f} s. What shall the dancer do then?")
        self.body.addWidget(plain_label(words.format(end=seconds, film=film_seconds), self, ""))
        lines = {
            Ending.LOOP: self.tr("Dance it again from the beginning, to the end of the film"),
            Ending.HOLD: self.tr("Hold the last pose"),
            Ending.LEAVE: self.tr("Nothing: those clips lack a skeleton until you add one"),
        }
        for ending, words in lines.items():
            button = self._endings[ending] = QRadioButton(words, self)
            self.body.addWidget(button)
        self._endings[Ending.LOOP].setChecked(True)

    def ask_length(self, seconds: float, film_seconds: float) -> None:
        """The dance ends at ``seconds``, and the film of ``film_seconds`` before that."""
        words = self.tr("It ends at {end:.1f} s, but the film ends at {film:.1f} s.")
        self.body.addWidget(plain_label(words.format(end=seconds, film=film_seconds), self, ""))
        self.body.addWidget(self.more)
        self.more.show()
        self.more.setChecked(True)

    def offer_alignment(self, warning: str = "") -> None:
        """The film has a picture with somebody in it; ``warning`` says how the two differ."""
        self.body.addSpacing(4)
        self.body.addWidget(self.align)
        self.align.show()
        self.align.setChecked(True)
        words = warning or self.tr("So that the dancer has the body of the picture, and stands where it stands.")
        self.body.addWidget(plain_label(words, self, "warn" if warning else "dim"))

    def offer_sound(self) -> None:
        """The dance comes from a video, which may have music."""
        self.body.addWidget(self.sound)
        self.sound.show()

    def tell_note(self, note: str) -> None:
        """There is something to know of the video."""
        self.body.addWidget(plain_label(note, self, "warn"))

    def tell_spots(self, count: int) -> None:
        """Some frames are worth a look."""
        one = self.tr("1 place wants a look: it is listed in the inspector.")
        many = self.tr("{count} places want a look: they are listed in the inspector.").format(count=count)
        self.body.addWidget(plain_label(one if count == 1 else many, self, "warn"))

    def finish(self) -> None:
        """Adds the buttons: everything that is asked is there."""
        self.body.addStretch(1)
        self.add_button(self.tr("Later")).clicked.connect(self.reject)
        ok = self.add_button(self.tr("Go on"), primary=True)
        ok.clicked.connect(self.accept)

    @property
    def ending(self) -> Ending:
        """What was chosen to follow."""
        return next((each for each, button in self._endings.items() if button.isChecked()), Ending.LEAVE)

    def accept(self) -> None:
        """Hands the choice on and closes."""
        super().accept()
        for box, signal in ((self.more, self.clips_wanted), (self.sound, self.sound_wanted)):
            if box.isVisibleTo(self) and box.isChecked():
                signal.emit()
        self.chosen.emit(self.ending, self.align.isVisibleTo(self) and self.align.isChecked())
