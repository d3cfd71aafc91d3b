"""The desk of an open film: what lies on it, what is chosen, and what accepting does to the film."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.commands.story_picture import StoryPicture
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.story.story_asks import Target
from svi_studio.document.story.story_desk import StoryDesk
from svi_studio.domain.editing.take_edits import lock_clips
from svi_studio.domain.pictures.credit import Credit
from svi_studio.domain.story.proposal import Proposal, ProposedCard
from svi_studio.domain.story.story_brief import StoryBrief
from svi_studio.storyline.story_errors import BadReply, UnfinishedStory
from tests.builders.open_films import open_new_film, picture, storyboard
from tests.scripted_writer import ScriptedWriter

WAIT = 10_000
WISH = StoryBrief(subject="a red boat", clips=3)


@pytest.fixture
def film(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenFilm]:
    """Three clips in one chain."""
    opened = open_new_film(tmp_path, storyboard(3))
    yield opened
    opened.close()


@pytest.fixture
def writer() -> ScriptedWriter:
    return ScriptedWriter()


@pytest.fixture
def desk(film: OpenFilm, writer: ScriptedWriter) -> StoryDesk:
    made = StoryDesk(film, film)
    made.make_writer = lambda: writer
    return made


def write(qtbot: QtBot, desk: StoryDesk, target: Target | None = None) -> None:
    with qtbot.waitSignal(desk.written, timeout=WAIT):
        assert desk.write(WISH, target or Target())


def prompts(film: OpenFilm) -> list[str]:
    return [clip.prompt for clip in film.document.storyboard.clips]


def test_a_story_lies_on_the_desk_and_the_film_stays_as_it_is(qtbot: QtBot, film: OpenFilm, desk: StoryDesk) -> None:
    before = film.document.storyboard
    write(qtbot, desk)
    assert desk.proposal is not None and len(desk.proposal.cards) == 3
    assert desk.proposal.writer == "Script" and film.document.storyboard is before


def test_accepting_is_one_step_of_undo(qtbot: QtBot, film: OpenFilm, desk: StoryDesk) -> None:
    before = film.document.storyboard
    write(qtbot, desk)
    assert desk.accept() and len(prompts(film)) == 6 and desk.is_empty
    assert film.document.undo_stack.undoText() == "Accept 3 cards"
    film.document.undo_stack.undo()
    assert film.document.storyboard == before


def test_only_the_chosen_cards_come_into_the_film(qtbot: QtBot, film: OpenFilm, desk: StoryDesk) -> None:
    write(qtbot, desk)
    desk.choose(1, False)
    desk.accept()
    assert [prompt[:6] for prompt in prompts(film)[3:]] == ["Card 1", "Card 3"]


def test_edited_words_are_what_is_accepted(qtbot: QtBot, film: OpenFilm, desk: StoryDesk) -> None:
    write(qtbot, desk)
    desk.edit(0, "The red boat sinks.")
    desk.accept()
    assert prompts(film)[3] == "The red boat sinks."


def test_a_card_cannot_be_left_without_words(qtbot: QtBot, desk: StoryDesk) -> None:
    write(qtbot, desk)
    with qtbot.waitSignal(desk.refused) as refused:
        desk.edit(0, "  ")
    assert "no words" in refused.args[0]


def test_a_locked_clip_is_left_out_with_the_reason(qtbot: QtBot, film: OpenFilm, desk: StoryDesk) -> None:
    film.document.edit("lock", lambda board: lock_clips(board, ["c2"], True, {}))
    brief = WISH.model_copy(update={"instruction": "shorter"})
    with qtbot.waitSignal(desk.written, timeout=WAIT):
        desk.rewrite(["c1", "c2"], brief)
    assert desk.chosen == {0} and "locked" in desk.differences[1].problem
    desk.accept()
    assert prompts(film)[1] == "The red puppet dances 2 times."


def test_asking_again_brings_other_words_for_one_card(qtbot: QtBot, desk: StoryDesk, writer: ScriptedWriter) -> None:
    write(qtbot, desk)
    with qtbot.waitSignal(desk.written, timeout=WAIT):
        assert desk.ask_again(1, 1)
    assert desk.proposal is not None
    assert [card.prompt[-2:] for card in desk.proposal.cards] == ["0.", "1.", "0."]
    assert writer.briefs[-1].story_after == (desk.proposal.cards[2].prompt,)


def test_stopping_keeps_what_was_written_of_a_new_story(qtbot: QtBot, desk: StoryDesk, writer: ScriptedWriter) -> None:
    writer.pause, writer.pause_after = threading.Event(), 2
    desk.write(WISH, Target())
    qtbot.waitUntil(lambda: desk.proposal is not None and len(desk.proposal.cards) == 2, timeout=WAIT)
    with qtbot.waitSignal(desk.service.cancelled, timeout=WAIT):
        desk.cancel()
    assert desk.was_cancelled and desk.proposal is not None and len(desk.proposal.cards) == 2


def test_stopping_a_second_try_brings_the_first_back(qtbot: QtBot, desk: StoryDesk, writer: ScriptedWriter) -> None:
    write(qtbot, desk)
    before = desk.proposal
    writer.pause = threading.Event()
    desk.ask_from_here(1)
    with qtbot.waitSignal(desk.service.cancelled, timeout=WAIT):
        desk.cancel()
    assert desk.proposal == before


def test_a_failure_keeps_the_cards_before_it_and_can_be_tried_again(
    qtbot: QtBot, desk: StoryDesk, writer: ScriptedWriter
) -> None:
    part = Proposal(cards=(ProposedCard(prompt="The boat sails."),), writer="Script")
    writer.error = lambda: UnfinishedStory("The server went away: try again.", part, "raw")
    with qtbot.waitSignal(desk.service.failed, timeout=WAIT):
        desk.write(WISH, Target())
    assert desk.failure is not None and desk.failure.raw == "raw"
    assert desk.proposal is not None and len(desk.proposal.cards) == 1
    writer.error = None
    with qtbot.waitSignal(desk.written, timeout=WAIT):
        assert desk.try_again()
    assert desk.failure is None and len(desk.proposal.cards) == 3


def test_a_failed_second_try_leaves_the_first_story(qtbot: QtBot, desk: StoryDesk, writer: ScriptedWriter) -> None:
    write(qtbot, desk)
    before = desk.proposal
    writer.error = lambda: BadReply("No story came: try again.", "?")
    with qtbot.waitSignal(desk.service.failed, timeout=WAIT):
        desk.ask_again(0, 2)
    assert desk.proposal == before and desk.failure is not None


def test_the_pictures_come_into_the_film_with_their_credits(
    qtbot: QtBot, film: OpenFilm, desk: StoryDesk, tmp_path: Path
) -> None:
    file = picture(tmp_path / "found.png", colour="red")
    credit = Credit(picture="found.png", title="A boat", author="Ann", licence="CC BY 4.0")
    with qtbot.waitSignal(desk.written, timeout=WAIT):
        desk.write(WISH, Target(), [StoryPicture(file, credit)])
    with qtbot.waitSignal(desk.accepted, timeout=WAIT):
        desk.accept()
    board = film.document.storyboard
    image = board.clips[3].image
    assert image is not None and image.startswith("media/") and board.clips[3].cut
    assert [each.author for each in board.credits] == ["Ann"] and board.credits[0].picture == image
    film.document.undo_stack.undo()
    assert film.document.storyboard.credits == () and len(film.document.storyboard.clips) == 3


def test_a_film_without_a_picture_starts_from_the_story_s(qtbot: QtBot, tmp_path: Path) -> None:
    film = open_new_film(tmp_path, storyboard(0), with_picture=False)
    desk = StoryDesk(film, film)
    desk.make_writer = ScriptedWriter
    with qtbot.waitSignal(desk.written, timeout=WAIT):
        desk.write(WISH, Target(), [StoryPicture(picture(tmp_path / "sea.png"))])
    with qtbot.waitSignal(desk.accepted, timeout=WAIT):
        desk.accept()
    board = film.document.storyboard
    assert board.reference_image is not None and board.clips[0].image is None
    film.close()


def test_a_picture_that_cannot_be_read_costs_a_sentence_and_keeps_the_desk(
    qtbot: QtBot, film: OpenFilm, desk: StoryDesk, tmp_path: Path
) -> None:
    (tmp_path / "bad.png").write_bytes(b"no picture")
    with qtbot.waitSignal(desk.written, timeout=WAIT):
        desk.write(WISH, Target(), [StoryPicture(tmp_path / "bad.png")])
    with qtbot.waitSignal(film.document.refused, timeout=WAIT):
        desk.accept()
    assert not desk.is_empty and len(film.document.storyboard.clips) == 3


def test_the_film_goes_on_while_the_desk_is_judged(qtbot: QtBot, film: OpenFilm, desk: StoryDesk) -> None:
    with qtbot.waitSignal(desk.written, timeout=WAIT):
        desk.rewrite(["c1"], WISH.model_copy(update={"instruction": "in the rain"}))
    film.selection.select(["c1"])
    film.commands.clips.delete()
    assert "gone" in desk.differences[0].problem and not desk.chosen


def test_closing_the_film_ends_the_writer(qtbot: QtBot, tmp_path: Path) -> None:
    film, writer = open_new_film(tmp_path, storyboard(1)), ScriptedWriter()
    writer.pause = threading.Event()
    desk = StoryDesk(film, film)
    desk.make_writer = lambda: writer
    desk.write(WISH, Target())
    assert film.close()
