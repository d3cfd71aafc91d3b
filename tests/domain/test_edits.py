import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from svi_studio.domain.editing import edits
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Clip, Storyboard, next_clip_id
from tests.builders.storyboards import clips, film, storyboards
from tests.domain import short_edits

some = storyboards(min_clips=1)


def ids(storyboard: Storyboard) -> list[str]:
    return [clip.id for clip in storyboard.clips]


def pick(data: st.DataObject, storyboard: Storyboard) -> Clip:
    return data.draw(st.sampled_from(storyboard.clips))


@given(storyboards(), st.data())
def test_deleting_an_inserted_clip_gives_the_storyboard_back(storyboard: Storyboard, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(storyboard.clips)))
    clip = data.draw(clips(next_clip_id(storyboard)))
    assert short_edits.delete_clip(short_edits.insert_clip(storyboard, index, clip), clip.id) == storyboard


@given(some, st.data())
def test_moving_there_and_back_changes_nothing(storyboard: Storyboard, data: st.DataObject) -> None:
    old = data.draw(st.integers(0, len(storyboard.clips) - 1))
    new = data.draw(st.integers(0, len(storyboard.clips) - 1))
    clip_id = storyboard.clips[old].id
    moved = short_edits.move_clip(storyboard, clip_id, new)
    assert moved.clips[new].id == clip_id
    assert short_edits.move_clip(moved, clip_id, old) == storyboard


@given(some, st.data())
def test_moving_keeps_the_order_of_the_others(storyboard: Storyboard, data: st.DataObject) -> None:
    clip = pick(data, storyboard)
    moved = short_edits.move_clip(storyboard, clip.id, data.draw(st.integers(0, len(storyboard.clips) - 1)))
    assert [i for i in ids(moved) if i != clip.id] == [i for i in ids(storyboard) if i != clip.id]


@given(some, st.data())
def test_a_duplicate_differs_only_in_its_id(storyboard: Storyboard, data: st.DataObject) -> None:
    clip = pick(data, storyboard)
    doubled = short_edits.duplicate_clip(storyboard, clip.id)
    copy = doubled.clips[ids(doubled).index(clip.id) + 1]
    assert copy.model_copy(update={"id": clip.id}) == clip
    assert copy.id not in ids(storyboard)


@given(some, st.data(), st.text(max_size=20))
def test_a_new_prompt_touches_only_its_clip(storyboard: Storyboard, data: st.DataObject, prompt: str) -> None:
    assume(prompt.isprintable())
    clip = pick(data, storyboard)
    changed = short_edits.set_prompt(storyboard, clip.id, prompt)
    differing = [new.id for new, old in zip(changed.clips, storyboard.clips, strict=True) if new != old]
    assert differing == ([] if prompt == clip.prompt else [clip.id])


@given(some, st.data(), st.integers(0, 2**53 - 1))
def test_undoing_a_seed_gives_the_storyboard_back(storyboard: Storyboard, data: st.DataObject, seed: int) -> None:
    clip = pick(data, storyboard)
    assert short_edits.set_seed(short_edits.set_seed(storyboard, clip.id, seed), clip.id, clip.seed) == storyboard


@given(storyboards())
def test_a_next_id_is_free(storyboard: Storyboard) -> None:
    assert next_clip_id(storyboard) not in ids(storyboard)


def test_an_edit_leaves_the_old_storyboard_as_it_was() -> None:
    storyboard = film(3)
    short_edits.delete_clip(storyboard, "c2")
    assert storyboard == film(3)


@pytest.mark.parametrize(
    "edit",
    [
        lambda board: short_edits.set_prompt(board, "c2", "other"),
        lambda board: short_edits.delete_clip(board, "c2"),
        lambda board: short_edits.move_clip(board, "c2", 0),
        lambda board: short_edits.set_cut(board, "c2", True),
        lambda board: edits.change_clip(board, "c2", locked=False, prompt="other"),
    ],
)
def test_a_locked_clip_stays_as_it_is(edit: object) -> None:
    locked = short_edits.set_lock(film(3), "c2", True)
    with pytest.raises(BadInput, match="Clip 2 is locked"):
        edit(locked)  # type: ignore[operator]


def test_an_unlocked_clip_can_change_again() -> None:
    unlocked = short_edits.set_lock(short_edits.set_lock(film(3), "c2", True), "c2", False)
    assert short_edits.set_prompt(unlocked, "c2", "other").clips[1].prompt == "other"


@pytest.mark.parametrize("index", [-1, 4])
def test_a_place_outside_the_storyboard_is_refused(index: int) -> None:
    with pytest.raises(BadInput, match="no place"):
        short_edits.insert_clip(film(3), index, Clip(id="new"))


def test_an_id_in_use_is_refused() -> None:
    with pytest.raises(BadInput, match="same id"):
        short_edits.insert_clip(film(3), 0, Clip(id="c2"))


def test_an_unknown_clip_is_refused() -> None:
    with pytest.raises(BadInput, match="no clip 'c9'"):
        short_edits.delete_clip(film(3), "c9")


@pytest.mark.parametrize(
    "changes", [{"seed": -1}, {"guidance_scale": float("nan")}, {"image": "/etc/passwd"}, {"colour": "red"}]
)
def test_a_value_out_of_bounds_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(BadInput, match="Clip 2 cannot have this"):
        edits.change_clip(film(3), "c2", **changes)


def test_the_settings_of_the_film_change_together() -> None:
    changed = edits.change_film(film(1), width=832, height=480)
    assert changed.size == (832, 480)


def test_half_a_size_is_refused() -> None:
    with pytest.raises(BadInput, match="together"):
        edits.change_film(film(1), width=832)


def test_a_prompt_appended_makes_a_clip_at_the_end() -> None:
    assert ids(short_edits.append_prompt(film(2), "more")) == ["c1", "c2", "c3"]
