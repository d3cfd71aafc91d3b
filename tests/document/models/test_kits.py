"""What each way to film needs, told from what is on this computer."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from svi_studio.document.models.installed import InstalledModel
from svi_studio.document.models.kit_states import entries_here, kit_states
from svi_studio.domain.fetching.film_kits import KITS
from svi_studio.domain.film.architecture import ARCHITECTURES, WAN_2_2_I2V_A14B
from svi_studio.domain.film.family import FAMILIES
from svi_studio.domain.film.found_model import FoundModel
from svi_studio.domain.film.model_card import ModelCard, OwnWorld
from svi_studio.hub.fetched_record import FetchedFile, FetchedRecord, record_path
from svi_studio.hub.known_models import known_models
from svi_studio.weights.linking.filmable import parts_found, what_can_be_filmed
from tests.builders.linkable_files import comfy, rows


def _installed(architecture: str, *, world: bool = False) -> InstalledModel:
    own = OwnWorld(warning="Only paper.", places="places.png") if world else None
    card = ModelCard(name="it", world=own, width=320, height=192)
    return InstalledModel(
        FoundModel("it", Path("it"), "yours", card, architecture=ARCHITECTURES[architecture]), "yours"
    )


def test_every_kit_names_families_and_entries_that_are_there() -> None:
    known = known_models()
    for kit in KITS.values():
        assert kit.family in FAMILIES and kit.architecture in FAMILIES[kit.family].architectures
        names = [name for choice in kit.choices for name in choice.names]
        names += [name for part in kit.parts for name in part.names]
        assert {*names} <= {*known}


def test_every_family_has_a_kit() -> None:
    assert {kit.family for kit in KITS.values()} == {*FAMILIES}


def test_an_empty_computer_lacks_the_model_and_what_keeps_a_film_together() -> None:
    pro = kit_states([], (), known_models())[0]
    assert pro.lacking[1] == ("wan2.2-i2v-a14b", "svi-2.0-pro-wan2.2") and not pro.is_ready
    assert pro.lacking[0][:2] == ("wan2.2-i2v-high-fp8", "wan2.2-i2v-low-fp8")
    assert [part.here for part in pro.parts] == [False, False]


def test_parts_of_a_model_that_are_here_are_not_fetched_again() -> None:
    pro = kit_states([], {"wan2.1-vae", "umt5-xxl-fp8", "wan2.2-i2v-low-fp8"}, known_models())[0]
    assert pro.lacking[0] == ("wan2.2-i2v-high-fp8", "umt5-tokenizer", "svi-2.0-pro-wan2.2")


def test_any_model_of_the_architecture_and_any_of_two_loras_will_do() -> None:
    pro = kit_states([_installed(WAN_2_2_I2V_A14B)], {"svi-2.0-pro-wan2.2-fp16"}, known_models())[0]
    assert pro.is_ready and pro.lacking == ((), ())


def test_talk_needs_a_model_that_hears_and_dance_does_not_need_one_that_sees() -> None:
    here = {"svi-talk-1.0", "talk-multitalk", "talk-wav2vec2", "svi-dance-1.0"}
    model = replace(_installed("wan2.1-i2v"), where="linked")
    states = {state.kit.name: state for state in kit_states([model], here, known_models())}
    assert states["talk"].lacking[0] == () and states["talk"].deaf and not states["talk"].is_ready
    assert states["dance"].is_ready and not states["dance"].deaf


def test_a_model_in_its_own_folder_cannot_be_made_to_hear_and_one_that_can_is_offered() -> None:
    here = {"svi-talk-1.0", "talk-multitalk", "talk-wav2vec2"}
    states = {state.kit.name: state for state in kit_states([_installed("wan2.1-i2v")], here, known_models())}
    assert "wan2.1-i2v-480p-fp8" in states["talk"].lacking[0] and not states["talk"].is_ready
    assert states["film"].lacking[0] == ("svi-film-1.0",)


def test_files_that_make_its_model_are_no_model_yet() -> None:
    """All that is fetched is here, but films cannot choose it: nothing may say that they can."""
    known = known_models()
    here = {name for name, model in known.items() if model.purpose != "model"}
    (pro, *_) = kit_states([], here, known)
    assert pro.lacking[0] == () and not pro.is_ready and not pro.can_be_linked


def test_a_kit_is_judged_by_what_the_files_make_not_by_their_names(tmp_path: Path) -> None:
    tree = comfy(tmp_path / "models")
    for file in tree.rglob("*.safetensors"):
        file.rename(file.with_name(file.name.replace("wan", "my_own_wan").replace("umt5", "text_umt5")))
    filmables = what_can_be_filmed(rows(tree))
    states = {state.kit.name: state for state in kit_states([], (), known_models(), filmables)}
    assert states["pro5b"].can_be_linked and states["pro5b"].lacking[0] == () and not states["pro5b"].is_ready
    assert states["film"].lacking == (("svi-film-1.0",),) * 3
    assert {"umt5-xxl-fp8", "umt5-tokenizer", "wan2.1-vae", "wan2.2-vae"} <= parts_found(rows(tree))


def test_a_kit_fetches_nothing_but_what_the_files_here_lack(tmp_path: Path) -> None:
    tree = comfy(tmp_path / "models", tokenizer=False)
    filmables = what_can_be_filmed(rows(tree))
    states = {state.kit.name: state for state in kit_states([], (), known_models(), filmables)}
    assert states["pro5b"].lacking[0] == ("umt5-tokenizer",) and not states["pro5b"].can_be_linked


def test_a_model_of_one_small_world_is_no_model_for_photographs() -> None:
    states = {state.kit.name: state for state in kit_states([_installed("wan2.1-i2v", world=True)], (), known_models())}
    assert "wan2.1-i2v-14b-480p" in states["film"].lacking[1]


def test_entries_are_known_by_the_names_of_their_files() -> None:
    names = {"svi-shot.safetensors", "model.safetensors", "config.json", "preprocessor_config.json"}
    assert entries_here(known_models(), Path("nowhere"), names) == {"svi-shot-1.0"}


@pytest.mark.parametrize("kept", [True, False])
def test_fetched_entries_are_here_while_all_their_files_are(tmp_path: Path, kept: bool) -> None:
    known = known_models()
    model = known["dwpose"]
    folder = tmp_path / model.folder
    folder.mkdir(parents=True)
    (folder / "one.onnx").write_bytes(b"x")
    files = tuple(
        FetchedFile(path=name, save_as=name, size=1, checksum="0" * 64, changed_ns=0)
        for name in ("one.onnx", "two.onnx")
    )
    record = FetchedRecord(
        name=model.name, repository=model.repository, revision="main", commit="0" * 40, files=files[: 1 + (not kept)]
    )
    record_path(folder, model.name).write_text(json.dumps(record.model_dump(mode="json")))
    assert ("dwpose" in entries_here(known, tmp_path, ())) is kept


@pytest.mark.parametrize(
    ("file", "entry"),
    [
        ("wan2.2_i2v_lightx2v_4steps_lora_v1_{}_noise.safetensors", "lightx2v-wan2.2-comfy"),
        ("lightx2v_i2v_14b_480p_cfg_step_distill_rank64_bf16.safetensors", "lightx2v-wan2.1-kijai"),
    ],
)
def test_loras_for_few_steps_are_known_by_the_names_that_comfyuis_users_have(
    tmp_path: Path, file: str, entry: str
) -> None:
    known = known_models()
    names = {file.format(noise) for noise in ("high", "low")}
    here = entries_here(known, tmp_path, names)
    assert entry in here
    parts = [part for state in kit_states([], here, known) for part in state.parts if part.optional]
    assert any(part.here for part in parts)
