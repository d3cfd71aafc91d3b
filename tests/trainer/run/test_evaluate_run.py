"""Test films of a run on the disk: its checkpoints are filmed, once each, without the training."""

from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import pytest

from svi_studio.domain.errors import BadInput, StudioError
from svi_studio.domain.training.drift import read_drift
from svi_studio.domain.training.recipe import EvaluationRecipe, LoraRecipe
from svi_studio.engine.denoising.clip_renderer import ClipRenderer
from tests.trainer.evaluation.small_films import learning_transformer, quick_model, recipe
from tests.trainer.evaluation.test_boards import storyboard
from trainer.run.commands.evaluate_command import run_evaluate
from trainer.run.commands.evaluate_run import evaluate_run
from trainer.run.state.checkpoint import Checkpoints
from trainer.run.state.run_folder import RunFolder
from trainer.run.state.training_state import LORA_FILE

Checkpoint = Callable[[int, float], Path]


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return quick_model(tmp_path_factory.mktemp("models"))


@pytest.fixture
def run(tiny_model: Path, tmp_path: Path) -> Path:
    """A run that films the user's own storyboard, with checkpoints of steps 100 and 200."""
    films = EvaluationRecipe(clips=1, storyboards=(storyboard(tmp_path, "a boat"),))
    lora = LoraRecipe(rank=2, alpha=2.0)
    folder = RunFolder(tmp_path)
    folder.begin(recipe(model=str(tiny_model), evaluation=films, lora=lora))
    checkpoints = Checkpoints(folder.checkpoints, 3)
    for step, strength in ((100, 0.05), (200, 0.1)):
        transformer = learning_transformer(tiny_model, strength)
        draft = checkpoints.begin()
        draft.add_tensors(LORA_FILE, {n: p.detach() for n, p in transformer.named_parameters() if p.requires_grad})
        checkpoints.commit(draft, step)
    return tmp_path


def test_every_checkpoint_is_filmed_as_the_training_would_have(run: Path) -> None:
    made = dict(evaluate_run(run, step=None, device="cpu"))
    first, second = (read_drift((folder / "drift.json").read_bytes()) for folder in made.values())
    assert list(made) == [100, 200]
    assert first.arms[0] == second.arms[0]
    assert first.arms[1] != second.arms[1]


def test_a_step_without_checkpoint_is_one_sentence(run: Path) -> None:
    with pytest.raises(BadInput, match="no checkpoint of step 300"):
        list(evaluate_run(run, step=300, device="cpu"))


def test_a_damaged_checkpoint_is_passed_over(run: Path) -> None:
    (run / "checkpoints" / "00000200" / LORA_FILE).write_bytes(b"half")
    assert [step for step, _ in evaluate_run(run, step=None, device="cpu")] == [100]


def test_films_without_memory_are_one_sentence(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_words: object, **_more: object) -> None:
        raise MemoryError

    monkeypatch.setattr(ClipRenderer, "latents", full)
    with pytest.raises(StudioError, match="memory is too small for test films"):
        list(evaluate_run(run, step=100, device="cpu"))


def test_a_folder_that_is_no_run_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no training recipe"):
        list(evaluate_run(tmp_path, step=None, device="cpu"))


def test_the_command_says_in_one_sentence_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        run_evaluate(Namespace(folder=tmp_path, step=None, newest=False, events=False, device="cpu"))
    assert end.value.code == BadInput.exit_code
    assert capsys.readouterr().err.count("\n") == 1


def test_a_lora_of_another_recipe_is_refused(run: Path) -> None:
    text = (run / "recipe.json").read_text("utf-8").replace('"rank": 2', '"rank": 4')
    (run / "recipe.json").write_text(text, "utf-8")
    with pytest.raises(BadInput, match="does not fit"):
        list(evaluate_run(run, step=100, device="cpu"))
