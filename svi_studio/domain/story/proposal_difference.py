"""How a film would change by each card of a proposal, for those who decide about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.story.card_matching import matched_clips
from svi_studio.domain.story.proposal import Proposal, ProposedCard
from svi_studio.domain.text.word_difference import WordSpan, word_spans


@dataclass(frozen=True)
class CardDifference:
    """What the card at ``index`` does to the film.

    ``added``: a new clip in the gap ``place``. ``changed`` and ``same``: it stands for the clip ``clip_id`` at
    ``place``, and ``changes`` has the fields of that clip that become other. ``problem`` says in one sentence why the
    card cannot be accepted; empty = it can.
    """

    index: int
    kind: Literal["added", "changed", "same"]
    place: int
    clip_id: str | None
    old_prompt: str
    new_prompt: str
    changes: Mapping[str, Any]
    problem: str = ""

    @cached_property
    def spans(self) -> tuple[WordSpan, ...]:
        """What differs between the words before and after, word by word."""
        return word_spans(self.old_prompt, self.new_prompt)

    @property
    def starts_scene(self) -> bool:
        """Whether the card makes a new scene begin that did not begin there before."""
        return bool(self.changes.get("cut"))


def difference(
    storyboard: Storyboard, proposal: Proposal, pictures: Mapping[str, str] | None = None
) -> tuple[CardDifference, ...]:
    """What each card would do, in the order of the cards.

    ``pictures`` has the film's own paths of pictures that the cards name otherwise.
    """
    matches = matched_clips(storyboard, proposal)
    gaps = _gaps(storyboard, proposal, matches)
    known = pictures or {}
    return tuple(
        _added(index, gaps[index], card, known)
        if match is None
        else _for_clip(storyboard, match, index, card, _changes(storyboard, match, proposal, card, known))
        for index, (card, match) in enumerate(zip(proposal.cards, matches, strict=True))
    )


def clips_without_card(storyboard: Storyboard, proposal: Proposal) -> tuple[str, ...]:
    """The clips that no card of a whole film stands for: they go when every card is accepted; locked ones stay."""
    if not proposal.whole_film or not proposal.cards:
        return ()
    matched = set(matched_clips(storyboard, proposal))
    clips = enumerate(storyboard.clips)
    return tuple(clip.id for index, clip in clips if index not in matched and not clip.locked)


def gap_of(storyboard: Storyboard, proposal: Proposal) -> int:
    """The gap of the film as it is now where new cards stand; 0 = before the first clip."""
    end = len(storyboard.clips)
    if proposal.behind is not None:
        for index, clip in enumerate(storyboard.clips):
            if clip.id == proposal.behind:
                return index + 1
    return end if proposal.place is None else min(proposal.place, end)


def _gaps(storyboard: Storyboard, proposal: Proposal, matches: Sequence[int | None]) -> list[int]:
    """Where a new clip for each card would stand."""
    if not proposal.whole_film:
        return [gap_of(storyboard, proposal)] * len(matches)
    gaps, gap = [], 0
    for match in matches:
        gap = gap if match is None else match + 1
        gaps.append(gap)
    return gaps


def _added(index: int, gap: int, card: ProposedCard, pictures: Mapping[str, str]) -> CardDifference:
    image = None if card.image is None else pictures.get(card.image, card.image)
    changes = {"prompt": card.prompt, "cut": bool(card.cut), "image": image, "note": card.note}
    problem = "" if card.replaces is None else "The clip that this card rewrites is gone: ask for it again."
    return CardDifference(index, "added", gap, None, "", card.prompt, changes, problem)


def _for_clip(
    storyboard: Storyboard, place: int, index: int, card: ProposedCard, changes: Mapping[str, Any]
) -> CardDifference:
    clip = storyboard.clips[place]
    problem = f"Clip {place + 1} is locked: unlock it first." if changes and clip.locked else ""
    kind: Literal["changed", "same"] = "changed" if changes else "same"
    return CardDifference(index, kind, place, clip.id, clip.prompt, card.prompt, changes, problem)


def _changes(
    storyboard: Storyboard, place: int, proposal: Proposal, card: ProposedCard, pictures: Mapping[str, str]
) -> dict[str, Any]:
    """The fields of the clip at ``place`` that become other.

    A card that rewrites one clip takes no cut away, as it is about the words; a whole film says where its scenes begin.
    """
    clip = storyboard.clips[place]
    wanted: dict[str, Any] = {}
    if card.prompt.strip() != clip.prompt.strip():
        wanted["prompt"] = card.prompt
    cut = _wanted_cut(clip, proposal, card) if place else clip.cut  # the first clip starts a chain with or without one
    if cut != clip.cut:
        wanted |= {"cut": cut} if cut else {"cut": cut, "image": None}  # the picture was that of the scene that goes
    if card.image is not None:
        wanted["image"] = pictures.get(card.image, card.image)
    return {name: value for name, value in wanted.items() if getattr(clip, name) != value}


def _wanted_cut(clip: Clip, proposal: Proposal, card: ProposedCard) -> bool:
    if card.cut is None:
        return clip.cut
    return card.cut if proposal.whole_film else card.cut or clip.cut
