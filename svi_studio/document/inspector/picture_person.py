"""Who is in the picture that a dance begins from: what the film sees of it, and where the person's joints lie."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from svi_studio.document.inspector.picture_preview import PicturePreview, read_preview
from svi_studio.document.skeleton.film_skeleton import FilmSkeleton
from svi_studio.document.skeleton.pose import Places, Pose, pose_of
from svi_studio.document.skeleton.shelf import sentence_of
from svi_studio.domain.errors import StudioError
from svi_studio.domain.pictures.picture_look import PictureLook
from svi_studio.domain.poses.film_place import Size
from svi_studio.domain.poses.standing import standing_figure
from svi_studio.jobs.threads.background import Background
from svi_studio.resource_files import resource_path

_FOLDERS = (("storyline", "pictures"), ("storyboards",))
_JOINTS = "*.joints.json"


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
    """The people in the film's pictures; what a hand once put right is remembered while the film is open."""

    def __init__(self, skeleton: FilmSkeleton, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._skeleton, self._document = skeleton, skeleton.document
        self._by_hand: dict[tuple[str, Size], Pose] = {}
        self._work = Background("people in pictures", self)

    def picture_of(self, index: int) -> str | None:
        """The picture from which the clips under the piece at ``index`` start; None without any."""
        board, playhead, pieces = self._document.storyboard, self._skeleton.playhead, self._skeleton.pieces
        if not 0 <= index < len(pieces):
            return None
        clip = playhead.clip_at(pieces[index].start)
        return board.reference_image if clip is None else board.chain_image(clip)

    def find(self, picture: str, then: Callable[[PicturePerson], object], failed: Callable[[str], object]) -> None:
        """Looks who is in the film's picture at that path; ``failed`` gets the sentence that says why nobody can."""
        try:
            path = self._document.file(picture)
        except StudioError as error:
            failed(sentence_of(error))
            return
        look = self._document.storyboard.picture_look(picture, self._skeleton.size)
        known = {size: pose for (name, size), pose in self._by_hand.items() if name == picture}
        self._work.submit(lambda: _person(picture, path, look, known), then, lambda error: failed(sentence_of(error)))

    def remember(self, person: PicturePerson, pose: Pose) -> None:
        """The joints of ``person`` are those of ``pose``, as the user put them."""
        self._by_hand[person.picture, pose.canvas] = pose

    def close(self) -> bool:
        """Ends the thread; returns whether it has ended."""
        return self._work.close()


def _person(picture: str, path: Path, look: PictureLook, known: dict[Size, Pose]) -> PicturePerson:
    """For a thread. Raises StudioError."""
    preview = read_preview(path, look)
    size = (preview.image.width(), preview.image.height())
    if size in known:
        return PicturePerson(picture, preview.image, known[size], FoundBy.HAND)
    places = _known_joints(Path(picture).stem, preview)
    if places is not None:
        return PicturePerson(picture, preview.image, Pose(size, places), FoundBy.PROGRAM)
    return PicturePerson(picture, preview.image, Pose(size, standing_figure(*size)), FoundBy.NOBODY)


def _known_joints(sha256: str, preview: PicturePreview) -> Places | None:
    """The joints that lie beside a picture of the program, where they lie in what the film sees of it."""
    from svi_studio.media.poses.skeleton_file import read_skeleton  # noqa: PLC0415 - with numpy

    for folder in _FOLDERS:
        for file in sorted(resource_path(*folder).glob(_JOINTS)):
            try:
                skeleton = read_skeleton(file)
            except StudioError:
                continue
            if skeleton.origin.sha256 == sha256:
                return seen_places(pose_of(skeleton, 0), preview)
    return None


def seen_places(pose: Pose, preview: PicturePreview) -> Places:
    """The joints of a whole picture where they lie in what the film sees of it."""
    left, top, right, bottom = preview.look.box(preview.picture) or (0, 0, *preview.picture)
    wide = preview.image.width() / (right - left) * preview.picture[0] / pose.canvas[0]
    high = preview.image.height() / (bottom - top) * preview.picture[1] / pose.canvas[1]
    shift = (left * preview.image.width() / (right - left), top * preview.image.height() / (bottom - top))
    return tuple(each and (each[0] * wide - shift[0], each[1] * high - shift[1]) for each in pose.body)
