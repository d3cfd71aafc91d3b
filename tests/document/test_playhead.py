import pytest
from pytestqt.qtbot import QtBot

from svi_studio.domain.editing.edits import change_film, delete_clips
from tests.builders.film_parts import Parts
from tests.domain.short_edits import set_cut, set_prompt

LENGTH = 4 * 16 + 21  # five clips of 21 frames; each that another one continues gives up 5


def test_the_time_line_counts_trimmed_frames(film: Parts) -> None:
    assert film.playhead.time.frames == LENGTH


def test_a_cut_makes_the_film_longer(qtbot: QtBot, film: Parts) -> None:
    with qtbot.waitSignal(film.playhead.time_changed):
        film.document.edit("Cut", lambda board: set_cut(board, "c3", True))
    assert film.playhead.time.frames == LENGTH + 5


def test_talk_as_the_authors_show_it_is_longer(qtbot: QtBot, film: Parts) -> None:
    film.document.edit("Talk", lambda board: change_film(board, family="talk"))
    assert film.playhead.time.frames == 4 * 20 + 21
    with qtbot.waitSignal(film.playhead.time_changed):
        film.document.edit("Theirs", lambda board: change_film(board, advance="authors"))
    assert film.playhead.time.frames == 5 * 21


def test_words_do_not_touch_the_time_line(qtbot: QtBot, film: Parts) -> None:
    with qtbot.assertNotEmitted(film.playhead.time_changed):
        film.document.edit("Type", lambda board: set_prompt(board, "c3", "new"))


def test_another_model_has_other_frames(film: Parts) -> None:
    film.playhead.set_model(81, 16.0)
    assert (film.playhead.time.frames, film.playhead.time.fps) == (4 * 76 + 81, 16.0)


@pytest.mark.parametrize(("asked", "reached"), [(10, 10), (-5, 0), (10_000, LENGTH - 1)])
def test_the_playhead_stays_within_the_film(film: Parts, asked: int, reached: int) -> None:
    film.playhead.set_frame(asked)
    assert film.playhead.frame == reached


def test_moving_is_told_once(qtbot: QtBot, film: Parts) -> None:
    with qtbot.waitSignal(film.playhead.moved) as told:
        film.playhead.set_frame(7)
    assert told.args == [7]
    with qtbot.assertNotEmitted(film.playhead.moved):
        film.playhead.set_frame(7)


def test_a_shorter_film_takes_the_playhead_along(film: Parts) -> None:
    film.playhead.set_frame(LENGTH - 1)
    film.document.edit("Delete", lambda board: delete_clips(board, ["c4", "c5"]))
    assert film.playhead.frame == film.playhead.last_frame == 2 * 16 + 21 - 1


def test_a_shorter_film_takes_the_range_along(film: Parts) -> None:
    film.playhead.set_in(5)
    film.playhead.set_out(LENGTH - 1)
    film.document.edit("Delete", lambda board: delete_clips(board, ["c4", "c5"]))
    assert (film.playhead.in_frame, film.playhead.out_frame) == (5, 52)


def test_an_in_point_behind_the_out_point_forgets_it(film: Parts) -> None:
    film.playhead.set_out(10)
    film.playhead.set_in(20)
    assert (film.playhead.in_frame, film.playhead.out_frame) == (20, None)


def test_an_out_point_before_the_in_point_forgets_it(film: Parts) -> None:
    film.playhead.set_in(20)
    film.playhead.set_out(10)
    assert (film.playhead.in_frame, film.playhead.out_frame) == (None, 10)


@pytest.mark.parametrize(("frame", "index"), [(0, 0), (15, 0), (16, 1), (84, 4), (999, 4)])
def test_each_frame_belongs_to_a_clip(film: Parts, frame: int, index: int) -> None:
    assert film.playhead.clip_at(frame) == index


def test_a_film_without_clips_has_one_place(film: Parts) -> None:
    film.document.edit("Delete", lambda board: delete_clips(board, [clip.id for clip in board.clips]))
    film.playhead.set_frame(3)
    assert (film.playhead.frame, film.playhead.clip_at(0)) == (0, None)
