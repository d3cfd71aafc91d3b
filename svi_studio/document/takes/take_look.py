"""One take as the list shows it: a small value, made from the manifest and from how its clip stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.states.clip_states import ClipStates
from svi_studio.document.states.take_index import TakeIndex
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.takes.take import Take
from svi_studio.domain.takes.take_difference import Difference, differences

_FIRST = 3  # clips that show how a film moves before it can have slowed down


@dataclass(frozen=True, slots=True)
class TakeLook:
    """``is_shown``: the clip shows it. ``is_kept``: because the user chose it. ``fits``: the settings give this take.

    ``differs`` says why they do not, as far as that is known. ``usual_movement``: see the function.
    """

    take: Take
    poster: Path
    stars: int = 0
    is_shown: bool = False
    is_kept: bool = False
    is_draft: bool = False
    fits: bool = False
    differs: tuple[Difference, ...] = field(default=())
    usual_movement: float | None = None

    @property
    def take_hash(self) -> str:
        """The hash of the take."""
        return self.take.take_hash

    @property
    def bytes(self) -> int:
        """The bytes of the take on the disk."""
        return sum(file.size for file in self.take.files)


def looks_of(film: OpenFilm, clip_id: str) -> tuple[TakeLook, ...]:
    """The takes of a clip, newest first, as they stand now."""
    usual = usual_movement(film.document.storyboard, film.states, film.takes, clip_id)
    return tuple(replace(_look(film, clip_id, take), usual_movement=usual) for take in film.takes.of_clip(clip_id))


def usual_movement(board: Storyboard, states: ClipStates, takes: TakeIndex, clip_id: str) -> float | None:
    """How much the film's first clips move, by the takes that they show; without the clip itself. None = not known."""
    others = [clip.id for clip in board.clips[: _FIRST + 1] if clip.id != clip_id][:_FIRST]
    shown = (states.state(each).take_hash for each in others)
    found = (takes.get(take_hash) for take_hash in shown if take_hash is not None)
    figures = [take.continuity["movement"] for take in found if take is not None and "movement" in take.continuity]
    return median(figures) if figures else None


def used_by(film: OpenFilm, hashes: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Which clips (numbers from 1) need each of these takes now; takes that no clip needs are left out."""
    wanted = set(hashes)
    found: dict[str, list[int]] = {}
    for number, clip in enumerate(film.document.storyboard.clips, 1):
        for take in needed_by(film, clip.id) & wanted:
            found.setdefault(take, []).append(number)
    return {take: tuple(numbers) for take, numbers in found.items()}


def needed_by(film: OpenFilm, clip_id: str) -> frozenset[str]:
    """The takes that a clip would miss: those of its settings in both qualities, and the one that the user chose."""
    jobs = (film.states.job(clip_id), film.states.job(clip_id, "draft"))
    clip = film.document.clip(clip_id)
    hashes = {job.take_hash for job in jobs if job is not None}
    if clip is not None and clip.take is not None:
        hashes.add(clip.take)
    current = film.states.state(clip_id).current_take
    return frozenset(hashes | {current} if current else hashes)


def unused_takes(film: OpenFilm) -> list[str]:
    """Takes of the film that no clip needs or shows now, once ``states`` are settled."""
    needed = frozenset[str]().union(*(_kept_for(film, clip.id) for clip in film.document.storyboard.clips))
    return [take.take_hash for take in film.takes.all() if take.take_hash not in needed]


def _kept_for(film: OpenFilm, clip_id: str) -> frozenset[str]:
    """What the clip needs or shows; all that it has while nobody can say what it needs, for want of a picture."""
    if film.states.job(clip_id) is None:
        return frozenset(take.take_hash for take in film.takes.of_clip(clip_id))
    shown = film.states.state(clip_id).take_hash
    return needed_by(film, clip_id) | ({shown} if shown is not None else set())


def _look(film: OpenFilm, clip_id: str, take: Take) -> TakeLook:
    view = film.states.state(clip_id)
    now, draft = film.states.job(clip_id), film.states.job(clip_id, "draft")
    is_draft = (
        draft is not None and draft.take_hash == take.take_hash and (now is None or now.take_hash != take.take_hash)
    )
    compared = draft if is_draft else now
    shown = view.current_take == take.take_hash
    return TakeLook(
        take=take,
        poster=film.takes.poster(take.take_hash),
        stars=film.takes.rating(take.take_hash),
        is_shown=shown,
        is_kept=shown and view.kept,
        is_draft=is_draft,
        fits=compared is not None and compared.take_hash == take.take_hash,
        differs=differences(take.job, compared) if compared is not None else (),
    )
