"""What is in the picture: the right frame of the right take, or words; never a wrong one."""

import random

import numpy as np
from PySide6.QtWidgets import QApplication

from svi_studio.domain.editing.edits import change_clips
from svi_studio.domain.takes.take_files import LOSSLESS_VIDEO
from tests.ui.preview.films import FRAMES, KEPT, Bench, frame_of, put_video


def take_at(bench: Bench, index: int) -> str:
    take = bench.film.states.state(f"c{index + 1}").take_hash
    assert take is not None
    return take


def test_every_film_frame_is_the_frame_of_the_take_that_the_assembly_shows(bench: Bench) -> None:
    frames = list(range(2 * KEPT + FRAMES))
    random.Random(1).shuffle(frames)
    for frame in frames:
        bench.show(frame)
        index = min(frame // KEPT, 2)
        assert np.array_equal(bench.pixels(), frame_of(take_at(bench, index), frame - index * KEPT)), frame


def test_after_wild_scrubbing_the_last_frame_is_in_the_picture(bench: Bench) -> None:
    chance = random.Random(2)
    for _ in range(200):
        bench.film.playhead.set_frame(chance.randrange(53))
        if chance.random() < 0.2:
            QApplication.processEvents()
    bench.show(37)
    assert np.array_equal(bench.pixels(), frame_of(take_at(bench, 2), 5))


def test_what_comes_too_late_is_not_shown_over_something_newer(bench: Bench) -> None:
    shown: list[int] = []
    bench.panel.preview.projector.projected.connect(shown.append)
    for frame in range(0, 50, 2):
        bench.film.playhead.set_frame(frame)
    bench.show(3)
    assert shown[-1] == 3
    assert shown.index(3) == len(shown) - 1


def test_a_frame_that_is_cached_is_in_the_picture_at_once(bench: Bench) -> None:
    bench.show(20)
    bench.show(5)
    bench.film.playhead.set_frame(20)
    assert np.array_equal(bench.pixels(), frame_of(take_at(bench, 1), 4))


def test_a_clip_without_a_take_shows_its_words_and_state(bare_bench: Bench) -> None:
    bare_bench.show(KEPT + 2)
    words = bare_bench.panel.preview.projector.scene.sides[0].words
    assert (words.title, words.text, words.note) == ("Clip 2", "Part 2", "Not rendered yet")
    assert bare_bench.panel.preview.projector.spot is None


def test_a_take_from_before_a_change_is_shown_and_says_so(bench: Bench) -> None:
    bench.show(20)
    assert bench.panel.preview.projector.scene.badges == ()
    bench.film.document.edit("words", lambda board: change_clips(board, ["c2"], prompt="It rains."))
    bench.film.states.settle()
    bench.show(20)
    assert bench.panel.preview.projector.scene.has_picture
    assert [badge.text for badge in bench.panel.preview.projector.scene.badges] == [
        "An older take, from before a change"
    ]


def test_a_new_take_takes_the_place_of_the_words(bare_bench: Bench) -> None:
    bare_bench.show(3)
    take = put_video(bare_bench.qtbot, bare_bench.film, 0)
    bare_bench.qtbot.waitUntil(lambda: bare_bench.panel.preview.projector.scene.has_picture)
    assert np.array_equal(bare_bench.pixels(), frame_of(take, 3))


def told_at(bench: Bench, frame: int) -> list[str]:
    """What is said in the place of the picture, one after the other, when the playhead goes to ``frame``."""
    told: list[str] = []
    bench.panel.preview.projector.scene_changed.connect(lambda scene: told.append(scene.sides[0].words.text))
    bench.show(frame)
    return told


def test_a_missing_file_is_calm_words_and_the_rest_plays(bench: Bench) -> None:
    bench.film.takes.file(take_at(bench, 1), LOSSLESS_VIDEO).unlink()
    assert "This take cannot be shown." in told_at(bench, KEPT + 3)
    assert not bench.panel.preview.projector.scene.has_picture
    bench.show(2)
    assert bench.panel.preview.projector.scene.has_picture


def test_a_damaged_file_is_calm_words(bench: Bench) -> None:
    path = bench.film.takes.file(take_at(bench, 1), LOSSLESS_VIDEO)
    path.write_bytes(path.read_bytes()[:2000] + bytes(500))
    assert "This take cannot be shown." in told_at(bench, KEPT + 15)


def test_a_deleted_clip_leaves_nothing_behind(bench: Bench) -> None:
    bench.show(45)
    bench.film.selection.select_all()
    bench.film.commands.clips.delete()
    assert not bench.panel.preview.projector.scene.has_picture
    assert bench.film.playhead.frame == 0


def test_two_takes_are_shown_at_the_same_frame(bench: Bench) -> None:
    other = put_video(bench.qtbot, bench.film, 1, seed=999)
    bench.panel.preview.compare(take_at(bench, 1), other)
    for frame in (20, 18, 31):
        bench.show(frame)
        assert np.array_equal(bench.pixels(0), frame_of(take_at(bench, 1), frame - KEPT))
        assert np.array_equal(bench.pixels(1), frame_of(other, frame - KEPT))


def test_the_film_so_far_ends_with_the_last_clip_that_has_a_take(bare_bench: Bench) -> None:
    assert bare_bench.panel.preview.player.span == (0, 52)
    put_video(bare_bench.qtbot, bare_bench.film, 1)
    assert bare_bench.panel.preview.player.span == (0, 2 * KEPT - 1)
