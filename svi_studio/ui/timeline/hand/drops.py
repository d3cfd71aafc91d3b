"""Pictures and text that are dropped on the timeline: what they become, and where."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QMimeData, QPoint

from svi_studio.document.commands.clip_clipboard import prompts_in
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.pictures.dropped import dropped_paths
from svi_studio.document.pictures.picture_files import is_picture
from svi_studio.document.timeline.scene import DropPlace, Scene

translate = QCoreApplication.translate


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


def texts_in(mime: QMimeData) -> tuple[str, ...]:
    """The prompts in dropped text: one a line."""
    return () if mime.hasUrls() else prompts_in(mime)


def takes(mime: QMimeData) -> bool:
    """Whether there are pictures or text in ``mime``."""
    return bool(pictures_in(mime) or texts_in(mime))


def place_of(mime: QMimeData, scene: Scene, at: QPoint) -> DropPlace:
    """One picture goes onto a clip, or near its edges into the gap; several pictures and text always go between."""
    x = at.x()
    index = scene.layout.clip_at(scene.scale.frame_at(x))
    if index is not None and len(pictures_in(mime)) == 1:
        left, right = scene.card_span(index)
        edge = min(14, (right - left) // 4)
        if left + edge <= x < right - edge:
            return DropPlace(True, index)
    return DropPlace(False, scene.layout.gap_at(scene.scale.frame_at(x)))


def place_onto(mime: QMimeData, scene: Scene, at: QPoint) -> DropPlace:
    """One picture goes onto the clip at ``at``, at its edges too."""
    index = scene.layout.clip_at(scene.scale.frame_at(at.x()))
    return place_of(mime, scene, at) if index is None or len(pictures_in(mime)) != 1 else DropPlace(True, index)


def hint_for(mime: QMimeData, scene: Scene, place: DropPlace) -> str:
    """Returns in a few words what letting go here does."""
    pictures = len(pictures_in(mime))
    if place.onto_clip:
        return _onto_words(scene, place.index).format(number=place.index + 1)
    if pictures > 1:
        return translate("Timeline", "{count} new clips, one from each picture").format(count=pictures)
    if pictures:
        return translate("Timeline", "New clip from this picture")
    prompts = len(texts_in(mime))
    if prompts == 1:
        return translate("Timeline", "New clip")
    return translate("Timeline", "{count} new clips").format(count=prompts)


def _onto_words(scene: Scene, index: int) -> str:
    if scene.layout.chain_starts[index]:
        return translate("Timeline", "Start clip {number} from this picture")
    if scene.layout.uses_anchor:
        return translate("Timeline", "Anchor from clip {number} on")
    return translate("Timeline", "Cut here and start clip {number} from this picture")


def drop(film: OpenFilm, mime: QMimeData, place: DropPlace) -> None:
    """Gives the clip the picture, or inserts a clip for each picture or prompt, as one step of undo."""
    pictures = pictures_in(mime)
    if pictures and place.onto_clip:
        film.commands.pictures.set_image(film.document.storyboard.clips[place.index].id, pictures[0])
    elif pictures:
        film.commands.pictures.insert(pictures, place.index)
    elif prompts := texts_in(mime):
        film.commands.clips.insert_prompts(prompts, place.index)


CLIP_DROPS = Drops(takes, place_of, hint_for, drop)
"""Pictures and text become clips, or a picture becomes the one of a clip."""
ONTO_CLIPS = CLIP_DROPS._replace(place_of=place_onto)
"""The same, where there is no between."""
