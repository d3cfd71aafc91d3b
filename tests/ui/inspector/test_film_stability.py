"""The stability of a film: a slider that is there where the model brings a LoRA for the family, and can be undone."""

import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.editing.edits import change_film
from svi_studio.resource_files import resource_path
from svi_studio.ui.inspector import InspectorPanel
from svi_studio.ui.inspector.film_stability import FilmStability
from tests.builders.open_films import open_new_film, storyboard
from tests.ui.inspector.conftest import show_inspector

MINI = resource_path("models") / "svi-mini"


@pytest.fixture(autouse=True)
def _steady_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bundled model under another name, with a LoRA for Film and none for Shot."""
    folder = tmp_path / "models" / "steady"
    (folder / "own").mkdir(parents=True)
    for part in MINI.iterdir():
        if part.name != "svi_model.json":
            (folder / part.name).symlink_to(part)
    card = json.loads((MINI / "svi_model.json").read_text())
    card |= {"name": "steady", "family_loras": {"film": "own/film.safetensors"}}
    (folder / "svi_model.json").write_text(json.dumps(card))
    raw = b'{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}'
    (folder / "own" / "film.safetensors").write_bytes(len(raw).to_bytes(8, "little") + raw + bytes(4))
    monkeypatch.setenv("SVI_MODELS", str(tmp_path / "models"))


def shown(qtbot: QtBot, film: OpenFilm) -> FilmStability:
    """The slider of ``film``, on the screen, its model read."""
    panel: InspectorPanel = show_inspector(qtbot, film)
    film.selection.clear()
    qtbot.waitUntil(lambda: film.states.facts is not None)
    return panel.film_page.stability


@pytest.fixture
def film(qtbot: QtBot, tmp_path: Path) -> OpenFilm:
    return open_new_film(tmp_path, storyboard(2, model="steady"))


def test_a_new_film_is_fully_stable(qtbot: QtBot, film: OpenFilm) -> None:
    part = shown(qtbot, film)
    assert part.isVisible()
    assert (part.weight.slider.value(), part.weight.slider.maximum()) == (100, 100)


def test_its_sentence_says_what_it_is_for(qtbot: QtBot, film: OpenFilm) -> None:
    assert "drifting" in shown(qtbot, film).field.help.text()


def test_off_says_what_may_happen(qtbot: QtBot, film: OpenFilm) -> None:
    part = shown(qtbot, film)
    part.weight.slider.setValue(0)
    assert part.field.help.text().startswith("Off")


def test_sliding_is_one_step_of_undo(qtbot: QtBot, film: OpenFilm) -> None:
    part = shown(qtbot, film)
    for position in (90, 60, 30):
        part.weight.slider.setValue(position)
    assert (film.document.storyboard.stability, film.document.undo_stack.count()) == (0.3, 1)
    film.document.undo_stack.undo()
    assert (film.document.storyboard.stability, part.weight.slider.value()) == (1.0, 100)


def test_a_family_for_which_the_model_brings_none_has_no_slider(qtbot: QtBot, film: OpenFilm) -> None:
    part = shown(qtbot, film)
    film.document.edit("x", lambda board: change_film(board, family="shot"))
    assert not part.isVisible()


def test_another_stability_makes_the_takes_stale(qtbot: QtBot, film: OpenFilm) -> None:
    part = shown(qtbot, film)
    film.states.settle()
    before = film.states.plan_hash("c1")
    part.weight.slider.setValue(50)
    film.states.settle()
    assert None not in (before, film.states.plan_hash("c1"))
    assert film.states.plan_hash("c1") != before


def test_a_lost_file_is_told_and_off_goes_on(qtbot: QtBot, tmp_path: Path, film: OpenFilm) -> None:
    (tmp_path / "models" / "steady" / "own" / "film.safetensors").unlink()
    part = shown(qtbot, film)
    film.states.settle()
    assert "lacks its LoRA" in film.states.refusal("c1")
    part.weight.slider.setValue(0)
    film.states.settle()
    assert film.states.refusal("c1") == ""
    assert film.states.plan_hash("c1") is not None


def test_a_film_that_can_only_be_read_keeps_it(qtbot: QtBot, film: OpenFilm) -> None:
    film.document.read_only_reason = "Another window has this film."
    assert not shown(qtbot, film).weight.isEnabled()
