"""Pictures and text that are dropped on the timeline: what they become, and where."""

import html
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMimeData, QPoint

from svi_studio.document.clip_clipboard import prompts_in
from svi_studio.document.dropped import dropped_paths
from svi_studio.document.open_film import OpenFilm
from svi_studio.document.picture_files import is_picture
from svi_studio.ui.timeline.hit import DropPlace, Scene, picture_place

translate = QCoreApplication.translate


def pictures_in(mime: QMimeData) -> list[Path]:
    """The picture files of this computer in ``mime``, judged by their names; their content is checked when copied."""
    return [path for path in dropped_paths(mime) if is_picture(path)]


def texts_in(mime: QMimeData) -> tuple[str, ...]:
    """The prompts in dropped text: one a line."""
    return () if mime.hasUrls() else prompts_in(mime)


def takes(mime: QMimeData) -> bool:
    """Whether the timeline has a use for it; everything else is the window's."""
    return bool(pictures_in(mime) or texts_in(mime))


def place_of(mime: QMimeData, scene: Scene, at: QPoint) -> DropPlace:
    """Where it would go: one picture onto a clip or between two, several pictures and text always between."""
    if len(pictures_in(mime)) == 1:
        return picture_place(scene, at.x(), at.y())
    return DropPlace(False, scene.layout.gap_at(scene.scale.frame_at(at.x())))


def hint_for(mime: QMimeData, scene: Scene, place: DropPlace) -> str:
    """In a few words, what letting go here does."""
    pictures = len(pictures_in(mime))
    if place.onto_clip:
        return _onto_words(scene, place.index).format(number=place.index + 1)
    if pictures > 1:
        return translate("Timeline", "{count} new clips, one from each picture").format(count=pictures)
    if pictures:
        return translate("Timeline", "New clip from this picture")
    prompts = len(texts_in(mime))
    return (
        translate("Timeline", "New clip")
        if prompts == 1
        else translate("Timeline", "{count} new clips").format(count=prompts)
    )


def _onto_words(scene: Scene, index: int) -> str:
    if scene.layout.chain_starts[index]:
        return translate("Timeline", "Start clip {number} from this picture")
    if scene.layout.uses_anchor:
        return translate("Timeline", "Anchor from clip {number} on")
    return translate("Timeline", "Cut here and start clip {number} from this picture")


def drop(film: OpenFilm, mime: QMimeData, place: DropPlace) -> None:
    """Do it, as one step of undo."""
    pictures = pictures_in(mime)
    if pictures and place.onto_clip:
        film.commands.set_image(film.document.storyboard.clips[place.index].id, pictures[0])
    elif pictures:
        film.commands.insert_pictures(pictures, place.index)
    elif prompts := texts_in(mime):
        film.commands.insert_prompts(prompts, place.index)


def plain_tip(title: str, body: str) -> str:
    """A tooltip whose ``body`` is foreign text: shown as it is, never as markup, and folded at a readable width."""
    text = html.escape(body[:600] + ("…" if len(body) > 600 else "")).replace("\n", "<br>")
    return f"<p style='white-space:pre-wrap'><b>{html.escape(title)}</b><br>{text}</p>"
