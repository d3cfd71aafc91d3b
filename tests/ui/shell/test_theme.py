"""The colours can be read, and everyone hears when they change."""

from itertools import product
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from svi_studio.ui.theme import theme
from svi_studio.ui.theme.colours import SCHEMES, Scheme, contrast

_TEXTS = ("text", "text-dim", "accent", "danger", "warn", "ok", "info", "marker", "cut", "snap", "range", "playhead")
_GROUNDS = ("surface", "panel", "raised", "field", "card", "timeline", "timeline-lane", "hover")


def _clip_states() -> list[str]:
    return [name for name in SCHEMES["dark"] if name.startswith("clip-")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_colour_can_be_read_on_every_ground(scheme: Scheme) -> None:
    colours = SCHEMES[scheme]
    pairs = product((*_TEXTS, *_clip_states()), _GROUNDS)
    faint = [(text, ground) for text, ground in pairs if contrast(colours[text], colours[ground]) < 4.5]
    assert faint == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_on_coloured_buttons_can_be_read(scheme: Scheme) -> None:
    colours = SCHEMES[scheme]
    for fill in ("accent-fill", "accent-hover", "danger-fill"):
        assert contrast(colours["on-accent"], colours[fill]) >= 4.5
    assert contrast(colours["text-dim"], colours["selection"]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_controls_and_the_focus_ring_stand_out(scheme: Scheme) -> None:
    colours = SCHEMES[scheme]
    for ground, edge in product(("surface", "panel", "field"), ("border-strong", "focus", "seam")):
        assert contrast(colours[edge], colours[ground]) >= 3


def test_light_and_dark_have_the_same_names() -> None:
    assert SCHEMES["light"].keys() == SCHEMES["dark"].keys()


def test_a_change_of_mode_is_told_after_it_is_in_force(qtbot: QtBot) -> None:
    theme().set_mode("dark")
    seen: list[str] = []
    theme().changed.connect(lambda: seen.append(theme().colour("text").name()))
    theme().set_mode("light")
    assert seen[-1] == SCHEMES["light"]["text"]


def test_the_style_sheet_names_only_colours_that_exist(qtbot: QtBot) -> None:
    from svi_studio.ui.theme.style_sheet import style_sheet

    assert "@" not in style_sheet(SCHEMES["dark"])


@pytest.mark.parametrize("folder", ["André", "O'Brien", "Films (copy", "R&D", "100 %", "[new]"])
def test_the_style_sheet_holds_in_a_folder_of_any_name(
    qtbot: QtBot, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from svi_studio.ui.theme import style_sheet

    monkeypatch.setattr(style_sheet, "resource_path", lambda *parts: Path("C:/Users", folder, *parts))
    label = QLabel()
    qtbot.addWidget(label)
    label.setStyleSheet(style_sheet.style_sheet(SCHEMES["dark"]) + "QLabel { background: #0000ff; }")
    label.resize(8, 8)
    assert label.grab().toImage().pixelColor(4, 4).name() == "#0000ff"
