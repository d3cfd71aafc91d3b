"""One export: the command line writes the film in a process of its own, and this tells how far it is."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from svi_studio.domain.render.events import FilmProgress, FilmWritten, RenderEvent, RenderFailed, RenderStopped
from svi_studio.jobs.film.command_job import CommandJob
from svi_studio.jobs.worker.program import program_command
from svi_studio.pipes.messages import Messages
from svi_studio.pipes.packets import PacketError

_EVENTS = Messages[RenderEvent](RenderEvent)


class ExportJob(CommandJob):
    """``finished`` brings the film's path; ``progress`` the clips that are done and how many there are.

    No file is left under the film's name when it is cancelled.
    """

    progress = Signal(int, int)

    def __init__(
        self, arguments: Sequence[str], parent: QObject | None = None, command: Sequence[str] | None = None
    ) -> None:
        """``arguments`` of ``svi-studio export``: the project, ``-o FILE`` and so on. ``command`` is for tests."""
        super().__init__(program_command("export", *arguments, "--json") if command is None else command, parent)
        self._written: Path | None = None

    def hear(self, line: bytes) -> None:
        """An event, or what a library printed: the exit status tells how it ended."""
        try:
            event = _EVENTS.decode(line)
        except PacketError:
            return
        match event:
            case FilmProgress(done, total):
                self._tell_progress(done, total)
            case FilmWritten(path):
                self._written = path
            case RenderFailed(message):
                self._sentence = message
            case RenderStopped():
                self._is_cancelled = True

    def result(self) -> Path | None:
        """The film's path."""
        return self._written

    def _tell_progress(self, done: int, total: int) -> None:
        if not self._is_over and not self._is_cancelled:
            self.progress.emit(done, total)
