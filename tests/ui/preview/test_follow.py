"""Following the render: the clip in the making comes on the screen, unless the user looks elsewhere."""

import numpy as np

from svi_studio.document.render.time_left import TimeLeft
from tests.ui.preview.films import KEPT, Bench, frame_of


def test_the_first_clip_that_is_made_comes_on_the_screen(bench: Bench) -> None:
    bench.making("c2")
    scene = bench.panel.preview.projector.scene
    assert bench.panel.preview.follow.shows_live
    assert scene.progress == 0.35
    assert scene.sides[0].smooth
    assert [badge.text for badge in scene.badges] == ["Clip 2", "Step 7 of 20"]


def test_before_the_first_preview_words_say_what_is_made(bench: Bench) -> None:
    bench.making("c1", 0.0, picture=False)
    words = bench.panel.preview.projector.scene.sides[0].words
    assert (words.title, words.text) == ("Clip 1", "Part 1")


def test_who_scrubs_sees_the_film_and_the_clip_small_in_a_corner(bench: Bench) -> None:
    bench.panel.show()
    bench.making("c2")
    assert not bench.panel.area.inset.isVisible()
    bench.show(3)
    assert bench.panel.preview.projector.scene.progress is None
    assert bench.panel.area.inset.isVisible()
    assert bench.panel.area.inset.text() == "Clip 2 · Step 7 of 20"


def test_a_click_on_the_corner_shows_it_large_again(bench: Bench) -> None:
    bench.panel.show()
    bench.making("c2")
    bench.show(3)
    bench.panel.area.inset.click()
    assert bench.panel.preview.projector.scene.progress == 0.35
    assert not bench.panel.area.inset.isVisible()


def test_the_next_clip_does_not_disturb_who_moved_a_moment_ago(bench: Bench) -> None:
    bench.making("c2")
    bench.show(3)
    bench.making("c3")
    assert not bench.panel.preview.follow.shows_live


def test_the_next_clip_does_not_disturb_who_compares(bench: Bench) -> None:
    take = bench.film.states.state("c1").take_hash
    assert take is not None
    bench.panel.preview.show_take(take)
    bench.making("c2")
    assert not bench.panel.preview.follow.shows_live


def test_a_playhead_on_the_clip_in_the_making_shows_it(bench: Bench) -> None:
    bench.panel.preview.follow.set_enabled(False)
    bench.show(KEPT + 3)
    bench.making("c2")
    assert bench.panel.preview.projector.scene.progress == 0.35


def test_without_follow_the_film_stays(bench: Bench) -> None:
    bench.panel.preview.follow.set_enabled(False)
    bench.making("c2")
    assert bench.panel.preview.projector.scene.progress is None


def test_when_the_render_is_over_the_film_is_back(bench: Bench) -> None:
    bench.panel.show()
    bench.making("c2")
    bench.making(None)
    bench.show(bench.film.playhead.frame)
    assert bench.panel.preview.projector.scene.progress is None
    assert bench.panel.preview.projector.scene.has_picture
    assert not bench.panel.area.inset.isVisible()


def test_a_preview_that_is_no_picture_changes_nothing(bench: Bench) -> None:
    bench.making("c2")
    before = bench.panel.preview.live.image
    bench.queue.preview.emit("c2", 8, b"no picture")
    bench.queue.preview.emit("c1", 8, b"")
    assert bench.panel.preview.live.image is before


def test_before_the_first_preview_a_clip_shows_the_frame_that_it_goes_on_from(bench: Bench) -> None:
    before = bench.film.states.state("c1").take_hash
    assert before is not None
    bench.making("c2", progress=0.0, picture=False)
    bench.panel.preview.follow.show_live()
    bench.qtbot.waitUntil(lambda: bench.panel.preview.projector.scene.has_picture)
    last = bench.film.takes.get(before).num_frames - 1  # type: ignore[union-attr]
    bench.qtbot.waitUntil(lambda: np.array_equal(bench.pixels(), frame_of(before, last)))
    assert bench.panel.preview.projector.scene.progress == 0.0
    assert bench.panel.preview.projector.spot is None
    bench.making("c2")
    assert bench.panel.preview.projector.scene.sides[0].smooth


def test_the_model_is_not_said_to_load_once_a_clip_is_made(bench: Bench) -> None:
    bench.queue.loading.emit("Loading the model svi-mini")
    bench.making("c2", progress=0.0, picture=False)
    assert bench.panel.preview.live.text == "Step 0 of 20"


def test_how_long_it_takes_is_said_in_one_place(bench: Bench) -> None:
    bench.making("c2")
    bench.queue._clip.left = TimeLeft(100.0, 0.0)
    assert "left" not in bench.panel.preview.live.text
