"""Pro in the window: one purpose, both experts' knobs one level down, honest words, one run of two parts."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.training.run_looks import run_look
from svi_studio.document.training.run_words import expert_words
from svi_studio.document.training.training_desk import TrainingDesk
from svi_studio.document.training.training_history import TrainingHistory
from svi_studio.domain.training.events import StepTrained, TrainingStarted
from svi_studio.domain.training.recipe_text import recipe_to_text
from svi_studio.domain.value import with_fields
from svi_studio.project.training.deletion import delete_run
from svi_studio.project.training.presets import training_preset
from svi_studio.project.training.runs import read_run
from svi_studio.ui.training.dialog import TrainingDialog
from tests.ui.training.conftest import read
from tests.ui.training.scripted_trainer import tiny_lora

PRO = training_preset("pro-24gb")
NOISE = ("experts.high.lowest", "experts.high.highest", "experts.low.lowest", "experts.low.highest")


def is_shown(dialog: TrainingDialog, path: str) -> bool:
    page = dialog.setup.purpose
    return page.form.controls[path].isVisibleTo(page)


@pytest.fixture
def pro(dialog: TrainingDialog) -> TrainingDialog:
    dialog.setup.purpose.prefer_model(PRO.model)
    dialog.setup.purpose.cards["pro"].click()
    dialog.setup.purpose.expert.set_open(True)
    return dialog


def test_the_card_brings_the_smallest_recipe_for_the_films_model_and_says_what_nobody_knows(
    pro: TrainingDialog, desk: TrainingDesk
) -> None:
    assert desk.draft.preset_name == "pro-24gb"
    assert pro.setup.purpose.needs.text() == (
        "Needs scenes of 5.8 seconds or longer without a cut: every sample is a clip and the one before it."
    )
    assert pro.setup.purpose.follows.text().startswith("Untested at full size")


def test_without_such_a_film_it_brings_the_one_that_needs_least(dialog: TrainingDialog, desk: TrainingDesk) -> None:
    dialog.setup.purpose.cards["pro"].click()
    assert desk.draft.preset_name == "pro-theatre"


def test_noise_levels_of_both_experts_are_knobs_of_pro_only(pro: TrainingDialog, desk: TrainingDesk) -> None:
    assert all(is_shown(pro, path) for path in NOISE)
    assert desk.draft.edit("experts.low.highest", 0.8)
    assert desk.draft.recipe is not None and desk.draft.recipe.part("low").noise.highest == 0.8
    assert not desk.draft.edit("experts.low.highest", 0.0)
    pro.setup.purpose.cards["story"].click()
    assert not any(is_shown(pro, path) for path in NOISE)


def test_the_source_of_errors_changes_what_can_be_set(pro: TrainingDialog, desk: TrainingDesk) -> None:
    assert is_shown(pro, "errors.capacity") and not is_shown(pro, "errors.degraded_above")
    assert desk.draft.edit("errors.source", "degraded")
    assert is_shown(pro, "errors.degraded_above") and not is_shown(pro, "errors.capacity")
    assert desk.draft.recipe is not None and desk.draft.recipe.errors.degrades


def test_the_footage_is_cut_for_two_clips_in_a_row(
    qtbot: QtBot, pro: TrainingDialog, desk: TrainingDesk, videos: Path
) -> None:
    read(qtbot, pro, desk, videos)
    assert desk.footage.footage is not None
    assert desk.footage.footage.num_frames == 2 * 49 - 5
    pro.setup.go_to(2)
    assert pro.setup.check.summary.text().startswith("Two LoRAs, one for each expert, of 1,500 steps each over 5 clips")


def begun(folder: Path, high: int, low: int) -> Path:
    """A training of Pro of which so many steps of each expert are done."""
    folder.mkdir(parents=True)
    (folder / "recipe.json").write_bytes(recipe_to_text(with_fields(PRO, {"steps": 100})))
    (folder / "lora").mkdir()
    for expert, step in (("high", high), ("low", low)):
        if step:
            checkpoint = folder / expert / "checkpoints" / f"{step:08d}"
            checkpoint.mkdir(parents=True)
            (checkpoint / "manifest.json").write_text("{}")
            (folder / "lora" / f"{PRO.name}_{expert}_noise.safetensors").write_bytes(tiny_lora(step))
    return folder


def test_the_list_counts_both_experts_steps(tmp_path: Path) -> None:
    half = read_run(begun(tmp_path / "half", 100, 20))
    assert run_look(half, None, None).line == "Stopped: 120 / 200"
    assert [file.stem for file in half.loras] and len(half.loras) == 2
    assert read_run(begun(tmp_path / "done", 100, 100)).is_done


def test_the_page_says_which_expert_learns() -> None:
    recipe = with_fields(PRO, {"steps": 100})
    history = TrainingHistory([TrainingStarted(Path("x"), 0, 200, 5)])
    history.take(StepTrained(100, 200, 0.1, 1e-4, 1.0, 0.5))
    assert expert_words(recipe, history) == "low-noise expert, 2 of 2"
    history.take(StepTrained(99, 200, 0.1, 1e-4, 1.0, 0.5))
    assert expert_words(recipe, history) == "high-noise expert, 1 of 2"
    assert expert_words(training_preset("film-24gb"), history) == ""


def test_a_deleted_training_leaves_nothing_of_its_experts(tmp_path: Path) -> None:
    folder = begun(tmp_path / "run", 100, 20)
    delete_run(read_run(folder))
    assert not folder.exists()
