"""A training in a process of its own speaks the window's protocol, obeys it, and writes calm lines for people."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from svi_studio.domain.training.events import (
    CheckpointSaved,
    PreparationStage,
    Preparing,
    StepTrained,
    TrainingFailed,
    TrainingFinished,
    TrainingPaused,
    TrainingStopped,
    VideosCame,
)
from svi_studio.pipes.own_process import Pipes
from svi_studio.pipes.training_messages import (
    TRAINER_MESSAGES,
    TRAINING_REQUESTS,
    PauseTraining,
    ResumeTraining,
    StopTraining,
    TrainerAlive,
    TrainerMessage,
    TrainingRequest,
)
from tests.trainer.run.tiny_training import Training
from trainer.run.commands.terminal import Terminal
from trainer.run.control import TrainingControl
from trainer.window import Window


class Pair:
    """Both ends of the pipes between a window and its trainer."""

    def __init__(self) -> None:
        requests, self.requests = os.pipe()
        self.messages, messages = os.pipe()
        self.control = TrainingControl()
        self.window = Window(Pipes(requests, messages), self.control.obey, hung_up=self.control.stop)
        self.window.start()
        self._reader = TRAINER_MESSAGES.reader()
        self._heard: list[TrainerMessage] = []

    def ask(self, request: TrainingRequest) -> None:
        os.write(self.requests, TRAINING_REQUESTS.encode(request))

    def next(self) -> TrainerMessage:
        """The next message that is no sign of life."""
        while True:
            while not self._heard:
                self._heard += self._reader.feed(os.read(self.messages, 1 << 16))
            if not isinstance(message := self._heard.pop(0), TrainerAlive):
                return message

    def until(self, kind: type) -> list[TrainerMessage]:
        messages = [self.next()]
        while not isinstance(messages[-1], kind):
            messages.append(self.next())
        return messages


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    os.close(made.requests)
    os.close(made.messages)
    assert soon(lambda: made.control.stops)


def soon(holds: Callable[[], bool]) -> bool:
    """Whether it holds within a few seconds."""
    deadline = time.monotonic() + 5
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.01)
    return holds()


def started(pair: Pair, folder: Path, steps: int) -> threading.Thread:
    training = Training(folder, steps=steps, save_every=steps)
    training.loop._control = pair.control
    training.loop._tell_front_end = pair.window.send
    thread = threading.Thread(target=training.loop.run, name="training")
    thread.start()
    return thread


def test_a_pause_writes_a_checkpoint_and_ends(pair: Pair, tmp_path: Path) -> None:
    thread = started(pair, tmp_path, steps=100_000)
    pair.until(StepTrained)
    pair.ask(PauseTraining())
    last = pair.until(TrainingPaused)[-3:]
    thread.join(10)
    assert not thread.is_alive()
    assert [type(message) for message in last] == [Preparing, CheckpointSaved, TrainingPaused]


def test_a_pause_that_is_taken_back_before_it_begins_is_none(pair: Pair, tmp_path: Path) -> None:
    pair.ask(PauseTraining())
    assert soon(lambda: pair.control.ends)
    pair.ask(ResumeTraining())
    assert soon(lambda: not pair.control.ends)
    thread = started(pair, tmp_path, steps=3)
    assert pair.until(TrainingFinished)
    thread.join()


def test_a_stop_is_more_than_a_pause(pair: Pair, tmp_path: Path) -> None:
    pair.ask(PauseTraining())
    pair.ask(StopTraining())
    assert soon(lambda: pair.control.stops)
    thread = started(pair, tmp_path, steps=3)
    assert pair.until(TrainingStopped)[-1] == TrainingStopped(0)
    thread.join()


@pytest.mark.parametrize("how", ["closed", "nonsense"])
def test_a_window_that_is_gone_is_a_wish_to_stop(how: str) -> None:
    pair = Pair()
    if how == "nonsense":
        os.write(pair.requests, b"who is there?")
    else:
        os.close(pair.requests)
    assert soon(lambda: pair.control.stops)
    os.close(pair.messages)


def test_a_terminal_hears_of_steps_every_five_seconds_and_of_what_matters_at_once() -> None:
    now, lines = [0.0], list[str]()
    terminal = Terminal(lines.append, lambda: now[0])
    for step in range(1, 12):
        terminal.tell(StepTrained(step, 100, 0.5, 1e-4, 1.0, 1.0, 100.0 - step))
        now[0] += 1.0
    terminal.tell(CheckpointSaved(11, Path("c")))
    terminal.tell(TrainingFailed("It is full.", "film-mini"))
    assert [line.split(":")[0] for line in lines] == [
        "Step 1 of 100",
        "Step 6 of 100",
        "Step 11 of 100",
        "Checkpoint of step 11 saved.",
        'It is full. The preset "film-mini" needs less.',
    ]


def test_a_terminal_names_every_stage() -> None:
    lines = list[str]()
    for stage in PreparationStage:
        Terminal(lines.append).tell(Preparing(stage, 1, 2, "name"))
    assert len(lines) == len(PreparationStage) - 1  # a checkpoint is told of when it is there


@pytest.mark.parametrize(
    ("count", "known", "sentence"),
    [
        (1, 1, "1 video came into {} since this training began; it learns from the one that it began with. Begin "),
        (3, 12, "3 videos came into {} since this training began; it learns from the 12 that it began with. Begin "),
    ],
)
def test_a_terminal_says_how_many_videos_came_later(count: int, known: int, sentence: str) -> None:
    lines: list[str] = []
    Terminal(lines.append).tell(VideosCame(Path("videos"), count, known))
    them = "it" if count == 1 else "them"
    assert lines == [f"{sentence.format('videos')}another training for {them}."]
