"""What the user sees of a fetch: one line that moves on a terminal, plain lines elsewhere, or lines of JSON."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from svi_studio.cli.output import OutputLost
from svi_studio.domain.errors import as_studio_error
from svi_studio.domain.fetching.events import (
    FetchEvent,
    FetchFailed,
    FetchProgress,
    FetchStarted,
    FetchWaiting,
    FileAnew,
    FileChecking,
    FileFetched,
)
from svi_studio.domain.text.visible_text import visible
from svi_studio.domain.text.wording import as_bytes, as_duration, plural


class FetchReport:
    """Sentences go to stderr; with ``as_json`` every event is a line on stdout and nothing else is there."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._moves = sys.stderr.isatty() and not as_json
        self._width = 0

    def emit(self, event: FetchEvent) -> None:
        """Prints one event."""
        if self._as_json:
            print(event.to_json(), flush=True)
        elif isinstance(event, FetchProgress):
            if self._moves:
                self._move(_progress(event))
        elif (sentence := _sentence(event)) is not None:
            self.say(sentence)

    def say(self, sentence: str) -> None:
        """Prints one sentence."""
        self._move("")
        print(visible(sentence), file=sys.stderr, flush=True)

    def _move(self, line: str) -> None:
        if not self._moves:
            return
        line = line[: max(Console(stderr=True).width - 1, 20)]
        print(f"\r{line:<{self._width}}\r{line}", end="", file=sys.stderr, flush=True)
        self._width = len(line)


@contextmanager
def open_fetch_report(*, json: bool) -> Iterator[FetchReport]:
    """A report; a script that reads JSON learns of a failure too."""
    report = FetchReport(as_json=json)
    try:
        yield report
    except (BrokenPipeError, OutputLost):
        raise
    except Exception as error:
        if json:
            report.emit(FetchFailed(str(as_studio_error(error) or "Something unexpected went wrong.")))
        raise


def _progress(event: FetchProgress) -> str:
    speed = "" if event.speed is None else f", {as_bytes(event.speed)} a second"
    left = "" if event.seconds_left is None else f", {as_duration(event.seconds_left)} left"
    return f"{as_bytes(event.done)} of {as_bytes(event.total)}{speed}{left}"


def _sentence(event: FetchEvent) -> str | None:
    if isinstance(event, FetchStarted):
        return f"{as_bytes(event.to_fetch)} of {as_bytes(event.total)} to fetch, {plural(event.files, 'file')} in all."
    if isinstance(event, FileChecking):
        return None
    if isinstance(event, FileFetched):
        return f"{event.file} is here and checked."
    if isinstance(event, FileAnew):
        return event.why
    if isinstance(event, FetchWaiting):
        return event.why
    return None
