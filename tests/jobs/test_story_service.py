"""Stories are written in a thread of their own: card by card, cancelled within a second, and every fault told once."""

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.domain.story.proposal import Proposal, ProposedCard
from svi_studio.domain.story.story_brief import StoryBrief
from svi_studio.jobs.story.story_service import StoryFailure, StoryService
from svi_studio.storyline.story_errors import BadReply, UnfinishedStory
from tests.patience import felt_time
from tests.scripted_writer import ScriptedWriter

WISH = StoryBrief(subject="a red boat", clips=3)


@pytest.fixture
def service(qtbot: QtBot) -> Iterator[StoryService]:
    made = StoryService()
    yield made
    assert made.shutdown()


def test_a_story_comes_card_by_card_and_then_whole(qtbot: QtBot, service: StoryService) -> None:
    told: list[int] = []
    service.progressed.connect(lambda progress: told.append(len(progress.cards)))
    with qtbot.waitSignal(service.finished, timeout=10_000) as done:
        service.start(ScriptedWriter, WISH)
    assert told == sorted(told) and set(told) <= {1, 2, 3} and told
    assert done.args[0].cards[0].prompt == "Card 1 about a red boat, seed 0."


def test_the_writer_is_made_in_the_thread(qtbot: QtBot, service: StoryService) -> None:
    makers: list[str] = []

    def make() -> ScriptedWriter:
        makers.append(threading.current_thread().name)
        return ScriptedWriter()

    with qtbot.waitSignal(service.finished, timeout=10_000):
        service.start(make, WISH)
    assert makers != [threading.main_thread().name]


@pytest.mark.parametrize("deaf", [False, True])
def test_cancelling_takes_less_than_a_second_even_when_the_writer_hangs(
    qtbot: QtBot, service: StoryService, deaf: bool
) -> None:
    writer = ScriptedWriter()
    writer.pause, writer.deaf = threading.Event(), deaf
    service.start(lambda: writer, WISH)
    qtbot.waitUntil(lambda: bool(writer.briefs), timeout=10_000)
    with felt_time() as seconds:
        with qtbot.waitSignal(service.cancelled, timeout=5000):
            service.cancel()
        assert seconds() < 1.5
    assert not service.is_busy
    writer.pause.set()


def test_nothing_is_heard_of_a_story_that_was_given_up(qtbot: QtBot, service: StoryService) -> None:
    late, writer = [], ScriptedWriter()
    writer.pause, writer.deaf = threading.Event(), True
    service.start(lambda: writer, WISH)
    qtbot.waitUntil(lambda: bool(writer.briefs), timeout=10_000)
    with qtbot.waitSignal(service.cancelled, timeout=5000):
        service.cancel()
    service.progressed.connect(late.append)
    service.finished.connect(late.append)
    writer.pause.set()
    with qtbot.waitSignal(service.finished, timeout=10_000):
        service.start(ScriptedWriter, WISH.model_copy(update={"clips": 1}))
    assert len(late) == 2


def test_a_bad_reply_is_told_with_its_raw_text(qtbot: QtBot, service: StoryService) -> None:
    writer = ScriptedWriter()
    writer.error = lambda: BadReply("The model did not answer with a story: try again.", "<b>no</b>")
    with qtbot.waitSignal(service.failed, timeout=10_000) as failed:
        service.start(lambda: writer, WISH)
    assert failed.args[0] == StoryFailure("The model did not answer with a story: try again.", "<b>no</b>")


def test_the_cards_before_a_failure_are_kept(qtbot: QtBot, service: StoryService) -> None:
    part = Proposal(cards=(ProposedCard(prompt="The boat sails."),))
    writer = ScriptedWriter()
    writer.error = lambda: UnfinishedStory("The server went away: try again.", part)
    with qtbot.waitSignal(service.failed, timeout=10_000) as failed:
        service.start(lambda: writer, WISH)
    assert failed.args[0].proposal == part


def test_a_fault_of_the_program_costs_a_sentence_and_goes_to_the_log(
    qtbot: QtBot, service: StoryService, caplog: pytest.LogCaptureFixture
) -> None:
    writer = ScriptedWriter()
    writer.error = lambda: RuntimeError("secret detail")
    with qtbot.waitSignal(service.failed, timeout=10_000) as failed:
        service.start(lambda: writer, WISH)
    assert failed.args[0].sentence == "The story could not be written: try it again."
    assert "writing a story failed" in caplog.text


def test_closing_ends_the_thread_in_the_middle_of_a_story(qtbot: QtBot) -> None:
    service, writer = StoryService(), ScriptedWriter()
    writer.pause = threading.Event()
    service.start(lambda: writer, WISH)
    assert service.shutdown()
