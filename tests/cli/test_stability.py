"""A model's own LoRA for a family: in every film of that family, as strongly as the film says, and shown."""

import json
from pathlib import Path
from typing import Any

import pytest

from svi_studio.cli import main
from tests.cli.conftest import Run, write_small_lora, write_storyboard
from tests.cli.test_render import pixels, take_hashes

NEW = {"schema_version": 3, "model": "steady"}


@pytest.fixture(autouse=True)
def steady(own_world: None, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny model under another name, with a LoRA for Film and none for Shot."""
    tiny, folder = models / "tiny-random", tmp_path / "models" / "steady"
    folder.mkdir(parents=True)
    for part in tiny.iterdir():
        if part.name != "svi_model.json":
            (folder / part.name).symlink_to(part)
    (folder / "loras").mkdir()
    write_small_lora(folder / "loras" / "svi-film.safetensors", tiny, change=0.3)
    card = json.loads((tiny / "svi_model.json").read_text())
    card |= {"name": "steady", "family_loras": {"film": "loras/svi-film.safetensors"}}
    (folder / "svi_model.json").write_text(json.dumps(card))
    monkeypatch.setenv("SVI_MODELS", str(folder.parent))
    return folder


def story(**changes: Any) -> Path:
    return write_storyboard(Path("story.json"), clips=1, **(NEW | changes))


def test_a_film_is_rendered_with_it(run: Run) -> None:
    assert run("render", story(), "-o", "with.mp4").code == 0
    assert run("render", story(), "-o", "without.mp4", "--stability", "0").code == 0
    assert (pixels(Path("with.mp4")) != pixels(Path("without.mp4"))).any()


def test_it_is_the_same_as_the_films_own_lora(run: Run, steady: Path) -> None:
    """Merged in the same way: even the take is the same one, which is then not rendered again."""
    run("render", story(), "-o", "film.mp4", "--stability", "0.5")
    Path("own.safetensors").write_bytes((steady / "loras" / "svi-film.safetensors").read_bytes())
    ended = run("render", story(stability=0.0, loras=[{"file": "own.safetensors", "weight": 0.5}]), "-o", "film.mp4")
    assert "0 clips rendered, 1 reused" in ended.out, ended.err


def test_off_makes_the_takes_that_the_model_makes_alone(run: Run, steady: Path) -> None:
    run("render", story(stability=0.0), "-o", "film.mp4")
    card = steady / "svi_model.json"
    card.write_text(json.dumps(json.loads(card.read_text()) | {"family_loras": {}}))
    assert "0 clips rendered, 1 reused" in run("render", story(), "-o", "film.mp4").out


def test_a_film_of_an_earlier_version_stays_as_it_was(run: Run) -> None:
    run("render", story(schema_version=2), "-o", "film.mp4")
    before = take_hashes()
    run("render", story(stability=0.0), "-o", "film.mp4")
    assert take_hashes() == before


def test_info_says_how_strong_it_is(run: Run) -> None:
    assert "Stability: 1, by the LoRA that steady brings for the family film" in run("info", story()).out


def test_info_says_that_it_is_off(run: Run) -> None:
    assert "Stability: off" in run("info", story(), "--stability", "0").out


def test_info_says_nothing_where_there_is_none(run: Run) -> None:
    assert "Stability" not in run("info", story(family="shot")).out


def test_info_in_json_has_the_number(run: Run) -> None:
    (facts,) = run("info", story(stability=0.25), "--json").events
    assert facts["stability"] == 0.25


def test_a_lost_file_is_one_sentence(run: Run, steady: Path) -> None:
    (steady / "loras" / "svi-film.safetensors").unlink()
    ended = run("render", story(), "-o", "film.mp4")
    assert ended.code != 0
    assert ended.err.splitlines()[-1] == (
        'The model steady lacks its LoRA "loras/svi-film.safetensors" for the family film; get the model again, '
        "or set the film's stability to 0."
    )


def test_without_its_lost_file_the_film_is_rendered_when_it_is_off(run: Run, steady: Path) -> None:
    (steady / "loras" / "svi-film.safetensors").unlink()
    assert run("render", story(), "-o", "film.mp4", "--stability", "0").code == 0


def test_a_pickle_in_its_place_is_not_opened(run: Run, steady: Path) -> None:
    (steady / "loras" / "svi-film.safetensors").write_bytes(b"\x80\x04" + bytes(64))
    ended = run("info", story())
    assert (ended.code != 0, "pickle" in ended.err) == (True, True)


def test_one_that_does_not_fit_the_model_is_refused(run: Run, steady: Path, models: Path) -> None:
    config = models / "tiny-random" / "transformer" / "config.json"
    wide = steady.parent / "wide"
    (wide / "transformer").mkdir(parents=True)
    content = json.loads(config.read_text())
    (wide / "transformer" / "config.json").write_text(json.dumps(content | {"num_attention_heads": 7}))
    write_small_lora(steady / "loras" / "svi-film.safetensors", wide)
    ended = run("render", story(), "-o", "film.mp4")
    assert (ended.code, "made for another architecture" in ended.err) == (3, True)


@pytest.mark.parametrize("text", ["3", "-1", "a lot", "nan", "1e0"])
def test_a_stability_that_cannot_be_is_told(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", str(story()), f"--stability={text}"]) == 2
    assert "is not a stability: use a number from 0 to 2" in capsys.readouterr().err
