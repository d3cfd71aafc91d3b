"""The worker keeps the networks of the last film, and loads others where another family follows something else."""

from dataclasses import replace
from pathlib import Path

import pytest

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.render import fitting
from svi_studio.domain.render.memory_needs import MachineMemory
from svi_studio.domain.render.plan import plan_film
from svi_studio.domain.render.planner import FilmFacts, FilmPlanner
from svi_studio.engine.chain import memory_choice
from svi_studio.project.takes.take_store import TakeStore
from svi_studio.weights.lora_in_use import LoraInUse
from svi_studio.weights.model_folder import read_card
from svi_studio.worker.loaded_models import LoadedModels
from svi_studio.worker.wanted_clips import WantedClips
from tests.builders.storyboards import film
from tests.builders.tiny_models import add_inputs, build_tiny_model
from tests.cli.conftest import write_small_lora
from tests.domain.test_tracks import sound, with_sound


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return add_inputs(build_tiny_model(tmp_path_factory.mktemp("following") / "tiny"))


def wanted(model: Path, family: str, network: str = "7") -> WantedClips:
    """The first clip of a film of that family, with a sound under it."""
    networks = {InputKind.SOUND: network * 64}
    facts = FilmFacts(
        read_card(model), "2" * 64, {}, {"a.png": "1" * 64, "a.wav": "4" * 64}, (48, 32), networks=networks
    )
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
    monkeypatch.setattr(memory_choice, "machine_memory", lambda *_: MachineMemory(None, 1_000_000))
    with pytest.raises(BadWeights, match=r"does not fit here: it needs .* What would help"):
        LoadedModels().get(wanted(model, "shot"), "cpu")
