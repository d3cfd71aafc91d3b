"""What the user sees of a render: a progress bar, plain lines where there is no terminal, or lines of JSON."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from svi_studio.cli.output import OutputLost
from svi_studio.domain.errors import as_studio_error
from svi_studio.domain.render.events import (
    ClipDone,
    ClipReused,
    ClipStarted,
    MemoryPlanned,
    RenderEvent,
    RenderFailed,
    RenderStarted,
    RenderStopped,
    SoundHeard,
    StepDone,
    Warned,
)
from svi_studio.domain.text.visible_text import visible
from svi_studio.domain.text.wording import as_duration, plural


class Report(Protocol):
    """Hears of every event, and of what happens between them."""

    def emit(self, event: RenderEvent) -> None:
        """Reports one event of the render."""

    def say(self, sentence: str) -> None:
        """Reports one sentence for a person."""

    def film_clip(self, number: int, total: int) -> None:
        """Reports that clip ``number`` of ``total`` goes into the film now."""


class JsonReport:
    """One line of JSON on stdout for every event, nothing else there; sentences go to stderr."""

    def __init__(self) -> None:
        self.has_ended = False

    def emit(self, event: RenderEvent) -> None:
        """Prints the event."""
        self.has_ended = self.has_ended or isinstance(event, RenderFailed | RenderStopped)
        print(event.to_json(), flush=True)
        if isinstance(event, Warned | MemoryPlanned):
            self.say(event.message)

    def say(self, sentence: str) -> None:
        """Prints the sentence to stderr."""
        print(visible(sentence), file=sys.stderr, flush=True)

    def film_clip(self, number: int, total: int) -> None:
        """Prints nothing: writing the film has one event, at its end."""


class PlainReport:
    """One line for every clip: for log files and pipes."""

    def __init__(self) -> None:
        self._total = 0

    def emit(self, event: RenderEvent) -> None:
        """Prints the events that a log should hold."""
        if isinstance(event, RenderStarted):
            self._total = event.total
            self.say(f"{event.reused} of {event.total} clips are ready; {event.to_render} to render.")
        elif isinstance(event, Warned | MemoryPlanned):
            self.say(event.message)
        elif isinstance(event, ClipDone):
            self.say(f"Clip {event.index + 1} is done after {as_duration(event.seconds)}.")

    def say(self, sentence: str) -> None:
        """Prints the sentence to stderr."""
        print(visible(sentence), file=sys.stderr, flush=True)

    def film_clip(self, number: int, total: int) -> None:
        """One line when the film begins to be written."""
        if number == 1:
            self.say(f"Writing the film of {plural(total, 'clip')}.")


class BarReport:
    """A progress bar: clip k of n, step, time left."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None
        self._total = 0
        self._done = 0

    def emit(self, event: RenderEvent) -> None:
        """Moves the bar."""
        if isinstance(event, RenderStarted):
            self._total = event.total
            self._task = self._progress.add_task("Preparing", total=event.total, detail="")
        elif isinstance(event, Warned | MemoryPlanned):
            self.say(event.message)
        elif isinstance(event, ClipStarted):
            self._show(f"Clip {event.index + 1} of {event.total}", 0.0, "preparing")
        elif isinstance(event, SoundHeard):
            self._show(None, 0.0, f"listening to the sound, {event.part:.0%}")
        elif isinstance(event, StepDone):
            left = "" if event.seconds_left is None else f" · {as_duration(event.seconds_left)} left"
            self._show(None, event.step / event.steps, f"step {event.step} of {event.steps}{left}")
        elif isinstance(event, ClipDone | ClipReused):
            self._done += 1
            self._show(None, 0.0, "")

    def say(self, sentence: str) -> None:
        """Prints the sentence above the bar."""
        self._progress.console.print(visible(sentence), markup=False, highlight=False, soft_wrap=True)

    def film_clip(self, number: int, total: int) -> None:
        """Shows how much of the film is written."""
        if self._task is None:
            self._task = self._progress.add_task("Writing the film", total=total, detail="")
        self._progress.update(
            self._task, description="Writing the film", total=total, completed=number - 1, detail=f"{number} of {total}"
        )

    def _show(self, description: str | None, part: float, detail: str) -> None:
        if self._task is None:
            return
        description = description or self._progress.tasks[self._task].description
        self._progress.update(self._task, description=description, completed=self._done + part, detail=detail)


@contextmanager
def open_report(*, json: bool) -> Iterator[Report]:
    """The report that fits: JSON when asked for, a bar on a terminal, plain lines elsewhere."""
    console = Console(stderr=True)
    if json:
        yield from _json_report()
    elif not console.is_terminal:
        yield PlainReport()
    else:
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[detail]}"))
        with Progress(*columns, console=console, transient=True, refresh_per_second=8) as progress:
            yield BarReport(progress)


def _json_report() -> Iterator[JsonReport]:
    """A script that reads the lines learns of every end, also of one that no event has told yet."""
    report = JsonReport()
    try:
        yield report
    except (BrokenPipeError, OutputLost):
        raise
    except Exception as error:
        if not report.has_ended:
            report.emit(RenderFailed(message=str(as_studio_error(error) or "Something unexpected went wrong.")))
        raise
