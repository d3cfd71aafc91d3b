"""What a writer is told about the film around a story's place, and where its cards end up."""

from pathlib import Path

import pytest

from svi_studio.document.commands.story_picture import StoryPicture
from svi_studio.document.story.story_asks import StoryAsk, Target, again, between, from_here, new_story, rewrite
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.story.proposal import Proposal, ProposedCard
from svi_studio.domain.story.story_brief import StoryBrief

WISH = StoryBrief(subject="a dog", clips=2)
SEA, SKY = StoryPicture(Path("/p/sea.png")), StoryPicture(Path("/p/sky.png"))


def film(*prompts: str, **fields: object) -> Storyboard:
    clips = tuple(Clip(id=f"c{k}", prompt=prompt) for k, prompt in enumerate(prompts, start=1))
    return Storyboard(family="film", clips=clips, **fields)  # type: ignore[arg-type]


def cards(*prompts: str, cut: int | None = None) -> tuple[ProposedCard, ...]:
    return tuple(ProposedCard(prompt=prompt, cut=k == cut) for k, prompt in enumerate(prompts))


def written(*prompts: str, **fields: object) -> Proposal:
    return Proposal(cards=cards(*prompts), brief=WISH, **fields)  # type: ignore[arg-type]


def prompts(ask: StoryAsk, *new: str) -> list[str]:
    return [card.prompt for card in ask.merge(cards(*new)).cards]


def test_a_story_at_the_end_knows_all_that_comes_before() -> None:
    ask = new_story(film("A.", "B."), WISH, Target())
    assert (ask.brief.story_so_far, ask.brief.story_after) == (("A.", "B."), ())


def test_a_story_in_a_gap_knows_both_sides() -> None:
    ask = new_story(film("A.", "B.", "C."), WISH, Target(1))
    assert (ask.brief.story_so_far, ask.brief.story_after) == (("A.",), ("B.", "C."))
    assert ask.merge(cards("X.")).place == 1


def test_a_whole_film_is_told_nothing_of_the_old_one() -> None:
    ask = new_story(film("A.", "B."), WISH, Target(whole_film=True))
    assert ask.brief.story_so_far == () and ask.merge(cards("X.")).whole_film


def test_clips_without_words_at_the_end_are_filled_first() -> None:
    merged = new_story(film("A.", "", ""), WISH, Target()).merge(cards("X.", "Y.", "Z."))
    assert [card.replaces for card in merged.cards] == ["c2", "c3", None]


def test_the_writer_sees_the_picture_that_the_film_starts_from() -> None:
    ask = new_story(film(""), WISH, Target(), start=Path("/film/media/a.png"))
    shown = ask.merge((ProposedCard(prompt="X.", image="/film/media/a.png"),))
    assert ask.brief.images == ("/film/media/a.png",) and shown.cards[0].image is None


def test_the_first_picture_opens_the_story_and_the_next_a_scene() -> None:
    ask = new_story(film("A."), WISH, Target(), (SEA, SKY))
    merged = ask.merge(cards("X.", "Y.", "Z.", cut=2)).cards
    assert [card.image for card in merged] == ["/p/sea.png", None, "/p/sky.png"]
    assert merged[0].cut is True


def test_a_writer_that_places_the_pictures_itself_is_left_alone() -> None:
    own = (ProposedCard(prompt="X."), ProposedCard(prompt="Y.", image="/p/sea.png", cut=True))
    assert new_story(film(), WISH, Target(), (SEA,)).merge(own).cards == own


def test_other_words_go_to_the_clips_they_were_asked_for() -> None:
    ask = rewrite(film("A.", "B.", "C."), ["c2", "c3"], WISH.model_copy(update={"instruction": "shorter"}))
    assert ask.brief.rewrites == ("B.", "C.") and ask.brief.story_so_far == ("A.",)
    assert [card.replaces for card in ask.merge(cards("b.", "c.")).cards] == ["c2", "c3"]


def test_clips_without_words_cannot_be_rewritten() -> None:
    with pytest.raises(BadInput, match="nothing to rewrite"):
        rewrite(film("", ""), ["c1"], WISH)


def test_a_card_asked_for_again_knows_its_neighbours_and_takes_its_place() -> None:
    ask = again(film("A."), written("X.", "Y.", "Z."), 1, 1, seed=7)
    assert (ask.brief.story_so_far, ask.brief.story_after, ask.brief.clips) == (("A.", "X."), ("Z.",), 1)
    assert ask.brief.seed == 7
    assert prompts(ask, "New.") == ["X.", "New.", "Z."]


def test_cards_that_are_not_written_yet_stay_as_they_were() -> None:
    ask = again(film(), written("X.", "Y.", "Z."), 0, 1, seed=1)
    assert prompts(ask) == ["X.", "Y.", "Z."] and prompts(ask, "New.") == ["New.", "Y.", "Z."]


def test_from_here_on_leaves_what_came_before() -> None:
    ask = from_here(film(), written("X.", "Y.", "Z."), 1, seed=1)
    assert ask.brief.clips == 2 and prompts(ask, "a.", "b.") == ["X.", "a.", "b."]


def test_a_gap_is_filled_between_two_cards() -> None:
    ask = between(film("A."), written("X.", "Y."), 1, 1, seed=1)
    assert (ask.brief.story_so_far, ask.brief.story_after) == (("A.", "X."), ("Y.",))
    assert prompts(ask, "New.") == ["X.", "New.", "Y."]


def test_a_rewritten_card_asked_for_again_starts_from_the_film_s_words() -> None:
    board = film("A.", "B.")
    proposal = rewrite(board, ["c2"], WISH.model_copy(update={"instruction": "shorter"})).merge(cards("b."))
    ask = again(board, proposal, 0, 0, seed=3)
    assert ask.brief.rewrites == ("B.",) and ask.merge(cards("bb.")).cards[0].replaces == "c2"


def test_nothing_can_be_added_between_other_words() -> None:
    board = film("A.", "B.")
    proposal = rewrite(board, ["c2"], WISH).merge(cards("b."))
    with pytest.raises(BadInput, match="only change words"):
        between(board, proposal, 0, 1, seed=1)
