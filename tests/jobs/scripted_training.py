"""A training service with a scripted trainer, and everything that it says in order."""

import json
import sys
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.jobs.render.render_turn import RenderTurn
from svi_studio.jobs.training.training_service import TrainingEnded, TrainingService
from svi_studio.jobs.worker.process_state import ProcessState

TRAINER = (sys.executable, "-S", str(Path(__file__).with_name("scripted_trainer.py")))
RECIPE = TrainingRecipe(
    name="my look", footage="/videos", num_frames=21, width=80, height=48, fps=12.0, steps=6, save_every=2
)


def script_run(run: Path, **script: Any) -> Path:
    """The folder of a training whose trainer does what ``script`` says."""
    run.mkdir(parents=True, exist_ok=True)
    (run / "script.json").write_text(json.dumps(script))
    return run


class ScriptedTraining:
    """The service and what it said: kinds of events, with their step where they have one, and states."""

    def __init__(self, qtbot: QtBot, folder: Path, turn: RenderTurn | None = None, **script: Any) -> None:
        self.qtbot = qtbot
        self.run = script_run(folder / "run", **script)
        self.service = TrainingService(turn=turn, command=TRAINER)
        self.words: list[str] = []
        self.states: list[ProcessState] = []
        self.notices: list[str] = []
        self.ends: list[TrainingEnded] = []
        self.service.happened.connect(self._event)
        self.service.state_changed.connect(self.states.append)
        self.service.notice.connect(self.notices.append)
        self.service.ended.connect(self.ends.append)

    def start(self) -> None:
        self.service.start(RECIPE, self.run)

    def train(self) -> TrainingEnded:
        self.start()
        return self.wait_for_end()

    def wait(self, word: str) -> None:
        self.qtbot.waitUntil(lambda: word in self.words, timeout=20_000)

    def wait_for_state(self, state: ProcessState) -> None:
        self.qtbot.waitUntil(lambda: self.service.state is state, timeout=20_000)

    def wait_for_end(self) -> TrainingEnded:
        self.qtbot.waitUntil(lambda: bool(self.ends), timeout=20_000)
        return self.ends[-1]

    def steps(self) -> list[int]:
        """The steps that were trained, in order."""
        return [int(word.split()[1]) for word in self.words if word.startswith("step_trained")]

    def notes(self) -> list[dict[str, Any]]:
        """What the trainers wrote down: their commands, the requests that they got, their ends."""
        return notes_of(self.run)

    def _event(self, event: Any) -> None:
        self.words.append(f"{event.kind} {event.step}" if hasattr(event, "step") else event.kind)


def notes_of(run: Path) -> list[dict[str, Any]]:
    """The notes of the trainers of a training."""
    return [json.loads(line) for line in (run / "notes.jsonl").read_text().splitlines()]
