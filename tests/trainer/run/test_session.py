"""The command trains a real small model from videos to a LoRA that films load, and goes on where it was."""

import argparse
import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from svi_studio.domain.errors import BadInput, StudioError
from svi_studio.domain.training.events import (
    PreparationStage,
    Preparing,
    TrainingChanged,
    TrainingEvent,
    TrainingFailed,
    TrainingFinished,
    VideosCame,
)
from svi_studio.domain.training.recipe import LoraRecipe, MemoryRecipe, TrainingRecipe
from svi_studio.domain.training.recipe_text import read_recipe, recipe_to_text
from svi_studio.domain.value import with_fields
from svi_studio.media.footage_file import read_footage
from svi_studio.weights.lora_names import file_pieces, renamed
from svi_studio.weights.safetensors_header import read_header
from tests.trainer.run.tiny_training import ERRORS, content
from trainer.footage.scan import scan
from trainer.footage.videos.shape import Shape
from trainer.run.commands.command import _train, add_train
from trainer.run.commands.start import recipe_of
from trainer.run.control import TrainingControl
from trainer.run.state.run_folder import RunFolder

pytest.importorskip("av")


def small(folder: Path, model: Path, **changes: object) -> TrainingRecipe:
    given = {
        "name": "small",
        "family": "film",
        "model": str(model),
        "footage": str(folder / "videos"),
        "num_frames": 9,
        "width": 48,
        "height": 32,
        "fps": 8.0,
        "steps": 2,
        "save_every": 1,
        "lora": LoraRecipe(rank=2, alpha=2.0),
        "errors": ERRORS,
        "memory": MemoryRecipe(base_precision="float32", gradient_checkpointing=False),
    }
    return TrainingRecipe(**given | changes)  # type: ignore[arg-type]


def recipe_from(folder: Path, **changes: object) -> TrainingRecipe:
    """What the trainer makes of a recipe file in ``folder``."""
    folder.mkdir(exist_ok=True)
    (folder / "r.json").write_bytes(recipe_to_text(with_fields(small(folder, folder), changes)))
    return recipe_of(argparse.Namespace(recipe=folder / "r.json", folder=None))


def videos(folder: Path) -> None:
    import av
    import numpy as np

    folder.mkdir(parents=True)
    with av.open(folder / "walk.mp4", "w") as file:
        stream = file.add_stream("libx264", rate=8)
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        scene = np.random.default_rng(0).integers(0, 255, (8, 12, 3), dtype=np.uint8).repeat(8, 0).repeat(8, 1)
        for number in range(20):
            file.mux(stream.encode(av.VideoFrame.from_ndarray(np.roll(scene, 4 * number, 1), format="rgb24")))
        file.mux(stream.encode())
    (folder / "walk.txt").write_text("a walk")


def run(recipe: TrainingRecipe, folder: Path) -> tuple[int, list[TrainingEvent]]:
    """What the command `train` does for this recipe: its exit code and its events."""
    path = folder / "wanted.json"
    path.write_bytes(recipe_to_text(recipe))
    parser = argparse.ArgumentParser()
    add_train(parser.add_subparsers())
    options = parser.parse_args(["train", str(path), "--run", str(folder / "run"), "--device", "cpu"])
    events: list[TrainingEvent] = []
    return _train(options, events.append, TrainingControl(), lambda _device, _versions: None), events


@pytest.fixture(scope="session")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of videos, and a run's folder in which they are scanned."""
    folder = tmp_path_factory.mktemp("footage")
    videos(folder / "videos")
    scan(folder / "videos", Shape.of(small(folder, folder)), folder / "run", lambda _event: None)
    return folder


@pytest.fixture
def place(tmp_path: Path, scanned: Path) -> Path:
    shutil.copytree(scanned, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.mark.parametrize("precision", ["float32", "float8"])
def test_videos_become_a_lora_file(place: Path, tiny_model: Path, precision: str) -> None:
    memory = MemoryRecipe(base_precision=precision, gradient_checkpointing=True, offload_checkpoints=True)  # type: ignore[arg-type]
    status, events = run(small(place, tiny_model, memory=memory), place)
    assert status == 0, events
    assert events[-1] == TrainingFinished(2, place / "run" / "lora" / "small.safetensors")
    stages = [event.stage for event in events if isinstance(event, Preparing)]
    assert [stage for stage in PreparationStage if stage in stages] == [
        PreparationStage.LIBRARIES,
        PreparationStage.MODEL,
        PreparationStage.LATENTS,
        PreparationStage.CHECKPOINT,
    ]
    assert (place / "run" / "lora" / "small.safetensors").stat().st_size > 1000


def test_a_training_in_two_parts_is_the_training_in_one(place: Path, tiny_model: Path) -> None:
    whole, parts = place / "whole", place / "parts"
    for folder in (whole, parts):
        shutil.copytree(place / "run", folder / "run")
    run(small(place, tiny_model, steps=3), whole)
    shutil.copytree(whole / "run" / "cache", parts / "run" / "cache")  # encoding again would show nothing new
    run(small(place, tiny_model, steps=1), parts)
    run(small(place, tiny_model, steps=3), parts)
    ends = [content(folder / "run" / "checkpoints" / "00000003") for folder in (whole, parts)]
    assert ends[0] == ends[1]


def test_no_footage_is_one_sentence_in_the_log_too(place: Path, tiny_model: Path) -> None:
    (place / "run" / "footage.json").unlink()
    status, events = run(small(place, tiny_model, footage=""), place)
    assert status == BadInput.exit_code
    assert isinstance(events[-1], TrainingFailed)
    assert "set footage to the folder with your videos" in events[-1].sentence
    logged = json.loads((place / "run" / "log.jsonl").read_text().splitlines()[-1])
    assert logged["sentence"] == events[-1].sentence


def test_memory_that_runs_out_is_one_sentence_with_the_smaller_preset(
    place: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr("trainer.run.session.Dataset.batches", full)
    _status, events = run(small(place, tiny_model, smaller_preset="film-mini"), place)
    assert isinstance(events[-1], TrainingFailed)
    assert "turn gradient_checkpointing on" in events[-1].sentence
    assert events[-1].smaller_preset == "film-mini"


def test_two_trainings_do_not_share_a_folder(place: Path, tiny_model: Path) -> None:
    with RunFolder(place / "run").held():
        _status, events = run(small(place, tiny_model), place)
    assert isinstance(events[-1], TrainingFailed)
    assert "Another training is under way" in events[-1].sentence
    assert not (place / "run" / "log.jsonl").exists()


def test_the_lora_that_a_training_began_from_may_be_gone_when_it_goes_on(place: Path, tiny_model: Path) -> None:
    run(small(place, tiny_model, steps=1), place)
    first = (place / "run" / "lora" / "small.safetensors").rename(place / "first.safetensors")
    shutil.rmtree(place / "run" / "checkpoints")
    lora = LoraRecipe(rank=2, alpha=2.0, start_from=str(first))
    assert run(small(place, tiny_model, steps=1, lora=lora), place)[0] == 0
    first.unlink()
    assert run(small(place, tiny_model, steps=2, lora=lora), place)[0] == 0


def test_every_checkpoint_stays_as_a_lora_and_is_what_its_checkpoint_becomes(place: Path, tiny_model: Path) -> None:
    lora = LoraRecipe(rank=2, alpha=3.0, names="comfyui")
    memory = MemoryRecipe(base_precision="float32", swapped_blocks=2)
    given = {"lora": lora, "memory": memory, "keep_loras": True}
    assert run(small(place, tiny_model, **given), place)[0] == 0
    folder = place / "run"
    kept = load_file(folder / "lora" / "small-00000001.safetensors")
    header = read_header(folder / "checkpoints" / "00000001" / "lora.safetensors")
    (place / "new.safetensors").write_bytes(b"".join(file_pieces(header, renamed(header, "comfyui", 1.5), {})))
    made = load_file(place / "new.safetensors")
    assert made.keys() == kept.keys()
    assert all(torch.equal(made[name], kept[name]) for name in kept)
    _status, events = run(small(place, tiny_model, **given, steps=3), place)
    told = TrainingChanged(2, (("steps", "2", "3"),))
    assert told in events
    assert [each for line in (folder / "log.jsonl").read_bytes().splitlines() if b"training_changed" in (each := line)]
    status, events = run(small(place, tiny_model, **given | {"lora": with_fields(lora, {"rank": 4})}), place)
    assert status == BadInput.exit_code
    assert isinstance(events[-1], TrainingFailed)
    assert "lora.rank was 2 and is 4" in events[-1].sentence


def test_a_lora_that_does_not_fit_is_refused_before_anything_is_loaded(place: Path, tiny_model: Path) -> None:
    (place / "start.safetensors").write_bytes(b"no LoRA at all")
    lora = LoraRecipe(rank=2, alpha=2.0, start_from=str(place / "start.safetensors"))
    _status, events = run(small(place, tiny_model, lora=lora), place)
    assert isinstance(events[-1], TrainingFailed)
    assert "start.safetensors" in events[-1].sentence
    assert [event.stage for event in events if isinstance(event, Preparing)] == [PreparationStage.LIBRARIES]


def test_the_runs_own_recipe_means_the_same_from_anywhere(tmp_path: Path) -> None:
    fixed = recipe_from(tmp_path / "recipes", footage="videos", model="svi-mini")
    assert (fixed.footage, fixed.model) == (str(tmp_path / "recipes" / "videos"), "svi-mini")
    assert recipe_from(tmp_path / "elsewhere", footage=fixed.footage, model=fixed.model) == fixed


def test_a_model_folder_beside_the_recipe_is_found(tmp_path: Path, tiny_model: Path) -> None:
    shutil.copytree(tiny_model, tmp_path / "own")
    assert recipe_from(tmp_path, model="own").model == str(tmp_path / "own")


def test_a_model_that_is_not_there_is_named_in_the_sentence(place: Path) -> None:
    _status, events = run(small(place, Path("wan-9000")), place)
    assert isinstance(events[-1], TrainingFailed)
    assert 'no model called "wan-9000"' in events[-1].sentence


def test_a_recipe_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "wanted.json").write_text("{}")
    with pytest.raises(StudioError):
        read_recipe(tmp_path / "wanted.json")


def test_footage_that_nobody_has_scanned_is_scanned_first(place: Path, tiny_model: Path) -> None:
    (place / "run" / "footage.json").unlink()
    _status, events = run(small(place, tiny_model, footage=str(place / "nothing")), place)
    assert isinstance(events[-1], TrainingFailed)
    assert str(place / "nothing") in events[-1].sentence


def test_footage_that_was_moved_is_gone_on_with_and_nothing_is_encoded_again(place: Path, tiny_model: Path) -> None:
    assert run(small(place, tiny_model, steps=1), place)[0] == 0
    moved = (place / "videos").rename(place / "other disk")
    status, events = run(small(place, tiny_model, footage=str(moved)), place)
    told = TrainingChanged(1, (("steps", "1", "2"), ("footage", str(place / "videos"), str(moved))))
    assert (status, told in events) == (0, True)
    log = (place / "run" / "log.jsonl").read_bytes().splitlines()
    assert [b'"footage"' in line for line in log if b"training_changed" in line] == [True]
    assert PreparationStage.LATENTS not in [event.stage for event in events if isinstance(event, Preparing)]
    assert read_footage(place / "run").folder == read_recipe(place / "run" / "recipe.json").footage == str(moved)


@pytest.mark.parametrize("begun", [True, False])
@pytest.mark.parametrize(
    ("content", "why"), [(None, '"walk.mp4" is not there.'), (b"another", '"walk.mp4" is another file there.')]
)
def test_other_footage_is_refused_by_the_name_of_a_file(
    place: Path, tiny_model: Path, begun: bool, content: bytes | None, why: str
) -> None:
    if begun:
        run(small(place, tiny_model, steps=1), place)
    else:
        RunFolder(place / "run").begin(small(place, tiny_model, steps=1))
    other = place / "other"
    other.mkdir()
    if content is not None:
        (other / "walk.mp4").write_bytes(content)
    before = [(place / "run" / name).read_bytes() for name in ("recipe.json", "footage.json")]
    status, events = run(small(place, tiny_model, footage=str(other)), place)
    assert (status, isinstance(events[-1], TrainingFailed)) == (BadInput.exit_code, True)
    assert events[-1].sentence == (  # type: ignore[union-attr]
        f"The training in {place / 'run'} cannot go on with the footage in {other}: {why} Choose the folder that its "
        "videos were moved to, or begin another training."
    )
    assert [(place / "run" / name).read_bytes() for name in ("recipe.json", "footage.json")] == before


def test_footage_that_is_gone_says_how_to_name_its_new_folder(place: Path, tiny_model: Path) -> None:
    (place / "videos").rename(place / "other disk")
    _status, events = run(small(place, tiny_model), place)
    assert isinstance(events[-1], TrainingFailed)
    assert f"There is no folder {place / 'videos'} with footage any more: if it was moved" in events[-1].sentence
    assert "train --run RUN --footage FOLDER" in events[-1].sentence


def test_videos_that_came_later_are_counted_and_not_learned_from(place: Path, tiny_model: Path) -> None:
    _status, events = run(small(place, tiny_model, steps=1), place)
    assert not [event for event in events if isinstance(event, VideosCame)]
    for name in ("new.mp4", "deep/new.mov", "new.txt", "new.jpg", ".hidden.mp4", "no video"):
        (place / "videos" / name).parent.mkdir(exist_ok=True)
        (place / "videos" / name).write_bytes(b"\xff\xd8\xff\xe0")
    _status, events = run(small(place, tiny_model), place)
    assert [event for event in events if isinstance(event, VideosCame)] == [VideosCame(place / "videos", 2, 1)]
