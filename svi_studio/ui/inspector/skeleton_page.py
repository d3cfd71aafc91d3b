"""The page of a chosen skeleton: where it is from, what of it is worth a look, and what can be done to it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QPushButton, QWidget

from svi_studio.document.inspector.picture_person import PicturePeople, PicturePerson
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.skeleton.fitting import Fitting
from svi_studio.document.skeleton.shelf import Shelved
from svi_studio.document.skeleton.skeleton_steps import ALIGNED
from svi_studio.document.skeleton.wording import ends_early, facts_of, name_of, spots_of, steps_of
from svi_studio.domain.film.timecode import timecode
from svi_studio.domain.film.track import InputKind, Piece
from svi_studio.ui.controls.field import Field, note_label
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.controls.look import set_look
from svi_studio.ui.skeleton.pose_view import PoseView
from svi_studio.ui.theme.icons import keep_icon

if TYPE_CHECKING:
    from svi_studio.domain.poses.skeleton import Skeleton

KIND = InputKind.SKELETON
_SHOWN_SPOTS = 6
_POSE_HEIGHT = 170


class SkeletonPage(QWidget):
    """Shows the chosen piece of the skeleton lane."""

    def __init__(self, film: OpenFilm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self.title = QLabel(self)
        self.title.setProperty("role", "heading")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setWordWrap(True)
        self.facts, self.place, self.steps = note_label(), note_label(), note_label()
        self.build = note_label()
        self.problem = note_label()
        self.problem.setProperty("tone", "warn")
        self.pose = PoseView(self.tr("Nobody is seen here"), self)
        self.pose.setFixedHeight(_POSE_HEIGHT)
        self.spots = QListWidget(self)
        self.spots.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.spots_field = Field(self.tr("Places to look at"), self.spots)
        self.buttons: dict[str, QPushButton] = {}
        self._people: PicturePeople | None = None
        self._compared: tuple[str, str] | None = None
        self._lay_out()
        self.spots.itemActivated.connect(self._go_to)
        self.spots.itemClicked.connect(self._go_to)
        for signal in (film.pieces.changed, film.skeleton.changed, film.playhead.time_changed, film.document.changed):
            signal.connect(self.show_state)
        film.playhead.moved.connect(self._show_pose)
        self.show_state()

    def use_people(self, people: PicturePeople) -> None:
        """Compares dancers with these ``people`` of the film's pictures from now on."""
        self._people = people
        people.changed.connect(self._compare_again)
        self.show_state()

    @Slot()
    def show_state(self) -> None:
        """Shows the piece as it is now; nothing without one."""
        place = self._place()
        if place is None:
            return
        piece, known = self._film.skeleton.pieces[place], self._film.skeleton.shelved(place)
        self.title.setText(name_of(piece, known))
        _say(self.facts, "" if known is None or known.film_frames is None else facts_of(known))
        _say(self.place, self._place_words(piece))
        steps = steps_of(known)
        _say(self.steps, self.tr("Changed: {steps}").format(steps=steps) if steps else "")
        _say(self.problem, self._problem_words(piece, known))
        self._show_spots(piece, known)
        self._show_possible(place, known)
        self._compare(place, piece, known)
        self._show_pose()

    def showEvent(self, event: QShowEvent) -> None:
        """Comes into sight with the pose of now."""
        super().showEvent(event)
        self._show_pose()

    def _place(self) -> int | None:
        place = self._film.pieces.of(KIND)
        return place if place is not None and place < len(self._film.skeleton.pieces) else None

    def _place_words(self, piece: Piece) -> str:
        fps = self._film.playhead.fps
        words = self.tr("In the film from {start} to {stop}")
        if piece.plays_to:
            looped, held = self.tr("{place}, looped"), self.tr("{place}, its last pose held")
            words = (held if piece.loops_from is None else looped).format(place=words)
        return words.format(start=timecode(piece.start, fps), stop=timecode(piece.stop, fps))

    def _problem_words(self, piece: Piece, known: Shelved | None) -> str:
        if known is not None and known.problem:
            return known.problem
        if ends_early(piece, known):
            return self.tr("The dance ends before its piece does: loop it, hold its last pose, or trim the piece.")
        if known is not None and known.in_film is not None and not known.in_film.has_person.any():
            return self.tr("Nobody is seen in it: choose another dancer, or another video.")
        return ""

    def _show_spots(self, piece: Piece, known: Shelved | None) -> None:
        spots = spots_of(piece, known, self._film.playhead.fps)
        lines = [(spot.frame, spot.words) for spot in spots]
        if lines != [(item.data(_FRAME), item.text()) for item in map(self.spots.item, range(self.spots.count()))]:
            self.spots.clear()
            for frame, words in lines:
                item = QListWidgetItem(words)
                item.setToolTip(words)
                item.setData(_FRAME, frame)
                self.spots.addItem(item)
        line = max(self.spots.sizeHintForRow(0), 18)
        self.spots.setFixedHeight(line * min(max(len(spots), 1), _SHOWN_SPOTS) + 2 * self.spots.frameWidth())
        self.spots_field.setVisible(bool(spots))

    def _show_possible(self, place: int, known: Shelved | None) -> None:
        film = self._film
        is_open = not film.read_only and known is not None and known.in_film is not None
        possible = {
            "loop": film.skeleton_changes.can_lengthen(place, loop=True),
            "hold": film.skeleton_changes.can_lengthen(place, loop=False),
            "another": not film.read_only,
            "found": is_open and film.skeleton_changes.is_changed(place),
            "remove": not film.read_only,
            "fill": not film.read_only and film.skeleton.pieces[-1].stop > film.playhead.time.frames,
        }
        for name, button in self.buttons.items():
            button.setEnabled(possible.get(name, is_open))

    def _compare(self, place: int, piece: Piece, known: Shelved | None) -> None:
        """Says how the dancer is built against the person in the picture, once that is known."""
        picture = None if self._people is None else self._people.picture_of(place)
        if self._people is None or picture is None or known is None or known.in_film is None:
            self._compared = None
            _say(self.build, "")
        elif self._compared != (piece.file, picture):
            wanted = self._compared = (piece.file, picture)
            _say(self.build, "")
            dance = known.in_film
            self._people.find(picture, lambda person: self._show_build(wanted, dance, person), lambda _words: None)

    def _show_build(self, wanted: tuple[str, str], dance: "Skeleton", person: PicturePerson) -> None:
        if wanted == self._compared and person.is_known:
            is_aligned = ALIGNED in dance.origin.steps
            words = "" if is_aligned else Fitting(dance).warning(person.pose)
            _say(self.build, words or self.tr("Built like the person in the picture."))
            set_look(self.build, "tone", "warn" if words else "dim")

    @Slot()
    def _compare_again(self) -> None:
        self._compared = None
        self.show_state()

    @Slot()
    def _show_pose(self) -> None:
        """The pose under the playhead, or else the piece's first one."""
        place = self._place()
        if place is not None and self.isVisible():
            skeleton, frame = self._film.skeleton, self._film.playhead.frame
            piece = skeleton.pieces[place]
            inside = piece.start <= frame < piece.stop
            self.pose.show_pose(skeleton.pose_in(piece, frame - piece.start if inside else 0))

    def _go_to(self, item: QListWidgetItem) -> None:
        self._film.playhead.set_frame(item.data(_FRAME))

    def _on_chosen(self, do: Callable[[int], object]) -> Callable[[], None]:
        def act() -> None:
            place = self._place()
            if place is not None:
                do(place)

        return act

    def _button(self, name: str, words: str, icon: str, do: Callable[[int], object]) -> QPushButton:
        button = self.buttons[name] = QPushButton(words, self)
        if icon:
            keep_icon(button, icon)
            button.setIconSize(QSize(16, 16))
        button.clicked.connect(self._on_chosen(do))
        return button

    def _lay_out(self) -> None:
        changes, wishes = self._film.skeleton_changes, self._film.skeleton_wishes
        tracks = self._film.commands.tracks
        make = self._button
        align = make("align", self.tr("Align to the picture…"), "pin", wishes.align.emit)
        rows = (
            (
                make("mirror", self.tr("Mirror"), "compare", changes.mirror),
                make("size", self.tr("Size…"), "", wishes.scale.emit),
                make("speed", self.tr("Speed…"), "", wishes.speed.emit),
            ),
            (
                make("loop", self.tr("Loop to the end"), "loop", changes.loop),
                make("hold", self.tr("Hold last pose"), "pause", changes.hold),
            ),
            (make("fill", self.tr("As many clips as it is long"), "clip", lambda _: tracks.fill_with_clips(KIND)),),
            (make("another", self.tr("Choose another dancer…"), "", wishes.another.emit),),
            (
                make("found", self.tr("As it was found"), "undo", changes.as_found),
                make("remove", self.tr("Remove"), "trash", lambda place: tracks.remove(KIND, place)),
            ),
        )
        buttons = column_of(align, *(row_of(*((each, 1) for each in row), spacing=6) for row in rows), spacing=6)
        head = column_of(self.title, self.facts, self.place, self.steps, self.build, self.problem, spacing=4)
        parts = (head, self.pose, self.spots_field, buttons)
        column_of(*parts, 1, within=self, spacing=14, margins=None)


_FRAME = Qt.ItemDataRole.UserRole


def _say(label: QLabel, words: str) -> None:
    label.setText(words)
    label.setVisible(bool(words))
