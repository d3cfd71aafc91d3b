"""Edits of a proposal, and the one edit of a storyboard that accepts what was chosen of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from svi_studio.domain.editing.credit_edits import add_credits
from svi_studio.domain.editing.edit_check import checked, content_with
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Clip, Storyboard, next_clip_id
from svi_studio.domain.pictures.credit import Credit
from svi_studio.domain.story.proposal import Proposal, ProposedCard
from svi_studio.domain.story.proposal_difference import CardDifference, clips_without_card, difference
from svi_studio.domain.value import all_of_fields, first_problem, with_fields


def accept(
    storyboard: Storyboard,
    proposal: Proposal,
    chosen: Collection[int],
    *,
    pictures: Mapping[str, str] | None = None,
    credits: Iterable[Credit] = (),
) -> Storyboard:
    """The film after accepting the cards ``chosen`` (indexes from 0).

    Locked clips stay as they are: ``difference`` tells the reason for each card that is left out. When all other cards
    of a whole film are chosen, ``clips_without_card`` go. A film without a title or a reference picture takes them from
    the proposal. ``pictures`` has the film's own paths of pictures that cards name otherwise; ``credits`` are added.
    Raises BadInput when there is no such card, none of the chosen can be accepted, or one cannot be a clip.
    """
    cards = difference(storyboard, proposal, pictures)
    if not all(0 <= index < len(cards) for index in chosen):
        raise BadInput(f"The proposal has {len(cards)} cards: choose among them.")
    wanted = frozenset(chosen)
    taken = [card for card in cards if card.index in wanted and not card.problem]
    if chosen and not taken:
        raise BadInput(cards[min(chosen)].problem)
    if not taken:
        return storyboard
    is_all = len(taken) == sum(not card.problem for card in cards)
    gone = set(clips_without_card(storyboard, proposal)) if is_all else set()
    clips = _clips_after(storyboard, taken, gone)
    changed = checked(storyboard, clips=clips, title=storyboard.title or proposal.title)
    first = storyboard.clips[0] if storyboard.clips else None
    return add_credits(changed if changed.clips[:1] == (first,) else _with_reference(changed), credits)


def edited(proposal: Proposal, index: int, prompt: str) -> Proposal:
    """The proposal with other words on the card at ``index``. Raises BadInput when that cannot be."""
    card = _at(proposal, index)
    try:
        changed = ProposedCard(**{**dict(card), "prompt": prompt})
    except ValidationError as error:
        raise BadInput(f"Card {index + 1} cannot say this, {_reason(error)}.") from error
    return spliced(proposal, index, index + 1, (changed,))


def spliced(proposal: Proposal, start: int, stop: int, cards: Sequence[ProposedCard]) -> Proposal:
    """The proposal with ``cards`` instead of those from ``start`` up to, not including, ``stop``.

    So a writer's answer takes the place of one card, of all from a card on, or stands between two. New cards rewrite
    the clips that the old ones would have rewritten, one by one. Raises BadInput when the place is not there.
    """
    if not 0 <= start <= stop <= len(proposal.cards):
        raise BadInput(f"The proposal has {len(proposal.cards)} cards: choose a place among them.")
    old = [card.replaces for card in proposal.cards[start:stop]]
    old += [None] * (len(cards) - len(old))
    new = [with_fields(card, {"replaces": clip}) for card, clip in zip(cards, old, strict=False)]
    try:
        return Proposal(**{**dict(proposal), "cards": (*proposal.cards[:start], *new, *proposal.cards[stop:])})
    except ValidationError as error:
        raise BadInput(f"The proposal cannot have these cards, {first_problem(error)}.") from error


def _at(proposal: Proposal, index: int) -> ProposedCard:
    if not 0 <= index < len(proposal.cards):
        raise BadInput(f"There is no card {index + 1} in this proposal of {len(proposal.cards)} cards.")
    return proposal.cards[index]


def _reason(error: ValidationError) -> str:
    kind = error.errors(include_url=False, include_input=False)[0]["type"]
    if kind in {"string_too_short", "string_pattern_mismatch"}:
        return "as it would have no words: say what happens, or leave the card out"
    return first_problem(error)


def _clips_after(storyboard: Storyboard, taken: Sequence[CardDifference], gone: Collection[str]) -> tuple[Clip, ...]:
    """The clips with the changes of ``taken``, its new ones in their gaps, and without ``gone``."""
    changed = {card.place: card for card in taken if card.kind == "changed"}
    added = [card for card in taken if card.kind == "added"]
    first = int(next_clip_id(storyboard)[1:])
    in_gap: dict[int, list[Clip]] = {}
    for number, card in enumerate(added):
        new = _sound(card, Clip(id=f"c{first + number}"))
        in_gap.setdefault(card.place, []).append(new)
    clips = list(in_gap.get(0, []))
    for place, clip in enumerate(storyboard.clips):
        if clip.id not in gone:
            clips.append(_sound(changed[place], clip) if place in changed else clip)
        clips += in_gap.get(place + 1, [])
    return tuple(clips)


def _sound(card: CardDifference, clip: Clip) -> Clip:
    """``clip`` as the card changes it. Raises BadInput when that is no clip."""
    try:
        fields: dict[str, Any] = dict(Clip(**{**dict(clip), **card.changes}))
    except ValidationError as error:
        raise BadInput(f"Card {card.index + 1} cannot be a clip, {first_problem(error)}.") from error
    changes = {name: fields[name] for name in card.changes}
    return all_of_fields(Clip, (content_with(clip, changes),))[0]


def _with_reference(storyboard: Storyboard) -> Storyboard:
    """The picture of the clip that the film now begins with is its reference picture, when it had none."""
    first = storyboard.clips[0]
    if storyboard.reference_image is not None or first.image is None:
        return storyboard
    clips = (with_fields(first, {"image": None}), *storyboard.clips[1:])
    return checked(storyboard, reference_image=first.image, clips=clips)
