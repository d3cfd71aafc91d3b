"""The row Speed: recipes that fit, what the chosen one costs, files that are asked for, recipes of one's own."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.editing.edits import change_clip, change_film
from svi_studio.domain.film.speed_recipe import SpeedRecipe
from svi_studio.project.film.recipes_file import recipes_path
from svi_studio.ui.inspector import InspectorPanel
from svi_studio.ui.inspector.film_speed import FilmSpeed
from svi_studio.ui.inspector.recipe_dialogs import NameDialog
from tests.builders.header_files import entry, write_safetensors
from tests.builders.open_films import open_new_film, storyboard
from tests.ui.inspector.conftest import show_inspector
from tests.ui.inspector.test_film_stability import MINI

NAME = "wan2.1_i2v_lora_rank64_lightx2v_4step"


def distilled_lora(path: Path, width: int = 160, title: str = "") -> Path:
    """A LoRA for a Wan of that width, which is distilled, as its name may say; ``title``: that of its own notes."""
    names = [f"diffusion_model.blocks.0.self_attn.q.lora_{side}.weight" for side in ("down", "up")]
    sizes = ([4, width], [width, 4])
    length = 16 * width
    header = {
        name: entry(size, k * length, (k + 1) * length) for k, (name, size) in enumerate(zip(names, sizes, strict=True))
    }
    notes = {"__metadata__": {"modelspec.title": title}} if title else {}
    return write_safetensors(path, notes | header, bytes(2 * length))


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A models folder with a model like Wan 2.1: the bundled one, of any world."""
    folder = tmp_path / "models"
    (folder / "wide").mkdir(parents=True)
    for part in MINI.iterdir():
        if part.name != "svi_model.json":
            (folder / "wide" / part.name).symlink_to(part)
    card = json.loads((MINI / "svi_model.json").read_text())
    (folder / "wide" / "svi_model.json").write_text(json.dumps(card | {"name": "wide", "world": None}))
    monkeypatch.setenv("SVI_MODELS", str(folder))
    yield folder
    recipes_path().unlink(missing_ok=True)


@pytest.fixture
def film(qtbot: QtBot, tmp_path: Path, models: Path) -> OpenFilm:
    return open_new_film(tmp_path, storyboard(2, model="wide"))


def shown(qtbot: QtBot, film: OpenFilm) -> FilmSpeed:
    """The row of ``film``, on the screen, its model read."""
    panel: InspectorPanel = show_inspector(qtbot, film)
    film.selection.clear()
    qtbot.waitUntil(lambda: film.states.facts is not None)
    film.states.settle()
    speed = panel.film_page.speed
    speed.show_state()
    return speed


def lines(speed: FilmSpeed) -> list[str]:
    return [speed.choice.itemText(index) for index in range(speed.choice.count())]


def choose(speed: FilmSpeed, name: str) -> None:
    values = [choice.value for choice in speed.choice._choices]
    value = next(each for each in values if isinstance(each, SpeedRecipe) and each.name == name)
    speed.choice.setCurrentIndex(values.index(value))
    speed.choice.activated.emit(values.index(value))


def test_a_new_film_is_full(qtbot: QtBot, film: OpenFilm) -> None:
    speed = shown(qtbot, film)
    assert speed.choice.currentText() == "Full"
    assert "40 passes through the model a clip" in speed.field.help.text()
    assert lines(speed)[1:3] == ["Fewer steps · 40 % of the work", "Fast: 4 steps (needs files…)"]


def test_fewer_steps_are_one_step_of_undo(qtbot: QtBot, film: OpenFilm) -> None:
    speed = shown(qtbot, film)
    choose(speed, "fewer")
    assert (film.document.storyboard.num_inference_steps, speed.choice.currentText()[:5]) == (8, "Fewer")
    assert "16 passes through the model a clip instead of 40" in speed.field.help.text()
    film.document.undo_stack.undo()
    assert (film.document.storyboard.num_inference_steps, speed.choice.currentText()) == (None, "Full")


def test_other_values_are_the_films_own_and_can_be_kept(qtbot: QtBot, film: OpenFilm) -> None:
    speed = shown(qtbot, film)
    film.document.edit("x", lambda board: change_film(board, num_inference_steps=11, shift=3.0))
    assert speed.choice.currentText() == "Own settings"
    speed.keep.trigger()
    dialog = next(each for each in QApplication.topLevelWidgets() if isinstance(each, NameDialog))
    dialog.name.setText("full")
    dialog.accept()
    assert "already" in dialog.problem.text()
    dialog.name.setText("Night")
    dialog.accept()
    assert speed.choice.currentText().startswith("Night")
    assert "Night" in recipes_path().read_text()
    choose(speed, "full")
    choose(speed, "Night")
    assert (film.document.storyboard.num_inference_steps, film.document.storyboard.shift) == (11, 3.0)
    speed.remove.trigger()
    assert speed.choice.currentText() == "Own settings"


def test_a_recipe_without_its_file_asks_for_it_and_is_used_with_it(
    qtbot: QtBot, film: OpenFilm, tmp_path: Path
) -> None:
    speed = shown(qtbot, film)
    recipe = next(each for each in speed._recipes.recipes if each.name == "fast4")
    dialog = speed.ask_for_files(recipe)
    assert "lightx2v/Wan2.1-Distill-Loras on huggingface.co has" in dialog.sentence.text()
    assert not dialog.ok.isEnabled()
    dialog.rows[0].take(distilled_lora(tmp_path / "wan2.2_high_noise_4steps.safetensors"))
    qtbot.waitUntil(lambda: dialog.rows[0].problem.text() != "")
    assert "another kind of model" in dialog.rows[0].problem.text()
    dialog.rows[0].take(distilled_lora(tmp_path / f"{NAME}.safetensors"))
    qtbot.waitUntil(dialog.ok.isEnabled)
    dialog.accept()
    qtbot.waitUntil(lambda: film.document.storyboard.loras != ())
    board = film.document.storyboard
    assert (board.num_inference_steps, board.guidance_scale, board.loras[0].label) == (4, 1.0, NAME)
    assert film.document.undo_stack.count() == 1
    qtbot.waitUntil(lambda: speed.choice.currentText().startswith("Fast: 4 steps"))
    choose(speed, "full")
    assert film.document.storyboard.loras == ()


def test_a_file_that_says_nothing_goes_out_with_its_recipe_all_the_same(
    qtbot: QtBot, film: OpenFilm, tmp_path: Path
) -> None:
    speed = shown(qtbot, film)
    recipe = next(each for each in speed._recipes.recipes if each.name == "fast4")
    dialog = speed.ask_for_files(recipe)
    dialog.rows[0].take(distilled_lora(tmp_path / "mystery.safetensors", title="Quick"))
    qtbot.waitUntil(dialog.ok.isEnabled)
    dialog.accept()
    qtbot.waitUntil(lambda: film.document.storyboard.loras != ())
    assert film.document.storyboard.loras[0].label == "Quick"
    qtbot.waitUntil(lambda: speed.choice.currentText().startswith("Fast: 4 steps"))
    choose(speed, "full")
    assert film.document.storyboard.loras == ()


def test_a_model_for_few_steps_needs_no_files_and_is_told_of(qtbot: QtBot, tmp_path: Path, models: Path) -> None:
    (models / "wide").rename(models / "wide-lightx2v-4steps")
    speed = shown(qtbot, open_new_film(tmp_path, storyboard(2, model="wide-lightx2v-4steps")))
    assert not any("needs files" in line for line in lines(speed))
    choose(speed, "fast4")
    assert speed.choice.currentText().startswith("Fast: 4 steps")
    assert speed.field.help.text().startswith("The film's model is made for so few steps.")
    assert not speed.rename.isEnabled(), "it is none of the user's own"


def test_files_in_the_models_folder_are_found_by_their_names(qtbot: QtBot, film: OpenFilm, models: Path) -> None:
    distilled_lora(models / "loras" / f"{NAME}.safetensors")
    speed = shown(qtbot, film)
    qtbot.waitUntil(lambda: any(line.startswith("Fast: 4 steps · 10 %") for line in lines(speed)))


def test_a_file_that_does_not_fit_is_told_and_changes_nothing(qtbot: QtBot, film: OpenFilm, models: Path) -> None:
    distilled_lora(models / "loras" / f"{NAME}.safetensors", width=96)
    speed = shown(qtbot, film)
    qtbot.waitUntil(lambda: not speed._recipes.missing(speed._recipes.recipes[2]))
    before = film.document.storyboard
    choose(speed, "fast4")
    qtbot.waitUntil(lambda: speed.problem.text() != "")
    assert "LoRA for a model of width 96" in speed.problem.text()
    assert film.document.storyboard == before


def test_the_bundled_model_has_none_with_loras(qtbot: QtBot, tmp_path: Path, models: Path) -> None:
    speed = shown(qtbot, open_new_film(tmp_path, storyboard(2)))
    assert len(lines(speed)) == 2
    assert not speed.files.isEnabled()


def test_clips_with_steps_of_their_own_are_told(qtbot: QtBot, film: OpenFilm) -> None:
    speed = shown(qtbot, film)
    film.document.edit("x", lambda board: change_clip(board, "c1", num_inference_steps=3))
    speed.show_state()
    assert "1 clip has steps or guidance of its own." in speed.field.help.text()


def test_damaged_recipes_are_not_overwritten(qtbot: QtBot, film: OpenFilm) -> None:
    recipes_path().parent.mkdir(parents=True, exist_ok=True)
    recipes_path().write_text("{")
    speed = shown(qtbot, film)
    qtbot.waitUntil(lambda: speed._recipes.file.problem != "")
    assert "repair the file" in speed._recipes.keep("Night")
    assert recipes_path().read_text() == "{"


def test_a_film_that_can_only_be_read_keeps_its_speed(qtbot: QtBot, film: OpenFilm) -> None:
    film.document.read_only_reason = "Another window has this film."
    speed = shown(qtbot, film)
    assert not speed.choice.isEnabled()
