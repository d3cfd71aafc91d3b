"""Looking through footage: how far it is, how it ends, and that it can be given up."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.domain.training.events import FootageReady, PreparationStage, Preparing
from svi_studio.jobs.training.footage_job import FootageJob
from svi_studio.project.training.runs import WANTED
from tests.jobs.scripted_training import RECIPE, TRAINER, notes_of, script_run


class Scan:
    def __init__(self, qtbot: QtBot, run: Path) -> None:
        self.qtbot, self.run = qtbot, run
        self.job = FootageJob(command=TRAINER)
        self.progress: list[Preparing] = []
        self.ends: list[Any] = []
        self.job.progress.connect(self.progress.append)
        self.job.finished.connect(self.ends.append)
        self.job.failed.connect(self.ends.append)
        self.job.cancelled.connect(lambda: self.ends.append("cancelled"))

    def start(self, **script: Any) -> None:
        script_run(self.run, **script)
        self.job.start(RECIPE, self.run)

    def wait(self) -> Any:
        self.qtbot.waitUntil(lambda: bool(self.ends), timeout=20_000)
        return self.ends[-1]


@pytest.fixture
def scan(qtbot: QtBot, tmp_path: Path) -> Iterator[Scan]:
    made = Scan(qtbot, tmp_path / "run")
    yield made
    assert made.job.shutdown()


def test_a_scan_tells_how_far_it_is_and_what_it_found(scan: Scan) -> None:
    scan.start()
    assert scan.wait() == FootageReady(scan.run / "footage.json", 3, 1)
    assert scan.progress == [Preparing(PreparationStage.FOOTAGE, done, 3) for done in range(3)]
    assert not scan.job.is_running


def test_the_trainer_is_told_the_folder_the_recipe_and_the_training(scan: Scan) -> None:
    scan.start()
    scan.wait()
    assert notes_of(scan.run)[0]["words"] == [
        "footage", RECIPE.footage, "--recipe", str(scan.run / WANTED), "--into", str(scan.run), "--events"
    ]  # fmt: skip


def test_a_scan_can_be_given_up(scan: Scan) -> None:
    scan.start(prepare_seconds=3600)
    scan.qtbot.waitUntil(lambda: bool(scan.progress), timeout=20_000)
    scan.job.cancel()
    assert scan.wait() == "cancelled"


def test_after_one_scan_comes_another(scan: Scan) -> None:
    scan.start()
    scan.wait()
    scan.start()
    scan.qtbot.waitUntil(lambda: len(scan.ends) == 2, timeout=20_000)
    assert isinstance(scan.ends[1], FootageReady)


def test_a_scan_that_dies_is_one_sentence(scan: Scan) -> None:
    scan.start(faults={"prepare": ["exit", 1]})
    assert "ended unexpectedly" in scan.wait()


def test_a_shutdown_ends_the_scan(scan: Scan) -> None:
    scan.start(prepare_seconds=3600)
    scan.qtbot.waitUntil(lambda: bool(scan.progress), timeout=20_000)
    assert scan.job.shutdown()
    assert scan.ends == []
