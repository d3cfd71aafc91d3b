"""How fast edits, the planner and the cost of a render are in a film of 10,000 clips."""

import time
from collections.abc import Callable

from svi_studio.domain.editing import edits, take_edits
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.render.cost import render_cost
from svi_studio.domain.render.planner import FilmFacts, FilmPlanner
from svi_studio.domain.takes.job import ClipJob
from tests.benchmarks.figure import Figure
from tests.builders.storyboards import MINI, film

CLIPS = 10_000
RUNS = 9
FACTS = FilmFacts(MINI, "a" * 64, {}, {"a.png": "b" * 64}, (80, 48))


def measure() -> list[Figure]:
    """The slowest bulk edit, the planner a clip, the cost of a render of everything: each the best of some runs."""
    board = film(CLIPS)
    timed = {name: _best(lambda edit=edit: edit(board)) * 1000 for name, edit in _bulk_edits(board).items()}
    details = {name: round(milliseconds, 1) for name, milliseconds in timed.items()}
    jobs = _planned(board)
    return [
        Figure("slowest edit of 10,000 clips at once", max(timed.values()), 33, "ms", details),
        Figure("planning a clip of 10,000", _best(lambda: _planned(board)) / CLIPS * 1e6, 15, "us"),
        Figure("cost of rendering 10,000 clips", _best(lambda: render_cost(jobs, ())) * 1000, 15, "ms"),
    ]


def _bulk_edits(board: Storyboard) -> dict[str, Callable[[Storyboard], Storyboard]]:
    ids = [clip.id for clip in board.clips]
    takes = dict.fromkeys(ids, "c" * 64)
    return {
        "change": lambda film: edits.change_clips(film, ids, prompt="other"),
        "delete": lambda film: edits.delete_clips(film, ids[::2]),
        "move": lambda film: edits.move_clips(film, ids[::2], CLIPS),
        "lock": lambda film: take_edits.lock_clips(film, ids, True, takes),
        "style": lambda film: edits.change_film(film, style="In ink."),
    }


def _planned(board: Storyboard) -> list[ClipJob]:
    planner = FilmPlanner(board, FACTS)
    jobs: list[ClipJob] = []
    for index in range(len(board.clips)):
        jobs.append(planner.job(index, jobs[-1] if jobs else None))
    return jobs


def _best(work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)
