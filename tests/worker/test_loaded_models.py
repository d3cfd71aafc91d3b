"""The worker keeps the networks of the last film, and loads others where another family follows something else."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from svi_studio.domain.errors import BadWeights, NotEnoughMemory
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.render import fitting
from svi_studio.domain.render.memory_needs import MachineMemory
from svi_studio.domain.render.plan import plan_film
from svi_studio.domain.render.planner import FilmFacts, FilmPlanner
from svi_studio.engine.chain import memory_choice
from svi_studio.engine.latents import vae
from svi_studio.engine.memory.model_memory import survive
from svi_studio.project.takes.take_store import TakeStore
from svi_studio.weights.lora_in_use import LoraInUse
from svi_studio.weights.model_folder import read_card
from svi_studio.worker import loaded_models
from svi_studio.worker.loaded_models import LoadedModels
from svi_studio.worker.wanted_clips import WantedClips
from tests.builders.storyboards import film
from tests.builders.tiny_models import add_inputs, build_tiny_model
from tests.cli.conftest import write_small_lora
from tests.domain.test_tracks import sound, with_sound

CPU = "DefaultCPUAllocator: can't allocate memory"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return add_inputs(build_tiny_model(tmp_path_factory.mktemp("following") / "tiny"))


def wanted(model: Path, family: str, network: str = "7", size: tuple[int, int] = (48, 32)) -> WantedClips:
    """The first clip of a film of that family, with a sound under it."""
    networks = {InputKind.SOUND: network * 64}
    facts = FilmFacts(read_card(model), "2" * 64, {}, {"a.png": "1" * 64, "a.wav": "4" * 64}, size, networks=networks)
    plan = plan_film(FilmPlanner(with_sound(film(1, family), sound(0, 99)), facts))
    return WantedClips(plan, model, (), TakeStore(model / "takes"), model)


def test_a_talk_film_has_what_it_hears_by(model: Path) -> None:
    loaded = LoadedModels()
    assert loaded.get(wanted(model, "shot"), "cpu").sound is None
    assert not loaded.has(wanted(model, "talk"), "cpu")
    assert loaded.get(wanted(model, "talk"), "cpu").sound is not None
    assert loaded.has(wanted(model, "talk"), "cpu")
    assert not loaded.has(wanted(model, "talk", network="8"), "cpu"), "its weights were exchanged"


def test_other_loras_load_no_other_model(model: Path, tmp_path: Path) -> None:
    loaded, plain = LoadedModels(), wanted(model, "shot")
    loaded.get(plain, "cpu")
    lora = write_small_lora(tmp_path / "l.safetensors", model)
    assert loaded.has(replace(plain, loras=(LoraInUse(lora, 0.5),), lora_files={"9" * 64: lora}), "cpu")


def test_a_lora_may_bring_another_pose_encoder_so_its_content_counts_where_skeletons_are_followed(
    model: Path, tmp_path: Path
) -> None:
    loaded, lora = LoadedModels(), write_small_lora(tmp_path / "l.safetensors", model)
    plain = wanted(model, "talk")
    loaded.get(plain, "cpu")
    with_lora = replace(plain, loras=(LoraInUse(lora, 0.5),), lora_files={"9" * 64: lora})
    assert not loaded.has(with_lora, "cpu")
    loaded.get(with_lora, "cpu")
    assert loaded.has(replace(with_lora, loras=(LoraInUse(lora, 0.7),)), "cpu"), "how strong it is changes no network"
    assert not loaded.has(replace(with_lora, lora_files={"8" * 64: lora}), "cpu"), "another file of that name"


def test_another_memory_plan_lays_the_same_networks_out_anew(model: Path) -> None:
    loaded, shot = LoadedModels(), wanted(model, "shot")
    models = loaded.get(shot, "cpu")
    assert models.memory is not None
    assert models.memory.plan.resident_blocks is None
    again = loaded.get(shot, "cpu", "blocks=1,vae=working")
    assert again is models
    assert (models.memory.plan.resident_blocks, models.memory.plan.vae) == (1, "while_working")
    assert loaded.get(shot, "cpu", "auto").memory is models.memory
    assert models.memory.plan.resident_blocks is None


def test_nothing_is_said_of_a_small_model(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = LoadedModels()
    loaded.get(wanted(model, "shot"), "cpu")
    assert loaded.planned is None
    monkeypatch.setattr(fitting, "is_worth_telling", lambda _needs: True)
    loaded.get(wanted(model, "shot"), "cpu", "blocks=1")
    assert loaded.planned is not None
    assert loaded.planned.message.startswith("Fits:")


def test_a_model_that_does_not_fit_is_refused_with_what_would_help(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitting, "is_worth_telling", lambda _needs: True)
    monkeypatch.setattr(memory_choice, "machine_memory", lambda *_, **__: MachineMemory(None, 1_000_000))
    with pytest.raises(BadWeights, match=r"does not fit here: it needs .* What would help"):
        LoadedModels().get(wanted(model, "shot"), "cpu")


def test_a_render_that_is_over_leaves_the_card_to_other_models(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(loaded_models, "keep_off_the_computers_memory", lambda *_: asked.append("held"))
    monkeypatch.setattr(loaded_models, "may_have_all", lambda _: asked.append("all"))
    loaded = LoadedModels()
    loaded.render_over()
    assert not asked, "nothing was loaded"
    for _ in range(2):
        loaded.get(wanted(model, "shot"), "cpu")
        loaded.render_over()
    assert asked == ["all", "held", "all"], "the first time it is held where the plan is chosen"


def test_quantised_weights_that_are_to_be_read_in_another_way_are_read_again(model: Path) -> None:
    loaded, shot = LoadedModels(), wanted(model, "shot")
    models = loaded.get(shot, "cpu")
    assert loaded.has(shot, "cpu", "stored=yes"), "as it is by itself"
    assert not loaded.has(shot, "cpu", "stored=no")
    again = loaded.get(shot, "cpu", "stored=no,blocks=1")
    assert again is not models
    assert again.memory is not None
    assert not again.memory.plan.keep_stored
    assert loaded.get(shot, "cpu", "stored=no") is again


def test_a_processor_without_room_for_whole_pictures_makes_them_in_tiles(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = LoadedModels().get(wanted(model, "shot", size=(960, 640)), "cpu")
    monkeypatch.setattr(vae, "_frames", no_room(RuntimeError("DefaultCPUAllocator: can't allocate memory")))
    latents = torch.linspace(-1, 1, 16 * 2 * 4 * 6).view(1, 16, 2, 4, 6)
    frames = survive(models, "decoding", lambda: vae.decode_frames(models.vae, latents))
    assert frames.shape[1:] == (32, 48, 3)
    assert models.memory is not None
    assert models.memory.plan.tiled_vae


@pytest.mark.parametrize("error", [MemoryError(), torch.OutOfMemoryError("CUDA out of memory"), RuntimeError(CPU)])
def test_memory_that_runs_out_while_a_model_is_loaded_is_one_sentence(
    model: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    loaded = LoadedModels()
    with monkeypatch.context() as patch:
        patch.setattr(memory_choice, "ready_models", no_room(error))
        with pytest.raises(NotEnoughMemory, match=r"What would help: closing other programs"):
            loaded.get(wanted(model, "shot"), "cpu")
    models = loaded.get(wanted(model, "shot"), "cpu")
    monkeypatch.setattr(models.memory, "lay_out", no_room(error))
    with pytest.raises(NotEnoughMemory, match=r"What would help: closing other programs"):
        loaded.get(wanted(model, "shot"), "cpu", "blocks=1")
    assert not loaded.has(wanted(model, "shot"), "cpu"), "half by one plan and half by another"


def no_room(error: Exception) -> Callable[..., None]:
    def raising(*_: object, **__: object) -> None:
        raise error

    return raising
