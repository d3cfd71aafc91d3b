"""Speed recipes on the command line: listed with their costs, used with their files, refused in one sentence."""

import json
from pathlib import Path
from typing import Any

import pytest
from safetensors.numpy import load_file, save_file

from svi_studio.cli.film_recipe import with_recipe
from svi_studio.domain.film.own_recipes import ChosenLora, OwnRecipes
from svi_studio.domain.film.speed_recipe import SpeedRecipe
from svi_studio.project.film.film_source import open_film
from svi_studio.project.film.recipes_file import recipes_path, write_recipes
from svi_studio.project.media.lora_import import film_file
from tests.cli.conftest import Run, write_small_lora, write_storyboard

NAME = "wan2.1_i2v_lora_rank64_lightx2v_4step.safetensors"


@pytest.fixture
def lora(models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A models folder of its own with the tiny model, and a distilled LoRA beside it."""
    folder = tmp_path / "mine"
    (folder / "loras").mkdir(parents=True)
    (folder / "tiny-random").symlink_to(models / "tiny-random")
    monkeypatch.setenv("SVI_MODELS", str(folder))
    return write_small_lora(folder / "loras" / NAME, models / "tiny-random")


def job(project: str) -> dict[str, Any]:
    (manifest,) = Path(project).glob("takes/*/manifest.json")
    found: dict[str, Any] = json.loads(manifest.read_text())["job"]
    return found


def test_they_are_listed_with_what_they_cost(run: Run, storyboard: Path) -> None:
    ended = run("recipes", storyboard)
    lines = ended.out.splitlines()
    assert lines[0] == "full: Full; 2 steps, guidance 2, shift 5; a clip is 4 passes through the model"
    assert lines[1].endswith("1 step, guidance 2, shift 5; a clip is 2 passes through the model, 50% of Full's")


def test_what_is_missing_is_said_with_where_it_is_found(run: Run, storyboard: Path) -> None:
    said = run("recipes", storyboard).out
    assert "needs a distilled LoRA: lightx2v/Wan2.1-Distill-Loras on huggingface.co has" in said


def test_in_json_they_have_their_numbers(run: Run, storyboard: Path, lora: Path) -> None:
    found = {each["name"]: each for each in run("recipes", storyboard, "--json").events}
    assert (found["fast4"]["calls"], found["fast4"]["full"], found["fast4"]["missing"]) == (4, 4, [])


def test_a_film_is_rendered_fast_with_the_file_that_is_found(run: Run, lora: Path) -> None:
    board = write_storyboard(Path("story.json"), clips=1)
    ended = run("render", board, "-o", "film.mp4", "--recipe", "FAST4")
    assert ended.code == 0, ended.err
    made = job("film.svi")
    assert (made["num_inference_steps"], made["guidance_scale"], made["loras"][0][2]) == (4, 1.0, 1.0)
    assert "0 clips rendered, 1 reused" in run("render", board, "-o", "film.mp4", "--recipe", "Fast: 4 steps").out
    assert "passes through the model in about" in run("recipes", "film.svi").out


def test_a_new_project_has_the_recipe_and_its_file(run: Run, lora: Path) -> None:
    assert run("new", "one.svi", "--model", "tiny-random", "--recipe", "fast8", "--clips", "1").code == 0
    board = json.loads(Path("one.svi/project.json").read_text())
    board = board.get("storyboard", board)
    assert (board["num_inference_steps"], board["guidance_scale"]) == (8, 1.0)
    assert (Path("one.svi") / board["loras"][0]["file"]).read_bytes() == lora.read_bytes()


def test_a_model_for_few_steps_gets_its_recipe_without_a_file(
    run: Run, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "tiny-lightx2v-4steps").symlink_to(models / "tiny-random")
    monkeypatch.setenv("SVI_MODELS", str(folder))
    board = write_storyboard(Path("story.json"), model="tiny-lightx2v-4steps", clips=1)
    listed = run("recipes", board).out
    assert "fast4: Fast: 4 steps; 4 steps, guidance 1, shift 5" in listed and "needs a distilled LoRA" not in listed
    ended = run("info", board, "--recipe", "fast4", "--json")
    assert (ended.code, json.loads(ended.out)["questions"]) == (0, [])


def test_a_file_that_was_chosen_by_hand_goes_out_with_its_recipe_whatever_it_is_called(
    run: Run, models: Path, tmp_path: Path
) -> None:
    """Neither its name nor its notes say that it is for few steps."""
    plain = write_small_lora(tmp_path / "mystery.safetensors", models / "tiny-random")
    save_file(load_file(plain), plain, {"modelspec.title": "Quick"})
    write_recipes(recipes_path(), OwnRecipes().remember(ChosenLora(file=str(plain))))
    try:
        assert run("new", "one.svi", "--model", "tiny-random", "--recipe", "fast8", "--clips", "1").code == 0
        film = open_film(Path("one.svi"))
        (use,) = film.storyboard.loras
        assert (use.label, use.file) == ("Quick", film_file(plain))
        again = with_recipe(film, "fast4")
        assert (again.loras, again.num_inference_steps) == ((use,), 4)
        assert with_recipe(film, "full").loras == ()
        write_recipes(recipes_path(), OwnRecipes().remember(ChosenLora(file="/gone", film_file=use.file)))
        assert with_recipe(film, "full").loras == (), "its content is known though it is gone"
    finally:
        recipes_path().unlink()


def test_a_recipe_without_its_file_makes_no_project(run: Run) -> None:
    ended = run("new", "one.svi", "--model", "tiny-random", "--recipe", "fast8")
    assert (ended.code, len(ended.err.splitlines())) == (2, 1)
    assert "needs a distilled LoRA" in ended.err
    assert not Path("one.svi").exists()


def test_a_family_that_the_model_cannot_film_makes_no_project(run: Run) -> None:
    ended = run("new", "one.svi", "--model", "tiny-random", "--family", "pro")
    assert (ended.code, len(ended.err.splitlines())) == (2, 1)
    assert "Pro is for Wan 2.2 I2V A14B" in ended.err
    assert not Path("one.svi").exists()


def test_one_that_is_not_there_is_told_with_those_that_are(run: Run, storyboard: Path) -> None:
    ended = run("info", storyboard, "--recipe", "warp")
    assert ended.code == 2
    assert "choose one of full, fewer, fast4, fast8" in ended.err


def test_recipes_that_the_user_kept_can_be_used(run: Run, storyboard: Path) -> None:
    write_recipes(recipes_path(), OwnRecipes().keep(SpeedRecipe(name="Quick look", num_inference_steps=1)))
    try:
        assert "Quick look: Quick look; 1 step" in run("recipes", storyboard).out
        assert "in 3 steps" in run("info", storyboard, "--recipe", "quick look").out
    finally:
        recipes_path().unlink()


def test_damaged_recipes_are_one_sentence(run: Run, storyboard: Path) -> None:
    recipes_path().parent.mkdir(parents=True, exist_ok=True)
    recipes_path().write_text('{"recipes": [')
    try:
        ended = run("recipes", storyboard)
    finally:
        recipes_path().unlink()
    assert (ended.code, len(ended.err.splitlines())) == (2, 1)
    assert "repair the file, or remove it" in ended.err


def test_shift_and_motion_come_into_the_takes_that_are_asked_for(run: Run) -> None:
    board = write_storyboard(Path("story.json"), clips=1)
    assert run("render", board, "-o", "film.mp4", "--shift", "8", "--motion-amplitude", "1.2").code == 0
    made = job("film.svi")
    assert made["shift"] == 8.0
    assert made["motion_amplitude"] == 1.2


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("--shift=0", "is not a shift of the noise schedule"),
        ("--boundary=1", "is not a noise level"),
        ("--motion-amplitude=3", "is not a motion amplitude: use a number from 1 to 2"),
    ],
)
def test_numbers_that_cannot_be_are_told(run: Run, storyboard: Path, option: str, words: str) -> None:
    ended = run("info", storyboard, option)
    assert (ended.code, words in ended.err) == (2, True)
