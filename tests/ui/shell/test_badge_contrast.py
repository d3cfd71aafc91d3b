"""Badges are read on every picture, in both looks: at least 4.5 : 1 (WCAG 2.2, "contrast minimum")."""

from itertools import product

import pytest
from PySide6.QtGui import QColor, QFont
from pytestqt.qtbot import QtBot

from svi_studio.document.preview.wording import badges_of
from svi_studio.document.states.clip_view import ClipView
from svi_studio.domain.render.clip_state import ClipState
from svi_studio.ui.preview.scene_painter import BADGE_OPACITY
from svi_studio.ui.preview.words_painter import on_picture
from svi_studio.ui.theme import theme
from svi_studio.ui.theme.colours import SCHEMES, contrast
from svi_studio.ui.timeline.paints import Paints, mixed

ENOUGH = 4.5
PICTURES = ("#000000", "#808080", "#ffffff")
LOOKS = list(product(SCHEMES, PICTURES))
SIGNS = [f"clip-{state.value}" for state in ClipState if state is not ClipState.EMPTY] + [
    "warn",
    "clip-locked",
    "accent",
]
TAKES = ("info", "warn", "danger", "clip-queued", "clip-rendering", "on-picture", "text", "text-dim", "marker")


@pytest.fixture(autouse=True)
def keep_the_look(qtbot: QtBot) -> object:
    mode = theme().mode
    yield
    theme().set_mode(mode)


def over(picture: str, badge: QColor) -> str:
    solid = QColor(badge.red(), badge.green(), badge.blue())
    return mixed(QColor(picture), solid, badge.alphaF()).name()


@pytest.mark.parametrize(("look", "picture"), LOOKS)
def test_the_signs_and_the_number_on_a_card(look: str, picture: str) -> None:
    theme().set_mode(look)  # type: ignore[arg-type]
    paints = Paints(QFont())
    ground = over(picture, paints.veil)
    inks = {name: theme().colour(name).name() for name in SIGNS} | {"number": paints.text.name()}
    assert {name: ink for name, ink in inks.items() if contrast(ink, ground) < ENOUGH} == {}


@pytest.mark.parametrize(("look", "picture"), LOOKS)
def test_the_badges_in_the_preview(look: str, picture: str) -> None:
    theme().set_mode(look)  # type: ignore[arg-type]
    ground = over(picture, theme().colour("picture-backdrop", BADGE_OPACITY))
    weak = {tone: on_picture(tone).name() for tone in TAKES if contrast(on_picture(tone).name(), ground) < ENOUGH}
    assert weak == {}


def test_no_badge_has_a_tone_that_is_not_measured_here() -> None:
    views = [ClipView(state=state, is_draft=draft) for state in ClipState for draft in (False, True)]
    assert {badge.tone for view in views for badge in badges_of(view)} <= set(TAKES)
