"""A folder of videos, the desk with a trainer that only pretends, and the window over both."""

import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot
from safetensors.numpy import save_file

from svi_studio.document.training.training_desk import TrainingDesk
from svi_studio.domain.training.events import TrainingFinished, TrainingStarted
from svi_studio.domain.training.log import log_line
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.recipe_text import recipe_to_text
from svi_studio.project.training.presets import training_presets
from svi_studio.ui.training.dialog import TrainingDialog
from tests.ui.training.scripted_trainer import tiny_lora

WAIT_MS = 30_000  # the trainer is a process of its own, on a computer that may be busy
COMMAND = (sys.executable, str(Path(__file__).with_name("scripted_trainer.py")))


@pytest.fixture(autouse=True)
def _find_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """``script.setenv("SCRIPT", ...)`` before the trainer starts."""
    return monkeypatch


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the trainings are."""
    folder = tmp_path / "training"
    monkeypatch.setenv("SVI_TRAINING", str(folder))
    return folder


@pytest.fixture
def videos(tmp_path: Path) -> Path:
    """Two videos, of three clips each; the first has a caption."""
    folder = tmp_path / "My footage"
    folder.mkdir()
    for name in ("garden", "harbour"):
        (folder / f"{name}.mp4").write_bytes(b"not looked at")
    (folder / "garden.txt").write_text("The red puppet walks through the garden.")
    return folder


@pytest.fixture
def desk(qtbot: QtBot, place: Path) -> Iterator[TrainingDesk]:
    """All trainings, none yet; a new one would take 40 steps."""
    made = TrainingDesk(command=COMMAND)
    short(made)
    yield made
    assert made.close()


def short(desk: TrainingDesk) -> None:
    """The draft is a short training of the bundled model."""
    desk.draft.start("film-mini", training_presets()["film-mini"])
    for path, value in (("steps", 40), ("save_every", 20), ("evaluation.every", 20), ("evaluation.clips", 3)):
        assert desk.draft.edit(path, value)


@pytest.fixture
def dialog(qtbot: QtBot, desk: TrainingDesk) -> Iterator[TrainingDialog]:
    """The window on the screen."""
    made = TrainingDialog(desk, training_presets())
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.shutdown()


def read(qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path) -> None:
    """Choose the videos, and wait until they are read."""
    dialog.setup.go_to(1)
    dialog.setup.choose_folder(videos)
    qtbot.waitUntil(lambda: desk.footage.footage is not None, timeout=WAIT_MS)


def start(qtbot: QtBot, dialog: TrainingDialog, desk: TrainingDesk, videos: Path) -> Path:
    """All the way to a training that has begun; returns its folder."""
    read(qtbot, dialog, desk, videos)
    dialog.setup.go_to(2)
    qtbot.waitUntil(dialog.setup.forward.isEnabled, timeout=WAIT_MS)
    dialog.setup.forward.click()
    folder = desk.active
    assert folder is not None
    return folder


def finished_run(place: Path) -> Path:
    """A training of the bundled model that was done some time ago."""
    folder = place / "My footage"
    document = training_presets()["film-mini"].model_dump() | {"name": "My footage", "steps": 40}
    recipe = TrainingRecipe.model_validate(document)
    for part in ("checkpoints/00000040", "lora"):
        (folder / part).mkdir(parents=True)
    (folder / "recipe.json").write_bytes(recipe_to_text(recipe))
    (folder / "checkpoints" / "00000040" / "manifest.json").write_text("{}")
    lora = folder / "lora" / "My footage.safetensors"
    lora.write_bytes(tiny_lora(40))
    events = (TrainingStarted(folder, 0, 40, 12), TrainingFinished(40, lora))
    (folder / "log.jsonl").write_bytes(b"".join(log_line(event, 1.0) for event in events))
    return folder


def unfinished_run(place: Path, name: str, steps: int = 12, script: str = "") -> Path:
    """A training that was put together and stopped before its first step; its trainer does what ``script`` says."""
    folder = place / name
    folder.mkdir(parents=True)
    document = training_presets()["film-mini"].model_dump() | {"name": name, "steps": steps}
    (folder / "recipe.json").write_bytes(recipe_to_text(TrainingRecipe.model_validate(document)))
    if script:
        (folder / "script").write_text(script)
    return folder


def learn(checkpoint: Path) -> None:
    """What was learned, in the checkpoint of a run that has none of it."""
    names = {"A": (4, 32), "B": (32, 4)}
    learned = {f"blocks.0.attn1.to_q.lora_{side}.default.weight": size for side, size in names.items()}
    file = checkpoint / "lora.safetensors"
    save_file({name: np.full(size, 0.5, np.float32) for name, size in learned.items()}, file)
    files = {"lora.safetensors": hashlib.sha256(file.read_bytes()).hexdigest()}
    (checkpoint / "manifest.json").write_text(json.dumps({"version": 1, "step": 40, "files": files}))
