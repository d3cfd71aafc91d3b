from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.film import film_document
from svi_studio.document.film.film_document import UNDO_LIMIT, FilmDocument
from svi_studio.document.film.storyboard_change import StoryboardChange
from svi_studio.domain.editing.edits import change_film
from svi_studio.domain.film.storyboard import Storyboard
from tests.builders.film_parts import numbered
from tests.domain.short_edits import delete_clip, set_prompt


@pytest.fixture
def document(qtbot: QtBot, tmp_path: Path) -> Iterator[FilmDocument]:
    document = FilmDocument(tmp_path, numbered(3))
    yield document
    document.undo_stack.clear()


def type_prompt(document: FilmDocument, text: str, clip: str = "c1") -> bool:
    return document.edit("Type", lambda board: set_prompt(board, clip, text), merge=f"prompt {clip}")


def test_an_edit_is_told_with_before_and_after(qtbot: QtBot, document: FilmDocument) -> None:
    before = document.storyboard
    with qtbot.waitSignal(document.changed) as told:
        document.edit("Delete", lambda board: delete_clip(board, "c2"))
    assert (told.args[0].before, told.args[0].after) == (before, document.storyboard)


def test_an_edit_that_is_not_possible_is_refused_in_a_sentence(qtbot: QtBot, document: FilmDocument) -> None:
    with qtbot.assertNotEmitted(document.changed), qtbot.waitSignal(document.refused) as told:
        assert not document.edit("Delete", lambda board: delete_clip(board, "c9"))
    assert told.args == ["There is no clip 'c9' in this storyboard."]


def test_a_prompt_of_100_000_characters_is_refused_calmly(qtbot: QtBot, document: FilmDocument) -> None:
    with qtbot.waitSignal(document.refused) as told:
        assert not type_prompt(document, "a" * 100_000)
    assert told.args == ["Clip 1 cannot have this: prompt: use at most 10,000 characters."]


def test_an_edit_that_changes_nothing_is_no_step(qtbot: QtBot, document: FilmDocument) -> None:
    with qtbot.assertNotEmitted(document.changed):
        assert not document.edit("Same", lambda board: change_film(board, style=""))
    assert document.undo_stack.count() == 0


def test_undo_brings_the_storyboard_back_and_tells(qtbot: QtBot, document: FilmDocument) -> None:
    before = document.storyboard
    document.edit("Delete", lambda board: delete_clip(board, "c2"))
    with qtbot.waitSignal(document.changed):
        document.undo_stack.undo()
    assert document.storyboard is before


def test_the_menu_names_the_step(document: FilmDocument) -> None:
    document.edit("Delete clip", lambda board: delete_clip(board, "c2"))
    assert document.undo_stack.undoText() == "Delete clip"


def test_typing_merges_into_one_step(document: FilmDocument) -> None:
    before = document.storyboard
    for text in ("a", "ab", "abc"):
        type_prompt(document, text)
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.storyboard is before


def test_typing_in_another_clip_is_another_step(document: FilmDocument) -> None:
    type_prompt(document, "a", "c1")
    type_prompt(document, "b", "c2")
    assert document.undo_stack.count() == 2


def test_leaving_the_field_ends_the_step(document: FilmDocument) -> None:
    type_prompt(document, "a")
    document.end_merge()
    type_prompt(document, "ab")
    assert document.undo_stack.count() == 2


def test_a_pause_ends_the_step(document: FilmDocument, monkeypatch: pytest.MonkeyPatch) -> None:
    type_prompt(document, "a")
    later = film_document.monotonic() + 1.6
    monkeypatch.setattr(film_document, "monotonic", lambda: later)
    type_prompt(document, "ab")
    assert document.undo_stack.count() == 2


def test_typing_goes_on_as_a_step_of_its_own_after_undo(document: FilmDocument) -> None:
    type_prompt(document, "a")
    document.end_merge()
    type_prompt(document, "ab")
    document.undo_stack.undo()
    type_prompt(document, "ac")
    document.undo_stack.undo()
    assert document.storyboard.clips[0].prompt == "a"


def test_typing_back_to_the_start_leaves_no_step(document: FilmDocument) -> None:
    first = document.storyboard.clips[0].prompt
    type_prompt(document, first + "x")
    type_prompt(document, first)
    assert document.undo_stack.count() == 0
    assert document.storyboard.clips[0].prompt == first


def test_steps_older_than_the_limit_are_forgotten(document: FilmDocument) -> None:
    for number in range(UNDO_LIMIT + 10):
        document.edit("Type", lambda board, number=number: set_prompt(board, "c1", f"{number}"))
    assert document.undo_stack.count() == UNDO_LIMIT
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
    assert document.storyboard.clips[0].prompt == "9"


def test_a_listener_that_edits_is_told_in_order(document: FilmDocument) -> None:
    told: list[StoryboardChange] = []

    def follow(change: StoryboardChange) -> None:
        if change.after.clips[0].prompt == "first":
            type_prompt(document, "second")

    document.changed.connect(follow)
    document.changed.connect(told.append)
    document.edit("Type", lambda board: set_prompt(board, "c1", "first"))
    assert [change.after.clips[0].prompt for change in told] == ["first", "second"]
    assert told[0].after is told[1].before


def test_a_film_that_can_only_be_read_refuses_edits(qtbot: QtBot, tmp_path: Path) -> None:
    document = FilmDocument(tmp_path, numbered(1), "This film is open in another window.")
    with qtbot.waitSignal(document.refused) as told:
        assert not type_prompt(document, "new")
    assert told.args == ["This film is open in another window."]


def test_clips_are_found_by_their_id_after_an_edit(document: FilmDocument) -> None:
    assert document.index("c3") == 2
    document.edit("Delete", lambda board: delete_clip(board, "c1"))
    assert (document.index("c3"), document.index("c1")) == (1, None)


@pytest.mark.parametrize(
    ("edit", "first", "order", "film", "ids"),
    [
        (lambda board: set_prompt(board, "c2", "new"), 1, False, False, {"c2"}),
        (lambda board: delete_clip(board, "c2"), 1, True, False, set()),
        (lambda board: change_film(board, style="painted"), 3, False, True, set()),
    ],
)
def test_a_change_says_what_differs(
    edit: film_document.Edit, first: int, order: bool, film: bool, ids: set[str]
) -> None:
    board: Storyboard = numbered(3)
    change = StoryboardChange(board, edit(board))
    assert (change.first, change.order, change.film, change.clip_ids) == (first, order, film, ids)
