"""The real worker at the other end of two pipes, without Qt."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from svi_studio.domain.editing.edits import change_film
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.pipes.render_messages import REQUESTS, WORKER_MESSAGES, Cancelled, Failed, Finished, Request
from svi_studio.project.film.film_source import open_film
from svi_studio.project.film.project_file import Project
from svi_studio.resource_files import resource_path
from tests.patience import SECONDS

_ROOT = Path(__file__).resolve().parents[2]


class PipedWorker:
    """Started when made; ``until`` reads what it says."""

    def __init__(self) -> None:
        command = [sys.executable, "-P", "-m", "svi_studio.worker"]
        environment = os.environ | {"PYTHONPATH": str(_ROOT)}
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment, bufsize=0)
        self._reader = WORKER_MESSAGES.reader()
        self._waiting: list[Any] = []

    def send(self, request: Request) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(REQUESTS.encode(request))

    def until(self, wanted: Callable[[Any], bool]) -> list[Any]:
        """Everything that it says up to the first message that is ``wanted``. Fails when the worker ends before."""
        heard: list[Any] = []
        while True:
            while self._waiting:
                message = self._waiting.pop(0)
                heard.append(message)
                if wanted(message):
                    return heard
            assert self.process.stdout is not None
            piece = os.read(self.process.stdout.fileno(), 1 << 16)
            assert piece, f"the worker ended after {heard[-3:]}"
            self._waiting += self._reader.feed(piece)

    def until_over(self) -> list[Any]:
        """Up to the end of the request."""
        return self.until(lambda message: isinstance(message, Finished | Cancelled | Failed))

    def close(self) -> int:
        """Go away as a window that was killed; returns the worker's exit status."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait(timeout=SECONDS)


def example_project(folder: Path, steps: int = 2, num_frames: int = 9) -> tuple[Path, Storyboard]:
    """The first example as a project below ``folder``: where it lies, and its storyboard with short, rough clips."""
    source = open_film(resource_path("storyboards", "first-film.json"), folder / "film.svi")
    source.make_project()
    return source.project, change_film(
        Project.open(source.project).storyboard, num_inference_steps=steps, num_frames=num_frames
    )
