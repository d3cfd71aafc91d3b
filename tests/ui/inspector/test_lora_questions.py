"""Questions about the LoRAs of a film whose model has two experts: seen at once, answered with one click."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.ui.inspector import InspectorPanel
from svi_studio.ui.inspector.lora_list import LoraList
from tests.builders.open_films import open_new_film, storyboard
from tests.builders.outline_models import write_two_expert_outline
from tests.ui.inspector.conftest import show_inspector

HIGH, LOW = "SVI_v2_PRO_Wan2.2-I2V-A14B_HIGH_lora", "SVI_v2_PRO_Wan2.2-I2V-A14B_LOW_lora"


@pytest.fixture
def film(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenFilm]:
    monkeypatch.setenv("SVI_MODELS", str(write_two_expert_outline(tmp_path / "models").parent))
    opened = open_new_film(tmp_path, storyboard(3, family="pro", model="outline-two"))
    yield opened
    opened.close()


@pytest.fixture
def loras(qtbot: QtBot, film: OpenFilm) -> LoraList:
    panel: InspectorPanel = show_inspector(qtbot, film)
    film.selection.clear()
    qtbot.waitUntil(lambda: film.states.facts is not None)
    return panel.film_page.loras


def lora_file(folder: Path, name: str, number: int = 0) -> Path:
    """A LoRA file of one number."""
    tensor = "diffusion_model.blocks.0.self_attn.q.lora_A.weight"
    raw = json.dumps({tensor: {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    path = folder / f"{name}.safetensors"
    path.write_bytes(len(raw).to_bytes(8, "little") + raw + bytes([number] * 4))
    return path


def bring(qtbot: QtBot, loras: LoraList, *files: Path) -> None:
    for file in files:
        count = len(loras.rows)
        loras.bring_in(file)
        qtbot.waitUntil(lambda count=count: len(loras.rows) == count + 1)


def experts(film: OpenFilm) -> list[str]:
    return [use.expert for use in film.document.storyboard.loras]


def button(loras: LoraList, words: str) -> QPushButton:
    return next(each for each in loras.questions.buttons if each.text() == words)


def test_each_file_goes_to_the_expert_that_it_names(
    qtbot: QtBot, film: OpenFilm, loras: LoraList, tmp_path: Path
) -> None:
    bring(qtbot, loras, lora_file(tmp_path, HIGH), lora_file(tmp_path, LOW, 1))
    assert experts(film) == ["high", "low"]
    qtbot.waitUntil(lambda: all(row.expert.isVisible() for row in loras.rows))  # once the model is known
    assert loras.questions.isHidden()


def test_exchanged_experts_are_asked_about_and_put_right_with_one_click(
    qtbot: QtBot, film: OpenFilm, loras: LoraList, tmp_path: Path
) -> None:
    bring(qtbot, loras, lora_file(tmp_path, HIGH), lora_file(tmp_path, LOW, 1))
    for row, expert in zip(loras.rows, ("low", "high"), strict=True):
        row.given.emit(expert)
    qtbot.waitUntil(lambda: len(loras.questions.buttons) == 2)
    assert loras.questions.isVisible()
    steps = film.document.undo_stack.count()
    button(loras, "Exchange them").click()
    assert experts(film) == ["high", "low"]
    assert film.document.undo_stack.count() == steps + 1
    qtbot.waitUntil(loras.questions.isHidden)


def test_what_is_left_so_is_not_asked_again(qtbot: QtBot, film: OpenFilm, loras: LoraList, tmp_path: Path) -> None:
    bring(qtbot, loras, lora_file(tmp_path, HIGH))
    qtbot.waitUntil(lambda: len(film.lora_questions.asked) == 1)
    button(loras, "Keep it as it is").click()
    assert loras.questions.isHidden() and film.lora_questions.asked == ()
    with qtbot.waitSignal(film.states.facts_changed):
        loras.rows[0].weighed.emit(0.5)
    assert film.lora_questions.asked == ()


def test_the_same_file_cannot_be_given_to_one_expert_twice(
    qtbot: QtBot, film: OpenFilm, loras: LoraList, tmp_path: Path
) -> None:
    one, again = lora_file(tmp_path, "dancer"), lora_file(tmp_path, "dancer_again")
    bring(qtbot, loras, one)
    loras.rows[0].given.emit("high")
    bring(qtbot, loras, again)
    assert experts(film) == ["high", "both"]
    box = loras.rows[1].expert
    offered = [box.model().index(row, 0).flags().value & 32 for row in range(box.count())]
    assert [bool(each) for each in offered] == [True, False, True]


def test_a_film_that_is_only_read_says_it_without_buttons(
    qtbot: QtBot, film: OpenFilm, loras: LoraList, tmp_path: Path
) -> None:
    bring(qtbot, loras, lora_file(tmp_path, HIGH))
    qtbot.waitUntil(lambda: len(film.lora_questions.asked) == 1)
    loras.questions.set_open(False)
    assert loras.questions.buttons == [] and loras.questions.isVisible()
