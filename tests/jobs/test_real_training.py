"""The real trainer with the bundled model behind the real service: footage to clips to a LoRA, over a kill."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from svi_studio.domain.training.events import (
    CheckpointSaved,
    FootageReady,
    StepTrained,
    TrainingEvent,
    TrainingFinished,
)
from svi_studio.domain.training.recipe import (
    DataRecipe,
    ErrorRecycling,
    LoraRecipe,
    MemoryRecipe,
    TrainingRecipe,
)
from svi_studio.jobs.training.footage_job import FootageJob
from svi_studio.jobs.training.training_service import TrainingEnded, TrainingService
from svi_studio.jobs.worker.task import Outcome
from svi_studio.pipes.training_messages import TrainerReady
from svi_studio.project.training.runs import measured_step, read_log, read_run
from tests.builders.videos import Pictures, write_video


def moving(seed: int, frames: int = 30) -> Iterator[Pictures]:
    """A bright square that crosses a coloured noise."""
    picture = np.random.default_rng(seed).integers(40, 120, (96, 160, 3), np.uint8)
    for number in range(frames):
        shown = picture.copy()
        shown[30:60, 4 * number : 4 * number + 30] = 250 - 40 * seed
        yield shown


def recipe(videos: Path) -> TrainingRecipe:
    return TrainingRecipe(
        name="my look",
        family="film",
        footage=str(videos),
        num_frames=21,
        width=80,
        height=48,
        fps=12.0,
        steps=6,
        save_every=2,
        lora=LoraRecipe(rank=2, alpha=2.0),
        errors=ErrorRecycling(capacity=4),
        memory=MemoryRecipe(base_precision="float32", gradient_checkpointing=False),
        data=DataRecipe(variants=1),
    )


@pytest.mark.slow
def test_footage_becomes_a_lora_although_the_trainer_is_killed_once(qtbot: QtBot, tmp_path: Path) -> None:
    videos, run = tmp_path / "videos", tmp_path / "run"
    videos.mkdir()
    for number in range(2):
        write_video(videos / f"{number}.mp4", moving(seed=number), fps=12)
    wanted = recipe(videos)
    scan = FootageJob()
    with qtbot.waitSignal(scan.finished, timeout=200_000) as found:
        scan.start(wanted, run)
    assert scan.shutdown()
    assert isinstance(found.args[0], FootageReady)

    service = TrainingService()
    heard: list[TrainingEvent] = []
    ready: list[TrainerReady] = []
    ends: list[TrainingEnded] = []

    def listen(event: TrainingEvent) -> None:
        heard.append(event)
        if isinstance(event, StepTrained) and event.step == 3 and len(ready) == 1:
            os.kill(ready[0].pid, signal.SIGKILL)

    service.happened.connect(listen)
    service.greeted.connect(ready.append)
    service.ended.connect(ends.append)
    service.start(wanted, run)
    qtbot.waitUntil(lambda: bool(ends), timeout=400_000)
    assert service.shutdown()
    assert ends == [TrainingEnded(run, Outcome.DONE)]
    assert [event.step for event in heard if isinstance(event, StepTrained)] == [1, 2, 3, 3, 4, 5, 6]
    assert {event.step for event in heard if isinstance(event, CheckpointSaved)} == {2, 4, 6}
    finished = heard[-1]
    assert isinstance(finished, TrainingFinished)
    assert finished.lora.is_file()
    on_disk = read_run(run)
    assert (on_disk.recipe, on_disk.step, on_disk.lora) == (wanted, 6, finished.lora)
    assert measured_step(on_disk) is not None
    assert [each.event.step for each in read_log(run) if isinstance(each.event, StepTrained)] == [1, 2, 3, 4, 5, 6]
