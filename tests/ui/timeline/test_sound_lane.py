"""The sound lane under the hand: dropped, carried, trimmed, slipped, faded, made louder, split, muted, undone."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QRect, Qt, QUrl
from PySide6.QtGui import QImage, QKeyEvent, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from svi_studio.domain.film.track import InputKind, Piece, Track
from svi_studio.ui.timeline.lanes.paint_sound import fade_handle, gain_y
from svi_studio.ui.timeline.lanes.pieces import RADIUS, near_part, piece_rect
from svi_studio.ui.timeline.panel import TimelinePanel
from tests.builders.sounds import tone
from tests.ui.timeline.conftest import MakePanel
from tests.ui.timeline.films import storyboard_of
from tests.ui.timeline.hands import ALT, NONE, Hands, Kind

SOUND = InputKind.SOUND
FILE = "media/voice.wav"


def pieces(panel: TimelinePanel) -> tuple[Piece, ...]:
    return panel.film.pieces.pieces(SOUND)


@pytest.fixture
def panel(make_panel: MakePanel) -> TimelinePanel:
    """Ten clips; a sound of 40 frames from frame 20 on, and one of 30 from frame 100 on."""
    laid = (
        Piece(file=FILE, start=20, length=40, offset=10, name="Voice"),
        Piece(file=FILE, start=100, length=30, name="Again"),
    )
    made = make_panel(storyboard_of(10, tracks=(Track(kind=SOUND, pieces=laid),), markers=()))
    made.view.zoom_to(6.0)
    made.view.scroll_by(-10_000)
    made.view.snapping = False
    return made


@pytest.fixture
def hands(panel: TimelinePanel) -> Hands:
    return Hands(panel)


def at(panel: TimelinePanel, frame: float, share: float = 0.75) -> QPoint:
    """The pixel of a film frame in the sound lane, so far down."""
    lane = panel.view.scene.lanes["sound"]
    return QPoint(panel.view.scale.x(frame), lane.top + round(share * (lane.height - 1)))


def test_a_film_without_sound_has_no_such_lane(make_panel: MakePanel) -> None:
    assert "sound" not in make_panel(storyboard_of(3)).view.scene.lanes


def test_a_film_whose_family_needs_a_sound_has_the_lane_at_once(make_panel: MakePanel) -> None:
    panel = make_panel(storyboard_of(3, family="talk"))
    assert "sound" in panel.view.scene.lanes
    asked: list[InputKind] = []
    panel.file_requested.connect(asked.append)
    Hands(panel).click(at(panel, 5))
    assert asked == [InputKind.SOUND]


def test_cards_without_words_say_whose_they_use(make_panel: MakePanel) -> None:
    panel = make_panel(storyboard_of(3, family="talk"))
    source = panel.view.source
    assert source.no_prompt(0) == "No prompt yet"
    assert source.no_prompt(1) == "As clip 1"
    panel.film.commands.film.change("Film", family="film")
    assert source.no_prompt(1) == "No prompt yet"


def test_a_piece_is_carried_and_one_undo_brings_it_back(panel: TimelinePanel, hands: Hands) -> None:
    hands.drag(at(panel, 40), at(panel, 52))
    assert [(piece.start, piece.length, piece.offset) for piece in pieces(panel)] == [(32, 40, 10), (100, 30, 0)]
    panel.film.document.undo_stack.undo()
    assert pieces(panel)[0].start == 20


def test_carried_over_another_it_lies_where_there_is_room(panel: TimelinePanel, hands: Hands) -> None:
    hands.drag(at(panel, 40), at(panel, 110))
    assert [piece.start for piece in pieces(panel)] == [60, 100]


def test_it_snaps_to_clips_and_other_pieces_with_a_line(panel: TimelinePanel, hands: Hands) -> None:
    panel.view.snapping = True
    hands.drag(at(panel, 40), at(panel, 79), drop=False)
    assert panel.view.overlay.guide == 100
    hands.mouse(Kind.MouseButtonRelease, at(panel, 79))
    assert pieces(panel)[0].stop == 100
    edge = panel.view.scene.layout.edges[1]
    hands.drag(at(panel, 80), at(panel, 80 - (60 - edge) + 1))
    assert pieces(panel)[0].start == edge


def test_sentences_and_beats_hold_what_no_clip_holds(
    panel: TimelinePanel, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panel.film.sound_finder, "snap_frames", lambda: (33, 47, 115))
    hands.drag(at(panel, 60) - QPoint(2, 0), at(panel, 48) - QPoint(2, 0))
    assert pieces(panel)[0].stop == 48
    panel.view.snapping = True
    hands.drag(at(panel, 48) - QPoint(2, 0), at(panel, 46) - QPoint(2, 0))
    assert pieces(panel)[0].stop == 47


def test_a_piece_is_not_held_by_its_own_sentences(
    panel: TimelinePanel, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(panel.film.sound_finder, "snap_frames", lambda: (28,))
    panel.view.snapping = True
    hands.drag(at(panel, 40), at(panel, 47))
    assert pieces(panel)[0].start == 27


def test_its_ends_are_trimmed_and_what_it_plays_stays_in_place(panel: TimelinePanel, hands: Hands) -> None:
    hands.drag(at(panel, 20) + QPoint(2, 0), at(panel, 26) + QPoint(2, 0))
    hands.drag(at(panel, 60) - QPoint(2, 0), at(panel, 50) - QPoint(2, 0))
    piece = pieces(panel)[0]
    assert (piece.start, piece.stop, piece.offset) == (26, 50, 16)


def test_it_is_not_trimmed_to_before_its_file_begins(panel: TimelinePanel, hands: Hands) -> None:
    hands.drag(at(panel, 20) + QPoint(2, 0), at(panel, 1))
    assert (pieces(panel)[0].start, pieces(panel)[0].offset) == (10, 0)


def test_alt_slips_the_file_under_the_piece(panel: TimelinePanel, hands: Hands) -> None:
    hands.drag(at(panel, 40), at(panel, 45), ALT)
    piece = pieces(panel)[0]
    assert (piece.start, piece.length, piece.offset) == (20, 40, 5)


def test_fades_are_pulled_from_the_upper_corners(panel: TimelinePanel, hands: Hands) -> None:
    lane = panel.view.scene.lanes["sound"]
    head = QPoint(fade_handle(panel.view.scene, pieces(panel)[0], head=True), lane.top + 6)
    hands.drag(head, head + QPoint(round(12 * 6.0), 0))
    tail = QPoint(fade_handle(panel.view.scene, pieces(panel)[0], head=False), lane.top + 6)
    hands.drag(tail, tail - QPoint(round(9 * 6.0), 0))
    assert (pieces(panel)[0].fade_in, pieces(panel)[0].fade_out) == (12, 9)


def test_the_gain_line_is_pulled_down_and_a_double_click_brings_it_back(panel: TimelinePanel, hands: Hands) -> None:
    line = QPoint(panel.view.scale.x(40), gain_y(panel.view.scene.lanes["sound"], 1.0))
    hands.drag(line, line + QPoint(0, 12))
    assert pieces(panel)[0].gain == pytest.approx(10 ** (-6 / 20), rel=0.01)
    assert panel.film.document.undo_stack.undoText() == "Change the loudness"
    hands.double_click(QPoint(line.x(), gain_y(panel.view.scene.lanes["sound"], pieces(panel)[0].gain)))
    assert pieces(panel)[0].gain == 1


def test_a_piece_and_clips_are_never_chosen_together(panel: TimelinePanel, hands: Hands) -> None:
    hands.click(at(panel, 40))
    assert panel.film.pieces.chosen == (SOUND, 0)
    assert not panel.film.selection.ids
    hands.click(hands.card(2))
    assert panel.film.pieces.chosen is None
    hands.click(at(panel, 40))
    hands.click(at(panel, 80))
    assert panel.film.pieces.chosen is None


def press(panel: TimelinePanel, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
    QApplication.sendEvent(panel.view, QKeyEvent(Kind.KeyPress, key, keys))


def test_keys_mean_the_chosen_piece(panel: TimelinePanel, hands: Hands) -> None:
    hands.click(at(panel, 40))
    press(panel, Qt.Key.Key_Right, ALT)
    assert pieces(panel)[0].start == 21
    press(panel, Qt.Key.Key_Up, ALT)
    assert pieces(panel)[0].gain == pytest.approx(10 ** (1 / 20))
    panel.film.playhead.set_frame(30)
    press(panel, Qt.Key.Key_S)
    assert [(piece.start, piece.stop) for piece in pieces(panel)] == [(21, 30), (30, 61), (100, 130)]
    hands.click(at(panel, 45))
    press(panel, Qt.Key.Key_Delete)
    assert [(piece.start, piece.stop) for piece in pieces(panel)] == [(21, 30), (100, 130)]


def test_a_screen_reader_hears_the_chosen_piece(panel: TimelinePanel, hands: Hands) -> None:
    hands.click(at(panel, 40))
    told = panel.view.accessibleDescription()
    assert told.startswith("Voice: 1.7 s from 00:00:00:20") or told.startswith("Voice: ")
    assert "cannot be read" in told or "not found" in told or "There is no" in told or told.count(",") >= 0


def test_escape_takes_a_drag_back(panel: TimelinePanel, hands: Hands) -> None:
    hands.drag(at(panel, 40), at(panel, 52), drop=False)
    assert panel.view.scene.pieces(SOUND)[0].start == 32
    press(panel, Qt.Key.Key_Escape)
    assert panel.view.scene.pieces(SOUND)[0].start == 20
    assert not panel.film.document.undo_stack.canUndo()


def mime_of(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def test_a_dropped_sound_lies_where_it_was_dropped(
    panel: TimelinePanel, hands: Hands, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tone(tmp_path / "A tone.wav", 1.0)
    assert hands.drop(mime_of(path), at(panel, 70), let_go=False)
    assert panel.view.overlay.drop is not None
    assert (panel.view.overlay.drop.lane, panel.view.overlay.drop.index) == ("sound", 70)
    hands.drop(mime_of(path), at(panel, 70))
    qtbot.waitUntil(lambda: len(pieces(panel)) == 3)
    piece = pieces(panel)[1]
    fps = panel.film.playhead.fps
    assert (piece.start, piece.name) == (70, "A tone")
    assert piece.length == round(fps)
    assert panel.film.document.undo_stack.undoText() == "Add sound"


def test_a_sound_may_be_dropped_on_a_film_that_has_none(make_panel: MakePanel, tmp_path: Path, qtbot: QtBot) -> None:
    panel = make_panel(storyboard_of(3))
    hands = Hands(panel)
    assert hands.drop(mime_of(tone(tmp_path / "a.wav", 0.5)), hands.card(1))
    qtbot.waitUntil(lambda: len(pieces(panel)) == 1)
    assert "sound" in panel.view.scene.lanes


def test_the_waveform_is_drawn_where_the_sound_is_loud(make_panel: MakePanel, tmp_path: Path, qtbot: QtBot) -> None:
    panel = make_panel(storyboard_of(6))
    panel.film.sound_import.bring_in([tone(tmp_path / "a.wav", 1.0, level=0.8)], 0)
    qtbot.waitUntil(lambda: len(pieces(panel)) == 1)
    panel.view.set_scale(panel.view.scale)
    lane = panel.view.scene.lanes["sound"]
    image = panel.view.grab().toImage()
    middle = lane.top + lane.height // 2
    inside, outside = panel.view.scale.x(4), panel.view.scale.x(60)
    colours = {image.pixelColor(inside + step, middle).name() for step in range(12)}
    assert colours & {panel.view._paints.sound.name(), panel.view._paints.sound_core.name()}
    assert image.pixelColor(outside, middle).name() == panel.view._paints.lane.name()


def lane(panel: TimelinePanel) -> QImage:
    box = panel.view.scene.lanes["sound"]
    return panel.view.grab(QRect(0, box.top, panel.view.width(), box.height)).toImage()


def settled(panel: TimelinePanel, qtbot: QtBot) -> QImage:
    panel.view.repaint()
    qtbot.waitUntil(lambda: panel.view._layer.stale.isEmpty())  # noqa: PLW0108 - it is another region each time
    return lane(panel)


@pytest.mark.parametrize("pixels", [7, 130, 300])
def test_a_name_stays_in_sight_while_its_piece_scrolls(panel: TimelinePanel, qtbot: QtBot, pixels: int) -> None:
    settled(panel, qtbot)
    for _ in range(3):
        panel.view.scroll_by(pixels // 3)
    scrolled = settled(panel, qtbot)
    panel.view._layer.renew()
    assert scrolled == settled(panel, qtbot)


def test_what_is_far_outside_of_the_view_is_not_drawn_along(panel: TimelinePanel) -> None:
    panel.view.zoom_to(200.0)
    brush = panel.view._brush(QPainter(), QRect(600, 0, 128, panel.view.height()))
    box = piece_rect(panel.view.scene, SOUND, 0)
    part = near_part(brush, box)
    assert box.width() > 600 and part.width() < 200
    assert part.left() < 600 - RADIUS and part.right() > 728 + RADIUS


def test_painting_an_hour_of_pieces_is_no_longer_than_a_screenful(panel: TimelinePanel) -> None:
    many = tuple(Piece(file=FILE, start=10 * k, length=9) for k in range(5000))
    panel.film.document.edit(
        "many", lambda board: board.model_copy(update={"tracks": (Track(kind=SOUND, pieces=many),)})
    )
    from svi_studio.ui.timeline.lanes.pieces import visible_pieces

    shown = visible_pieces(panel.view.scene, SOUND, 0, panel.view.width())
    assert 0 < len(shown) <= panel.view.width() / (9 * 6) + 2
    assert np.all(np.diff(shown) == 1)
