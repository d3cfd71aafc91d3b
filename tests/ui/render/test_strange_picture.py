"""Beside the button: the film starts from a picture that its model cannot draw."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.render.bar import RenderBar
from tests.builders.open_films import theatre_picture
from tests.photographs import photograph_file
from tests.ui.render.conftest import Render

WARNING = "The bundled model draws only its paper theatre; your picture would fall apart."


def test_a_photograph_is_warned_of_beside_the_button_with_both_ways_on(
    qtbot: QtBot, bar: RenderBar, film: OpenFilm, actions: Actions, tmp_path: Path
) -> None:
    taken: list[str] = []
    for name in ("film.ready_made", "film.other_model"):
        actions.connect_action(name, lambda name=name: taken.append(name))
    film.commands.pictures.set_reference(photograph_file(tmp_path / "me.png"))
    qtbot.waitUntil(lambda: bar.detail.text() == WARNING, timeout=20_000)
    assert bar.button.isEnabled(), "it warns, it never forbids"
    assert bar.way_out.text() == "Ready-made picture…" and bar.other_model.isVisible()
    bar.way_out.click()
    bar.other_model.click()
    assert taken == ["film.ready_made", "film.other_model"]
    film.commands.pictures.set_reference(theatre_picture(tmp_path / "boat.png"))
    qtbot.waitUntil(lambda: bar.detail.text() != WARNING and not bar.other_model.isVisible(), timeout=20_000)


def test_who_has_seen_what_comes_of_it_is_not_warned_again(
    qtbot: QtBot, bar: RenderBar, film: OpenFilm, rendered: Render, tmp_path: Path
) -> None:
    film.commands.pictures.set_reference(photograph_file(tmp_path / "me.png"))
    qtbot.waitUntil(lambda: bar.detail.text() == WARNING, timeout=20_000)
    qtbot.waitUntil(lambda: film.states.job("c1") is not None, timeout=20_000)
    rendered("c1")
    qtbot.waitUntil(lambda: bar.detail.text() == "The other clip stays as it is.", timeout=20_000)
