"""What the user wants to export: which part of the film, as what, where to; and whether that is possible."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from svi_studio.document.export.kinds import ExportKind
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.film_time import part_of_film
from svi_studio.domain.film.subtitle_way import SubtitleWay
from svi_studio.domain.takes.take import Take
from svi_studio.project.export.excerpt import Part, clips_of


class Extent(StrEnum):
    """Which part of the film."""

    WHOLE = "whole"
    RANGE = "range"
    SELECTED = "selected"


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """Everything that the dialog asks for. ``enlarge`` repeats each pixel so many times each way."""

    kind: ExportKind
    extent: Extent
    target: Path
    enlarge: int = 1
    sound: Path | None = None
    subtitles: SubtitleWay = SubtitleWay.NONE


@dataclass(frozen=True, slots=True)
class Chosen:
    """The part that an extent means now, and how the command line is told; ``missing`` clips have no final take."""

    part: Part
    words: tuple[str, ...]
    missing: tuple[int, ...]

    @property
    def clips(self) -> int:
        """How many clips are shown."""
        return len(self.part.time.clips)


def choose_part(film: OpenFilm, extent: Extent) -> Chosen | None:
    """The clips and frames that ``extent`` means; None when there are none, or the model is not known yet."""
    facts = film.states.facts
    if facts is None:
        return None
    try:
        found = _part(film, extent, facts.facts.card.num_frames)
    except BadInput:
        return None
    return None if found is None else Chosen(*found, missing=_missing(film, found[0]))


def available(film: OpenFilm, extent: Extent) -> bool:
    """Whether there is something that ``extent`` could mean."""
    if extent is Extent.RANGE:
        return film.playhead.in_frame is not None or film.playhead.out_frame is not None
    if extent is Extent.SELECTED:
        return bool(film.selection.ids)
    return bool(film.document.storyboard.clips)


def arguments(film: OpenFilm, request: ExportRequest, chosen: Chosen) -> tuple[str, ...]:
    """What comes after ``svi-studio export`` on the command line that does it; the dialog has shown what goes."""
    words = [str(film.path), "-o", str(request.target), "--format", request.kind.name, "--overwrite", *chosen.words]
    if not request.kind.is_sheet:
        words += ["--enlarge", str(request.enlarge)]
    if request.sound is not None and request.kind.has_sound:
        words += ["--sound", str(request.sound)]
    if request.subtitles is not SubtitleWay.NONE and request.subtitles in request.kind.subtitle_ways:
        words += ["--subtitles", request.subtitles.value]
    return tuple(words)


def takes_of(film: OpenFilm, chosen: Chosen) -> list[tuple[Take, float]]:
    """The takes that are shown, and how much of each, from 0 to 1."""
    found = []
    for clip in chosen.part.time.clips:
        job = film.states.job(film.document.storyboard.clips[clip.index].id)
        take = film.takes.get(job.take_hash) if job is not None else None
        if take is not None:
            found.append((take, clip.frames / take.num_frames))
    return found


def _part(film: OpenFilm, extent: Extent, num_frames: int) -> tuple[Part, tuple[str, ...]] | None:
    """Measured on the playhead's time line, which knows the whole film already."""
    board, head = film.document.storyboard, film.playhead
    if not available(film, extent):
        return None
    if extent is Extent.WHOLE:
        return Part(head.time), ()
    if extent is Extent.RANGE:
        first = head.in_frame or 0
        last = head.last_frame if head.out_frame is None else head.out_frame
        return Part(part_of_film(head.time, first, last), first / head.time.fps), ("--range", f"{first}-{last}")
    places = [place for place in map(film.document.index, film.selection.ids) if place is not None]
    first, last = min(places), max(places)
    part = clips_of(board, num_frames, head.time.fps, (first + 1, last + 1), head.time)
    return part, ("--clips", f"{first + 1}-{last + 1}")


def _missing(film: OpenFilm, part: Part) -> tuple[int, ...]:
    clips = film.document.storyboard.clips
    jobs = ((clip.index, film.states.job(clips[clip.index].id)) for clip in part.time.clips)
    return tuple(index for index, job in jobs if job is None or not film.takes.has(job.take_hash))
