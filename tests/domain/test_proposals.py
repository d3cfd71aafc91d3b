"""A proposal beside a film: what each card would change, and the one edit that accepts what was chosen."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.pictures.credit import Credit
from svi_studio.domain.story.proposal import Proposal, ProposedCard
from svi_studio.domain.story.proposal_difference import clips_without_card, difference
from svi_studio.domain.story.proposal_edits import accept, edited, spliced
from svi_studio.domain.value import Value
from tests.builders.storyboards import film, prompts, storyboards

TAKE = "a" * 64


def cards(*words: str, **fields: Any) -> tuple[ProposedCard, ...]:
    return tuple(ProposedCard(prompt=prompt, **fields) for prompt in words)


def board(*words: str, **fields: Any) -> Storyboard:
    return Storyboard(clips=tuple(Clip(id=f"c{k}", prompt=prompt) for k, prompt in enumerate(words, 1)), **fields)


def prompts_of(storyboard: Storyboard) -> list[str]:
    return [clip.prompt for clip in storyboard.clips]


def with_clip(storyboard: Storyboard, index: int, **fields: Any) -> Storyboard:
    clips = list(storyboard.clips)
    clips[index] = Clip(**{**dict(clips[index]), **fields})
    return Storyboard(**{**dict(storyboard), "clips": tuple(clips)})


def test_new_cards_stand_at_the_end() -> None:
    after = accept(board("one"), Proposal(cards=cards("two", "three")), (0, 1))
    assert (prompts_of(after), [clip.id for clip in after.clips]) == (["one", "two", "three"], ["c1", "c2", "c3"])


def test_new_cards_fill_the_gap_that_was_asked_for() -> None:
    after = accept(board("one", "two"), Proposal(cards=cards("between"), place=1), (0,))
    assert prompts_of(after) == ["one", "between", "two"]


def test_a_gap_behind_a_film_that_became_shorter_is_its_end() -> None:
    assert prompts_of(accept(board("one"), Proposal(cards=cards("two"), place=9), (0,))) == ["one", "two"]


def test_a_gap_moves_with_the_clip_before_it() -> None:
    proposal = Proposal(cards=cards("between"), place=2, behind="c2")
    shorter = Storyboard(clips=board("one", "two", "three").clips[1:])
    assert prompts_of(accept(shorter, proposal, (0,))) == ["two", "between", "three"]


def test_a_gap_whose_clip_is_gone_stays_where_it_was() -> None:
    proposal = Proposal(cards=cards("between"), place=1, behind="c9")
    assert prompts_of(accept(board("one", "two"), proposal, (0,))) == ["one", "between", "two"]


def test_only_chosen_cards_are_accepted() -> None:
    assert prompts_of(accept(board(), Proposal(cards=cards("a", "b", "c")), {0, 2})) == ["a", "c"]


def test_choosing_nothing_changes_nothing() -> None:
    before = film(3)
    assert accept(before, Proposal(cards=cards("other"), whole_film=True), ()) is before


def test_a_card_that_is_not_there_cannot_be_chosen() -> None:
    with pytest.raises(BadInput, match="has 1 cards"):
        accept(board(), Proposal(cards=cards("a")), (1,))


def test_a_card_rewrites_the_words_of_its_clip() -> None:
    after = accept(board("one", "two"), Proposal(cards=cards("new", replaces="c2")), (0,))
    assert [(clip.id, clip.prompt) for clip in after.clips] == [("c1", "one"), ("c2", "new")]


def test_new_words_let_go_of_the_take_that_the_clip_kept() -> None:
    kept = with_clip(board("one"), 0, take=TAKE)
    assert accept(kept, Proposal(cards=cards("new", replaces="c1")), (0,)).clips[0].take is None


def test_the_same_words_leave_the_clip_as_it_is() -> None:
    kept = with_clip(board("one"), 0, take=TAKE)
    assert accept(kept, Proposal(cards=cards(" one ", replaces="c1")), (0,)) == kept


def test_a_rewrite_leaves_cut_and_picture_alone() -> None:
    before = with_clip(board("one", "two"), 1, cut=True, image="b.png")
    after = accept(before, Proposal(cards=cards("new", replaces="c2")), (0,))
    assert (after.clips[1].cut, after.clips[1].image) == (True, "b.png")


def test_a_locked_clip_is_never_changed_and_the_reason_is_told() -> None:
    before = with_clip(board("one", "two"), 0, locked=True)
    proposal = Proposal(cards=(*cards("new one", replaces="c1"), *cards("new two", replaces="c2")))
    assert prompts_of(accept(before, proposal, (0, 1))) == ["one", "new two"]
    assert difference(before, proposal)[0].problem == "Clip 1 is locked: unlock it first."


def test_accepting_only_what_cannot_be_says_why() -> None:
    before = with_clip(board("one"), 0, locked=True)
    with pytest.raises(BadInput, match="Clip 1 is locked"):
        accept(before, Proposal(cards=cards("new", replaces="c1")), (0,))


def test_a_card_for_a_clip_that_is_gone_is_left_out() -> None:
    proposal = Proposal(cards=(*cards("new", replaces="c9"), *cards("more")))
    assert prompts_of(accept(board("one"), proposal, (0, 1))) == ["one", "more"]
    assert "is gone" in difference(board("one"), proposal)[0].problem


def test_the_difference_is_told_word_by_word() -> None:
    proposal = Proposal(cards=cards("a blue boat", replaces="c1"))
    spans = difference(board("a red boat"), proposal)[0].spans
    assert [(span.kind, span.text) for span in spans] == [
        ("same", "a "), ("old", "red"), ("new", "blue"), ("same", " boat"),
    ]  # fmt: skip


def test_a_whole_film_keeps_the_clips_whose_words_it_keeps() -> None:
    proposal = Proposal(cards=cards("one", "between", "two", "end"), whole_film=True)
    after = accept(board("one", "two", "three"), proposal, range(4))
    assert [(clip.id, clip.prompt) for clip in after.clips] == [
        ("c1", "one"), ("c4", "between"), ("c2", "two"), ("c3", "end"),
    ]  # fmt: skip


def test_a_shorter_whole_film_takes_the_other_clips_away() -> None:
    before = board("one", "two", "three")
    proposal = Proposal(cards=cards("one"), whole_film=True)
    assert clips_without_card(before, proposal) == ("c2", "c3")
    assert prompts_of(accept(before, proposal, (0,))) == ["one"]


def test_a_part_of_a_whole_film_takes_no_clip_away() -> None:
    proposal = Proposal(cards=cards("new one", "new two"), whole_film=True)
    assert prompts_of(accept(board("one", "two", "three"), proposal, (0,))) == ["new one", "two", "three"]


def test_a_whole_film_leaves_locked_clips_where_they_are() -> None:
    before = with_clip(with_clip(board("one", "two", "three"), 2, locked=True), 0, locked=True)
    after = accept(before, Proposal(cards=cards("new one", "new two"), whole_film=True), (0, 1))
    assert prompts_of(after) == ["one", "new two", "three"]


def test_a_whole_film_says_where_its_scenes_begin() -> None:
    before = with_clip(board("one", "two", "three"), 1, cut=True, image="b.png")
    proposal = Proposal(cards=(*cards("one", "two"), *cards("three", cut=True)), whole_film=True)
    after = accept(before, proposal, range(3))
    assert [(clip.cut, clip.image) for clip in after.clips] == [(False, None), (False, None), (True, None)]


def test_cards_that_say_nothing_of_scenes_leave_the_cuts() -> None:
    before = with_clip(board("one", "two"), 1, cut=True, image="b.png")
    after = accept(before, Proposal(cards=cards("one", "new", cut=None), whole_film=True), (0, 1))
    assert (after.clips[1].cut, after.clips[1].image) == (True, "b.png")


def test_a_film_without_a_picture_begins_with_that_of_its_first_card() -> None:
    proposal = Proposal(cards=(*cards("one", image="/home/me/boat.jpg"), *cards("two")), title="A boat")
    after = accept(Storyboard(), proposal, (0, 1), pictures={"/home/me/boat.jpg": "media/boat.jpg"})
    assert (after.reference_image, after.clips[0].image, after.title) == ("media/boat.jpg", None, "A boat")


def test_a_film_keeps_its_own_picture_and_title() -> None:
    before = board(reference_image="a.png", title="Mine")
    after = accept(before, Proposal(cards=cards("one", image="b.png"), title="Other"), (0,))
    assert (after.reference_image, after.clips[0].image, after.title) == ("a.png", "b.png", "Mine")


def test_a_picture_that_is_not_in_the_film_yet_is_refused() -> None:
    with pytest.raises(BadInput, match="Card 1 cannot be a clip, image"):
        accept(board(), Proposal(cards=cards("one", image="/home/me/boat.jpg")), (0,))


def test_credits_come_with_the_pictures_in_the_same_edit() -> None:
    credit = Credit(picture="media/boat.jpg", author="Ann")
    after = accept(board(), Proposal(cards=cards("one", image="media/boat.jpg")), (0,), credits=(credit,))
    assert after.credits == (credit,)


def test_a_card_is_edited_in_place() -> None:
    proposal = edited(Proposal(cards=cards("one", "two", replaces=None)), 1, "other")
    assert [card.prompt for card in proposal.cards] == ["one", "other"]


@pytest.mark.parametrize(("index", "words"), [(0, ""), (0, " \n"), (0, "x" * 10_001), (2, "fine"), (-1, "fine")])
def test_a_card_cannot_be_edited_to_nothing(index: int, words: str) -> None:
    with pytest.raises(BadInput):
        edited(Proposal(cards=cards("one")), index, words)


def test_an_answer_takes_the_place_of_cards_and_of_the_clips_that_they_rewrite() -> None:
    proposal = Proposal(cards=(*cards("one", replaces="c1"), *cards("two", replaces="c2")))
    again = spliced(proposal, 1, 2, cards("other", "more"))
    assert [(card.prompt, card.replaces) for card in again.cards] == [("one", "c1"), ("other", "c2"), ("more", None)]


@pytest.mark.parametrize("fields", [{"whole_film": True, "place": 1}, {"whole_film": True, "behind": "c1"},
                                    {"cards": cards("a", "b", replaces="c1")},
                                    {"whole_film": True, "cards": cards("a", replaces="c1")},
                                    {"cards": ({"prompt": " "},)}])  # fmt: skip
def test_a_proposal_that_contradicts_itself_is_none(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        Proposal(**fields)


@given(storyboards(), st.lists(prompts, max_size=8))
def test_accepting_a_whole_film_makes_that_film(before: Storyboard, words: list[str]) -> None:
    proposal = Proposal(cards=cards(*words), whole_film=True)
    after = accept(before, proposal, range(len(words)))
    assert [prompt.strip() for prompt in prompts_of(after)] == [
        prompt.strip() for prompt in words or prompts_of(before)
    ]


@given(storyboards(), st.lists(prompts, min_size=1, max_size=8), st.data())
def test_accepting_card_by_card_or_not_at_all_leaves_a_film(
    before: Storyboard, words: list[str], data: st.DataObject
) -> None:
    chosen = data.draw(st.sets(st.integers(0, len(words) - 1)))
    after = accept(before, Proposal(cards=cards(*words), place=data.draw(st.integers(0, 9))), chosen)
    assert len(after.clips) == len(before.clips) + len(chosen)
    assert isinstance(after, Value)
    assert [clip for clip in after.clips if clip in before.clips] == list(before.clips)
