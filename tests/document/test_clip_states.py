from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.film.film_document import Edit
from svi_studio.document.states import planning
from svi_studio.domain.editing.edits import change_clip, change_film
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.render.clip_state import ClipState
from tests.builders.film_parts import (
    IMPORTED_PICTURE,
    OTHER_PICTURE,
    PICTURE,
    Parts,
    facts_of,
    numbered,
    open_parts,
    take_for,
)
from tests.domain.short_edits import set_cut, set_prompt


@pytest.fixture
def known(film: Parts) -> Parts:
    film.know(facts_of())
    return film


def states(film: Parts) -> list[ClipState]:
    film.states.settle()
    return [film.states.state(clip.id).state for clip in film.document.storyboard.clips]


def rewrite(film: Parts, clip: str, words: str = "other prompt") -> None:
    film.document.edit("Type", lambda board: set_prompt(board, clip, words))


EMPTY, STALE, DONE = ClipState.EMPTY, ClipState.STALE, ClipState.DONE


def test_a_clip_without_a_take_is_empty(known: Parts) -> None:
    assert states(known) == [EMPTY] * 5


def test_a_rendered_clip_is_done_and_shows_its_take(known: Parts) -> None:
    (take,) = known.render(0)
    view = known.states.state("c1")
    assert (view.state, view.take_hash, view.current_take) == (DONE, take.take_hash, take.take_hash)


def test_an_edit_makes_stale_what_comes_after_it_and_nothing_before(known: Parts) -> None:
    known.render(0, 1, 2, 3, 4)
    rewrite(known, "c3")
    assert states(known) == [DONE, DONE, STALE, STALE, STALE]


def test_a_stale_clip_still_shows_its_newest_take(known: Parts) -> None:
    (take,) = known.render(4)
    rewrite(known, "c5")
    known.states.settle()
    view = known.states.state("c5")
    assert (view.take_hash, view.current_take) == (take.take_hash, None)


def test_a_cut_ends_what_an_edit_makes_stale(known: Parts) -> None:
    known.document.edit("Cut", lambda board: set_cut(board, "c4", True))
    known.render(0, 1, 2, 3, 4)
    rewrite(known, "c2")
    assert states(known) == [DONE, STALE, STALE, DONE, DONE]


def test_undo_brings_old_takes_back(known: Parts) -> None:
    known.render(0, 1, 2, 3, 4)
    rewrite(known, "c1")
    known.document.undo_stack.undo()
    assert states(known) == [DONE] * 5


def test_a_style_for_the_film_makes_everything_stale(known: Parts) -> None:
    known.render(0, 1, 2, 3, 4)
    known.document.edit("Style", lambda board: change_film(board, style="painted"))
    assert states(known) == [STALE] * 5


def test_a_clip_without_words_says_what_is_missing(known: Parts) -> None:
    rewrite(known, "c2", "")
    known.states.settle()
    assert known.states.state("c2").message == "Clip 2 has no prompt: say in a few words what happens in it."


def test_a_picture_that_is_missing_stops_only_the_clips_that_need_it(known: Parts) -> None:
    known.document.edit("Cut", lambda board: set_cut(board, "c4", True, OTHER_PICTURE))
    known.know(facts_of([PICTURE]))
    assert len(known.states.stale_jobs()) == 3
    assert OTHER_PICTURE in known.states.refusal("c4")


def test_takes_made_from_a_picture_that_was_lost_are_still_shown(qtbot: QtBot, tmp_path: Path) -> None:
    film = open_parts(numbered(3, reference_image=IMPORTED_PICTURE), tmp_path)
    film.know(facts_of())
    film.render(0, 1)
    film.know(facts_of([PICTURE]))
    assert states(film) == [DONE, DONE, EMPTY]
    assert film.states.state("c3").message == f"The picture {IMPORTED_PICTURE} is gone."
    assert not film.states.stale_jobs()
    film.close()


def test_drafts_from_before_are_known_at_opening(qtbot: QtBot, known: Parts) -> None:
    draft = known.states.stale_jobs(0, 0, "draft")[0]
    fresh = open_parts(known.document.storyboard, known.document.folder)
    fresh.takes.found((take_for(draft),))
    fresh.know(facts_of())
    fresh.states.settle()
    assert fresh.states.state("c1").is_draft
    fresh.close()


def test_smaller_drafts_of_as_many_steps_are_known_at_opening(qtbot: QtBot, known: Parts) -> None:
    found = facts_of()
    facts = replace(found, facts=replace(found.facts, card=ModelCard(name="wan", num_frames=21), size=(832, 480)))
    board = change_film(known.document.storyboard, num_inference_steps=4)
    asked, fresh = (open_parts(board, known.document.folder) for _ in range(2))
    asked.know(facts)
    asked.states.settle()
    (draft,) = asked.states.stale_jobs(0, 0, "draft")
    assert (draft.num_inference_steps, draft.width, draft.height) == (4, 416, 240)
    fresh.takes.found((take_for(draft),))
    fresh.know(facts)
    fresh.states.settle()
    assert fresh.states.state("c1").is_draft
    asked.close()
    fresh.close()


def test_until_the_model_is_read_a_clip_with_a_take_counts_as_done(known: Parts, tmp_path: Path) -> None:
    known.render(0)
    fresh = open_parts(known.document.storyboard, tmp_path)
    fresh.takes.found(tuple(known.takes.all()))
    assert fresh.states.state("c1").state == DONE
    fresh.close()


def test_a_film_whose_model_is_missing_keeps_showing_its_takes(known: Parts) -> None:
    (take,) = known.render(0)
    known.reader.problem.emit("There is no model called x.")
    view = known.states.state("c1")
    assert (known.states.problem, view.state, view.take_hash) == ("There is no model called x.", STALE, take.take_hash)


def test_the_clips_to_render_are_those_without_takes(known: Parts) -> None:
    known.render(0, 1)
    assert [job.clip_id for job in known.states.stale_jobs()] == ["c3", "c4", "c5"]


def test_a_part_of_a_film_needs_the_clips_that_its_chain_continues(known: Parts) -> None:
    known.render(0)
    assert [job.clip_id for job in known.states.stale_jobs(3, 3)] == ["c2", "c3", "c4"]


def test_a_draft_is_shown_until_the_final_take_is_there(known: Parts) -> None:
    draft = known.states.stale_jobs(0, 0, "draft")[0]
    known.takes.found((take_for(draft),))
    view = known.states.state("c1")
    assert (view.state, view.is_draft, view.take_hash) == (DONE, True, draft.take_hash)
    assert known.states.stale_jobs(0, 0)


def test_a_clip_keeps_the_take_that_was_chosen_whatever_its_settings(known: Parts) -> None:
    (old,) = known.render(0)
    rewrite(known, "c1")
    known.document.edit("Keep", lambda board: change_clip(board, "c1", take=old.take_hash))
    known.states.settle()
    view = known.states.state("c1")
    assert (view.state, view.kept, view.take_hash) == (DONE, True, old.take_hash)


def test_a_kept_take_that_comes_later_counts_from_then_on(known: Parts) -> None:
    (old,) = known.render(0)
    board = known.document.storyboard
    fresh = open_parts(change_clip(set_prompt(board, "c1", "other"), "c1", take=old.take_hash), known.document.folder)
    fresh.know(facts_of())
    assert not fresh.states.state("c1").kept
    fresh.takes.found((old,))
    fresh.states.settle()
    assert fresh.states.state("c1").kept
    fresh.close()


def test_what_the_queue_does_goes_before_everything_else(known: Parts) -> None:
    known.states.set_activity("c1", ClipState.RENDERING, 0.4)
    view = known.states.state("c1")
    assert (view.state, view.progress) == (ClipState.RENDERING, 0.4)
    known.states.set_activity("c1", None)
    assert known.states.state("c1").state == EMPTY


def test_a_failure_is_forgotten_when_the_clip_is_edited(known: Parts) -> None:
    known.states.set_activity("c1", ClipState.FAILED, 0.0, "The memory was full.")
    assert known.states.state("c1").message == "The memory was full."
    rewrite(known, "c1")
    assert known.states.state("c1").state == EMPTY


def test_the_same_activity_is_told_once(qtbot: QtBot, known: Parts) -> None:
    known.states.set_activity("c1", ClipState.QUEUED)
    with qtbot.assertNotEmitted(known.states.changed):
        known.states.set_activity("c1", ClipState.QUEUED)


def test_only_clips_that_look_different_are_told(qtbot: QtBot, known: Parts) -> None:
    rewrite(known, "c4")
    with qtbot.waitSignal(known.states.changed) as told:
        known.states.settle()
    assert told.args == [frozenset({"c4", "c5"})]


def test_a_copy_with_the_same_take_is_told_too(qtbot: QtBot, known: Parts) -> None:
    known.document.edit("Cut", lambda board: set_cut(set_prompt(board, "c3", board.clips[0].prompt), "c3", True))
    known.document.edit("Seed", lambda board: change_clip(change_clip(board, "c3", seed=7), "c1", seed=7))
    (take,) = known.render(0)
    assert known.states.state("c3").current_take == take.take_hash
    assert known.takes.of_clip("c3") == (take,)


@pytest.mark.parametrize(
    ("edit", "planned"),
    [
        (lambda board: change_clip(board, "c3", note="mine"), 1),
        (lambda board: set_prompt(board, "c3", "other"), 4),
        (lambda board: change_clip(board, "c6", note="mine"), 1),
        (lambda board: change_clip(board, "c8", prompt="other"), 3),
    ],
)
def test_planning_ends_where_the_edit_ends(qtbot: QtBot, tmp_path: Path, edit: Edit, planned: int) -> None:
    film = open_parts(set_cut(numbered(10), "c7", True), tmp_path)
    film.know(facts_of())
    jobs = {clip.id: film.states.job(clip.id) for clip in film.document.storyboard.clips}
    film.document.edit("Edit", edit)
    film.states.settle()
    assert sum(film.states.job(clip) is not job for clip, job in jobs.items()) == planned
    film.close()


def test_planning_gives_the_window_its_turn(known: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "SLICE_SECONDS", 0.0)
    film = open_parts(numbered(300), known.document.folder)
    film.reader.facts.emit(facts_of())
    assert film.states.planning
    assert film.states.job("c300") is None
    film.states.settle()
    assert film.states.job("c300") is not None
    film.close()


def test_another_picture_is_read_before_it_counts(known: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(known.reader, "read", asked.append)
    rewrite(known, "c2")
    assert not asked
    known.document.edit("Cut", lambda board: set_cut(board, "c2", True, "new.png"))
    assert len(asked) == 1
