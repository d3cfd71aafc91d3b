"""The LoRA of any checkpoint as a file: its card, its name, its expert; and a training that begins with one."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from svi_studio.disk.plain_file import sha256_of
from svi_studio.domain.errors import BadInput, StudioError
from svi_studio.domain.training.card import CARD_METADATA
from svi_studio.domain.training.change import RunChange
from svi_studio.domain.training.drift import DriftArm, DriftReport, TestFilm
from svi_studio.domain.training.recipe import LoraRecipe, TrainingRecipe
from svi_studio.domain.training.recipe_text import recipe_to_text
from svi_studio.domain.value import with_fields
from svi_studio.project.training.checkpoint_lora import save_checkpoint_lora
from svi_studio.project.training.going_on import recipe_from_its_lora, recipe_to_go_on, steps_done
from svi_studio.project.training.runs import read_run
from svi_studio.weights.lora_card import read_training_card

ONE = TrainingRecipe(
    name="look", num_frames=21, width=80, height=48, fps=12.0, steps=200, lora=LoraRecipe(rank=4, alpha=6.0)
)
TWO = TrainingRecipe.model_validate(ONE.model_dump() | {"family": "pro", "model": "pair", "experts": {}})
UP = "pipe.dit.blocks.0.self_attn.q.lora_B.default.weight"


def checkpoint(folder: Path, step: int, value: float) -> None:
    place = folder / "checkpoints" / f"{step:08d}"
    place.mkdir(parents=True)
    names = {"A": (4, 32), "B": (32, 4)}
    learned = {f"blocks.0.attn1.to_q.lora_{side}.default.weight": size for side, size in names.items()}
    learned |= {"skeleton_network.dwpose_embedding.0.weight": (2, 2)}
    save_file({name: np.full(size, value, np.float32) for name, size in learned.items()}, place / "lora.safetensors")
    files = {"lora.safetensors": sha256_of(place / "lora.safetensors")}
    (place / "manifest.json").write_text(json.dumps({"version": 1, "step": step, "files": files}))


def newest(folder: Path, name: str, steps: int) -> Path:
    """The file that the training wrote last, with its card."""
    card = {
        "name": "look", "family": "shot", "base_model": "svi-mini", "base_model_hash": "0" * 64, "steps": steps,
        "clips": 7, "rank": 4, "alpha": 6.0, "error_recycling": True, "made_on": "2026-02-03", "program_version": "1",
        "verdict": "Better at the end.",
    }  # fmt: skip
    file = folder / "lora" / f"{name}.safetensors"
    file.parent.mkdir(exist_ok=True)
    save_file({UP: np.zeros((2, 4), np.float32)}, file, {CARD_METADATA: json.dumps(card)})
    return file


@pytest.fixture
def one(tmp_path: Path) -> Path:
    (tmp_path / "recipe.json").write_bytes(recipe_to_text(ONE))
    for step in (100, 150):
        checkpoint(tmp_path, step, step / 100)
    newest(tmp_path, "look", 150)
    return tmp_path


@pytest.fixture
def two(tmp_path: Path) -> Path:
    (tmp_path / "recipe.json").write_bytes(recipe_to_text(TWO))
    for part, step in (("high", 200), ("low", 50)):
        checkpoint(tmp_path / part, step, 1.0)
        newest(tmp_path, f"look_{part}_noise", step)
    return tmp_path


def test_an_earlier_checkpoint_has_its_own_values_and_card(one: Path) -> None:
    file = save_checkpoint_lora(read_run(one), 100)
    assert file == one / "lora" / "look-00000100.safetensors"
    tensors = load_file(file)
    assert float(tensors[UP][0, 0]) == 1.0 * 6 / 4, "the authors' names have no alpha, so it is in B"
    assert set(tensors) == {UP, UP.replace("lora_B", "lora_A"), "dwpose_embedding.0.weight"}
    card = read_training_card(file)
    assert card is not None
    assert (card.steps, card.clips, card.verdict) == (100, 7, ""), "what its films say of a later step is not of this"


def test_a_checkpoint_with_test_films_has_the_verdict_on_it(one: Path) -> None:
    samples = one / "samples" / "00000100"
    samples.mkdir(parents=True)
    film = TestFilm(name="a boat", clips=({"psnr": 20.0},))
    arms = tuple(DriftArm(name=name, films=(film,)) for name in ("base", "lora"))
    report = DriftReport(title="look", family="shot", step=100, num_frames=21, arms=arms, made_of="0" * 64)
    (samples / "drift.json").write_text(report.model_dump_json())
    card = read_training_card(save_checkpoint_lora(read_run(one), 100))
    assert card is not None
    assert card.verdict.startswith("Too few films to tell")


def test_files_of_single_checkpoints_are_not_the_newest(one: Path) -> None:
    save_checkpoint_lora(read_run(one), 100)
    assert read_run(one).loras == (one / "lora" / "look.safetensors",)


def test_each_expert_has_its_own_file_and_step(two: Path) -> None:
    run = read_run(two)
    assert sorted(run.checkpoints) == [200, 250]
    assert save_checkpoint_lora(run, 200).name == "look_high_noise-00000200.safetensors"
    assert save_checkpoint_lora(run, 250).name == "look_low_noise-00000050.safetensors"


def test_a_training_without_any_checkpoint_says_so(one: Path) -> None:
    shutil.rmtree(one / "checkpoints")
    with pytest.raises(BadInput, match="has no checkpoint yet: train it first"):
        save_checkpoint_lora(read_run(one), 100)


def test_what_cannot_be_saved_is_one_sentence(one: Path) -> None:
    with pytest.raises(BadInput, match="those that are kept are of 100, 150"):
        save_checkpoint_lora(read_run(one), 120)
    manifest = one / "checkpoints" / "00000100" / "manifest.json"
    manifest.write_text("{}")
    with pytest.raises(StudioError, match="is damaged: choose another one"):
        save_checkpoint_lora(read_run(one), 100)


def test_values_that_are_not_numbers_are_not_written(one: Path) -> None:
    checkpoint(one, 160, float("nan"))
    with pytest.raises(StudioError, match="not numbers"):
        save_checkpoint_lora(read_run(one), 160, one / "x.safetensors")
    assert not (one / "x.safetensors").exists()


def test_a_new_training_goes_on_from_what_was_learned(one: Path) -> None:
    recipe = recipe_from_its_lora(read_run(one))
    assert (recipe.name, recipe.lora.start_from) == ("look 2", str(one / "lora" / "look.safetensors"))
    (one / "lora" / "look.safetensors").unlink()
    with pytest.raises(BadInput, match="has no LoRA look yet"):
        recipe_from_its_lora(read_run(one))


def test_both_experts_go_on_from_their_own(two: Path) -> None:
    experts = recipe_from_its_lora(read_run(two)).experts
    assert experts is not None
    assert experts.high_start_from == str(two / "lora" / "look_high_noise.safetensors")
    assert experts.low_start_from == str(two / "lora" / "look_low_noise.safetensors")


def test_the_steps_of_the_expert_with_more_count(two: Path) -> None:
    run = read_run(two)
    assert steps_done(run) == 200
    with pytest.raises(BadInput, match="has done 200 steps already"):
        recipe_to_go_on(run, RunChange(steps=199))
    assert recipe_to_go_on(run, RunChange(steps=300)) == with_fields(TWO, {"steps": 300})


def test_a_recipe_without_the_new_fields_is_the_same_text_as_before() -> None:
    text = recipe_to_text(ONE).decode()
    assert not any(name in text for name in ("names", "keep_loras", "swapped_blocks"))
