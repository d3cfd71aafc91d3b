"""The command line says what was found, and speaks to the window in messages."""

import os
import subprocess
import sys
import threading
from argparse import Namespace
from pathlib import Path

import pytest

from svi_studio.disk.lock import LOCK_NAME, is_held, locked
from svi_studio.domain.training.events import FootageReady, Tell, TrainingFailed
from svi_studio.domain.training.footage import Footage, FootageClip, Reason
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.recipe_text import recipe_to_text
from svi_studio.pipes.own_process import Pipes
from svi_studio.pipes.training_messages import TRAINER_MESSAGES, TRAINING_REQUESTS, StopTraining, TrainerReady
from tests.builders.videos import scene, write_video
from tests.patience import SECONDS
from trainer.footage import command
from trainer.footage.command import run_footage, summary
from trainer.window import Window

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    path = tmp_path / "recipe.json"
    made = TrainingRecipe(name="mine", num_frames=17, width=48, height=32, fps=16.0, steps=10, family="film")
    path.write_bytes(recipe_to_text(made))
    return path


def messages(arguments: list[str]) -> list[object]:
    words = [sys.executable, "-P", "-m", "trainer", "footage", *arguments, "--events"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        said = process.stdout.read()
    return list(TRAINER_MESSAGES.reader().feed(said))


def test_the_window_hears_that_the_footage_is_ready(tmp_path: Path, recipe: Path) -> None:
    (tmp_path / "videos").mkdir()
    write_video(tmp_path / "videos/film.mp4", scene(1, 20))

    said = messages([str(tmp_path / "videos"), "--recipe", str(recipe), "--into", str(tmp_path / "run")])

    assert any(isinstance(message, TrainerReady) for message in said)
    assert said[-1] == FootageReady(tmp_path / "run/footage.json", 1, 0)


def test_the_window_hears_what_is_wrong(tmp_path: Path, recipe: Path) -> None:
    said = messages([str(tmp_path / "none"), "--recipe", str(recipe), "--into", str(tmp_path / "run")])

    assert isinstance(said[-1], TrainingFailed)
    assert "There is no folder" in said[-1].sentence


def test_a_terminal_gets_one_sentence(tmp_path: Path, recipe: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run_footage(Namespace(folder=tmp_path / "none", recipe=recipe, into=tmp_path / "run", events=False))

    assert ended.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_the_footage_of_a_training_under_way_is_left_alone(
    tmp_path: Path, recipe: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    run.mkdir()
    with locked(run), pytest.raises(SystemExit) as ended:
        run_footage(Namespace(folder=tmp_path, recipe=recipe, into=run, events=False))
    assert ended.value.code == 1
    assert f"Another program is using {run}" in capsys.readouterr().err
    assert not (run / "footage.json").exists()


def test_the_training_is_kept_to_the_scan_while_that_goes_on(
    tmp_path: Path, recipe: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "videos").mkdir()
    write_video(tmp_path / "videos/film.mp4", scene(1, 20))
    held: list[bool] = []
    scan = command._scan_and_describe

    def noted(options: Namespace, tell: Tell) -> Footage:
        held.append(is_held(options.into / LOCK_NAME))
        return scan(options, tell)

    monkeypatch.setattr(command, "_scan_and_describe", noted)
    with pytest.raises(SystemExit) as ended:
        run_footage(Namespace(folder=tmp_path / "videos", recipe=recipe, into=tmp_path / "run", events=False))
    assert (ended.value.code, held) == (0, [True])
    assert not is_held(tmp_path / "run" / LOCK_NAME)


@pytest.mark.parametrize("last", [TRAINING_REQUESTS.encode(StopTraining()), b"", b"nonsense from nobody"])
def test_a_wish_to_stop_or_a_window_that_is_gone_ends_the_scan(last: bytes) -> None:
    requests, window = os.pipe()
    nobody, messages_out = os.pipe()
    stopped = threading.Event()
    Window(Pipes(requests, messages_out), lambda _: stopped.set()).start()

    os.write(window, last)
    os.close(window)

    assert stopped.wait(SECONDS)
    os.set_blocking(nobody, False)


def test_the_summary_counts_what_is_left_out() -> None:
    def clip(name: str, left_out: Reason | None = None, chosen: bool | None = None) -> FootageClip:
        place = {"id": name, "source": "a.mp4", "fingerprint": "0" * 64, "start": 0.0, "seconds": 2.0}
        what = {"fps": 16.0, "width": 64, "height": 48, "left_out": left_out, "chosen": chosen}
        return FootageClip.model_validate({**place, **what})

    clips = (clip("a"), clip("b", Reason.STILL), clip("c", Reason.TOO_SHORT), clip("d", chosen=False))
    footage = Footage(folder="/v", num_frames=17, fps=16.0, width=48, height=32, clips=clips, problems=("Mind this.",))

    assert summary(footage) == [
        "1 clip to train on, 2 seconds.",
        "Left out: 1 still, 1 too short, 1 by hand.",
        "Mind this.",
    ]
