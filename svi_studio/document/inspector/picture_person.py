"""Who is in the picture that a dance begins from: what the film sees of it, and where the person's joints lie."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from svi_studio.document.film.storyboard_change import StoryboardChange
from svi_studio.document.inspector.picture_preview import PicturePreview, read_preview
from svi_studio.document.skeleton.film_skeleton import FilmSkeleton
from svi_studio.document.skeleton.pose import Places, Pose, places
from svi_studio.document.skeleton.shelf import sentence_of
from svi_studio.domain.editing.figure_edits import with_figure
from svi_studio.domain.errors import BadInput, Stopped, StudioError
from svi_studio.domain.pictures.picture_look import PictureLook
from svi_studio.domain.poses.figure import Figure, Shares, seen_places, within_reach
from svi_studio.domain.poses.standing import standing_figure
from svi_studio.jobs.threads.background import Background
from svi_studio.jobs.threads.owned_thread import thread_stops

if TYPE_CHECKING:
    from svi_studio.media.frames import Frames


class FoundBy(StrEnum):
    """How the joints of a person in a picture became known."""

    PROGRAM = "program"
    """The picture comes with the program, which knows."""
    NETWORKS = "networks"
    HAND = "hand"
    NOBODY = "nobody"
    """They are a figure that stands in the middle, for a hand to move."""


@dataclass(frozen=True, slots=True)
class PicturePerson:
    """``image`` is what the film sees of the picture; ``pose`` lies on a canvas of its size."""

    picture: str
    image: QImage
    pose: Pose
    found_by: FoundBy
    part: Shares = (0.0, 0.0, 1.0, 1.0)
    """What of the whole picture the film sees: left, top, right and bottom, as shares of its sides."""

    @property
    def is_known(self) -> bool:
        """Whether anybody knows where the joints lie."""
        return self.found_by is not FoundBy.NOBODY


class PicturePeople(QObject):
    """The people in the film's pictures; what a hand once put right is kept with the film.

    ``changed``: more is known of one of them.
    """

    changed = Signal()

    def __init__(self, skeleton: FilmSkeleton, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._skeleton, self._document = skeleton, skeleton.document
        self._searched: dict[tuple[str, PictureLook], PicturePerson] = {}
        self._work = Background("people in pictures", self)
        self._document.changed.connect(self._edited)

    def picture_of(self, index: int) -> str | None:
        """The picture from which the clips under the piece at ``index`` start; None without any."""
        board, playhead, pieces = self._document.storyboard, self._skeleton.playhead, self._skeleton.pieces
        if not 0 <= index < len(pieces):
            return None
        clip = playhead.clip_at(pieces[index].start)
        return board.reference_image if clip is None else board.chain_image(clip)

    def find(self, picture: str, then: Callable[[PicturePerson], None], failed: Callable[[str], None]) -> None:
        """Looks who is in the film's picture at that path; ``failed`` gets the sentence that says why nobody can."""
        try:
            path = self._document.file(picture)
        except StudioError as error:
            failed(sentence_of(error))
            return
        look = self._document.storyboard.picture_look(picture, self._skeleton.size)
        may_search = not self._skeleton.has_own_world  # detectors see a puppet where it is not
        figure = next((each for each in self._document.storyboard.figures if each.picture == picture), None)
        searched = self._searched.get((picture, look))
        if searched is not None and figure is None:
            then(searched)
            return

        def found(person: PicturePerson) -> None:
            if may_search and figure is None:  # seconds of work: done once
                self._searched[picture, look] = person
            then(person)

        self._work.submit(
            lambda: _person(picture, path, look, figure, may_search=may_search),
            found,
            lambda error: failed(sentence_of(error)),
        )

    def remember(self, person: PicturePerson, pose: Pose) -> None:
        """The joints of ``person`` are those of ``pose``, as the user put them: a step of undo."""
        left, top, right, bottom = person.part
        wide, high = (right - left) / pose.canvas[0], (bottom - top) / pose.canvas[1]
        joints = tuple(each and (left + each[0] * wide, top + each[1] * high) for each in pose.body)
        figure = Figure(picture=person.picture, joints=tuple(each and within_reach(each) for each in joints))
        self._document.edit(self.tr("Put the joints on the person"), lambda board: with_figure(board, figure))

    def close(self) -> bool:
        """Ends the thread; returns whether it has ended."""
        return self._work.close()

    @Slot(object)
    def _edited(self, change: StoryboardChange) -> None:
        if change.before.figures != change.after.figures:
            self.changed.emit()


def _person(picture: str, path: Path, look: PictureLook, figure: Figure | None, *, may_search: bool) -> PicturePerson:
    """For a thread. Raises StudioError."""
    from svi_studio.media.poses.puppet_joints import puppet_joints  # noqa: PLC0415 - with numpy, for a skeleton

    preview = read_preview(path, look)
    part, size = part_of(preview), (preview.image.width(), preview.image.height())

    def person(joints: Places, found_by: FoundBy) -> PicturePerson:
        return PicturePerson(picture, preview.image, Pose(size, joints), found_by, part)

    if figure is not None:
        return person(seen_places(figure.joints, part, size), FoundBy.HAND)
    shown = puppet_joints(Path(picture).stem)
    if shown is not None:
        return person(seen_places(shown, part, size), FoundBy.PROGRAM)
    found = _found_joints(picture, preview) if may_search else None
    if found is not None:
        return person(found, FoundBy.NETWORKS)
    return person(standing_figure(*size), FoundBy.NOBODY)


def _found_joints(picture: str, preview: PicturePreview) -> Places | None:
    """The joints that the pose networks find in what the film sees of a picture; None without them or anybody."""
    from svi_studio.media.poses.extraction import PoseExtractor  # noqa: PLC0415 - only where somebody is looked for
    from svi_studio.media.poses.networks.network_files import networks_missing  # noqa: PLC0415 - as above

    if networks_missing():
        return None
    with PoseExtractor() as extractor:
        try:
            skeleton = extractor.in_picture(pixels_of(preview.image), picture, check=_stop_with_the_window)
        except BadInput:
            return None  # nobody is there
    return places(skeleton.body[0]) if skeleton.has_person[0] else None


def pixels_of(image: QImage) -> "Frames":
    """A picture as uint8 ``[h, w, 3]`` RGB."""
    import numpy as np  # noqa: PLC0415 - as above

    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : plain.width() * 3].reshape(plain.height(), plain.width(), 3).copy()


def _stop_with_the_window() -> None:
    if thread_stops():
        raise Stopped("Looking for the person in the picture was stopped.")


def part_of(preview: PicturePreview) -> Shares:
    """What of the whole picture the film sees."""
    (wide, high), box = preview.picture, preview.look.box(preview.picture)
    left, top, right, bottom = box or (0, 0, wide, high)
    return left / wide, top / high, right / wide, bottom / high
