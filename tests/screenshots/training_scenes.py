"""The window "Train a LoRA" from its empty page to a LoRA that is done; its trainer only pretends."""

import os
import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

from svi_studio.document.training.training_history import RunState
from svi_studio.jobs.training import footage_job, training_service
from svi_studio.ui.training.dialog import TrainingDialog
from svi_studio.ui.training.studio_training import StudioTraining
from svi_studio.ui.training.words_dialog import WordsDialog
from tests.journey.user import User
from tests.screenshots.camera import Camera

_HERE = Path(__file__).parents[2]
_COMMAND = (sys.executable, str(_HERE / "tests" / "ui" / "training" / "scripted_trainer.py"))
_VIDEOS = ("garden", "market in the rain", "train ride", "kitchen", "puppets 2", "harbour")
_SECONDS = 60


def photograph_training(user: User, camera: Camera) -> None:
    """Every page of it."""
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(SVI_TRAINING=str(Path(home) / "training"), SCRIPT="steady", PYTHONPATH=str(_HERE))
        with (
            patch.object(training_service, "trainer_command", lambda: _COMMAND),
            patch.object(footage_job, "trainer_command", lambda: _COMMAND),
        ):
            training = user.studio.open_training(user.studio.windows[-1] if user.studio.windows else None)
        assert training.dialog is not None
        _new_training(user, camera, training, training.dialog, _videos(Path(home)))
        _live(user, camera, training, training.dialog)
        training.dialog.close()
        training.close()


def _videos(home: Path) -> Path:
    folder = home / "My footage"
    folder.mkdir()
    for number, name in enumerate(_VIDEOS):
        (folder / f"{name}.mp4").write_bytes(b"not looked at")
        if number % 2 == 0:
            (folder / f"{name}.txt").write_text(f"The red puppet walks through the {name}.")
    return folder


def _new_training(user: User, camera: Camera, training: StudioTraining, dialog: TrainingDialog, videos: Path) -> None:
    setup, desk = dialog.setup, training.desk
    setup.purpose.choose_purpose("story")
    camera.window("training-purpose", dialog)
    setup.go_to(1)
    camera.window("training-no-footage", dialog)
    setup.choose_folder(videos)
    user.wait(lambda: desk.footage.footage is not None, _SECONDS, "the footage is read")
    setup.footage.browser.select(["c4"])
    camera.window("training-footage", dialog)
    setup.ask_for_words()
    words = setup.findChild(WordsDialog)
    assert words is not None
    camera.dialog("training-words", words)
    for path, value in (("steps", 400), ("save_every", 50), ("evaluation.every", 100)):
        desk.draft.edit(path, value)
    setup.go_to(2)
    user.wait(setup.forward.isEnabled, _SECONDS, "this computer was looked at")
    camera.window("training-check", dialog)
    setup.forward.click()


def _live(user: User, camera: Camera, training: StudioTraining, dialog: TrainingDialog) -> None:
    folder = training.desk.active
    assert folder is not None

    def is_at(step: int) -> bool:
        history = training.desk.history(folder)
        return history is not None and history.step >= step

    user.wait(lambda: is_at(205), _SECONDS, "two test films")
    dialog.page.pause.click()
    user.wait(lambda: training.desk.history(folder).state is RunState.PAUSED, _SECONDS, "a pause")
    user.look(1)
    camera.window("training-live", dialog)
    dialog.page.pause.click()
    user.wait(lambda: not training.is_busy, _SECONDS, "the training is done")
    user.look(1)
    camera.window("training-done", dialog)
