"""How a model fits into memory, in the inspector and over the render button: said, changed, and kept for the model."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.preferences import Preferences
from svi_studio.document.render.bar_words import idle_words
from svi_studio.document.render.check_desk import CheckDesk
from svi_studio.document.render.offer import Busy, make_offer
from svi_studio.document.states import memory_fit
from svi_studio.domain.render import fitting
from svi_studio.domain.render.plan_wishes import NO_WISHES, PlanWishes
from svi_studio.domain.training.hardware import GraphicsCard, Hardware
from svi_studio.ui.inspector.film_memory import FilmMemory
from svi_studio.ui.inspector.memory_dialog import MemoryDialog
from tests.builders.open_films import open_new_film, storyboard
from tests.ui.inspector.conftest import show_inspector

CARD = GraphicsCard("NVIDIA GeForce RTX 4090", 24 << 30, 22 << 30)


def computer(monkeypatch: pytest.MonkeyPatch, card: GraphicsCard) -> None:
    found = Hardware("A processor", 8, 32 << 30, (card,), None, memory_free=24 << 30)
    monkeypatch.setattr(memory_fit, "hardware_without_us", lambda _folder: found)


@pytest.fixture(autouse=True)
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bundled model is told of as if it were a large one, on a computer with a large card."""
    monkeypatch.setattr(fitting, "is_worth_telling", lambda _needs: True)
    computer(monkeypatch, CARD)


def shown(qtbot: QtBot, film: OpenFilm) -> FilmMemory:
    panel = show_inspector(qtbot, film)
    film.selection.clear()
    film.states.read_facts()
    qtbot.waitUntil(lambda: film.memory.fitting is not None)
    return panel.film_page.memory


def test_it_says_how_the_model_fits(qtbot: QtBot, film: OpenFilm) -> None:
    part = shown(qtbot, film)
    assert part.isVisible()
    assert part.sentence.text().startswith("Fits: fp16, all of it stays on the card")


def test_a_new_look_sees_the_memory_that_other_programs_gave_back(
    qtbot: QtBot, film: OpenFilm, monkeypatch: pytest.MonkeyPatch
) -> None:
    computer(monkeypatch, GraphicsCard(CARD.name, CARD.memory, 1 << 20))
    part = shown(qtbot, film)
    assert not part.sentence.text().startswith("Fits: fp16, all of it stays on the card")
    computer(monkeypatch, CARD)
    desk = CheckDesk(film)
    with qtbot.waitSignal(desk.found):
        desk.look()
    qtbot.waitUntil(lambda: part.sentence.text().startswith("Fits: fp16, all of it stays on the card"))


def test_nobody_hears_of_a_small_model(qtbot: QtBot, film: OpenFilm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "is_worth_telling", lambda _needs: False)
    part = shown(qtbot, film)
    assert not part.isVisible()
    assert film.memory.worth_telling is None


def test_a_choice_counts_at_once_and_is_kept_for_the_model(qtbot: QtBot, film: OpenFilm, tmp_path: Path) -> None:
    preferences = Preferences(tmp_path / "window.ini")
    film.memory.keep_in(preferences)
    part = shown(qtbot, film)
    dialog = part.open_dialog()
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(film.memory.changed):
        dialog.boxes["resident_blocks"].chosen.emit(2)
    assert "2 of 4 blocks stay on the card" in dialog.said.text()
    assert part.field.help.text() == "As you chose it, not automatic."
    assert film.memory.wishes_of("svi-mini") == "blocks=2"
    preferences.sync()
    film.memory.keep_in(Preferences(preferences.file))
    assert film.memory.wishes == PlanWishes(resident_blocks=2)
    with qtbot.waitSignal(film.memory.changed):
        dialog.automatic.click()
    assert film.memory.wishes == NO_WISHES


def test_the_choices_are_those_of_the_model(qtbot: QtBot, film: OpenFilm) -> None:
    shown(qtbot, film)
    dialog = MemoryDialog(film.memory)
    qtbot.addWidget(dialog)
    assert set(dialog.boxes) == {
        "resident_blocks", "text_encoder", "image_encoder", "vae", "tiled_vae", "aside_for_pictures",
        "branches_at_once",
    }  # fmt: skip
    blocks = dialog.boxes["resident_blocks"]
    assert [blocks.itemText(index) for index in range(blocks.count())] == [
        "Automatic", "All", "3 / 4", "2 / 4", "1 / 4", "0 / 4",
    ]  # fmt: skip


@pytest.mark.parametrize("kept", ["nonsense", "[1]", '{"svi-mini": 3, "other": "bloks=2"}'])
def test_wishes_that_cannot_be_read_are_none(film: OpenFilm, tmp_path: Path, kept: str) -> None:
    preferences = Preferences(tmp_path / "window.ini")
    preferences.set_text("memory_plans", kept)
    film.memory.keep_in(preferences)
    assert film.memory.wishes == NO_WISHES


def test_the_render_bar_says_how_it_fits_before_a_render(qtbot: QtBot, film: OpenFilm) -> None:
    shown(qtbot, film)
    offer = make_offer(film, [(0, 2)], "final", Busy())
    said = idle_words(offer, fit=film.memory.worth_telling)
    assert said.detail.startswith("Fits: fp16, all of it stays on the card, about")
    assert "known after the first clip" not in said.detail


def test_what_does_not_fit_is_a_warning_with_what_would_help(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    computer(monkeypatch, GraphicsCard("A small card", 1 << 30, 1 << 20))
    film = open_new_film(tmp_path, storyboard(1))
    part = shown(qtbot, film)
    assert part.sentence.text().startswith("This model does not fit here: it needs")
    offer = make_offer(film, [(0, 0)], "final", Busy())
    said = idle_words(offer, fit=film.memory.worth_telling)
    assert (said.tone, said.detail) == ("warn", part.sentence.text())
