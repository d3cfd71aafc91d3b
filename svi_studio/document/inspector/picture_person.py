"""Who is in the picture that a dance begins from: what the film sees of it, and where the person's joints lie."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from svi_studio.document.inspector.picture_preview import PicturePreview, read_preview
from svi_studio.document.skeleton.film_skeleton import FilmSkeleton
from svi_studio.document.skeleton.pose import Places, Pose, places, pose_of
from svi_studio.document.skeleton.shelf import sentence_of
from svi_studio.domain.errors import BadInput, Stopped, StudioError
from svi_studio.domain.pictures.picture_look import PictureLook
from svi_studio.domain.poses.film_place import Size
from svi_studio.domain.poses.standing import standing_figure
from svi_studio.jobs.threads.background import Background
from svi_studio.jobs.threads.owned_thread import thread_stops
from svi_studio.resource_files import resource_path

_INDEX, _JOINTS, _PUPPET = "index.json", "puppet.joints.json", "puppet"


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

    @property
    def is_known(self) -> bool:
        """Whether anybody knows where the joints lie."""
        return self.found_by is not FoundBy.NOBODY


class PicturePeople(QObject):
    """The people in the film's pictures; what a hand once put right is remembered while the film is open.

    ``changed``: more is known of one of them.
    """

    changed = Signal()

    def __init__(self, skeleton: FilmSkeleton, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._skeleton, self._document = skeleton, skeleton.document
        self._by_hand: dict[tuple[str, Size], Pose] = {}
        self._searched: dict[tuple[str, PictureLook], PicturePerson] = {}
        self._work = Background("people in pictures", self)

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
        known = {size: pose for (name, size), pose in self._by_hand.items() if name == picture}
        searched = self._searched.get((picture, look))
        if searched is not None and not known:
            then(searched)
            return

        def found(person: PicturePerson) -> None:
            if may_search:  # seconds of work: done once
                self._searched[picture, look] = person
            then(person)

        self._work.submit(
            lambda: _person(picture, path, look, known, may_search=may_search),
            found,
            lambda error: failed(sentence_of(error)),
        )

    def remember(self, person: PicturePerson, pose: Pose) -> None:
        """The joints of ``person`` are those of ``pose``, as the user put them."""
        self._by_hand[person.picture, pose.canvas] = pose
        self.changed.emit()

    def close(self) -> bool:
        """Ends the thread; returns whether it has ended."""
        return self._work.close()


def _person(picture: str, path: Path, look: PictureLook, known: dict[Size, Pose], *, may_search: bool) -> PicturePerson:
    """For a thread. Raises StudioError."""
    preview = read_preview(path, look)
    size = (preview.image.width(), preview.image.height())
    if size in known:
        return PicturePerson(picture, preview.image, known[size], FoundBy.HAND)
    shown = _known_joints(Path(picture).stem, preview)
    if shown is not None:
        return PicturePerson(picture, preview.image, Pose(size, shown), FoundBy.PROGRAM)
    found = _found_joints(picture, preview) if may_search else None
    if found is not None:
        return PicturePerson(picture, preview.image, Pose(size, found), FoundBy.NETWORKS)
    return PicturePerson(picture, preview.image, Pose(size, standing_figure(*size)), FoundBy.NOBODY)


def _known_joints(sha256: str, preview: PicturePreview) -> Places | None:
    """The joints of a picture of the program that shows its puppet, where they lie in what the film sees of it."""
    from svi_studio.media.poses.skeleton_file import read_skeleton  # noqa: PLC0415 - with numpy, for a skeleton

    folder = resource_path("storyline", "pictures")
    try:
        shown = json.loads((folder / _INDEX).read_text(encoding="utf-8"))["pictures"]
        if any(each["sha256"] == sha256 and each["lead"] == _PUPPET for each in shown):
            return seen_places(pose_of(read_skeleton(folder / _JOINTS), 0), preview)
    except (OSError, ValueError, LookupError, StudioError):
        return None  # the program's own files are damaged: a hand can still do it
    return None


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


def seen_places(pose: Pose, preview: PicturePreview) -> Places:
    """The joints of a whole picture where they lie in what the film sees of it."""
    left, top, right, bottom = preview.look.box(preview.picture) or (0, 0, *preview.picture)
    wide = preview.image.width() / (right - left) * preview.picture[0] / pose.canvas[0]
    high = preview.image.height() / (bottom - top) * preview.picture[1] / pose.canvas[1]
    shift = (left * preview.image.width() / (right - left), top * preview.image.height() / (bottom - top))
    return tuple(each and (each[0] * wide - shift[0], each[1] * high - shift[1]) for each in pose.body)
