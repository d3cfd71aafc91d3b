"""Which clip of a film each card of a proposal stands for."""

from collections.abc import Sequence

from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.story.proposal import Proposal
from svi_studio.domain.text.common_sequence import common_places

_MOST_COMPARED = 5000 * 5000  # the search for common prompts takes so many bits


def matched_clips(storyboard: Storyboard, proposal: Proposal) -> tuple[int | None, ...]:
    """For each card the index of the clip that it stands for; None = a new clip, or the clip is not there any more.

    Cards of a whole film keep to the order of the film: those with a clip's own words stand for it, and between them
    the others stand for the clips one by one.
    """
    if proposal.whole_film:
        return _aligned(
            [clip.prompt.strip() for clip in storyboard.clips], [card.prompt.strip() for card in proposal.cards]
        )
    places = {clip.id: index for index, clip in enumerate(storyboard.clips)}
    return tuple(None if card.replaces is None else places.get(card.replaces) for card in proposal.cards)


def _aligned(old: Sequence[str], new: Sequence[str]) -> tuple[int | None, ...]:
    found: list[int | None] = [None] * len(new)
    last = last_new = 0
    for match, match_new in [*_common(old, new), (len(old), len(new))]:
        for step in range(min(match - last, match_new - last_new)):
            found[last_new + step] = last + step
        if match_new < len(new):
            found[match_new] = match
        last, last_new = match + 1, match_new + 1
    return tuple(found)


def _common(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    if len(old) * len(new) > _MOST_COMPARED:
        return [(place, place) for place, (one, other) in enumerate(zip(old, new, strict=False)) if one == other]
    return common_places(old, new)
