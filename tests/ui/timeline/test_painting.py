"""What is painted: states told without colour, foreign writing, a layer that ends up like a fresh painting."""

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPixmap, QRegion
from pytestqt.qtbot import QtBot

from svi_studio.document.timeline.scale import TimeScale
from svi_studio.domain.render.clip_state import ClipState
from svi_studio.ui.theme import theme
from svi_studio.ui.timeline.cards.art import draw_card
from svi_studio.ui.timeline.cards.cache import CardCache
from svi_studio.ui.timeline.cards.look import CardLook, words
from svi_studio.ui.timeline.cards.source import MAX_LOOKS
from svi_studio.ui.timeline.paints import Paints
from svi_studio.ui.timeline.panel import TimelinePanel
from svi_studio.ui.timeline.surface.layer import Layer
from tests.domain.short_edits import set_prompt
from tests.ui.timeline.conftest import MakePanel
from tests.ui.timeline.films import storyboard_of


@pytest.fixture
def paints(qapp: object) -> Iterator[Paints]:
    yield Paints(QFont())


def grey(look: CardLook, width: int, paints: Paints) -> QImage:
    """The card without its colours."""
    return draw_card(look, width, 160, paints, 1.0).toImage().convertToFormat(QImage.Format.Format_Grayscale8)


def look(state: ClipState = ClipState.EMPTY, **changes: object) -> CardLook:
    return CardLook(number=12, prompt="A red ball rolls.", seed="seed 7", length="1.3 s", state=state, **changes)


@pytest.mark.parametrize("width", [40, 170, 420])
def test_states_differ_without_their_colour(paints: Paints, width: int) -> None:
    drawn = [grey(look(state), width, paints) for state in ClipState]
    drawn.append(grey(look(ClipState.DONE, locked=True), width, paints))
    drawn.append(grey(look(ClipState.DONE, kept=True), width, paints))
    drawn.append(grey(look(ClipState.DONE, draft="Draft"), width, paints))
    assert all(one != other for i, one in enumerate(drawn) for other in drawn[:i])


@pytest.mark.parametrize(
    "prompt", ["", "🚀" * 500, "دمية حمراء ترقص " * 50, "a" * 100_000, "one\ntwo\tthree", "\ud83d"]
)
@pytest.mark.parametrize("width", [23, 64, 90, 170, 900])
def test_any_prompt_can_be_drawn(paints: Paints, prompt: str, width: int) -> None:
    card = CardLook(number=1, prompt=words(prompt), seed="", length="")
    assert not draw_card(card, width, 150, paints, 1.5).isNull()


def test_right_to_left_words_stand_at_the_right(paints: Paints) -> None:
    plain = {"number": 1, "seed": "", "length": "", "state": ClipState.EMPTY}
    arabic = grey(CardLook(prompt="دمية", **plain), 170, paints)
    empty = grey(CardLook(prompt=" ", **plain), 170, paints)
    inked = [x for x in range(170) if any(arabic.pixel(x, y) != empty.pixel(x, y) for y in range(95, 150))]
    assert min(inked) > 85


def test_a_drawing_fits_the_screens_pixels(paints: Paints) -> None:
    card = draw_card(look(), 100, 150, paints, 2.0)
    assert (card.width(), card.height(), card.devicePixelRatio()) == (200, 300, 2.0)


def test_equal_looks_are_drawn_once(paints: Paints) -> None:
    cache = CardCache()
    first = cache.card("c1", look(), (100, 150, 1.0), paints)
    assert cache.card("c1", look(), (100, 150, 1.0), paints).cacheKey() == first.cacheKey()
    assert cache.card("c1", look(ClipState.DONE), (100, 150, 1.0), paints).cacheKey() != first.cacheKey()


def test_drawings_stay_within_their_memory(paints: Paints) -> None:
    cache = CardCache(max_bytes=10 * 100 * 150 * 4)
    for number in range(50):
        cache.card(f"c{number}", look(), (100, 150, 1.0), paints)
    assert len(cache._entries) == 10


def rainbow(painter: QPainter, rect: QRect, offset: int) -> None:
    for x in range(rect.left(), rect.right() + 1):
        painter.fillRect(QRect(x, rect.top(), 1, rect.height()), QColor.fromHsv((x + offset) % 359, 255, 255))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(-300, 300), st.booleans()), max_size=8))
def test_a_layer_ends_up_as_if_it_was_painted_at_once(qapp: object, moves: list[tuple[int, bool]]) -> None:
    at = [0]
    layer = Layer(lambda painter, rect: rainbow(painter, rect, at[0]))
    layer.fit(QSize(200, 4), 1.0)
    for pixels, painted in moves:
        at[0] += pixels
        layer.scroll(-pixels)
        if painted:
            layer.refresh(100, 0.0)
    while not layer.refresh(100, 0.0):
        pass
    shown, fresh = QPixmap(200, 4), QPixmap(200, 4)
    for pixmap, paint in ((shown, layer.show), (fresh, lambda painter, rect: rainbow(painter, rect, at[0]))):
        pixmap.fill(Qt.GlobalColor.black)
        painter = QPainter(pixmap)
        paint(painter, QRect(0, 0, 200, 4))
        painter.end()
    assert shown.toImage() == fresh.toImage()


def test_a_resized_layer_keeps_what_was_painted_until_it_is_painted_anew(qapp: object) -> None:
    layer = Layer(lambda painter, rect: painter.fillRect(rect, QColor("red")))
    layer.refresh(0, layer.fit(QSize(100, 4), 1.0))
    layer.fit(QSize(120, 4), 1.0)
    shown = QPixmap(120, 4)
    painter = QPainter(shown)
    layer.show(painter, QRect(0, 0, 120, 4))
    painter.end()
    assert shown.toImage().pixelColor(50, 2) == QColor("red")


def picture_of(layer: Layer, width: int, height: int) -> QImage:
    """What the layer shows now."""
    shown = QPixmap(width, height)
    painter = QPainter(shown)
    layer.show(painter, QRect(0, 0, width, height))
    painter.end()
    return shown.toImage()


def test_what_a_larger_window_brings_into_view_is_painted_in_the_same_frame(qapp: object) -> None:
    layer = Layer(lambda painter, rect: painter.fillRect(rect, QColor("red")))
    layer.refresh(0, layer.fit(QSize(100, 4), 1.0))
    layer.fit(QSize(1200, 4), 1.0)
    layer.refresh(0, 0.0)
    assert {picture_of(layer, 1200, 4).pixelColor(x, 2).name() for x in range(1200)} == {QColor("red").name()}


def test_a_higher_window_stretches_what_was_painted(qapp: object) -> None:
    layer = Layer(lambda painter, rect: painter.fillRect(rect, QColor("red")))
    layer.refresh(0, layer.fit(QSize(100, 4), 1.0))
    layer.fit(QSize(100, 40), 1.0)
    assert picture_of(layer, 100, 40).pixelColor(50, 38) == QColor("red")


def test_nothing_of_what_was_painted_is_seen_again_after_a_renewal(qapp: object) -> None:
    colours = [QColor("red")]
    layer = Layer(lambda painter, rect: painter.fillRect(rect, colours[0]))
    layer.refresh(0, layer.fit(QSize(1200, 4), 1.0))
    colours[0] = QColor("blue")
    layer.renew()
    layer.scroll(300)
    assert layer.refresh(0, 0.0)
    assert {picture_of(layer, 1200, 4).pixelColor(x, 2).name() for x in range(1200)} == {QColor("blue").name()}


def test_zooming_out_shows_the_ground_where_nothing_was_painted(qapp: object) -> None:
    layer = Layer(lambda painter, rect: painter.fillRect(rect, QColor("red")), QColor("green"))
    layer.refresh(0, layer.fit(QSize(100, 4), 1.0))
    layer.stretch(TimeScale(2.0, 0), TimeScale(1.0, 0))
    assert picture_of(layer, 100, 4).pixelColor(80, 2) == QColor("green")


def test_no_frame_paints_more_than_its_time_allows(qapp: object) -> None:
    painted: list[QRect] = []
    layer = Layer(lambda _, rect: painted.append(rect))
    layer.fit(QSize(2000, 100), 1.0)
    assert not layer.refresh(1000, 0.0)
    assert len(painted) == 1
    assert painted[0].contains(1000, 50)


def test_a_layer_that_was_never_painted_can_be_moved_and_zoomed(qapp: object) -> None:
    layer = Layer(lambda painter, rect: None)
    layer.scroll(10)
    layer.stretch(TimeScale(1.0, 0), TimeScale(2.0, 0))
    assert layer.refresh(0)


def test_a_layer_moves_at_once_on_a_screen_with_a_broken_pixel_ratio(qapp: object) -> None:
    layer = Layer(lambda painter, rect: painter.fillRect(rect, QColor("red" if rect.left() < 50 else "blue")))
    layer.fit(QSize(256, 4), 1.25)
    layer.refresh(0, 1.0)
    layer.scroll(-129)
    shown = QPixmap(256, 4)
    painter = QPainter(shown)
    layer.show(painter, QRect(0, 0, 256, 4))
    painter.end()
    assert shown.toImage().pixelColor(50, 2) == QColor("blue")
    assert not layer.stale.isEmpty()


def test_a_zoomed_layer_shows_the_old_picture_stretched_until_it_is_painted(qapp: object) -> None:
    layer = Layer(lambda painter, rect: painter.fillRect(rect, QColor("red")))
    layer.fit(QSize(100, 4), 1.0)
    layer.refresh(0, 1.0)
    layer.stretch(TimeScale(1.0, 0), TimeScale(2.0, 0))
    shown = QPixmap(100, 4)
    painter = QPainter(shown)
    layer.show(painter, QRect(0, 0, 100, 4))
    painter.end()
    assert shown.toImage().pixelColor(50, 2) == QColor("red")
    assert not layer.stale.isEmpty()


def settled(panel: TimelinePanel, qtbot: QtBot) -> QImage:
    panel.view.repaint()
    film = panel.film
    qtbot.waitUntil(lambda: film.takes.is_scanned and film.states.facts is not None and not film.states.planning)
    qtbot.waitUntil(lambda: not panel.source._waiting and panel.view._layer.stale == QRegion())
    return panel.view.grab().toImage()


def test_scrolling_there_and_back_shows_the_same(panel: TimelinePanel, qtbot: QtBot) -> None:
    before = settled(panel, qtbot)
    for pixels in (31, 200, -77, 400, -554):
        panel.view.scroll_by(pixels)
        panel.view.repaint()
    assert settled(panel, qtbot) == before


def test_an_edit_and_its_undo_show_the_same(panel: TimelinePanel, qtbot: QtBot) -> None:
    before = settled(panel, qtbot)
    panel.film.document.edit("Words", lambda board: set_prompt(board, "c2", "Quite other words"))
    assert settled(panel, qtbot) != before
    panel.film.document.undo_stack.undo()
    assert settled(panel, qtbot) == before


def test_a_finished_clip_shows_its_picture(make_panel: MakePanel, qtbot: QtBot) -> None:
    panel = make_panel(storyboard_of(4), (0,))
    qtbot.waitUntil(lambda: panel.source.view(0).state is ClipState.DONE)
    qtbot.waitUntil(lambda: panel.source.look(0, 192).picture is not None)


def test_the_other_theme_is_painted_at_once(panel: TimelinePanel, qtbot: QtBot) -> None:
    theme().set_mode("dark")
    dark = settled(panel, qtbot)
    theme().set_mode("light")
    light = settled(panel, qtbot)
    theme().set_mode("dark")
    assert light.pixelColor(600, 3).lightness() > dark.pixelColor(600, 3).lightness()
    assert settled(panel, qtbot) == dark


def test_scrolling_past_many_clips_keeps_few_looks_in_memory(make_panel: MakePanel) -> None:
    panel = make_panel(storyboard_of(900))
    for index in range(900):
        panel.source.look(index, 192)
    assert len(panel.source._looks) <= MAX_LOOKS


def test_a_picture_that_was_missing_is_shown_when_it_is_found_again(panel: TimelinePanel, qtbot: QtBot) -> None:
    picture = panel.film.path / "media" / "first.png"
    content = picture.read_bytes()
    picture.unlink()
    panel.source.look(0, 61)
    qtbot.waitUntil(lambda: panel.source.thumbnails.is_missing(picture))
    picture.write_bytes(content)
    panel.film.missing.found_again.emit()
    qtbot.waitUntil(lambda: panel.source.look(0, 61).picture is not None)


@pytest.mark.parametrize("family", ["film", "shot"])
@pytest.mark.parametrize("seed", range(3))
def test_whatever_was_done_the_view_ends_up_as_if_painted_at_once(
    make_panel: MakePanel, qtbot: QtBot, seed: int, family: str
) -> None:
    panel = make_panel(storyboard_of(10, family=family))
    dice = Random(seed)
    view, film = panel.view, panel.film
    deeds = (
        lambda: view.scroll_by(dice.randint(-500, 500)),
        lambda: view.zoom(dice.uniform(0.4, 2.5), dice.randint(0, 1000)),
        lambda: film.selection.select([f"c{dice.randint(1, 10)}"]),
        lambda: film.playhead.set_frame(dice.randint(0, 170)),
        lambda: film.commands.clips.insert_prompts(["New"], dice.randint(0, 5)),
        film.commands.clips.toggle_cut,
        film.document.undo_stack.undo,
        lambda: panel.resize(dice.randint(700, 1300), dice.randint(260, 420)),
        lambda: film.states.set_activity("c3", dice.choice(list(ClipState)), dice.random()),
    )
    for _ in range(40):
        dice.choice(deeds)()
        if dice.random() < 0.7:
            view.repaint()
    done = settled(panel, qtbot)
    view._repaint_all()
    assert settled(panel, qtbot) == done
