from pytestqt.qtbot import QtBot

from svi_studio.domain.editing.edits import delete_clips, move_clips
from tests.builders.film_parts import Parts
from tests.domain.short_edits import set_prompt


def test_selected_clips_stand_in_the_order_of_the_film(film: Parts) -> None:
    film.selection.select(["c4", "c2"], "c2")
    assert (film.selection.ids, film.selection.current) == (("c2", "c4"), "c2")


def test_the_last_clip_is_the_current_one_unless_it_is_said(film: Parts) -> None:
    film.selection.select(["c4", "c2"])
    assert film.selection.current == "c4"


def test_unknown_clips_are_left_out(film: Parts) -> None:
    film.selection.select(["c1", "c99"])
    assert film.selection.ids == ("c1",)


def test_toggling_adds_and_takes_away(film: Parts) -> None:
    film.selection.select(["c1"])
    film.selection.toggle("c3")
    assert (film.selection.ids, film.selection.current) == (("c1", "c3"), "c3")
    film.selection.toggle("c3")
    assert (film.selection.ids, film.selection.current) == (("c1",), "c1")


def test_extending_goes_from_where_the_selection_began(film: Parts) -> None:
    film.selection.select(["c3"])
    film.selection.extend_to("c5")
    assert film.selection.ids == ("c3", "c4", "c5")
    film.selection.extend_to("c2")
    assert (film.selection.ids, film.selection.current) == (("c2", "c3"), "c2")


def test_a_deleted_clip_leaves_the_selection(film: Parts) -> None:
    film.selection.select(["c1", "c2"], "c2")
    film.document.edit("Delete", lambda board: delete_clips(board, ["c2"]))
    assert (film.selection.ids, film.selection.current) == (("c1",), "c1")


def test_the_neighbour_takes_over_when_all_are_deleted(film: Parts) -> None:
    film.selection.select(["c2", "c3"])
    film.document.edit("Delete", lambda board: delete_clips(board, ["c2", "c3"]))
    assert film.selection.ids == ("c4",)


def test_the_last_clip_takes_over_at_the_end(film: Parts) -> None:
    film.selection.select(["c5"])
    film.document.edit("Delete", lambda board: delete_clips(board, ["c5"]))
    assert film.selection.ids == ("c4",)


def test_a_move_keeps_the_selection_and_puts_it_in_order(film: Parts) -> None:
    film.selection.select(["c1", "c3"], "c1")
    film.document.edit("Move", lambda board: move_clips(board, ["c1"], 5))
    assert (film.selection.ids, film.selection.current) == (("c3", "c1"), "c1")


def test_other_edits_say_nothing(qtbot: QtBot, film: Parts) -> None:
    film.selection.select(["c1"])
    with qtbot.assertNotEmitted(film.selection.changed):
        film.document.edit("Type", lambda board: set_prompt(board, "c1", "new"))


def test_selecting_the_same_says_nothing(qtbot: QtBot, film: Parts) -> None:
    film.selection.select(["c1"])
    with qtbot.assertNotEmitted(film.selection.changed):
        film.selection.select(["c1"])
