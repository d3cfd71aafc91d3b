"""Edits of many clips at once: each is what its single edits would be, and touches nothing else."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.editing import edit_check, edits, take_edits
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Clip, Storyboard
from tests.builders.storyboards import film, hashes, prompts, storyboards
from tests.domain import short_edits

some = storyboards(min_clips=1)
TAKE = "c" * 64


def ids(board: Storyboard) -> list[str]:
    return [clip.id for clip in board.clips]


def a_few(data: st.DataObject, board: Storyboard) -> list[str]:
    """Some clips of the storyboard in any order."""
    return data.draw(st.lists(st.sampled_from(ids(board)), unique=True))


def a_gap(data: st.DataObject, board: Storyboard) -> int:
    return data.draw(st.integers(0, len(board.clips)))


def clip_of(board: Storyboard, clip_id: str) -> Clip:
    return board.clips[edit_check.index_of(board, clip_id)]


def keeping(count: int = 3) -> Storyboard:
    """A film whose every clip keeps a take."""
    board = film(count)
    return edits.change_clips(board, ids(board), take=TAKE)


@given(some, st.data())
def test_a_bulk_change_is_the_single_changes_one_by_one(board: Storyboard, data: st.DataObject) -> None:
    chosen = a_few(data, board)
    changes = data.draw(
        st.fixed_dictionaries(
            {}, optional={"prompt": prompts, "seed": st.none() | st.integers(0, 9), "cut": st.booleans()}
        )
    )
    one_by_one = board
    for clip_id in chosen:
        one_by_one = edits.change_clip(one_by_one, clip_id, **changes)
    assert edits.change_clips(board, chosen, **changes) == one_by_one


@given(some, st.data(), prompts)
def test_a_bulk_change_gives_clips_that_pass_their_own_checks(
    board: Storyboard, data: st.DataObject, prompt: str
) -> None:
    changed = edits.change_clips(board, a_few(data, board), prompt=prompt, guidance_scale=3)
    assert Storyboard.model_validate_json(changed.model_dump_json()) == changed


@given(some)
def test_a_change_that_changes_nothing_is_no_change(board: Storyboard) -> None:
    assert edits.change_clip(board, board.clips[0].id, prompt=board.clips[0].prompt) is board


@given(some, st.data())
def test_deleting_many_leaves_the_others_in_order(board: Storyboard, data: st.DataObject) -> None:
    gone = a_few(data, board)
    assert ids(edits.delete_clips(board, gone)) == [clip_id for clip_id in ids(board) if clip_id not in gone]


@given(some, st.data())
def test_moved_clips_stand_together_in_their_order(board: Storyboard, data: st.DataObject) -> None:
    chosen, gap = a_few(data, board), a_gap(data, board)
    moved = ids(edits.move_clips(board, chosen, gap))
    block = [clip_id for clip_id in ids(board) if clip_id in chosen]
    start = len([clip_id for clip_id in ids(board)[:gap] if clip_id not in chosen])
    assert moved[start : start + len(block)] == block


@given(some, st.data())
def test_moving_keeps_every_clip_and_the_order_of_the_others(board: Storyboard, data: st.DataObject) -> None:
    chosen = a_few(data, board)
    moved = edits.move_clips(board, chosen, a_gap(data, board))
    assert sorted(ids(moved)) == sorted(ids(board))
    assert [i for i in ids(moved) if i not in chosen] == [i for i in ids(board) if i not in chosen]


@given(some, st.data())
def test_a_block_moved_to_where_it_is_stays_the_same_value(board: Storyboard, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(board.clips) - 1))
    last = data.draw(st.integers(first, len(board.clips) - 1))
    gap = data.draw(st.integers(first, last + 1))
    assert edits.move_clips(board, ids(board)[first : last + 1], gap) is board


@given(some, st.data())
def test_duplicates_stand_as_a_block_after_the_last(board: Storyboard, data: st.DataObject) -> None:
    chosen = a_few(data, board)
    doubled = edits.duplicate_clips(board, chosen)
    originals = [clip for clip in board.clips if clip.id in chosen]
    start = 1 + max((edit_check.index_of(board, clip_id) for clip_id in chosen), default=-1)
    copies = doubled.clips[start : start + len(chosen)]
    assert [copy.model_copy(update={"id": "x"}) for copy in copies] == [
        original.model_copy(update={"id": "x"}) for original in originals
    ]
    assert edits.delete_clips(doubled, [copy.id for copy in copies]) == board


@given(storyboards(), st.data(), st.lists(prompts, max_size=5))
def test_inserted_prompts_stand_in_order_and_can_be_taken_out(
    board: Storyboard, data: st.DataObject, words: list[str]
) -> None:
    gap = a_gap(data, board)
    inserted = edits.insert_prompts(board, gap, words)
    new = inserted.clips[gap : gap + len(words)]
    assert [clip.prompt for clip in new] == words
    assert edits.delete_clips(inserted, [clip.id for clip in new]) == board


EDITS: dict[str, Callable[[Storyboard, list[str]], Storyboard]] = {
    "change": lambda board, chosen: edits.change_clips(board, chosen, prompt="other"),
    "delete": edits.delete_clips,
    "move": lambda board, chosen: edits.move_clips(board, chosen, 0),
}


@pytest.mark.parametrize("name", EDITS)
def test_one_locked_clip_among_many_stops_the_edit(name: str) -> None:
    locked = take_edits.lock_clips(film(4), ["c2"], True)
    with pytest.raises(BadInput, match="Clip 2 is locked: unlock it first"):
        EDITS[name](locked, ["c1", "c2", "c3"])


@pytest.mark.parametrize("name", EDITS)
def test_many_locked_clips_are_all_named(name: str) -> None:
    locked = take_edits.lock_clips(film(5), ["c2", "c3", "c5"], True)
    with pytest.raises(BadInput, match="Clips 2-3, 5 are locked"):
        EDITS[name](locked, ["c1", "c2", "c3", "c5"])


@pytest.mark.parametrize("name", [*EDITS, "duplicate", "lock", "release"])
def test_an_unknown_clip_among_many_is_named(name: str) -> None:
    more = {
        "duplicate": edits.duplicate_clips,
        "lock": lambda board, chosen: take_edits.lock_clips(board, chosen, True),
        "release": take_edits.release_takes,
    }
    with pytest.raises(BadInput, match="no clip 'c9'"):
        (EDITS | more)[name](film(3), ["c1", "c9"])


@pytest.mark.parametrize("name", EDITS)
def test_nothing_chosen_is_no_change(name: str) -> None:
    board = film(3)
    assert EDITS[name](board, []) is board


@pytest.mark.parametrize("gap", [-1, 4])
def test_a_gap_outside_the_film_is_refused(gap: int) -> None:
    with pytest.raises(BadInput, match="no place"):
        edits.move_clips(film(3), ["c1"], gap)


def test_a_value_out_of_bounds_changes_no_clip() -> None:
    with pytest.raises(BadInput, match="Clip 2 cannot have this: seed"):
        edits.change_clips(film(3), ["c2", "c3"], seed=-1)


def test_several_clips_cannot_get_one_id() -> None:
    with pytest.raises(BadInput, match="id of a clip cannot change"):
        edits.change_clips(film(3), ["c1", "c2"], id="c1")


def test_too_many_clips_are_refused_in_one_sentence() -> None:
    board = edits.insert_prompts(film(0), 0, ["again"] * 20_000)
    with pytest.raises(BadInput, match="not possible"):
        edits.duplicate_clips(board, ["c1"])


def test_a_prompt_that_is_too_long_is_refused() -> None:
    with pytest.raises(BadInput, match="prompt cannot be used"):
        edits.insert_prompts(film(1), 1, ["x" * 100_000])


DECIDING = {
    "prompt": "other",
    "negative_prompt": "fog",
    "seed": 7,
    "num_inference_steps": 9,
    "guidance_scale": 2.5,
    "image": "b.png",
    "cut": True,
}


@pytest.mark.parametrize("field", DECIDING)
def test_a_kept_take_is_let_go_when_its_clip_is_to_look_different(field: str) -> None:
    changed = edits.change_clips(keeping(), ["c1", "c2"], **{field: DECIDING[field]})
    assert [clip.take for clip in changed.clips] == [None, None, TAKE]


def test_a_note_lets_no_take_go() -> None:
    assert edits.change_clip(keeping(), "c1", note="nice").clips[0].take == TAKE


def test_a_clip_that_says_so_already_keeps_its_take_among_others_that_change() -> None:
    board = edits.change_clip(short_edits.set_seed(film(2), "c1", 7), "c1", take=TAKE)
    changed = edits.change_clips(board, ["c1", "c2"], seed=7, note="nice")
    assert changed.clips[0].take == TAKE


@pytest.mark.parametrize(
    "changes",
    [{"model": "other"}, {"family": "shot"}, {"width": 832, "height": 480}, {"num_frames": 17}],
)
def test_no_take_is_kept_in_a_film_of_another_shape(changes: dict[str, object]) -> None:
    assert {clip.take for clip in edits.change_film(keeping(), **changes).clips} == {None}


@pytest.mark.parametrize(
    "changes", [{"title": "x"}, {"style": "In ink."}, {"character": "A fox."}, {"seed": 9}, {"model": "svi-mini"}]
)
def test_takes_are_kept_when_the_film_keeps_its_shape(changes: dict[str, object]) -> None:
    assert {clip.take for clip in edits.change_film(keeping(), **changes).clips} == {TAKE}


def test_moved_and_copied_clips_keep_their_takes() -> None:
    moved = edits.duplicate_clips(edits.move_clips(keeping(), ["c3"], 0), ["c1"])
    assert {clip.take for clip in moved.clips} == {TAKE}


def test_an_edit_of_a_thousand_clips_is_as_right_as_one() -> None:
    board = edits.insert_prompts(film(0), 0, [f"scene {number}" for number in range(1000)])
    changed = edits.change_clips(board, ids(board)[::2], seed=4)
    assert [clip.seed for clip in changed.clips] == [4, None] * 500
    assert len(set(hashes(edits.change_film(changed, reference_image="a.png")))) == 1000
