"""Pictures, videos and text that are dropped on the timeline: what they become, and where."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QMimeData, QPoint

from svi_studio.document.commands.clip_clipboard import prompts_in
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.pictures.dropped import dropped_paths
from svi_studio.document.pictures.picture_files import is_picture
from svi_studio.document.pictures.video_files import is_video
from svi_studio.document.timeline.scene import DropPlace, Scene
from svi_studio.ui.timeline.cards.parts import START_SHARE

translate = QCoreApplication.translate

SHOWS_SIDES = 56
"""Cards narrower than this have no sides to drop on."""


class Drops(NamedTuple):
    """What a lane does with what is dropped on it; all but ``takes`` are asked only about what it takes."""

    takes: Callable[[QMimeData], bool]
    place_of: Callable[[QMimeData, Scene, QPoint], DropPlace]
    """Where it would go when it is let go at that pixel of the view."""
    hint: Callable[[QMimeData, Scene, DropPlace], str]
    """In a few words, what letting go there does."""
    drop: Callable[[OpenFilm, QMimeData, DropPlace], None]
    """Does it, as one step of undo."""


def pictures_in(mime: QMimeData) -> list[Path]:
    """The picture files of this computer in ``mime``, judged by their names; their content is checked when copied."""
    return [path for path in dropped_paths(mime) if is_picture(path)]


def video_in(mime: QMimeData) -> Path | None:
    """The one video file of this computer in ``mime``, judged by its name; None for anything else."""
    paths = dropped_paths(mime)
    return paths[0] if len(paths) == 1 and is_video(paths[0]) else None


def texts_in(mime: QMimeData) -> tuple[str, ...]:
    """The prompts in dropped text: one a line."""
    return () if mime.hasUrls() else prompts_in(mime)


def takes(mime: QMimeData) -> bool:
    """Whether there are pictures, a video or text in ``mime``."""
    return bool(pictures_in(mime) or texts_in(mime) or video_in(mime))


def fits_onto_a_clip(mime: QMimeData) -> bool:
    """Whether a single clip can have it: one picture, or a video to go on from."""
    return len(pictures_in(mime)) == 1 or video_in(mime) is not None


def place_of(mime: QMimeData, scene: Scene, at: QPoint) -> DropPlace:
    """One picture or video goes onto a clip, or near its edges into the gap; several pictures and text always go
    between.
    """
    x = at.x()
    index = scene.layout.clip_at(scene.scale.frame_at(x))
    if index is not None and fits_onto_a_clip(mime):
        left, right = scene.card_span(index)
        edge = min(14, (right - left) // 4)
        if left + edge <= x < right - edge:
            return DropPlace(True, index, at_end=_is_at_end(mime, scene, index, x))
    return DropPlace(False, scene.layout.gap_at(scene.scale.frame_at(x)))


def _is_at_end(mime: QMimeData, scene: Scene, index: int, x: int) -> bool:
    """A picture on the right side of a card is the one that the clip ends on, where there is room to tell the sides."""
    left, right = scene.card_span(index)
    if not scene.layout.ends_on_pictures or right - left < SHOWS_SIDES or video_in(mime) is not None:
        return False
    return x >= left + START_SHARE * (right - left)


def place_onto(mime: QMimeData, scene: Scene, at: QPoint) -> DropPlace:
    """One picture or video goes onto the clip at ``at``, at its edges too."""
    index = scene.layout.clip_at(scene.scale.frame_at(at.x()))
    return place_of(mime, scene, at) if index is None or not fits_onto_a_clip(mime) else DropPlace(True, index)


def hint_for(mime: QMimeData, scene: Scene, place: DropPlace) -> str:
    """Returns in a few words what letting go here does."""
    if video_in(mime) is not None:
        return _video_words(scene, place)
    pictures = len(pictures_in(mime))
    if place.onto_clip:
        return _onto_words(scene, place).format(number=place.index + 1)
    if pictures > 1:
        return translate("Timeline", "{count} new clips, one from each picture").format(count=pictures)
    if pictures:
        return translate("Timeline", "New clip from this picture")
    prompts = len(texts_in(mime))
    if prompts == 1:
        return translate("Timeline", "New clip")
    return translate("Timeline", "{count} new clips").format(count=prompts)


def _onto_words(scene: Scene, place: DropPlace) -> str:
    if place.at_end:
        return translate("Timeline", "End clip {number} on this picture")
    if scene.layout.chain_starts[place.index]:
        return translate("Timeline", "Start clip {number} from this picture")
    if scene.layout.uses_anchor:
        return translate("Timeline", "Anchor from clip {number} on")
    return translate("Timeline", "Cut here and start clip {number} from this picture")


def _video_words(scene: Scene, place: DropPlace) -> str:
    if not place.onto_clip:
        return translate("Timeline", "New clip that goes on from the end of this video")
    if scene.layout.chain_starts[place.index]:
        words = translate("Timeline", "Clip {number} goes on from the end of this video")
    else:
        words = translate("Timeline", "Cut here: clip {number} goes on from the end of this video")
    return words.format(number=place.index + 1)


def drop(film: OpenFilm, mime: QMimeData, place: DropPlace) -> None:
    """Gives the clip the picture or the video, or inserts clips for them or for each prompt, as one step of undo."""
    pictures, video = pictures_in(mime), video_in(mime)
    clip_id = film.document.storyboard.clips[place.index].id if place.onto_clip else None
    if video is not None and clip_id is not None:
        film.commands.ends.go_on_from_video(video, clip_id)
    elif video is not None:
        film.commands.ends.insert_after_video(video, place.index)
    elif pictures and clip_id is not None and place.at_end:
        film.commands.ends.set_end([clip_id], pictures[0])
    elif pictures and clip_id is not None:
        film.commands.pictures.set_image(clip_id, pictures[0])
    elif pictures:
        film.commands.pictures.insert(pictures, place.index)
    elif prompts := texts_in(mime):
        film.commands.clips.insert_prompts(prompts, place.index)


CLIP_DROPS = Drops(takes, place_of, hint_for, drop)
"""Pictures and text become clips, or a picture becomes the one of a clip."""
ONTO_CLIPS = CLIP_DROPS._replace(place_of=place_onto)
"""The same, where there is no between."""
