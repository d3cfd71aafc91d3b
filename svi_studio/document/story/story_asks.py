"""What a writer is asked for, and where its cards go: a new story, clips anew, a card again, the rest, a gap."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from svi_studio.document.commands.story_picture import StoryPicture
from svi_studio.document.story.prompt_files import blanks_at_end
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.story.proposal import Proposal, ProposedCard
from svi_studio.domain.story.proposal_difference import gap_of
from svi_studio.domain.story.proposal_edits import spliced
from svi_studio.domain.story.story_brief import MOST_STORY_CLIPS, StoryBrief, story_brief
from svi_studio.domain.value import with_fields

Cards = tuple[ProposedCard, ...]


@dataclass(frozen=True, slots=True)
class StoryAsk:
    """What the writer is asked for; ``merge`` puts the cards written so far where they belong.

    ``keeps_part``: a part of the cards is of use by itself.
    """

    brief: StoryBrief
    merge: Callable[[Cards], Proposal]
    keeps_part: bool = True


@dataclass(frozen=True, slots=True)
class Target:
    """Where a new story stands: in the gap ``place`` (0 = before the first clip, None = the end), or as the film."""

    place: int | None = None
    whole_film: bool = False


def new_story(
    board: Storyboard,
    brief: StoryBrief,
    target: Target,
    pictures: Sequence[StoryPicture] = (),
    start: Path | None = None,
) -> StoryAsk:
    """A story at ``target``. Clips at the end of the film that have no words yet are filled first.

    ``start`` is the film's own picture: the writer sees it when the story opens the film and has no other ``pictures``.
    """
    gap = len(board.clips) if target.place is None else min(target.place, len(board.clips))
    before = () if target.whole_film else board.clips[:gap]
    after = () if target.whole_film else board.clips[gap:]
    blanks = blanks_at_end(board) if target.place is None and not target.whole_film else ()
    before = before[: len(before) - len(blanks)]
    own = str(start) if start is not None and not before and not pictures else None
    images = (own,) if own is not None else tuple(str(picture.path) for picture in pictures)
    full = _checked(brief, story_so_far=_prompts(before), story_after=_prompts(after), images=images)
    place = None if target.whole_film else target.place
    behind = board.clips[gap - 1].id if place is not None and gap else None
    base = Proposal(place=place, behind=behind, whole_film=target.whole_film, title=brief.subject[:200], brief=full)

    def merge(cards: Cards) -> Proposal:
        placed = tuple(_filling(card, blanks[k] if k < len(blanks) else None) for k, card in enumerate(cards))
        if own is not None:  # the film starts from it already
            return with_fields(base, {"cards": tuple(_without(card, own) for card in placed)})
        return with_fields(base, {"cards": with_pictures(placed, images, opens_film=not before)})

    return StoryAsk(full, merge)


def rewrite(board: Storyboard, clip_ids: Sequence[str], brief: StoryBrief) -> StoryAsk:
    """Those clips in other words, as ``brief.instruction`` says. Raises BadInput when none of them can be."""
    chosen = [k for k, clip in enumerate(board.clips) if clip.id in set(clip_ids) and clip.prompt.strip()]
    if not chosen:
        raise BadInput("There is nothing to rewrite: select clips that have a prompt.")
    if len(chosen) > MOST_STORY_CLIPS:
        raise BadInput(f"{len(chosen)} clips are too many at once: select at most {MOST_STORY_CLIPS}.")
    clips = [board.clips[k] for k in chosen]
    full = _checked(
        brief,
        clips=len(clips),
        rewrites=_prompts(clips),
        story_so_far=_prompts(board.clips[: chosen[0]]),
        story_after=_prompts(board.clips[chosen[-1] + 1 :]),
    )
    base = Proposal(title=brief.subject[:200], brief=full)

    def merge(cards: Cards) -> Proposal:
        paired = zip(cards, clips, strict=False)
        return with_fields(base, {"cards": tuple(_with(card, replaces=clip.id, cut=None) for card, clip in paired)})

    return StoryAsk(full, merge)


def again(board: Storyboard, proposal: Proposal, first: int, last: int, seed: int) -> StoryAsk:
    """Asks again for the cards ``first`` to ``last`` (from 0, both inclusive) with another ``seed``; the rest stays."""
    old = proposal.cards[first : last + 1]
    brief = _checked(
        _brief_of(proposal),
        clips=len(old),
        seed=seed,
        story_so_far=_before(board, proposal, first),
        story_after=_after(board, proposal, last + 1),
        rewrites=_originals(board, old) if _is_rewrite(proposal) else (),
    )

    def merge(cards: Cards) -> Proposal:
        fresh = tuple(
            _with(card, replaces=was.replaces, image=was.image, cut=was.cut if was.image or was.replaces else card.cut)
            for card, was in zip(cards, old, strict=False)
        )
        return spliced(proposal, first, first + len(fresh), fresh)

    return StoryAsk(brief, merge, keeps_part=False)


def from_here(board: Storyboard, proposal: Proposal, first: int, seed: int) -> StoryAsk:
    """Asks again for the cards from ``first`` (from 0) to the end, with another story from there on."""
    return again(board, proposal, first, len(proposal.cards) - 1, seed)


def between(board: Storyboard, proposal: Proposal, gap: int, count: int, seed: int) -> StoryAsk:
    """``count`` new cards in the gap before card ``gap`` (from 0): they lead from the one to the other."""
    if _is_rewrite(proposal):
        raise BadInput("These cards only change words: to add clips between, ask for new clips there.")
    brief = _checked(
        _brief_of(proposal),
        clips=count,
        seed=seed,
        rewrites=(),
        instruction="",
        story_so_far=_before(board, proposal, gap),
        story_after=_after(board, proposal, gap),
    )
    return StoryAsk(brief, lambda cards: spliced(proposal, gap, gap, cards), keeps_part=False)


def with_pictures(cards: Cards, pictures: Sequence[str], *, opens_film: bool) -> Cards:
    """Gives the first picture to the first card, and the others to the scene changes in turn.

    Cards stay as they are when the writer has put pictures on them itself. ``opens_film``: nothing stands before the
    first card.
    """
    if not pictures or any(card.image for card in cards):
        return cards
    left = list(pictures)
    placed = []
    for k, card in enumerate(cards):
        is_start = k == 0 or card.cut is True
        cut = card.cut if k == 0 and opens_film else True
        placed.append(_with(card, image=left.pop(0), cut=cut) if left and is_start else card)
    return tuple(placed)


def _filling(card: ProposedCard, clip_id: str | None) -> ProposedCard:
    return card if clip_id is None else _with(card, replaces=clip_id, cut=True if card.cut else None)


def _without(card: ProposedCard, image: str) -> ProposedCard:
    return _with(card, image=None) if card.image == image else card


def _before(board: Storyboard, proposal: Proposal, card: int) -> tuple[str, ...]:
    """The prompts before a card: of the film, and of the cards before it."""
    own = tuple(each.prompt for each in proposal.cards[:card])
    if proposal.whole_film:
        return own
    if _is_rewrite(proposal):
        return _prompts(board.clips[: _place_of(board, proposal.cards[card].replaces)])
    return (*_prompts(board.clips[: gap_of(board, proposal)]), *own)


def _after(board: Storyboard, proposal: Proposal, card: int) -> tuple[str, ...]:
    """The prompts from a card on, and those of the film behind the proposal."""
    own = tuple(each.prompt for each in proposal.cards[card:])
    if proposal.whole_film:
        return own
    if _is_rewrite(proposal):
        return _prompts(board.clips[_place_of(board, proposal.cards[card - 1].replaces) + 1 :])
    return (*own, *_prompts(board.clips[gap_of(board, proposal) :]))


def _is_rewrite(proposal: Proposal) -> bool:
    return proposal.brief is not None and bool(proposal.brief.rewrites)


def _place_of(board: Storyboard, clip_id: str | None) -> int:
    return next((k for k, clip in enumerate(board.clips) if clip.id == clip_id), len(board.clips))


def _originals(board: Storyboard, cards: Cards) -> tuple[str, ...]:
    """What the film says where these cards would stand; a clip that is gone says what is proposed."""
    words = {clip.id: clip.prompt for clip in board.clips}
    return tuple(words.get(card.replaces or "", card.prompt) for card in cards)


def _prompts(clips: Sequence[Clip]) -> tuple[str, ...]:
    return tuple(clip.prompt for clip in clips if clip.prompt.strip())


def _brief_of(proposal: Proposal) -> StoryBrief:
    """The brief that led to it; cards from a file are asked for by their title."""
    return proposal.brief or story_brief(subject=(proposal.title or proposal.writer or "film")[:400])


def _checked(brief: StoryBrief, **changes: Any) -> StoryBrief:
    return story_brief(**{**brief.__dict__, **changes})


def _with(card: ProposedCard, **changes: Any) -> ProposedCard:
    return with_fields(card, changes)
