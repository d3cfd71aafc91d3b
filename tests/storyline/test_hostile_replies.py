"""Whatever a server answers, a story ends in a valid proposal or one clear error, in time, with 2 MB read at most."""

from collections.abc import Iterator

import pytest

from svi_studio.domain.errors import Stopped, StudioError
from svi_studio.domain.story.proposal import Proposal
from svi_studio.domain.story.story_brief import story_brief
from svi_studio.net.errand import Errand
from svi_studio.storyline.server.server_chat import ServerChat
from svi_studio.storyline.writers.chat_writer import ChatWriter
from tests.patience import felt_time
from tests.storyline import hostile_servers, hostile_texts
from tests.storyline.chat_replies import streamed
from tests.storyline.fake_server import FakeServer
from tests.storyline.hostile_servers import Answer

_DEADLINE_S = 0.4  # for what never becomes a story: it waits no longer
_PATIENCE_S = 3.0  # for what does: it is over as soon as the story is there
_AFTER_S = 0.3  # of silence behind a complete story
_TRIES = 3  # a machine that is busy elsewhere may be late once; a program that is late is late each time
_MAX_BYTES = 2_000_000
_WISH = story_brief(subject="a dog, a street", clips=hostile_texts.WANTED)


def _says(text: str) -> Answer:
    answer = b"".join(streamed(text, letters=max(7, len(text) // 200)))
    return lambda asked: iter([answer])


_HOPELESS = {f"says {name}": _says(text) for name, text in hostile_texts.HOPELESS.items()} | hostile_servers.HOPELESS
_SOUND = {f"says {name}": _says(text) for name, text in hostile_texts.SOUND.items()} | hostile_servers.SOUND


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many bytes each read from the network brought."""
    counts: list[int] = []
    count = Errand.count
    monkeypatch.setattr(Errand, "count", lambda self, number: (counts.append(number), count(self, number)))
    yield counts


def _ends_with(answer: Answer, deadline_s: float, read: list[int]) -> Proposal | Exception:
    for _ in range(_TRIES):
        read.clear()
        with felt_time() as seconds:
            ended = _written(answer, deadline_s)
            late = seconds() - deadline_s
        if late < 1.0:
            return ended
    pytest.fail(f"{late:.1f} s after the deadline: {ended}")


def _written(answer: Answer, deadline_s: float) -> Proposal | Exception:
    with FakeServer(answer) as server:
        writer = ChatWriter(ServerChat(server.url, "m"), window_s=deadline_s, after_s=_AFTER_S)
        try:
            return writer.write(_WISH, lambda _: None, lambda: False)
        except Exception as error:
            return error


def test_there_are_at_least_200_of_them() -> None:
    assert len(_HOPELESS) + len(_SOUND) >= 200


@pytest.mark.parametrize("name", _HOPELESS)
def test_a_hopeless_answer_ends_in_one_clear_error(name: str, read: list[int]) -> None:
    error = _ends_with(_HOPELESS[name], _DEADLINE_S, read)
    assert isinstance(error, StudioError)
    assert not isinstance(error, Stopped)
    assert str(error).isprintable()
    assert 20 < len(str(error)) < 600
    assert str(error).endswith((".", ".'", '."'))
    assert sum(read) <= _MAX_BYTES


@pytest.mark.parametrize("name", _SOUND)
def test_an_odd_answer_with_a_story_in_it_becomes_a_proposal(name: str, read: list[int]) -> None:
    proposal = _ends_with(_SOUND[name], _PATIENCE_S, read)
    assert isinstance(proposal, Proposal), proposal
    assert len(proposal.cards) == hostile_texts.WANTED
    assert not [card for card in proposal.cards if "DRAFT" in card.prompt]
    assert all(
        card.prompt.isprintable() or "\u200c" in card.prompt or "\u200d" in card.prompt for card in proposal.cards
    )
    assert all((card.image, card.replaces, card.cut) == (None, None, False) for card in proposal.cards)
    assert sum(read) <= _MAX_BYTES
