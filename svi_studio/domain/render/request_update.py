"""A request follows the film: clips that are not made yet are made as they are now, wherever they stand now."""

from collections.abc import Callable
from operator import attrgetter

from svi_studio.domain.editing.edit_check import DECIDING
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.render.request import RenderRequest
from svi_studio.domain.text.wording import runs
from svi_studio.domain.value import with_fields

_WORDS_ONLY = frozenset({"schema_version", "title", "clips", "markers", "credits", "tracks", "figures"})
_SETTINGS = tuple(name for name in Storyboard.model_fields if name not in _WORDS_ONLY)


def asks_for_the_same(request: RenderRequest, board: Storyboard) -> bool:
    """Whether the clips of ``request`` have the same pixels in ``board``, at the same places; a trial follows none."""
    old = request.storyboard
    if old is board or request.is_trial:
        return True
    tracks = old.needed_tracks  # what of them lies under a clip depends on all clips before it
    start, stop = 0 if tracks else old.chain_start(request.first), request.last + 1
    if len(board.clips) < stop or any(getattr(old, name) != getattr(board, name) for name in _SETTINGS):
        return False
    pairs = zip(old.clips[:1] + old.clips[start:stop], board.clips[:1] + board.clips[start:stop], strict=True)
    decide = attrgetter("id", "take", *DECIDING, *(["end"] if tracks else []))
    same = (before is after or decide(before) == decide(after) for before, after in pairs)
    return tracks == board.needed_tracks and all(same)


def updated_requests(request: RenderRequest, board: Storyboard, new_id: Callable[[], str]) -> tuple[RenderRequest, ...]:
    """``request`` for the same clips of ``board``: one for each stretch of them, none when all of them are gone.

    The first keeps its id, the others get one from ``new_id``.
    """
    wanted = {clip.id for clip in request.storyboard.clips[request.first : request.last + 1]}
    places = [place for place, clip in enumerate(board.clips) if clip.id in wanted]
    return tuple(
        with_fields(
            request,
            {
                "id": new_id() if number else request.id,
                "title": board.title,
                "storyboard": board,
                "first": first,
                "last": last,
            },
        )
        for number, (first, last) in enumerate(runs(places))
    )


def clips_that_fall(request: RenderRequest, index: int) -> tuple[int, ...]:
    """The clips of ``request`` (from 0) that are not made when the clip at ``index`` is given up, itself included.

    Those are the ones that go on from it, up to the next cut or to a clip that keeps a take of its own.
    """
    clips = request.storyboard.clips
    stop = index + 1
    while stop <= request.last and not clips[stop].cut and clips[stop].take is None:
        stop += 1
    return tuple(range(index, stop))
