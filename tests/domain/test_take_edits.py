"""Which take a clip keeps: locks, choices, letting go."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.editing import edits, take_edits
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import LoraUse, Storyboard
from svi_studio.domain.takes.job import JobLora
from svi_studio.domain.takes.take import Take
from tests.builders.storyboards import film, plan_of, storyboards
from tests.domain import short_edits

TAKE, OTHER = "c" * 64, "d" * 64


def take_of(board: Storyboard, index: int, **changes: Any) -> Take:
    """A take of the clip at ``index`` as it is now, or with other settings."""
    job = plan_of(board).jobs[index].model_copy(update=changes)
    return Take(take_hash=TAKE, parent_hash=job.parent_hash, job=job, num_frames=job.num_frames)


def test_a_lock_keeps_the_present_take() -> None:
    board = take_edits.lock_clips(film(3), ["c1", "c3"], True, {"c1": TAKE})
    assert [(clip.locked, clip.take) for clip in board.clips] == [(True, TAKE), (False, None), (True, None)]


def test_a_lock_without_a_present_take_leaves_the_one_that_was_chosen() -> None:
    chosen = take_edits.choose_take(film(1), "c1", take_of(film(1), 0))
    assert take_edits.lock_clips(chosen, ["c1"], True).clips[0].take == TAKE


def test_unlocking_changes_nothing_that_is_seen() -> None:
    board = take_edits.lock_clips(take_edits.lock_clips(film(1), ["c1"], True, {"c1": TAKE}), ["c1"], False)
    assert (board.clips[0].locked, board.clips[0].take) == (False, TAKE)


def test_unlocking_lets_a_take_go_that_the_settings_give_anyway() -> None:
    locked = take_edits.lock_clips(film(1), ["c1"], True, {"c1": TAKE})
    assert take_edits.lock_clips(locked, ["c1"], False, {"c1": TAKE}) == film(1)


def test_locking_what_is_locked_is_no_change() -> None:
    locked = take_edits.lock_clips(film(2), ["c1"], True, {"c1": TAKE})
    assert take_edits.lock_clips(locked, ["c1"], True, {"c1": OTHER}) is locked


@pytest.mark.parametrize("take", ["", "../../etc", "C" * 64, "c" * 63])
def test_a_lock_keeps_nothing_but_takes(take: str) -> None:
    with pytest.raises(BadInput, match="not the hash of a take"):
        take_edits.lock_clips(film(1), ["c1"], True, {"c1": take})


def test_a_released_clip_follows_its_settings_again() -> None:
    locked = take_edits.lock_clips(film(2), ["c1"], True, {"c1": TAKE})
    assert take_edits.release_takes(locked, ["c1"]) == short_edits.set_lock(film(2), "c1", True)


def test_releasing_what_is_free_is_no_change() -> None:
    board = film(2)
    assert take_edits.release_takes(board, ["c1", "c2"]) is board


@given(storyboards(min_clips=1), st.data())
def test_choosing_the_take_of_the_present_settings_changes_no_setting(board: Storyboard, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(board.clips) - 1))
    clip = board.clips[index]
    chosen = take_edits.choose_take(board, clip.id, take_of(board, index), now=plan_of(board).jobs[index])
    assert take_edits.release_takes(chosen, [clip.id]) == board


@given(storyboards(min_clips=1), st.data())
def test_a_chosen_take_brings_the_settings_that_made_it(board: Storyboard, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(board.clips) - 1))
    clip_id = board.clips[index].id
    take = take_of(board, index)
    edited = edits.change_clip(
        board, clip_id, prompt="now another", seed=3, num_inference_steps=4, guidance_scale=9, negative_prompt="mist"
    )
    now = plan_of(edited).jobs[index]
    again = take_edits.release_takes(take_edits.choose_take(edited, clip_id, take, now=now), [clip_id])
    told = {"prompt", "negative_prompt", "seed", "num_inference_steps", "guidance_scale"}
    assert plan_of(again).jobs[index].model_dump(include=told) == take.job.model_dump(include=told)


def test_words_of_the_film_do_not_get_into_the_prompt() -> None:
    board = edits.change_film(film(2), character="A fox.", style="In ink.")
    edited = short_edits.set_prompt(board, "c2", "now another")
    assert take_edits.choose_take(edited, "c2", take_of(board, 1)).clips[1].prompt == "scene 2"


def test_the_prompt_stays_when_the_films_words_are_others_now() -> None:
    take = take_of(edits.change_film(film(1), style="In ink."), 0)
    board = edits.change_film(film(1), style="In oil.")
    chosen = take_edits.choose_take(board, "c1", take)
    assert (chosen.clips[0].prompt, chosen.clips[0].take) == ("scene 1", TAKE)


def test_a_seed_that_follows_from_the_films_stays_unwritten() -> None:
    edited = short_edits.set_seed(film(2), "c2", 5)
    assert take_edits.choose_take(film(2), "c2", take_of(film(2), 1)).clips[1].seed is None
    assert take_edits.choose_take(edited, "c2", take_of(film(2), 1)).clips[1].seed == 42


def test_a_locked_clip_takes_no_other_take() -> None:
    with pytest.raises(BadInput, match="Clip 1 is locked"):
        take_edits.choose_take(short_edits.set_lock(film(1), "c1", True), "c1", take_of(film(1), 0))


def test_a_take_whose_settings_no_clip_can_have_is_refused() -> None:
    with pytest.raises(BadInput, match="cannot have what this take has"):
        take_edits.choose_take(film(1), "c1", take_of(film(1), 0, prompt="x" * 20_000))


def test_a_chosen_take_brings_its_motion_amplitude_and_a_plain_one_none() -> None:
    widened = take_edits.choose_take(film(1), "c1", take_of(film(1), 0, motion_amplitude=1.2))
    assert widened.clips[0].motion_amplitude == 1.2
    assert take_edits.choose_take(film(1), "c1", take_of(film(1), 0)).clips[0].motion_amplitude is None
    again = take_edits.choose_take(widened, "c1", take_of(film(1), 0))
    assert again.clips[0].motion_amplitude == 1.0


LOOK, OTHER_LOOK = (JobLora(f"loras/{name}.safetensors", "e" * 64, 0.5) for name in ("look", "other"))


def test_a_chosen_take_brings_its_own_loras_and_leaves_out_those_of_the_film_that_it_had_not() -> None:
    loras = (LoraUse(file=LOOK.file, weight=0.8, label="Look"), LoraUse(file="loras/film.safetensors"))
    board = edits.change_film(film(1), loras=loras)
    chosen = take_edits.choose_take(board, "c1", take_of(film(1), 0, loras=(LOOK, OTHER_LOOK)))
    assert chosen.clips[0].loras == (
        LoraUse(file=LOOK.file, weight=0.5, label="Look"),
        LoraUse(file=OTHER_LOOK.file, weight=0.5),
        LoraUse(file="loras/film.safetensors", weight=0),
    )
    plain = take_edits.choose_take(edits.change_clip(film(1), "c1", loras=loras), "c1", take_of(film(1), 0))
    assert plain.clips[0].loras == ()


def test_a_chosen_take_brings_no_lora_whose_file_the_film_has_no_more() -> None:
    chosen = take_edits.choose_take(film(1), "c1", take_of(film(1), 0, loras=(LOOK,)), has=lambda file: False)
    assert chosen.clips[0].loras == ()


def test_a_chosen_take_brings_what_it_ended_on_and_went_on_from() -> None:
    made = {"end_image": "end.png", "end_image_hash": "e" * 64, "start_video": "a.mp4", "start_video_hash": "f" * 64}
    chosen = take_edits.choose_take(film(2), "c1", take_of(film(2), 0, **made))
    assert (chosen.clips[0].end_image, chosen.clips[0].start_video) == ("end.png", "a.mp4")
    plain = take_edits.choose_take(chosen, "c1", take_of(film(2), 0))
    assert (plain.clips[0].end_image, plain.clips[0].start_video) == (None, None)
    lost = take_edits.choose_take(chosen, "c1", take_of(film(2), 0, end_image="gone.png"), has=lambda file: False)
    assert lost.clips[0].end_image == "end.png"
