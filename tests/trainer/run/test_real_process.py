"""The trainer as a process: obeys the window, survives a kill, and runs under torchrun."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from svi_studio.domain.training.events import StepTrained, TrainingPaused, TrainingStopped
from svi_studio.domain.training.log import from_log_line
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.recipe_text import recipe_to_text
from svi_studio.pipes.training_messages import (
    TRAINER_MESSAGES,
    TRAINING_REQUESTS,
    StopTraining,
    TrainerAlive,
    TrainerMessage,
)
from tests.trainer.run.test_session import place, scanned, small  # noqa: F401 (fixtures)
from tests.trainer.run.tiny_training import content
from trainer.run.commands.command import PAUSED

pytestmark = pytest.mark.slow
ALONE = {**os.environ, "OMP_NUM_THREADS": "1"}


def command(recipe: TrainingRecipe, folder: Path, *words: str) -> list[str]:
    path = folder / "wanted.json"
    path.write_bytes(recipe_to_text(recipe))
    return ["-m", "trainer", "train", str(path), "--into", str(folder / "run"), "--device", "cpu", *words]


def started(words: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ALONE)


def heard(process: subprocess.Popen[bytes]) -> Iterator[TrainerMessage]:
    reader = TRAINER_MESSAGES.reader()
    assert process.stdout is not None
    while piece := os.read(process.stdout.fileno(), 1 << 16):
        yield from reader.feed(piece)


def end_of(folder: Path, step: int) -> dict[str, bytes]:
    return content(folder / "run" / "checkpoints" / f"{step:08d}")


@pytest.mark.timeout(600)
def test_a_training_of_the_window_speaks_packets_alone_and_stops_when_asked(place: Path, tiny_model: Path) -> None:  # noqa: F811
    process = started(command(small(place, tiny_model, steps=100_000, save_every=1000), place, "--events"))
    messages = heard(process)
    kinds = []
    for message in messages:
        kinds.append(type(message).__name__)
        if isinstance(message, StepTrained):
            break
    assert process.stdin is not None
    process.stdin.write(TRAINING_REQUESTS.encode(StopTraining()))
    process.stdin.flush()
    rest = [message for message in messages if not isinstance(message, TrainerAlive)]
    assert process.wait(60) == 130
    assert isinstance(rest[-1], TrainingStopped)
    assert "TrainerReady" in kinds
    assert end_of(place, rest[-1].step)


@pytest.mark.timeout(600)
def test_a_training_that_is_killed_again_and_again_ends_as_one_that_was_not(
    place: Path,  # noqa: F811
    tiny_model: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    recipe = small(place, tiny_model, steps=40, save_every=2)
    assert started(command(recipe, place)).wait(300) == 0
    wanted = end_of(place, 40)
    (place / "run" / "checkpoints").rename(tmp_path_factory.mktemp("whole") / "checkpoints")
    for kill_after in (3, 8, 17, 29):
        process = started(command(recipe, place, "--events"))
        for message in heard(process):
            if isinstance(message, StepTrained) and message.step >= kill_after:
                process.send_signal(signal.SIGKILL)
                break
        assert process.wait(60) == -signal.SIGKILL
    assert started(command(recipe, place)).wait(300) == 0
    assert end_of(place, 40) == wanted


@pytest.mark.timeout(600)
@pytest.mark.skipif(sys.platform == "win32", reason="there Ctrl-Z is no signal")
def test_a_pause_ends_the_process_and_leaves_the_training_as_it_would_have_been(
    place: Path,  # noqa: F811
    tiny_model: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    recipe = small(place, tiny_model, steps=12, save_every=4)
    assert started(command(recipe, place)).wait(300) == 0
    wanted = end_of(place, 12)
    (place / "run" / "checkpoints").rename(tmp_path_factory.mktemp("whole") / "checkpoints")
    process = started(command(recipe, place))
    log = place / "run" / "log.jsonl"
    log.unlink()
    while not (log.exists() and b"step_trained" in log.read_bytes()):
        time.sleep(0.01)
    process.send_signal(signal.SIGTSTP)
    assert process.wait(60) == PAUSED
    paused = [line.event for line in map(from_log_line, log.read_bytes().splitlines()) if line is not None][-1]
    assert isinstance(paused, TrainingPaused)
    assert 1 <= paused.step <= 12
    assert end_of(place, paused.step)
    assert started(command(recipe, place)).wait(300) == 0
    assert end_of(place, 12) == wanted


@pytest.mark.timeout(600)
def test_a_trainer_whose_starter_is_gone_saves_a_checkpoint_and_ends(place: Path, tiny_model: Path) -> None:  # noqa: F811
    process = started(command(small(place, tiny_model, steps=100_000, save_every=1000), place, "--attended"))
    log = place / "run" / "log.jsonl"
    while not (log.exists() and b"step_trained" in log.read_bytes()):
        time.sleep(0.01)
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(60) == 130
    assert b"training_stopped" in log.read_bytes().splitlines()[-1]


@pytest.mark.timeout(600)
def test_torchrun_trains_on_two_processes_what_one_trains_with_accumulation(place: Path, tiny_model: Path) -> None:  # noqa: F811
    one, two = place / "one", place / "two"
    for folder in (one, two):
        (folder / "run").mkdir(parents=True)
        (folder / "run" / "footage.json").write_bytes((place / "run" / "footage.json").read_bytes())
    plain = small(place, tiny_model, steps=3, save_every=3)
    assert started(command(plain.model_copy(update={"accumulation": 2}), one)).wait(300) == 0
    launcher = ["-m", "torch.distributed.run", "--nproc-per-node", "2", "--standalone"]
    assert started([*launcher, *command(plain, two)]).wait(300) == 0
    ours, theirs = end_of(one, 3), end_of(two, 3)
    assert {n: ours[n] == theirs[n] for n in ("lora.safetensors", "optimizer.safetensors")} == {
        "lora.safetensors": True,
        "optimizer.safetensors": True,
    }
