"""A render service with a scripted worker, and everything that it says in order."""

import json
import sys
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.render.request import RenderRequest
from svi_studio.jobs.render.render_service import RenderService
from svi_studio.jobs.worker.film_under_way import FilmEnded
from svi_studio.jobs.worker.process_state import ProcessState

_WORKER = Path(__file__).with_name("scripted_worker.py")


def scripted_command(folder: Path, **script: Any) -> tuple[str, ...]:
    """The command of a worker that does what ``script`` says and keeps its notes in ``folder``."""
    folder.mkdir(exist_ok=True)
    (folder / "script.json").write_text(json.dumps(script))
    return (sys.executable, "-S", str(_WORKER), str(folder))


def request(clips: int = 3, name: str = "r1", cuts: tuple[int, ...] = ()) -> RenderRequest:
    """All clips of a film of ``clips`` clips, ``c1`` first."""
    cards = tuple(Clip(id=f"c{k + 1}", prompt=f"part {k + 1}", cut=k in cuts) for k in range(clips))
    return RenderRequest(id=name, storyboard=Storyboard(clips=cards), first=0, last=clips - 1)


class Scripted:
    """The service and what it said. ``words`` holds each event as its kind and clip, states as they are called."""

    def __init__(self, qtbot: QtBot, folder: Path, **script: Any) -> None:
        self.qtbot = qtbot
        self.folder = folder
        self.service = RenderService(command=scripted_command(folder / "worker", **script))
        self.words: list[str] = []
        self.events: list[Any] = []
        self.notices: list[str] = []
        self.ends: list[FilmEnded] = []
        self.service.happened.connect(lambda message: self._event(message.event))
        self.service.skipped.connect(lambda message: self.words.append(f"skipped {list(message.clips)}"))
        self.service.state_changed.connect(lambda state: self.words.append(state.value))
        self.service.notice.connect(self.notices.append)
        self.service.ended.connect(self.ends.append)

    def submit(self, film: RenderRequest | None = None) -> None:
        self.service.submit(film or request(), self.folder)

    def wait(self, word: str) -> None:
        """Until ``word`` was said."""
        self.qtbot.waitUntil(lambda: word in self.words, timeout=20_000)

    def wait_for_state(self, state: ProcessState) -> None:
        self.qtbot.waitUntil(lambda: self.service.state is state, timeout=20_000)

    def wait_for_end(self) -> FilmEnded:
        self.qtbot.waitUntil(lambda: bool(self.ends), timeout=20_000)
        return self.ends[-1]

    def render(self, film: RenderRequest | None = None) -> FilmEnded:
        self.submit(film)
        return self.wait_for_end()

    def asked(self) -> list[dict[str, Any]]:
        """The requests that workers got, in order."""
        lines = (self.folder / "worker" / "requests.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def _event(self, event: Any) -> None:
        self.events.append(event)
        if event.kind in {"clip_started", "clip_done", "clip_reused"}:
            self.words.append(f"{event.kind} {event.index}")
