"""From files that lie about to a model that films can choose: found, asked about, linked, listed, taken off again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.models.installed import shared_folders
from svi_studio.document.models.models_desk import ModelsDesk
from svi_studio.document.preferences import Preferences
from svi_studio.domain.film.filmable import Filmable
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
    assert "talk" in desk.installed[-1].families and len(desk.installed) == 2
