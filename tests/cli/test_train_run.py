"""train --run: a training that is there goes on with other values, or says in one sentence why not."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from svi_studio.disk.lock import LOCK_NAME, Lock
from svi_studio.disk.plain_file import sha256_of
from svi_studio.domain.training.events import StepTrained
from svi_studio.domain.training.footage import FOOTAGE_FILE, Footage, FootageClip, Reason
from svi_studio.domain.training.log import log_line
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.recipe_text import read_recipe, recipe_to_text
from svi_studio.domain.value import with_fields
from svi_studio.media.footage_file import read_footage, write_footage
from svi_studio.media.videos.fingerprint import fingerprint
from svi_studio.project.training.runs import WANTED
from tests.cli.conftest import Run
from tests.cli.test_train import RECIPE, Trainer, clip, trainer

__all__ = ["trainer"]


@pytest.fixture
def folder() -> Path:
    """A training of 4 steps that is done."""
    return begun(Path("run"))


def begun(folder: Path, recipe: TrainingRecipe = RECIPE, step: int = 4) -> Path:
    checkpoint = folder / "checkpoints" / f"{step:08d}"
    checkpoint.mkdir(parents=True)
    (checkpoint / "manifest.json").write_text("{}")
    (folder / "recipe.json").write_bytes(recipe_to_text(recipe))
    videos = str(folder.resolve() / "videos")
    write_footage(folder, Footage(folder=videos, num_frames=21, fps=12.0, width=80, height=48, clips=(clip(0),)))
    return folder


def test_a_finished_training_goes_on_for_more_steps(run: Run, folder: Path, trainer: Trainer) -> None:
    words = ("--steps", 8, "--learning-rate", "5e-5", "--test-films-every", 0)
    assert run("train", "--run", folder, *words).code == 0
    wanted = read_recipe(folder / WANTED)
    assert (wanted.steps, wanted.optimizer.learning_rate, wanted.evaluation.every) == (8, 5e-5, 0)
    assert trainer.scans == []
    assert trainer.command[-4:] == ["train", str(folder.resolve() / WANTED), "--run", str(folder.resolve())]


def test_a_stopped_training_goes_on_as_it_is(run: Run, trainer: Trainer) -> None:
    folder = begun(Path("stopped"), step=2)
    assert run("train", "--run", folder).code == 0
    assert read_recipe(folder / WANTED) == read_recipe(folder / "recipe.json")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "has done its 4 steps: give it more to go on"),
        (("--steps", 3), "has done 4 steps already: choose 4 or more"),
        (("--steps", 0), "at least 1 step"),
        (("--steps", "many"), "is not a whole number that fits here"),
        (("--learning-rate", "0"), "is not a learning rate"),
        (("--steps", 8, "--test-films-every", 30), "every 100 steps: choose a multiple of that"),
        (("--steps", 8, "--model", "another"), "model was svi-mini and is another"),
        (("--steps", 8, "--trigger", "ohwx"), "data.trigger was none and is ohwx"),
        (("--steps", 8, "--held-out", "0.1"), "data.held_out was none and is 0.1"),
        (("--steps", 8, "--accumulation", 2), "batch_size * accumulation was 1 and is 2"),
    ],
)
def test_what_cannot_be_changed_is_one_sentence(
    run: Run, folder: Path, trainer: Trainer, words: tuple[object, ...], sentence: str
) -> None:
    ended = run("train", "--run", folder, *words)
    assert sentence in ended.err
    assert ended.code == 2
    assert trainer.command == []
    assert not (folder / WANTED).exists()


def test_test_films_of_a_training_that_goes_on_are_changed_too(run: Run, folder: Path, trainer: Trainer) -> None:
    assert run("train", "--run", folder, "--steps", 8, "--naive", "--test-prompt", "A boat.").code == 0
    wanted = read_recipe(folder / WANTED).evaluation
    assert (wanted.naive, wanted.prompts) == (True, ("A boat.",))


def test_one_that_is_named_by_its_folder_does_not_lose_steps_either(run: Run, folder: Path, trainer: Trainer) -> None:
    assert "has done 4 steps already" in run("train", folder, "--steps", 3).err
    assert "name one of them" in run("train", folder, "--run", "other").err
    assert trainer.command == []


def test_a_folder_without_a_training_is_one_sentence(run: Run, trainer: Trainer) -> None:
    assert "There is no training in nowhere" in run("train", "--run", "nowhere").err


def test_a_training_that_runs_elsewhere_is_left_alone(run: Run, folder: Path, trainer: Trainer) -> None:
    lock = Lock(folder / LOCK_NAME)
    assert lock.acquire()
    assert "stop it there first" in run("train", "--run", folder, "--steps", 8).err
    lock.release()
    assert trainer.command == []


def test_another_recipe_is_refused_before_the_footage_is_looked_through(
    run: Run, folder: Path, trainer: Trainer
) -> None:
    Path("videos").mkdir()
    ended = run("train", "film-mini", "--footage", "videos", "--run", folder)
    assert "began with another recipe" in ended.err
    assert trainer.scans == []


def with_videos(folder: Path, place: Path) -> Path:
    """The training in ``folder`` learns from two of the three videos that it was begun with, which lie in ``place``."""
    place.mkdir()
    names = ("a.mp4", "sub/b.mp4", "left out.mp4")
    (place / "sub").mkdir()
    for name in names:
        (place / name).write_text(name)
    marks = {name: fingerprint(place / name) for name in names}
    shape: Any = {"start": 0.0, "seconds": 2.0, "fps": 12.0, "width": 80, "height": 48}
    clips = [FootageClip(id=mark[:8], source=name, fingerprint=mark, **shape) for name, mark in marks.items()]
    clips[2] = with_fields(clips[2], {"left_out": Reason.STILL})
    write_footage(folder, with_fields(read_footage(folder), {"clips": tuple(clips)}))
    return place


@pytest.mark.parametrize("words", [("--run",), (), ("recipe.json", "--run")])
def test_footage_may_be_moved(run: Run, folder: Path, trainer: Trainer, words: tuple[str, ...]) -> None:
    Path("recipe.json").write_bytes((folder / "recipe.json").read_bytes())
    moved = with_videos(folder, Path("videos")).rename("other disk")
    (moved / "left out.mp4").unlink()
    assert run("train", *words, folder, "--steps", 8, "--footage", moved).code == 0
    assert read_recipe(folder / WANTED).footage == str(moved.resolve())
    assert trainer.scans == [], "what came into the folder since is not learned from"
    assert trainer.command != []


@pytest.mark.parametrize("words", [("--run",), (), ("recipe.json", "--run")])
def test_other_footage_is_refused_by_the_name_of_a_file(
    run: Run, folder: Path, trainer: Trainer, words: tuple[str, ...]
) -> None:
    Path("recipe.json").write_bytes((folder / "recipe.json").read_bytes())
    moved = with_videos(folder, Path("videos")).rename("other disk")
    (moved / "sub" / "b.mp4").write_text("another")
    said = run("train", *words, folder, "--steps", 8, "--footage", moved).err
    assert f'cannot go on with the footage in {moved.resolve()}: "sub/b.mp4" is another file there. Choose' in said
    (moved / "a.mp4").unlink()
    said = run("train", *words, folder, "--steps", 8, "--footage", moved).err
    assert 'other disk: "a.mp4" is not there. Choose the folder that its videos were moved to' in said
    assert "There is no folder" in run("train", *words, folder, "--steps", 8, "--footage", "nowhere").err
    assert (trainer.scans, trainer.command) == ([], [])


def test_footage_that_is_gone_says_how_to_name_its_new_folder(run: Run, folder: Path, trainer: Trainer) -> None:
    said = run("train", folder, "--steps", 8).err
    assert "with footage: check the name, or where its videos were moved, add --footage FOLDER." in said


def test_a_new_training_takes_the_values_too(run: Run, trainer: Trainer) -> None:
    Path("videos").mkdir()
    run("train", "film-mini", "--footage", "videos", "--run", "new", "--steps", 40)
    assert read_recipe(Path("new") / WANTED).steps == 40


def with_lora(folder: Path) -> Path:
    """Its checkpoint holds what was learned."""
    checkpoint = folder / "checkpoints" / "00000004"
    learned = {
        f"blocks.0.attn1.to_q.lora_{side}.default.weight": np.full(shape, 0.5, np.float32)
        for side, shape in (("A", (4, 32)), ("B", (32, 4)))
    }
    save_file(learned, checkpoint / "lora.safetensors")
    manifest = {"version": 1, "step": 4, "files": {"lora.safetensors": sha256_of(checkpoint / "lora.safetensors")}}
    (checkpoint / "manifest.json").write_text(json.dumps(manifest))
    return checkpoint


def test_a_checkpoint_is_written_as_a_lora(run: Run, folder: Path) -> None:
    with_lora(folder)
    ended = run("train", "--run", folder, "--export", 4)
    assert ended.code == 0
    assert set(load_file(folder / "lora" / "My look-00000004.safetensors")) == {
        "pipe.dit.blocks.0.self_attn.q.lora_A.default.weight",
        "pipe.dit.blocks.0.self_attn.q.lora_B.default.weight",
    }
    assert run("train", "--run", folder, "--export", 4, "-o", "x.safetensors", "--names", "comfyui").code == 0
    assert "diffusion_model.blocks.0.self_attn.q.alpha" in load_file("x.safetensors")
    assert "is there already" in run("train", "--run", folder, "--export", 4, "-o", "x.safetensors").err


def test_a_damaged_or_missing_checkpoint_is_one_sentence(run: Run, folder: Path) -> None:
    assert (
        "has no checkpoint of step 3: those that are kept are of 4" in run("train", "--run", folder, "--export", 3).err
    )
    (with_lora(folder) / "lora.safetensors").write_bytes(b"spoilt")
    assert "is damaged: choose another one" in run("train", "--run", folder, "--export", 4).err
    assert not (folder / "lora").exists()


def test_the_log_is_written_as_a_table(run: Run, folder: Path) -> None:
    (folder / "log.jsonl").write_bytes(log_line(StepTrained(1, 4, 0.5, 1e-4, 1.0, 30.0), 1.0))
    ended = run("train", "--run", folder, "--csv", "log.csv")
    assert ended.out == "The log, 1 line: log.csv\n"
    assert Path("log.csv").read_text().splitlines()[1].startswith("1,1.0,0.5,0.0001,1.0,30.0")
    assert "is there already" in run("train", "--run", folder, "--csv", "log.csv").err
    assert "add --run" in run("train", "--csv", "log.csv").err


def test_a_lora_file_is_written_under_other_names(run: Run, folder: Path) -> None:
    with_lora(folder)
    run("train", "--run", folder, "--export", 4, "-o", "a.safetensors")
    assert run("lora", "a.safetensors", "--names", "peft", "-o", "b.safetensors").code == 0
    assert "transformer.blocks.0.attn1.to_q.lora_A.weight" in load_file("b.safetensors")
    assert "say both" in run("lora", "a.safetensors", "--names", "peft").err


def start_file(name: str = "start.safetensors", rank: int = 4) -> Path:
    """A LoRA for the tiny model, of all layers, in ComfyUI's names."""
    file, sizes = Path(name), {"ffn.0": (96, 48), "ffn.2": (48, 96)}
    layers = [f"{part}.{letter}" for part in ("self_attn", "cross_attn") for letter in "qkvo"] + list(sizes)
    learned = {}
    for layer in [f"blocks.{block}.{each}" for block in range(2) for each in layers]:
        rows, columns = sizes.get(layer[-5:], (48, 48))
        learned[f"diffusion_model.{layer}.lora_down.weight"] = np.ones((rank, columns), np.float32)
        learned[f"diffusion_model.{layer}.lora_up.weight"] = np.ones((rows, rank), np.float32)
    save_file(learned, file)
    return file


NEW = ("train", "recipe.json", "--model", "tiny-random", "--run", "new")


@pytest.fixture
def recipe() -> Path:
    Path("videos").mkdir()
    file = Path("recipe.json")
    file.write_bytes(recipe_to_text(RECIPE))
    return file


def test_a_training_goes_on_from_a_lora(run: Run, recipe: Path, trainer: Trainer) -> None:
    file = start_file()
    assert run(*NEW, "--from-lora", file, "--rank", 4).code == 0
    lora = read_recipe(Path("new") / WANTED).lora
    assert (lora.start_from, lora.rank, lora.alpha) == (str(file.resolve()), 4, 4.0)


def test_a_lora_that_does_not_fit_is_refused_before_the_footage(run: Run, recipe: Path, trainer: Trainer) -> None:
    ended = run(*NEW, "--from-lora", start_file(rank=8), "--rank", 4)
    assert ended.err == (
        "start.safetensors has rank 8, and this training has rank 4: set the rank to 8, or choose another LoRA.\n"
    )
    assert (trainer.scans, trainer.command) == ([], [])
    assert "one file" in run(*NEW, "--from-lora", "a.safetensors", "--from-lora", "b.safetensors").err
    assert "a rank from 1" in run(*NEW, "--rank", 0).err


def test_the_rank_of_a_training_stays(run: Run, folder: Path, trainer: Trainer) -> None:
    assert "lora.rank was 128 and is 8" in run("train", "--run", folder, "--steps", 8, "--rank", 8).err


def test_two_experts_go_on_from_two_files(run: Run, trainer: Trainer) -> None:
    Path("videos").mkdir()
    words = ("train", "pro-24gb", "--footage", "videos", "--model", "tiny-random", "--run", "two")
    unnamed = run(*words, "--from-lora", start_file("mine.safetensors"))
    assert "does not say for which expert it is: write high=mine.safetensors or low=mine.safetensors" in unnamed.err
    high = start_file("look_high_noise.safetensors", rank=16)
    said = run(*words, "--from-lora", high, "--from-lora", f"high={high}").err
    assert "Two LoRAs are for the high-noise expert" in said


def test_how_files_and_memory_are_kept_may_change_at_any_time(run: Run, folder: Path, trainer: Trainer) -> None:
    words = ("--keep-loras", "--names", "peft", "--swap-blocks", 4)
    assert run("train", "--run", folder, "--steps", 8, *words).code == 0
    wanted = read_recipe(folder / WANTED)
    assert (wanted.keep_loras, wanted.lora.names, wanted.memory.swapped_blocks) == (True, "peft", 4)
    assert "add --export and its step" in run("train", "--run", folder, "--steps", 8, "-o", "x.safetensors").err


def test_an_estimate_of_a_training_that_is_there_trains_nothing(run: Run, trainer: Trainer) -> None:
    folder = begun(Path("stopped"), step=2)
    (folder / FOOTAGE_FILE).unlink()
    assert "Memory: about" in run("train", "--run", folder, "--estimate").out
    assert trainer.command == []
