"""From files that lie about to a model that films can choose: found, asked about, linked, listed, taken off again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.models.fetch_state import FetchState
from svi_studio.document.models.installed import shared_folders
from svi_studio.document.models.models_desk import ModelsDesk
from svi_studio.document.preferences import Preferences
from svi_studio.domain.film.filmable import Filmable
from svi_studio.weights.scan.usual_places import UsualPlace
from tests.builders.linkable_files import comfy, talk, transformer
from tests.builders.weights_trees import lora, safetensors

WAIT_MS = 60_000


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user with folders of his own; the models folder is returned."""
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("SVI_MODELS", str(tmp_path / "models"))
    monkeypatch.setattr("svi_studio.document.models.places.usual_places", lambda: ())
    return tmp_path / "models"


@pytest.fixture
def desk(qtbot: QtBot, places: Path, tmp_path: Path) -> Iterator[ModelsDesk]:
    made = ModelsDesk(Preferences(tmp_path / "window.ini"))
    yield made
    assert made.close()


def _look(qtbot: QtBot, desk: ModelsDesk) -> None:
    with qtbot.waitSignal(desk.changed, timeout=WAIT_MS):
        desk.look()


def _search(qtbot: QtBot, desk: ModelsDesk, folder: Path) -> tuple[Filmable, ...]:
    desk.search.look_through([folder])
    qtbot.waitUntil(lambda: desk.search.result is not None and not desk.search.is_searching, timeout=WAIT_MS)
    assert desk.search.result is not None
    return desk.search.result.filmables


def test_the_bundled_model_is_known_to_draw_its_theatre_alone(qtbot: QtBot, desk: ModelsDesk) -> None:
    _look(qtbot, desk)
    assert [(model.where, model.world) for model in desk.installed][:1] == [("bundled", True)]
    assert not desk.has_own_model and not any(state.is_ready for state in desk.kits)


def test_files_of_comfy_become_a_model_and_leave_the_list_again(
    qtbot: QtBot, desk: ModelsDesk, places: Path, tmp_path: Path
) -> None:
    tree = comfy(tmp_path / "ComfyUI" / "models")
    safetensors(tree / "loras" / "Snow.safetensors", lora(256))
    before = sorted(path for path in tree.rglob("*"))
    found = _search(qtbot, desk, tree)
    pro = next(each for each in found if each.architecture == "wan2.2-i2v-a14b")
    assert pro.ready
    with qtbot.waitSignal(desk.search.linked, timeout=WAIT_MS) as linked:
        desk.search.link(pro)
    assert linked.args[0].parent == places
    qtbot.waitUntil(lambda: desk.has_own_model, timeout=WAIT_MS)
    model = desk.installed[-1]
    assert model.where == "linked" and model.precision == "bf16" and "pro" in model.families
    assert model.transformer == {file for part in ("transformer", "transformer_2") for file in pro.parts[part].files}
    qtbot.waitUntil(lambda: [entry.title for entry in desk.loras] == ["Snow"], timeout=WAIT_MS)
    desk.unlink(model)
    qtbot.waitUntil(lambda: not desk.has_own_model, timeout=WAIT_MS)
    assert sorted(path for path in tree.rglob("*")) == before and not model.folder.exists()


def test_which_expert_a_file_is_is_asked_once(qtbot: QtBot, desk: ModelsDesk, tmp_path: Path) -> None:
    tree = comfy(tmp_path / "models_of_others")
    for each in (tree / "diffusion_models").glob("wan2.2_i2v*"):
        each.unlink()
    for number, name in enumerate(("first", "second")):
        safetensors(tree / "unet" / f"{name}.safetensors", transformer(), asides=bytes([number]))
    asking = next(each for each in _search(qtbot, desk, tree) if each.questions)
    experts = {question.choices[0].files[0]: question for question in asking.questions}
    for name, expert in (("first", "high"), ("second", "low")):
        question = next(each for file, each in experts.items() if name in file)
        with qtbot.waitSignal(desk.search.changed, timeout=WAIT_MS):
            desk.search.say_expert(question, "high" if expert == "high" else "low")
        qtbot.waitUntil(lambda: not desk.search.is_searching, timeout=WAIT_MS)
    result = desk.search.result
    assert result is not None
    pro = next(each for each in result.filmables if each.architecture == "wan2.2-i2v-a14b")
    assert pro.ready and "first" in pro.parts["transformer"].files[0]


def test_a_file_that_cannot_be_the_part_is_refused_in_a_sentence(
    qtbot: QtBot, desk: ModelsDesk, tmp_path: Path
) -> None:
    tree = comfy(tmp_path / "models_of_others")
    (tree / "vae" / "wan2.2_vae.safetensors").unlink()
    lacking = next(each for each in _search(qtbot, desk, tree) if each.missing)
    assert [(each.part, each.fetch) for each in lacking.missing] == [("vae", "wan2.2-vae")]
    with qtbot.waitSignal(desk.said, timeout=WAIT_MS) as said:
        desk.search.choose(lacking, "vae", tree / "clip_vision" / "clip_vision_h.safetensors")
    assert said.args[0] == "warn" and "not a VAE" in said.args[1]


def test_loras_are_compared_with_the_model_of_the_film(qtbot: QtBot, desk: ModelsDesk, places: Path) -> None:
    safetensors(places / "loras" / "For the theatre.safetensors", lora(160))
    safetensors(places / "loras" / "For Wan 14B.safetensors", lora(5120))
    safetensors(places / "loras" / "Flux.safetensors", {"double_blocks.0.img_attn.qkv.lora_A.weight": ("F16", (4, 4))})
    desk.set_film_model("svi-mini")
    desk.look()
    qtbot.waitUntil(lambda: len(desk.loras) == 3, timeout=WAIT_MS)
    found = {entry.title: entry for entry in desk.loras}
    assert not found["For the theatre"].unfit and "Wan 14B" in found["For Wan 14B"].unfit
    assert "Flux" in found["Flux"].problem


def test_a_broken_entry_of_the_catalogue_is_told_and_the_rest_still_shows(
    qtbot: QtBot, desk: ModelsDesk, tmp_path: Path
) -> None:
    own = tmp_path / "xdg_data_home" / "svi-studio" / "known_models"
    own.mkdir(parents=True)
    (own / "mine.json").write_text("{")
    _look(qtbot, desk)
    assert "mine.json" in desk.problem and desk.installed


def test_the_last_fetched_part_makes_a_model(
    qtbot: QtBot, desk: ModelsDesk, places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _look(qtbot, desk)
    tree = comfy(places / "parts")
    (tree / "diffusion_models" / "wan2.1_i2v_480p_14B_bf16.safetensors").unlink()
    for each in (tree / "diffusion_models").glob("wan2.2_i2v*"):
        each.unlink()
    with qtbot.waitSignal(desk.ready, timeout=WAIT_MS) as ready:
        desk.fetches.arrived.emit("wan2.2-vae")
    (model,) = (each for each in desk.installed if each.where == "linked")
    assert model.name == ready.args[0] and model.architecture == "wan2.2-ti2v-5b"
    assert shared_folders(model) == (tree,)


def test_a_whole_kit_becomes_a_model_though_its_lora_comes_last_and_another_fetch_is_paused(
    qtbot: QtBot, desk: ModelsDesk, places: Path, tmp_path: Path
) -> None:
    _look(qtbot, desk)
    kit = next(state for state in desk.kits if state.kit.name == "pro")
    names = kit.lacking[0]
    assert desk.fetches.models[names[-1]].purpose == "lora"
    for name in (*names, "dwpose"):
        desk.fetches.states[name] = FetchState(name, name)
    desk.fetches.pause("dwpose")
    tree = comfy(tmp_path / "whole")
    (tree / "diffusion_models" / "wan2.1_i2v_480p_14B_bf16.safetensors").unlink()
    (tree / "diffusion_models" / "wan2.2_ti2v_5B_fp16.safetensors").unlink()
    (places / "parts").parent.mkdir()
    tree.rename(places / "parts")
    with qtbot.waitSignal(desk.ready, timeout=WAIT_MS):
        for name in names:
            del desk.fetches.states[name]
            desk.fetches.arrived.emit(name)
    (model,) = (each for each in desk.installed if each.where == "linked")
    assert model.architecture == "wan2.2-i2v-a14b"


def test_a_part_that_was_stopped_is_not_waited_for(qtbot: QtBot, desk: ModelsDesk, places: Path) -> None:
    _look(qtbot, desk)
    tree = comfy(places / "parts")
    for each in (tree / "diffusion_models").glob("wan2.[12]_i2v*"):
        each.unlink()
    desk.fetches.states["clip-vision-h"] = FetchState("clip-vision-h", "It")
    desk.fetches.arrived.emit("wan2.2-vae")
    with qtbot.waitSignal(desk.ready, timeout=WAIT_MS):
        desk.fetches.pause("clip-vision-h")
    assert [each.architecture for each in desk.installed if each.where == "linked"] == ["wan2.2-ti2v-5b"]


def test_a_fetched_tokenizer_completes_the_model_of_files_elsewhere(
    qtbot: QtBot, desk: ModelsDesk, places: Path, tmp_path: Path
) -> None:
    tree = comfy(tmp_path / "ComfyUI" / "models", tokenizer=False)
    for each in (tree / "diffusion_models").glob("wan2.[12]_i2v*"):
        each.unlink()
    _search(qtbot, desk, tree)
    qtbot.waitUntil(lambda: any(state.filmable for state in desk.kits), timeout=WAIT_MS)
    state = next(state for state in desk.kits if state.kit.name == "pro5b")
    assert state.lacking[0] == ("umt5-tokenizer",)
    folder = places / desk.fetches.models["umt5-tokenizer"].folder
    folder.mkdir(parents=True)
    (folder / "tokenizer.json").write_text('{"extra": "<extra_id_299>"}')
    with qtbot.waitSignal(desk.ready, timeout=WAIT_MS):
        desk.fetches.arrived.emit("umt5-tokenizer")
    assert next(state for state in desk.kits if state.kit.name == "pro5b").is_ready


def test_what_the_user_chose_outlasts_the_next_arrival(qtbot: QtBot, desk: ModelsDesk, tmp_path: Path) -> None:
    tree = comfy(tmp_path / "models_of_others")
    away = (tree / "vae" / "wan2.2_vae.safetensors").rename(tmp_path / "elsewhere.safetensors")
    lacking = next(each for each in _search(qtbot, desk, tree) if each.missing)
    with qtbot.waitSignal(desk.search.changed, timeout=WAIT_MS):
        desk.search.choose(lacking, "vae", away)
    with qtbot.waitSignal(desk.search.changed, timeout=WAIT_MS):
        desk.search.sort_again()
    assert desk.search.result is not None and all(each.ready for each in desk.search.result.filmables)
    chosen = next(each for each in desk.search.result.filmables if each.architecture == lacking.architecture)
    assert chosen.parts["vae"].files == (str(away),)


def test_a_folder_that_comes_while_another_is_looked_through_has_its_turn_and_both_stay_in_the_library(
    qtbot: QtBot, desk: ModelsDesk, tmp_path: Path
) -> None:
    for name in ("Snow", "Rain"):
        safetensors(tmp_path / name / f"{name}.safetensors", lora(5120))
    desk.search.look_through([tmp_path / "Snow"])
    desk.search.look_through([tmp_path / "Rain"])
    qtbot.waitUntil(lambda: {entry.title for entry in desk.loras} == {"Snow", "Rain"}, timeout=WAIT_MS)
    assert desk.search.result is not None and desk.search.result.folders == (tmp_path / "Rain",)


def test_folders_of_other_programs_are_looked_through_again_at_the_next_start(
    qtbot: QtBot, desk: ModelsDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = tmp_path / "ComfyUI"
    safetensors(theirs / "Snow.safetensors", lora(5120))
    usual = (UsualPlace("ComfyUI", theirs),)
    monkeypatch.setattr("svi_studio.document.models.places.usual_places", lambda: usual)
    with qtbot.waitSignal(desk.places.changed, timeout=WAIT_MS):
        desk.places.look()
    _search(qtbot, desk, theirs)
    next_start = ModelsDesk(Preferences(tmp_path / "window.ini"))
    next_start.look_as_before()
    qtbot.waitUntil(lambda: [entry.title for entry in next_start.loras] == ["Snow"], timeout=WAIT_MS)
    assert next_start.close()


def test_folders_that_the_user_once_chose_are_looked_through_again(
    qtbot: QtBot, desk: ModelsDesk, tmp_path: Path
) -> None:
    safetensors(tmp_path / "mine" / "Snow.safetensors", lora(5120))
    desk.places.add(tmp_path / "mine")
    desk.places.add(tmp_path / "on a drive that is away")
    desk.look_as_before()
    qtbot.waitUntil(lambda: [entry.title for entry in desk.loras] == ["Snow"], timeout=WAIT_MS)
    assert desk.search.result is not None and desk.search.result.folders == (tmp_path / "mine",)


def test_a_linked_model_hears_once_the_sound_network_is_here(
    qtbot: QtBot, desk: ModelsDesk, places: Path, tmp_path: Path
) -> None:
    found = _search(qtbot, desk, comfy(tmp_path / "models_of_others"))
    desk.search.link(next(each for each in found if each.architecture == "wan2.1-i2v"))
    qtbot.waitUntil(lambda: desk.has_own_model, timeout=WAIT_MS)
    assert "talk" not in desk.installed[-1].families
    with qtbot.waitSignal(desk.said, timeout=WAIT_MS) as said:
        desk.let_hear()
    assert said.args[0] == "warn"
    talk(places / "talk")
    with qtbot.waitSignal(desk.ready, timeout=WAIT_MS):
        desk.let_hear()
    assert "talk" in desk.installed[-1].families
    assert sum(each.where != "bundled" for each in desk.installed) == 1
