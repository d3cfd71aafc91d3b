"""Asks where the joints of the person in the picture lie, and shows the dance as it will be on that body."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from svi_studio.document.inspector.picture_person import FoundBy, PicturePerson
from svi_studio.document.skeleton.fitting import Fitting
from svi_studio.document.skeleton.pose import Pose, skeleton_of
from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.poses.standing import standing_figure
from svi_studio.ui.controls.layouts import row_of
from svi_studio.ui.dialogs.plain_dialog import PlainDialog, plain_label
from svi_studio.ui.skeleton.joint_view import JointView

if TYPE_CHECKING:
    from svi_studio.domain.poses.skeleton import Skeleton

_GROWTH = 1.06


class AlignDialog(PlainDialog):
    """``chosen`` brings a one-frame Skeleton of the person in the picture; ``moved`` the Pose that a hand put right."""

    chosen = Signal(object)
    moved = Signal(object)

    def __init__(self, dance: "Skeleton", parent: QWidget | None = None) -> None:
        sentence = self.tr("Put the joints on the person in the picture. The dancer gets this body, in this place.")
        super().__init__(self.tr("Align the dance to the picture"), sentence, parent)
        self.is_over = False
        self._fitting = Fitting(dance)
        self._by_hand = self._is_known = False
        self.view = JointView(self)
        self.words = plain_label("", self)
        self.warning = plain_label("", self, "warn")
        self.keys = plain_label(
            self.tr("Drag joints or the whole figure. Right click: this joint is not in the picture. Wheel: size."),
            self,
        )
        self._lay_out()
        self.view.changed.connect(self._changed)
        self.view.pointed.connect(self._point)
        self.resize(900, 680)
        self._show_possible()

    def show_person(self, person: PicturePerson) -> None:
        """Shows the picture and the joints that are known, or a figure that stands in its middle."""
        self.view.show_person(person.image, person.pose)
        self._by_hand, self._is_known = person.found_by is FoundBy.HAND, person.is_known
        words = {
            FoundBy.PROGRAM: self.tr("The joints of this picture are known. Look whether they lie right."),
            FoundBy.NETWORKS: self.tr("The joints were found in the picture. Look whether they lie right."),
            FoundBy.HAND: self.tr("The joints as you put them."),
            FoundBy.NOBODY: self.tr("Nobody knows where the joints are: put this figure on the person."),
        }
        self.words.setText(words[person.found_by])
        self._show_dance()
        self.view.setFocus()

    def show_problem(self, sentence: str) -> None:
        """Shows that the picture cannot be read."""
        self.words.setText(sentence)

    def done(self, result: int) -> None:
        """Closes the dialog; results that come later are dropped."""
        self.is_over = True
        super().done(result)

    def accept(self) -> None:
        """Hands the joints on and closes."""
        if self._by_hand:
            self.moved.emit(self.view.pose)
        self.chosen.emit(skeleton_of(self.view.pose))
        super().accept()

    @Slot()
    def _changed(self) -> None:
        self._by_hand = self._is_known = True
        self._show_dance()

    def _show_dance(self) -> None:
        """The dance's first pose on that body, faintly, and whether the two are built alike."""
        pose = self.view.pose
        self.view.show_ghost(self._fitting.first_pose(pose))
        self.warning.setText(self._fitting.warning(pose, aligns=True) if self._is_known else "")
        self._show_possible()

    def _show_possible(self) -> None:
        problem = self._fitting.problem(self.view.pose)
        self.ok.setEnabled(not problem and len(self.view.pose.body) > 0)
        if problem and self.view.pose.body:
            self.warning.setText(problem)
        self.warning.setVisible(bool(self.warning.text()))

    @Slot(object)
    def _point(self, joint: Joint | None) -> None:
        self.view.setToolTip("" if joint is None else joint_words(joint))

    def _start_again(self) -> None:
        self.view.set_places(standing_figure(*self.view.pose.canvas))

    def _turn_round(self) -> None:
        self.view.set_places(turned(self.view.pose))

    def _lay_out(self) -> None:
        self.body.addWidget(self.view, 1)
        self.body.addWidget(self.words)
        self.body.addWidget(self.warning)
        buttons = (
            (self.tr("Smaller"), lambda: self.view.grow(1 / _GROWTH)),
            (self.tr("Larger"), lambda: self.view.grow(_GROWTH)),
            (self.tr("Seen from behind"), self._turn_round),
            (self.tr("Start again"), self._start_again),
        )
        row = row_of(spacing=8)
        for words, do in buttons:
            button = QPushButton(words, self)
            button.setAutoDefault(False)
            button.clicked.connect(do)
            row.addWidget(button)
        row.addWidget(self.keys, 1)
        self.body.addLayout(row)
        self.add_button(self.tr("Cancel")).clicked.connect(self.reject)
        self.ok = self.add_button(self.tr("Align the dance"), primary=True)
        self.ok.clicked.connect(self.accept)


def turned(pose: Pose) -> tuple[tuple[float, float] | None, ...]:
    """The same places with left and right exchanged: somebody seen from behind."""
    from svi_studio.domain.poses.joints import MIRRORED  # noqa: PLC0415 - beside its one use

    return tuple(pose.body[number] for number in MIRRORED)


def joint_words(joint: Joint) -> str:
    """What people call a joint; right and left are the person's own."""
    return joint.words.capitalize()
