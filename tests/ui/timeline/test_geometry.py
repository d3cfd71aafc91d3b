"""Frames against pixels, clips under the mouse, ticks and snapping: pure arithmetic, held by properties."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPoint, QUrl

from svi_studio.document.timeline.film_layout import FilmLayout, film_layout
from svi_studio.document.timeline.scale import LEAD_IN, TimeScale, end_room, fitted, max_offset, zoom_limits
from svi_studio.document.timeline.scene import DropPlace, Scene
from svi_studio.document.timeline.snapping import REACH, snap
from svi_studio.document.timeline.time_ruler import ruler_steps, ticks
from svi_studio.domain.film.film_time import storyboard_time
from svi_studio.domain.film.storyboard import Clip, Marker, Storyboard
from svi_studio.ui.timeline.lanes.all_lanes import LANES, hit, lane_at, lanes_of
from svi_studio.ui.timeline.lanes.anchors import ANCHOR
from svi_studio.ui.timeline.lanes.clips import ADD, CARD, SEAM
from svi_studio.ui.timeline.lanes.lane import NOTHING, Hit, lane_boxes, least_height
from svi_studio.ui.timeline.lanes.markers import MARKER, NO_MARKER
from svi_studio.ui.timeline.lanes.ruler import PLAYHEAD, TIME

scales = st.builds(TimeScale, st.floats(0.01, 16), st.integers(-LEAD_IN, 100_000))
cuts = st.lists(st.booleans(), min_size=1, max_size=40)


def layout_of(cut_list: list[bool], **changes: object) -> FilmLayout:
    clips = tuple(Clip(id=f"c{i}", cut=cut) for i, cut in enumerate(cut_list))
    board = Storyboard(family="film", clips=clips, markers=(Marker(frame=5, label="a"),), **changes)
    return film_layout(board, storyboard_time(board, 21))


@given(scales, st.integers(0, 100_000))
def test_a_frame_and_its_pixel_find_each_other(scale: TimeScale, frame: int) -> None:
    found = scale.nearest_frame(scale.x(frame))
    assert abs(found - frame) * scale.pixels_per_frame <= 1


@given(st.floats(0.05, 10), st.floats(0.2, 5), st.integers(0, 1200), st.integers(2000, 100_000))
def test_what_is_under_the_cursor_stays_there_while_zooming(pixels: float, factor: float, x: int, frames: int) -> None:
    width = 1200
    before = TimeScale(pixels).scrolled(round(frames * pixels / 3), frames, width)
    after = before.zoomed(factor, x, frames, width)
    at_an_end = after.offset in (-LEAD_IN, max_offset(after, frames, width))
    assert at_an_end or abs(after.x(before.frame_at(x)) - x) <= 1


@given(st.integers(1, 1_000_000), st.integers(200, 4000))
def test_fit_shows_the_whole_film_and_room_for_one_more(frames: int, width: int) -> None:
    scale = fitted(frames, width)
    assert scale.x(0) == LEAD_IN
    assert scale.x(frames) <= width - end_room(width) + 1


@given(st.integers(1, 1_000_000), st.integers(200, 4000), st.floats(0.001, 1000))
def test_zoom_stays_within_its_limits(frames: int, width: int, factor: float) -> None:
    low, high = zoom_limits(frames, width)
    assert low <= fitted(frames, width).zoomed(factor, 10, frames, width).pixels_per_frame <= high


@given(cuts, st.integers(-5, 2000))
def test_the_clip_at_a_frame_is_the_one_that_shows_it(cut_list: list[bool], frame: int) -> None:
    layout = layout_of(cut_list)
    showing = [i for i in range(len(layout)) if layout.edges[i] <= frame < layout.edges[i + 1]]
    assert layout.clip_at(frame) == (showing[0] if showing else None)


@given(cuts, st.integers(0, 900), st.integers(0, 900))
def test_visible_clips_are_those_that_overlap_the_view(cut_list: list[bool], one: int, other: int) -> None:
    layout = layout_of(cut_list)
    first, last = sorted((one, other))
    overlapping = [i for i in range(len(layout)) if layout.edges[i] <= last and layout.edges[i + 1] > first]
    assert list(layout.visible(first, last)) == overlapping


@given(cuts, st.floats(-50, 2000))
def test_the_gap_of_a_drop_is_the_nearest_edge(cut_list: list[bool], frame: float) -> None:
    layout = layout_of(cut_list)
    nearest = min(abs(edge - frame) for edge in layout.edges)
    assert abs(layout.edges[layout.gap_at(frame)] - frame) == nearest


def test_a_chain_shares_frames_and_a_cut_does_not() -> None:
    layout = layout_of([False, False, True])
    assert list(layout.edges) == [0, 16, 37, 58]
    assert list(layout.chain_starts) == [True, False, True]
    assert layout.overlap == 5
    assert layout.overlap_start(1) == 16


def test_a_clip_that_was_led_to_the_next_one_shows_what_both_have_in_common() -> None:
    clips = (Clip(id="c1", meets_next=True), Clip(id="c2"))
    board = Storyboard(family="film", reference_image="a.png", clips=clips)
    layout = film_layout(board, storyboard_time(board, 21))
    assert (list(layout.edges), layout.overlap_start(1)) == ([0, 21, 37], 16)


def test_an_anchor_reaches_to_the_next_picture_or_cut() -> None:
    clips = tuple(Clip(id=f"c{i}", cut=i == 4, image="b.png" if i == 2 else None) for i in range(6))
    board = Storyboard(family="shot", reference_image="a.png", clips=clips)
    spans = film_layout(board, storyboard_time(board, 21)).anchors
    assert [(s.first, s.stop, s.path, s.own) for s in spans] == [
        (0, 2, "a.png", False),
        (2, 4, "b.png", True),
        (4, 6, "a.png", False),
    ]


def test_a_picture_off_a_cut_does_nothing_in_a_family_without_an_anchor() -> None:
    clips = (Clip(id="a"), Clip(id="b", image="b.png"))
    board = Storyboard(family="film", reference_image="a.png", clips=clips)
    spans = film_layout(board, storyboard_time(board, 21)).anchors
    assert [(span.first, span.stop, span.works) for span in spans] == [(0, 1, True), (1, 2, False)]


@given(st.integers(0, 20), st.integers(0, 20))
def test_anchors_in_view_are_those_that_reach_into_it(first: int, length: int) -> None:
    clips = tuple(Clip(id=f"c{i}", image=f"{i}.png" if i % 4 == 0 else None) for i in range(20))
    board = Storyboard(family="shot", clips=clips)
    layout = film_layout(board, storyboard_time(board, 21))
    view = range(min(first, 19), min(first + length, 20))
    wanted = [s for s in layout.anchors if view and s.first < view.stop and s.stop > view.start]
    assert list(layout.anchors_in(view)) == wanted


@given(st.floats(0.001, 16), st.sampled_from([12.0, 16.0, 24.0, 25.0, 30.0]), st.integers(40, 120))
def test_labels_of_the_ruler_never_collide(pixels: float, fps: float, label: int) -> None:
    steps = ruler_steps(pixels, fps, label)
    assert steps.major * pixels >= label
    assert steps.major % steps.minor == 0


@given(st.floats(0.01, 16), st.integers(0, 10_000), st.integers(1, 3000))
def test_ticks_cover_the_view_and_stay_few(pixels: float, first: int, width: int) -> None:
    steps = ruler_steps(pixels, 24, 70)
    last = first + width / pixels
    lines = list(ticks(first, last, steps, 24))
    assert all(lines[i + 1].frame - lines[i].frame == steps.minor for i in range(len(lines) - 1))
    assert lines[0].frame <= first + steps.minor
    assert len(lines) <= width / 6 + 2 * steps.major / steps.minor + 2


@given(st.integers(0, 1000), st.floats(0.1, 16), st.lists(st.integers(0, 1000), unique=True).map(sorted))
def test_a_point_snaps_to_the_nearest_edge_in_reach_or_stays(frame: int, pixels: float, edges: list[int]) -> None:
    snapped = snap(frame, pixels, edges)
    near = min((abs(edge - frame) for edge in edges), default=None)
    if near is not None and near * pixels <= REACH:
        assert abs(snapped.frame - frame) == near
        assert snapped.guide == snapped.frame
    else:
        assert snapped == (frame, None)


@given(st.integers(0, 3000))
def test_lanes_follow_each_other_and_cards_stay_usable(height: int) -> None:
    found = lane_boxes(LANES, height)
    assert all(later.top >= earlier.bottom for earlier, later in pairwise(found.values()))
    assert found["clips"].height >= 64
    assert found["anchors"].bottom <= max(height, least_height(LANES))


def test_there_is_no_lane_that_a_film_cannot_use() -> None:
    assert [lane.name for lane in lanes_of(Storyboard(family="film"))] == ["ruler", "markers", "clips", "anchors"]


def scene(cut_list: list[bool]) -> Scene:
    return Scene(layout_of(cut_list), TimeScale(8.0, -LEAD_IN), lane_boxes(LANES, 280), markers=[(5, 0)], playhead=30)


def test_the_mouse_finds_every_part() -> None:
    view = scene([False, False, True])
    cards = view.lanes["clips"]
    assert hit(view, LEAD_IN + 30 * 8, 5) == Hit(PLAYHEAD)
    assert hit(view, LEAD_IN + 200, 5) == Hit(TIME)
    assert hit(view, LEAD_IN + 5 * 8 + 3, view.lanes["markers"].top + 3) == Hit(MARKER, 0)
    assert hit(view, LEAD_IN + 3, view.lanes["markers"].top + 3) == Hit(NO_MARKER)
    assert hit(view, LEAD_IN + 40, cards.top + 3) == Hit(CARD, 0)
    assert hit(view, LEAD_IN + 16 * 8 + 2, view.seam_y()) == Hit(SEAM, 1)
    assert hit(view, LEAD_IN + 16 * 8 + 2, cards.bottom - 2) == Hit(CARD, 1)
    assert hit(view, LEAD_IN + 58 * 8 + 20, cards.top + 9) == Hit(ADD)
    assert hit(view, LEAD_IN + 40, view.lanes["anchors"].top + 2) == Hit(ANCHOR, 0)
    assert hit(view, 2, cards.top + 9) == NOTHING


def picture_place(view: Scene, x: float, y: float) -> DropPlace:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/pictures/a.png")])
    lane = lane_at(view, y)
    assert lane is not None
    return lane.drops.place_of(mime, view, QPoint(int(x), int(y)))


def test_a_picture_goes_onto_a_clip_or_between_two() -> None:
    view = scene([False, False, True])
    middle = (view.lanes["clips"].top + view.lanes["clips"].bottom) / 2
    assert picture_place(view, LEAD_IN + 60, middle) == DropPlace(True, 0)
    assert picture_place(view, LEAD_IN + 16 * 8 + 4, middle) == DropPlace(False, 1)
    assert picture_place(view, LEAD_IN + 16 * 8 + 4, view.lanes["anchors"].top + 2) == DropPlace(True, 1)
    assert picture_place(view, LEAD_IN + 58 * 8 + 50, middle) == DropPlace(False, 3)


def test_a_lane_is_there_only_in_films_that_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    noted = replace(LANES[3], name="notes", is_there=lambda board: any(clip.note for clip in board.clips))
    monkeypatch.setattr("svi_studio.ui.timeline.lanes.all_lanes.LANES", (*LANES, noted))
    board = Storyboard(family="film", clips=(Clip(id="a"),))
    without_tracks = tuple(lane for lane in LANES if lane.name not in {"sound", "skeleton"})
    assert lanes_of(board) == without_tracks
    assert lanes_of(board.model_copy(update={"clips": (Clip(id="a", note="Softer"),)})) == (*without_tracks, noted)
