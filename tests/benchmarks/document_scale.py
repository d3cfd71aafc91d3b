"""What a film of 10,000 clips costs: opening, editing and saving it, and planning it again in the window's thread."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, thread_time

from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtWidgets import QApplication

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.editing.edits import change_film
from svi_studio.domain.render.save_state import SaveKind
from tests.benchmarks.figure import Figure
from tests.builders.film_parts import make_project, numbered
from tests.builders.opened import open_film_here
from tests.domain.short_edits import set_prompt

CLIPS = 10_000
_PATIENCE = 60.0


def measure() -> list[Figure]:
    """Opening, the slowest edit with every listener of the document, saving, and the longest wait while planning."""
    QApplication.instance() or QApplication([])
    with tempfile.TemporaryDirectory() as temporary:
        folder = make_project(Path(temporary) / "long", numbered(CLIPS))
        with _opened(folder) as (film, opening):
            planning, settled = _planned(film)
            edits = _edits(film)
            saving = _saving(film)
    details = {name: f"{1000 * wall:.0f} ms, {1000 * busy:.0f} of them at work" for name, (wall, busy) in edits.items()}
    slowest = max(wall for wall, _ in edits.values())
    return [
        Figure(f"opening {CLIPS:,} clips", opening, 2.0, "s", {"all_planned_after": round(settled, 2)}),
        Figure(f"the slowest edit of {CLIPS:,} clips", 1000 * slowest, 100.0, "ms", details),
        Figure(f"saving {CLIPS:,} clips", 1000 * saving, 500.0, "ms"),
        Figure(f"longest wait of the window while {CLIPS:,} clips are planned", 1000 * planning, 50.0, "ms"),
    ]


@contextmanager
def _opened(folder: Path) -> Iterator[tuple[OpenFilm, float]]:
    start = perf_counter()
    film = open_film_here(folder)
    seconds = perf_counter() - start
    try:
        yield film, seconds
    finally:
        film.close()


def _planned(film: OpenFilm) -> tuple[float, float]:
    """The longest turn of the event loop until everything is planned, and how long that took, in seconds."""
    start, worst = perf_counter(), 0.0
    while film.states.facts is None or film.states.planning:
        turn = perf_counter()
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
        worst = max(worst, perf_counter() - turn)
        if perf_counter() - start > _PATIENCE:
            raise TimeoutError("the film was not planned")
    return worst, perf_counter() - start


def _edits(film: OpenFilm) -> dict[str, tuple[float, float]]:
    """Seconds of each edit on the clock, and in this thread: they differ on a busy computer."""
    commands, selection, document = film.commands, film.selection, film.document
    middle = document.storyboard.clips[CLIPS // 2].id

    def several(count: int) -> None:
        selection.select(clip.id for clip in document.storyboard.clips[:count])

    def kinds() -> Iterator[tuple[str, Callable[[], object]]]:
        yield "type", lambda: document.edit("Type", lambda board: set_prompt(board, "c1", "other prompt"), "type")
        selection.select([middle])
        yield "insert", commands.clips.insert_after
        yield "delete", commands.clips.delete
        several(5_000)
        yield "duplicate 5,000", commands.clips.duplicate
        yield "move 5,000", lambda: commands.clips.move(selection.ids, 0)
        yield "start anew at 5,000", commands.clips.toggle_cut
        yield "re-roll 5,000", commands.clips.reroll
        yield "delete 5,000", commands.clips.delete
        yield "style", lambda: document.edit("Style", lambda board: change_film(board, style="painted"))
        yield "undo", document.undo_stack.undo

    seconds: dict[str, tuple[float, float]] = {}
    for name, act in kinds():
        seconds[name] = _seconds(act)
        _wait_until_kept(film)
    return seconds


def _saving(film: OpenFilm) -> float:
    assert film.writer is not None
    start = perf_counter()
    film.writer.save()
    _wait_until(lambda: film.document.last_save.kind == SaveKind.SAVING)
    _wait_until(lambda: film.document.last_save.kind == SaveKind.SAVED)
    return perf_counter() - start


def _wait_until_kept(film: OpenFilm) -> None:
    """Until the journal has the edit and everything is planned again: nobody makes bulk edits within milliseconds."""
    _wait_until(lambda: not film.unsaved and film.document.last_save.kind == SaveKind.SAVED)
    _wait_until(lambda: not film.states.planning)


def _wait_until(done: Callable[[], bool]) -> None:
    end = perf_counter() + _PATIENCE
    while not done():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
        if perf_counter() > end:
            raise TimeoutError("the disk was not written")


def _seconds(act: Callable[[], object]) -> tuple[float, float]:
    start, busy = perf_counter(), thread_time()
    act()
    return perf_counter() - start, thread_time() - busy
