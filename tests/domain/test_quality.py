"""Drafts: the same film, sooner."""

import pytest
from hypothesis import given

from svi_studio.domain.editing import edits
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.quality import at_quality, half_size
from svi_studio.domain.film.storyboard import Storyboard
from tests.builders.storyboards import MINI, film, plan_of, storyboards

WAN = ModelCard(name="wan")
SIZE = (832, 480)
TAKE = "c" * 64


@given(storyboards(min_clips=1))
def test_the_final_film_is_the_film(board: Storyboard) -> None:
    assert at_quality(board, WAN, SIZE, "final") is board


@given(storyboards(min_clips=1))
def test_a_draft_is_a_storyboard(board: Storyboard) -> None:
    draft = at_quality(board, WAN, SIZE, "draft")
    assert Storyboard.model_validate_json(draft.model_dump_json()) == draft


@given(storyboards(min_clips=1))
def test_a_draft_tells_the_same_story(board: Storyboard) -> None:
    final, draft = plan_of(board), plan_of(at_quality(board, MINI, (80, 48), "draft"))
    story = {"clip_id", "prompt", "negative_prompt", "seed", "image", "guidance_scale", "num_frames"}
    assert [job.model_dump(include=story) for job in draft.jobs] == [
        job.model_dump(include=story) for job in final.jobs
    ]


@given(storyboards(min_clips=1))
def test_no_clip_of_a_draft_takes_more_steps(board: Storyboard) -> None:
    pairs = zip(plan_of(board).jobs, plan_of(at_quality(board, MINI, (80, 48), "draft")).jobs, strict=True)
    assert all(1 <= draft.num_inference_steps <= final.num_inference_steps for final, draft in pairs)


def test_a_draft_takes_two_fifths_of_the_steps() -> None:
    board = edits.change_clip(film(2), "c2", num_inference_steps=30)
    draft = at_quality(board, WAN, SIZE, "draft")
    assert (draft.num_inference_steps, [clip.num_inference_steps for clip in draft.clips]) == (20, [None, 12])


@pytest.mark.parametrize(("steps", "drafted"), [(1, 1), (4, 4), (8, 8), (10, 8), (20, 8), (21, 9)])
def test_a_draft_of_few_steps_takes_all_of_them(steps: int, drafted: int) -> None:
    """With distilled LoRAs of 4 or 8 steps half of them would show nothing; such a draft is only smaller."""
    board = edits.change_film(edits.change_clip(film(2), "c2", num_inference_steps=steps), num_inference_steps=steps)
    draft = at_quality(board, WAN, SIZE, "draft")
    assert (draft.num_inference_steps, draft.clips[1].num_inference_steps) == (drafted, drafted)
    assert draft.size == (416, 240)


def test_a_draft_has_half_the_size() -> None:
    assert at_quality(film(1), WAN, SIZE, "draft").size == (416, 240)


def test_a_model_of_one_size_keeps_it() -> None:
    assert at_quality(film(1), MINI, (80, 48), "draft").size is None


@pytest.mark.parametrize(
    ("size", "half"),
    [((832, 480), (416, 240)), ((848, 480), (416, 240)), ((240, 832), (240, 832)), ((256, 256), (128, 128))],
)
def test_halves_are_whole_blocks_and_never_tiny(size: tuple[int, int], half: tuple[int, int]) -> None:
    assert half_size(size) == half


@pytest.mark.parametrize(("card", "size", "kept"), [(WAN, SIZE, None), (MINI, (80, 48), TAKE)])
def test_kept_takes_stay_only_where_the_size_does(card: ModelCard, size: tuple[int, int], kept: str | None) -> None:
    board = edits.change_clip(film(1), "c1", take=TAKE)
    assert at_quality(board, card, size, "draft").clips[0].take == kept


def test_a_draft_is_another_take_than_the_final_one() -> None:
    draft = plan_of(at_quality(film(1), MINI, (80, 48), "draft")).jobs[0]
    assert draft.take_hash != plan_of(film(1)).jobs[0].take_hash


def test_a_draft_of_held_latents_has_sides_of_whole_tokens() -> None:
    """Wan 2.2's small model takes 32 pixels a token."""
    board = edits.change_film(film(1, "pro5b"), width=1216, height=736)
    draft = at_quality(board, WAN, (1216, 736), "draft")
    assert (draft.width, draft.height) == (608, 384)
