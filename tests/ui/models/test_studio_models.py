"""Models in the running program: from every window to theirs, and from there into the film."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from svi_studio.document.models.fetch_state import FetchState
from svi_studio.ui.models.kit_card import KitCard
from svi_studio.ui.studio import Studio
from tests.builders.linkable_files import comfy
from tests.builders.weights_trees import lora, safetensors
from tests.ui.shell.conftest import OpenWindow, open_window, preferences, studio
from tests.ui.shell.test_studio import make_film

WAIT_MS = 60_000
__all__ = ["open_window", "preferences", "studio"]


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("SVI_MODELS", str(tmp_path / "models"))
    monkeypatch.setattr("svi_studio.document.models.places.usual_places", lambda: ())
    return tmp_path / "models"


def test_the_welcome_says_what_the_bundled_model_draws_and_leads_to_others(
    qtbot: QtBot, models: Path, studio: Studio
) -> None:
    studio.start()
    assert studio.welcome is not None
    welcome = studio.welcome.window
    qtbot.waitUntil(lambda: "paper theatre" in welcome.small_model.text(), timeout=WAIT_MS)
    welcome.models_wanted.emit()
    window = studio.open_models().window
    assert window is not None and window.isVisible()
    qtbot.waitUntil(lambda: studio.open_models().desk.has_looked, timeout=WAIT_MS)


def test_a_lora_goes_from_the_library_into_the_film(
    qtbot: QtBot, models: Path, studio: Studio, open_window: OpenWindow, tmp_path: Path
) -> None:
    path = safetensors(models / "loras" / "Limelight.safetensors", lora(160))
    path.with_suffix(".json").write_text('{"preferred weight": 0.6}')
    film = open_window(make_film(tmp_path))
    film.actions_table.action("film.loras").trigger()
    programme = studio.open_models(film)
    window = programme.window
    assert window is not None and window.pages.currentWidget() is window.loras
    qtbot.waitUntil(lambda: bool(programme.desk.loras), timeout=WAIT_MS)
    window.loras.detail.add.click()
    qtbot.waitUntil(lambda: bool(film.film.document.storyboard.loras), timeout=WAIT_MS)
    (use,) = film.film.document.storyboard.loras
    assert (use.label, use.weight) == ("Limelight", 0.6)
    window.loras.detail.add.click()
    qtbot.waitUntil(lambda: "already has" in window.banners.shown["said"].text, timeout=WAIT_MS)


def test_weights_dropped_on_a_film_are_told_what_they_are(
    qtbot: QtBot, models: Path, studio: Studio, open_window: OpenWindow, tmp_path: Path
) -> None:
    film = open_window(make_film(tmp_path))
    film.dropped.emit([safetensors(tmp_path / "some.safetensors", lora(160))])
    window = studio.open_models(film).window
    assert window is not None
    qtbot.waitUntil(lambda: window.asked is not None, timeout=WAIT_MS)
    assert window.asked is not None
    dialog = window.asked
    qtbot.waitUntil(lambda: dialog.kind.text() == "LoRA", timeout=WAIT_MS)
    dialog.reject()


def test_the_list_of_models_in_the_inspector_leads_to_more(
    qtbot: QtBot, models: Path, studio: Studio, open_window: OpenWindow, tmp_path: Path
) -> None:
    film = open_window(make_film(tmp_path))
    look = film.parts.inspector.film_page.look  # type: ignore[attr-defined]
    before = look.model.currentText()
    last = look.model.count() - 1
    assert look.model.itemText(last) == "Get or find more models…"
    look.model.setCurrentIndex(last)
    look.model.activated.emit(last)
    assert studio.open_models(film).is_open and look.model.currentText() == before
    qtbot.waitUntil(lambda: studio.open_models().desk.has_looked, timeout=WAIT_MS)


def test_the_program_asks_before_it_cuts_off_what_is_coming(qtbot: QtBot, models: Path, studio: Studio) -> None:
    studio.start()
    programme = studio.open_models()
    programme.desk.fetches.states["it"] = FetchState("it", "It", "coming")
    ends: list[bool] = []
    studio.finished.connect(lambda: ends.append(True))
    studio.quit()
    box = next(each for each in QApplication.topLevelWidgets() if isinstance(each, QMessageBox) and each.isVisible())
    assert box.text() == "A model is still coming" and not ends
    next(each for each in box.buttons() if each.text() == "Stop it and quit").click()
    qtbot.waitUntil(lambda: bool(ends), timeout=WAIT_MS)


def test_a_film_is_made_with_a_whole_kit_by_one_press(
    qtbot: QtBot, models: Path, studio: Studio, open_window: OpenWindow, tmp_path: Path
) -> None:
    tree = comfy(tmp_path / "ComfyUI" / "models")
    for expert in ("low", "high"):
        safetensors(tree / "loras" / f"SVI_Wan2.2-I2V-A14B_{expert}_noise_lora_v2.0_pro.safetensors", lora(256))
    film = open_window(make_film(tmp_path))
    programme = studio.open_models(film)
    desk, window = programme.desk, programme.window
    assert window is not None
    window.take([tree])
    qtbot.waitUntil(lambda: desk.search.result is not None and not desk.search.is_searching, timeout=WAIT_MS)
    assert desk.search.result is not None
    desk.search.link(next(each for each in desk.search.result.filmables if each.architecture == "wan2.2-i2v-a14b"))
    qtbot.waitUntil(lambda: bool(desk.kits) and desk.kits[0].is_ready and len(desk.loras) == 2, timeout=WAIT_MS)
    window.show_page("get")
    buttons = (each for card in window.get.findChildren(KitCard) for each in card.findChildren(QPushButton))
    next(each for each in buttons if each.text() == "Use in the film").click()
    board = film.film.document.storyboard
    assert (board.model, board.family) == (desk.installed[-1].name, "pro")
    qtbot.waitUntil(lambda: len(film.film.document.storyboard.loras) == 2, timeout=WAIT_MS)
    assert [use.expert for use in film.film.document.storyboard.loras] == ["high", "low"]
    qtbot.waitUntil(lambda: "SVI 2.0 Pro now" in window.banners.shown["said"].text, timeout=WAIT_MS)
    for _ in range(3):
        film.film.document.undo_stack.undo()
    assert film.film.document.storyboard.model == "svi-mini"
