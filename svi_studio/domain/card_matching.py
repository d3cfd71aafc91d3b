"""Which clip of a film each card of a proposal stands for."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from svi_studio.domain.proposal import Proposal
from svi_studio.domain.storyboard import Storyboard

_MOST_COMPARED = 500 * 500  # the search for common rows takes the product of their lengths in the worst case


def matched_clips(storyboard: Storyboard, proposal: Proposal) -> tuple[int | None, ...]:
    """For each card the index of the clip that it stands for; None = a new clip, or the clip is not there any more.

    Cards of a whole film keep to the order of the film: those with a clip's own words stand for it, and between them
    the others stand for the clips one by one.
    """
    if proposal.whole_film:
        return _aligned([clip.prompt.strip() for clip in storyboard.clips], [card.prompt for card in proposal.cards])
    places = {clip.id: index for index, clip in enumerate(storyboard.clips)}
    return tuple(None if card.replaces is None else places.get(card.replaces) for card in proposal.cards)


def _aligned(old: Sequence[str], new: Sequence[str]) -> tuple[int | None, ...]:
    new = [text.strip() for text in new]
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    found: list[int | None] = [*range(start), *[None] * (len(new) - start)]
    for place in range(1, end + 1):
        found[len(new) - place] = len(old) - place
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    for place, match in enumerate(_aligned_middle(middle_old, middle_new)):
        found[start + place] = None if match is None else start + match
    return tuple(found)


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    pairs = zip(old, new, strict=False)
    return next((place for place, (one, other) in enumerate(pairs) if one != other), min(len(old), len(new)))


def _aligned_middle(old: Sequence[str], new: Sequence[str]) -> list[int | None]:
    if len(old) * len(new) > _MOST_COMPARED:
        return [place if place < len(old) else None for place in range(len(new))]
    found: list[int | None] = [None] * len(new)
    for kind, start, stop, new_start, new_stop in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind in {"equal", "replace"}:
            for step in range(min(stop - start, new_stop - new_start)):
                found[new_start + step] = start + step
    return found
