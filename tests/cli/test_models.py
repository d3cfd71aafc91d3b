"""``svi-studio models``: what each model is, what it films and needs; what a film says whose model cannot film it."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from svi_studio.domain.render.memory_needs import StageWork
from svi_studio.domain.render.memory_plan import MemoryPlan
from svi_studio.domain.render.memory_use import LIBRARIES, card_use
from svi_studio.domain.render.model_shape import ClipSize
from svi_studio.engine.loading import model_part
from svi_studio.weights.memory_needs import read_memory_needs
from tests.builders.tiny_models import build_held_model, build_tiny_model, build_two_experts
from tests.cli.conftest import Run, write_storyboard


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder with one model of each architecture; read only."""
    folder = tmp_path_factory.mktemp("kinds")
    build_tiny_model(folder / "tiny-random")
    build_two_experts(folder / "tiny-two-experts")
    build_held_model(folder / "tiny-held")
    return folder


@pytest.fixture(autouse=True)
def of_each_kind(kinds: Path, own_world: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVI_MODELS", str(kinds))


def test_each_model_says_what_it_is_and_what_it_films(run: Run) -> None:
    lines = {line.partition(":")[0]: line for line in run("models", "list").out.splitlines()}
    assert "; Wan 2.1 I2V; films Shot, Film, Shot 2.0; about " in lines["tiny-random"]
    assert "; Wan 2.2 I2V A14B; films Pro; about " in lines["tiny-two-experts"]
    assert " of memory, " in lines["tiny-two-experts"] and " to keep both experts in it; " in lines["tiny-two-experts"]
    assert "; Wan 2.2 TI2V 5B; films Pro on 5B; about " in lines["tiny-held"]


def test_scripts_are_told_the_same(run: Run) -> None:
    found = {model["name"]: model for model in run("models", "list", "--json").events}
    two = found["tiny-two-experts"]
    assert (two["architecture"], two["films"], len(two["memory"])) == ("wan2.2-i2v-a14b", ["pro"], 2)
    assert found["tiny-held"]["films"] == ["pro5b"] and len(found["tiny-held"]["memory"]) == 1


def test_the_memory_of_a_model_is_what_memory_plans_count(run: Run, kinds: Path) -> None:
    found = {model["name"]: model["memory"] for model in run("models", "list", "--json").events}
    for name, memory in ((name, found[name]) for name in ("tiny-random", "tiny-two-experts", "tiny-held")):
        needs = read_memory_needs(kinds / name, ClipSize(48, 32, 9))
        everything = MemoryPlan(other_expert="waiting")
        work = replace(needs, work=StageWork())
        assert memory[0] == card_use(everything, work)["denoising"] - LIBRARIES
        both = card_use(MemoryPlan(), work)["denoising"] - LIBRARIES
        assert memory[-1] == both


def test_a_model_that_cannot_be_used_says_why_in_the_list(
    run: Run, kinds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken" / "one-expert"
    shutil.copytree(kinds / "tiny-two-experts", broken)
    shutil.rmtree(broken / "transformer_2")
    (broken / "model_index.json").unlink()
    monkeypatch.setenv("SVI_MODELS", str(broken.parent))
    assert "tiny-two-experts: The model tiny-two-experts needs two experts and has one" in run("models", "list").out


def test_what_a_stranger_called_a_model_is_one_line_of_plain_letters(
    run: Run, kinds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = tmp_path / "strange" / "one"
    shutil.copytree(kinds / "tiny-random", named)
    card = json.loads((named / "svi_model.json").read_text())
    (named / "svi_model.json").write_text(json.dumps({**card, "title": "Good\x1b]0;owned\x07\u202e\nsvi-mini: mine"}))
    monkeypatch.setenv("SVI_MODELS", str(named.parent))
    lines = run("models", "list").out.splitlines()
    assert not any(line.startswith("svi-mini: mine") for line in lines)
    assert any("Good\ufffd]0;owned\ufffd\ufffd\ufffdsvi-mini: mine" in line for line in lines)


@pytest.mark.parametrize(
    ("model", "family", "sentence"),
    [
        ("tiny-two-experts", "film", "Film is for Wan 2.1 I2V, and '{}' is Wan 2.2 I2V A14B: choose Pro, or another"),
        ("tiny-held", "pro", "Pro is for Wan 2.2 I2V A14B, and '{}' is Wan 2.2 TI2V 5B: choose Pro on 5B, or another"),
        ("tiny-random", "pro5b", "Pro on 5B is for Wan 2.2 TI2V 5B, and '{}' is Wan 2.1 I2V: choose Shot, "),
    ],
)
def test_a_film_that_its_model_cannot_make_is_refused_before_anything_is_loaded(
    run: Run, monkeypatch: pytest.MonkeyPatch, model: str, family: str, sentence: str
) -> None:
    monkeypatch.setattr(model_part, "build_network", lambda *_: pytest.fail("a network was built"))
    ended = run("render", write_storyboard(Path("story.json"), family=family, model=model), "-o", "film.mp4")
    assert ended.code != 0 and sentence.format(model) in ended.err


def test_exchanged_experts_stop_a_render_before_anything_is_loaded(
    run: Run, kinds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_part, "build_network", lambda *_: pytest.fail("a network was built"))
    folder = Path(shutil.copytree(kinds / "tiny-two-experts", tmp_path / "two"))
    weights = folder / "transformer" / "diffusion_pytorch_model.safetensors"
    weights.rename(tmp_path / "wan2.2_i2v_low_noise_14B.safetensors")
    weights.symlink_to(tmp_path / "wan2.2_i2v_low_noise_14B.safetensors")
    ended = run("render", write_storyboard(Path("story.json")), "-o", "film.mp4", "--model", folder)
    assert ended.code != 0 and "seem to be exchanged" in ended.err


@pytest.mark.parametrize(("model", "family"), [("tiny-two-experts", "pro"), ("tiny-held", "pro5b")])
def test_models_of_wan_2_2_make_films(run: Run, model: str, family: str) -> None:
    """Pro drops the first five frames of each later clip: the anchor, and the four that the clip before ends with."""
    ended = run("render", write_storyboard(Path("story.json"), family=family, model=model), "-o", "film.mp4")
    assert ended.code == 0, ended.err
    assert "17 frames); 3 clips rendered" in ended.out
    jobs = [json.loads(manifest.read_text())["job"] for manifest in Path("film.svi/takes").glob("*/manifest.json")]
    assert [job.get("boundary") for job in jobs] == 3 * [0.9 if family == "pro" else None]
