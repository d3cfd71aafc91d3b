"""Nothing in an answer is opened, fetched, imported or run: seen at the system's own hooks."""

import sys
from typing import Any

from svi_studio.domain.story.story_brief import story_brief
from svi_studio.storyline.server.server_chat import ServerChat
from svi_studio.storyline.writers.chat_writer import ChatWriter
from tests.forked import exit_code_of, needs_fork
from tests.storyline import hostile_texts
from tests.storyline.chat_replies import Storyteller, scripted, streamed
from tests.storyline.fake_server import FakeServer

_FORBIDDEN = ("open", "exec", "compile", "import", "pickle", "subprocess", "webbrowser", "urllib", "ctypes", "shutil")
_OF_THE_SYSTEM = ("os.system", "os.exec", "os.spawn", "os.posix_spawn", "os.fork", "os.remove", "os.rename", "os.mkdir")


def _write_all() -> None:
    brief = story_brief(subject="a dog", clips=hostile_texts.WANTED)
    _write(Storyteller(), brief)  # what Python loads at first use, it loads now
    touched: list[tuple[str, tuple[Any, ...]]] = []
    reached: set[Any] = set()

    def watch(event: str, args: tuple[Any, ...]) -> None:
        if event == "socket.connect":
            reached.add(args[1])
        elif event.partition(".")[0] in _FORBIDDEN or event.startswith(_OF_THE_SYSTEM):
            touched.append((event, args))

    sys.addaudithook(watch)  # stays for the rest of this process, which is a forked one
    servers = {_write(scripted(streamed(text, 500)), brief) for text in hostile_texts.SOUND.values()}
    assert not touched, touched
    assert reached == servers


def _write(answer: Any, brief: Any) -> tuple[str, int]:
    with FakeServer(answer) as server:
        proposal = ChatWriter(ServerChat(server.url, "m"), window_s=20.0).write(brief, lambda _: None, lambda: False)
    assert len(proposal.cards) == brief.clips
    return "127.0.0.1", server.port


@needs_fork
def test_commands_addresses_and_paths_in_an_answer_are_mere_text() -> None:
    assert exit_code_of(_write_all) == 0
