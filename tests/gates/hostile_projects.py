"""Gate 4: projects with bytes changed, cut, doubled and moved are opened or refused, quickly and without harm."""

import time
from pathlib import Path

import psutil

from svi_studio.domain.errors import StudioError
from svi_studio.project.film.film_source import open_film
from svi_studio.project.film.project_file import Project
from tests.builders.storyboards import film
from tests.domain import short_edits
from tests.gates.gate import Gate, Run
from tests.gates.mutants import mutated, with_another_value

PROJECTS = "projects"
SLOWEST, GROWTH, OUTSIDE = "slowest project, s", "more memory, MB", "files outside"


def exercise(run: Run) -> None:
    """Mutants of a project file, a journal or a bare storyboard; in this process, so that a crash ends the gate."""
    run.misses("2,000 bundles: the program has no bundles yet")
    home = run.folder / "outer"
    project = Project.create(home / "film", film(6))
    project.record(short_edits.set_prompt(film(6), "c2", "Ünï\u202e words"))
    files = [project.folder / "project.json", project.folder / "journal.jsonl"]
    sound = {file: file.read_bytes() for file in files}
    process = psutil.Process()
    before = process.memory_info().rss
    while run.wants(PROJECTS, GATE.promised[PROJECTS]):
        victim = run.dice.choice(files)
        change = mutated if victim.suffix == ".jsonl" or run.dice.random() < 0.5 else with_another_value
        victim.write_bytes(change(sound[victim], run.dice))
        _open(run, project.folder)
        victim.write_bytes(sound[victim])
        if run.outcome.exercised[PROJECTS] % 500 == 0:
            run.figure(GROWTH, (process.memory_info().rss - before) / 1e6)
    run.figure(OUTSIDE, len([path for path in _all(run.folder) if not path.is_relative_to(project.folder)]) - 1)


def _open(run: Run, folder: Path) -> None:
    began = time.thread_time()
    with run.case(PROJECTS, f"project {run.outcome.exercised[PROJECTS]}"):
        try:
            open_film(folder)
        except StudioError as error:
            assert str(error).endswith(".") and "\n" not in str(error), f"no sentence: {error}"
    run.figure(SLOWEST, time.thread_time() - began)


def _all(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() or path.is_dir()]


GATE = Gate(
    4, "hostile projects", {PROJECTS: 100_000}, exercise, {SLOWEST: 1.0, GROWTH: 256.0, OUTSIDE: 0.0}
)  # the program has no bundles yet; 2,000 of them join when it has
