"""What poses of another program do not say: who of several people dances, and how fast the frames go by."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QRadioButton, QWidget

from svi_studio.domain.film.sound_time import exact_rate
from svi_studio.domain.number_range import NumberRange
from svi_studio.domain.poses.assumed import USUAL_FPS, Assumed
from svi_studio.ui.controls.layouts import row_of
from svi_studio.ui.controls.number_box import NumberBox
from svi_studio.ui.dialogs.plain_dialog import PlainDialog, plain_label

RATES = NumberRange(1, 240, 1, 3)
_MOST_PEOPLE = 8
"""So many are offered; who is further to the right is found on the command line."""


class PosesDialog(PlainDialog):
    """``chosen`` brings frames a second as a Fraction, and the number of a person, None = who was taken."""

    chosen = Signal(object, object)

    def __init__(self, name: str, assumed: Assumed, frames: int, parent: QWidget | None = None) -> None:
        """``name`` of a file of so many ``frames``."""
        words = self.tr("{name}: {frames} frames").format(name=name, frames=f"{frames:,}")
        super().__init__(self.tr("What the poses do not say"), words, parent)
        self.people: list[QRadioButton] = []
        if assumed.has_choice:
            self._ask_person(assumed)
        self.rate = NumberBox(RATES, optional=False, parent=self)
        self.rate.setAccessibleName(self.tr("Frames a second"))
        self.rate.show_value(float(assumed.fps or USUAL_FPS))
        self.rate.edited.connect(self.rate.show_value)
        self.rate.setFixedWidth(110)
        lead = QLabel(self.tr("Frames a second of the video they came from"), self)
        self.body.addLayout(row_of(lead, self.rate, 1, spacing=8))
        self.body.addStretch(1)
        self.add_button(self.tr("Cancel")).clicked.connect(self.reject)
        self.add_button(self.tr("Lay the dance"), primary=True).clicked.connect(self.accept)

    def accept(self) -> None:
        """Hands the choice on and closes."""
        super().accept()
        fps = exact_rate(float(self.rate.value or USUAL_FPS))
        self.chosen.emit(fps, next((place for place, each in enumerate(self.people) if each.isChecked()), None))

    def _ask_person(self, assumed: Assumed) -> None:
        count = len(assumed.people)
        words = self.tr("{count} people are in frame {frame}. Who dances?")
        self.body.addWidget(plain_label(words.format(count=count, frame=assumed.frame + 1), self, ""))
        for place, (x, y) in enumerate(assumed.people[:_MOST_PEOPLE]):
            line = self.tr("Number {number} from the left, at {x:.0f}, {y:.0f}")
            button = QRadioButton(line.format(number=place + 1, x=x, y=y), self)
            button.setChecked(place == assumed.taken)
            self.people.append(button)
            self.body.addWidget(button)
        self.body.addSpacing(4)
