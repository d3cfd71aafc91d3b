"""The lines of the desk: each card beside what the film says there now, and the clips just before and behind."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import count
from pathlib import Path

from svi_studio.document.story.card_row import CardRow, RowKind
from svi_studio.document.story.story_desk import StoryDesk
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.story.proposal import Proposal
from svi_studio.domain.story.proposal_difference import CardDifference, clips_without_card, gap_of
from svi_studio.domain.text.word_difference import WordSpan, word_spans

_KINDS = {"added": RowKind.NEW, "changed": RowKind.CHANGED, "same": RowKind.SAME}


def desk_rows(desk: StoryDesk) -> tuple[CardRow, ...]:
    """Every line, in film order; none without a proposal."""
    if desk.proposal is None or (desk.is_empty and not desk.is_busy):
        return ()
    lines = _whole_film if desk.proposal.whole_film else _part_of_film
    return tuple(lines(desk, desk.proposal, desk.board))


def _part_of_film(desk: StoryDesk, proposal: Proposal, board: Storyboard) -> Iterator[CardRow]:
    """Returns new clips between the two clips of the film around them, and changed ones beside those that
    they change.
    """
    differences = desk.differences
    added = [each for each in differences if each.kind == "added"]
    end = len(board.clips)
    gap = gap_of(board, proposal)
    changed = {each.place for each in differences if each.kind != "added"}
    is_new = not desk.is_rewrite
    if is_new and gap and not changed & set(range(gap)):
        yield _around(board, gap - 1)
    number = count(gap + 1)
    for each in differences:
        place = each.place + (len(added) if each.place >= gap else 0)
        yield _card(desk, each, next(number) if each.kind == "added" else place + 1)
    if is_new and gap < end and gap not in changed and not desk.is_busy:
        yield _around(board, gap, len(added))


def _whole_film(desk: StoryDesk, proposal: Proposal, board: Storyboard) -> Iterator[CardRow]:
    """Returns all cards, and between them the clips that would go."""
    gone = set() if desk.is_busy else set(clips_without_card(board, proposal))
    leaving = iter([(place, clip) for place, clip in enumerate(board.clips) if clip.id in gone])
    waiting = next(leaving, None)
    for number, each in enumerate(desk.differences, start=1):
        while waiting is not None and waiting[0] < each.place:
            yield CardRow(RowKind.GONE, None, waiting[0] + 1, old=waiting[1].prompt)
            waiting = next(leaving, None)
        yield _card(desk, each, number)
    while waiting is not None:
        yield CardRow(RowKind.GONE, None, waiting[0] + 1, old=waiting[1].prompt)
        waiting = next(leaving, None)


def _card(desk: StoryDesk, each: CardDifference, number: int) -> CardRow:
    kind = _KINDS[each.kind] if each.old_prompt or each.kind != "changed" else RowKind.NEW  # a clip without words yet
    return CardRow(
        kind,
        each.index,
        number,
        old=each.old_prompt,
        new=each.new_prompt,
        spans=_spans(each.old_prompt, each.new_prompt) if each.kind == "changed" and each.old_prompt else (),
        cut=each.starts_scene and number > 1,
        is_chosen=each.index in desk.chosen,
        picture=_picture(desk, each),
        note=desk.proposal.cards[each.index].note if desk.proposal is not None else "",
        refusal=each.problem,
    )


@lru_cache(maxsize=2048)
def _spans(old: str, new: str) -> tuple[WordSpan, ...]:
    """Returns the word differences, compared once as the desk is read anew whenever a card comes."""
    return word_spans(old, new)


def _around(board: Storyboard, place: int, added: int = 0) -> CardRow:
    return CardRow(RowKind.AROUND, None, place + 1 + added, old=board.clips[place].prompt)


def _picture(desk: StoryDesk, each: CardDifference) -> str:
    image = each.changes.get("image")
    if not image:
        return ""
    return image if Path(image).is_absolute() else str(desk.file(image))
