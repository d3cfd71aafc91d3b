"""What a skeleton under the film is called, and what there is to know of it, in words."""

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from svi_studio.document.skeleton.shelf import Shelved
from svi_studio.domain.film.timecode import timecode
from svi_studio.domain.film.track import Piece
from svi_studio.domain.text.visible_text import visible

if TYPE_CHECKING:
    from svi_studio.domain.poses.skeleton import Remark

translate = QCoreApplication.translate
MOST_SPOTS = 200


@dataclass(frozen=True, slots=True)
class Spot:
    """A film frame worth a look, and why."""

    frame: int
    words: str


def name_of(piece: Piece, known: Shelved | None) -> str:
    """What the dance is called: the file that it came from."""
    if piece.name:
        return " ".join(visible(piece.name).split())
    if known is None:
        return translate("Skeleton", "Reading the skeleton…")
    if known.pictures is not None:
        return translate("Skeleton", "Drawn skeleton")
    if known.as_found is None:
        return translate("Skeleton", "Cannot be read")
    return " ".join(visible(known.as_found.origin.file).split()) or translate("Skeleton", "Skeleton")


def facts_of(known: Shelved) -> str:
    """How long it is and how much of it shows somebody, in one line."""
    skeleton = known.as_found
    if known.pictures is not None:
        words = translate("Skeleton", "{frames} film frames, {width} × {height}")
        return words.format(frames=f"{known.film_frames:,}", width=known.canvas[0], height=known.canvas[1])
    if skeleton is None:
        return known.problem
    seen = int(skeleton.has_person.sum())
    words = translate("Skeleton", "{seconds:.1f} s at {fps:g} frames a second, {frames} frames")
    told = words.format(seconds=skeleton.seconds, fps=round(float(skeleton.fps), 2), frames=f"{skeleton.num_frames:,}")
    if seen == skeleton.num_frames:
        return translate("Skeleton", "{facts}, somebody in all of them").format(facts=told)
    if not seen:
        return translate("Skeleton", "{facts}, nobody in any of them").format(facts=told)
    return translate("Skeleton", "{facts}, somebody in {seen}").format(facts=told, seen=f"{seen:,}")


def spots_of(piece: Piece, known: Shelved | None, fps: float) -> list[Spot]:
    """The frames of a piece that are worth a look, in the order of the film: gaps, and where one was found again.

    Those of a dance that is looped are told where they are seen first.
    """
    if known is None or known.in_film is None:
        return []
    found: dict[Remark, Spot] = {}
    for part in islice(piece.parts(piece.start, piece.stop), 2):
        for remark in known.in_film.remarks[: 10 * MOST_SPOTS]:
            first, stop = (frame - part.offset for frame in (remark.first, remark.stop))
            if stop <= 0 or first >= part.length or remark in found:
                continue
            words = _words(str(remark.kind), max(1, stop - first))
            if words:
                frame = part.start + max(first, 0)
                found[remark] = Spot(frame, f"{timecode(frame, fps)}  {words}")
    return list(found.values())[:MOST_SPOTS]


def ends_early(piece: Piece, known: Shelved | None) -> bool:
    """Whether the file ends before the piece does, or before it is looped or held."""
    frames = None if known is None else known.film_frames
    return known is not None and frames is not None and piece.file_stop > frames + known.held


def steps_of(known: Shelved | None) -> str:
    """What was done to it since it was found."""
    steps = () if known is None or known.as_found is None else known.as_found.origin.steps
    return ", ".join(steps)


def _words(kind: str, frames: int) -> str:
    if kind == "missing":
        one, many = translate("Skeleton", "nobody in 1 frame"), translate("Skeleton", "nobody in {frames} frames")
        return one if frames == 1 else many.format(frames=frames)
    if kind == "found again":
        return translate("Skeleton", "found again: the same person?")
    if kind == "filled":
        one, many = translate("Skeleton", "1 frame filled in"), translate("Skeleton", "{frames} frames filled in")
        return one if frames == 1 else many.format(frames=frames)
    return translate("Skeleton", "a cut in the video")
