"""The planner: the hashes that it has always made, takes that clips keep, anchors in mid-chain, refusals."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.editing import edits
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.family import family
from svi_studio.domain.film.storyboard import LoraUse, Storyboard
from svi_studio.domain.render.plan import plan_film
from svi_studio.domain.render.planner import FilmFacts, FilmPlanner, take_fits
from svi_studio.domain.takes.job import ClipJob
from svi_studio.domain.takes.take import Take
from svi_studio.domain.takes.take_hash import take_hash
from tests.builders.storyboards import MINI, film, plan_of, storyboards
from tests.domain import short_edits
from tests.domain.test_take_hash import four_clips

CHOSEN = "c" * 64
IMAGES = {"a.png": "1" * 64, "b.png": "2" * 64}
FACTS = FilmFacts(MINI, "a" * 64, {"l.safetensors": "3" * 64}, IMAGES, (80, 48))


def jobs(board: Storyboard, *kept: str, facts: FilmFacts = FACTS) -> tuple[ClipJob, ...]:
    return plan_film(FilmPlanner(board, facts, kept.__contains__)).jobs


def hashes(board: Storyboard, *kept: str) -> list[str]:
    return [job.take_hash for job in jobs(board, *kept)]


def with_take(board: Storyboard, clip_id: str) -> Storyboard:
    return edits.change_clip(board, clip_id, take=CHOSEN)


def take_of(job: ClipJob, **changes: Any) -> Take:
    made = job.model_copy(update=changes)
    return Take(take_hash=CHOSEN, parent_hash=None, job=made, num_frames=made.num_frames)


# What version 0.1.0 made of these films: takes that were rendered then must still be found.
AS_EVER = {
    "film": ["00b7b5b6438199a6", "7750fd38b924221d", "f8d2b57c001606df", "109f7d2fbd665eb6"],
    "shot": ["9650100b643c3cb0", "3303ab0a745272fb", "41d0c5643246b9ce", "f1d79bec644eef6f"],
}


@pytest.mark.parametrize("name", AS_EVER)
def test_the_hashes_of_earlier_versions_still_hold(name: str) -> None:
    assert [each[:16] for each in hashes(four_clips(name))] == AS_EVER[name]


def first_formula(job: ClipJob) -> str:
    """The hash of a take as the first version wrote it down, value by value."""
    profile = family(job.family)
    decides = {
        "conditioning": {
            "hand_off": profile.hand_off,
            "num_motion_frames": profile.num_motion_frames,
            "ref_pad_cfg": profile.ref_pad_cfg,
            "ref_pad_num": profile.ref_pad_num,
            "tiled_decode": profile.tiled_decode,
        },
        "dtype": job.dtype,
        "engine_version": "1",
        "guidance_scale": float(job.guidance_scale),
        "height": job.height,
        "image_hash": job.image_hash,
        "loras": [[lora.sha256, lora.weight] for lora in job.loras],
        "model_hash": job.model_hash,
        "negative_prompt": job.negative_prompt,
        "num_frames": job.num_frames,
        "num_inference_steps": job.num_inference_steps,
        "parent_hash": job.parent_hash,
        "prompt": job.prompt,
        "seed": job.seed,
        "shift": job.shift,
        "width": job.width,
    }
    return hashlib.sha256(json.dumps(decides, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@given(storyboards(min_clips=1))
def test_the_planner_hashes_by_the_first_formula(board: Storyboard) -> None:
    planned = plan_of(board).jobs
    assert [job.take_hash for job in planned] == [first_formula(job) for job in planned]


@given(storyboards(min_clips=1))
def test_the_fast_hash_is_the_hash_of_the_job(board: Storyboard) -> None:
    planned = plan_of(board).jobs
    assert [job.take_hash for job in planned] == [take_hash(job) for job in planned]


@given(storyboards(min_clips=1))
def test_every_job_passes_its_own_checks(board: Storyboard) -> None:
    planned = plan_of(board).jobs
    assert tuple(ClipJob.model_validate(dict(job)) for job in planned) == planned


def test_a_kept_take_stands_for_its_clip() -> None:
    job = jobs(with_take(film(3), "c2"), CHOSEN)[1]
    assert (job.take_hash, job.kept) == (CHOSEN, True)


def test_the_next_clip_continues_from_the_kept_take() -> None:
    assert jobs(with_take(film(3), "c2"), CHOSEN)[2].parent_hash == CHOSEN


def test_a_kept_take_leaves_the_clips_before_it_alone() -> None:
    assert hashes(with_take(film(3), "c2"), CHOSEN)[0] == hashes(film(3))[0]


def test_a_kept_take_that_is_gone_does_not_count() -> None:
    assert hashes(with_take(film(3), "c2")) == hashes(film(3))


def test_a_kept_take_keeps_its_place_in_the_chain() -> None:
    chosen = plan_film(FilmPlanner(with_take(film(3), "c2"), FACTS, {CHOSEN}.__contains__))
    assert [job.parent_hash is None for job in chosen.jobs] == [
        job.parent_hash is None for job in plan_of(film(3)).jobs
    ]


@given(st.data(), storyboards(min_clips=2))
def test_edits_before_a_kept_take_never_reach_past_it(data: st.DataObject, board: Storyboard) -> None:
    at = data.draw(st.integers(1, len(board.clips) - 1))
    board = edits.change_film(with_take(board, board.clips[at].id), loras=())
    other = edits.change_clip(board, board.clips[0].id, seed=data.draw(st.integers(0, 99)))
    images = dict.fromkeys(board.images(), "1" * 64)
    facts = FilmFacts(MINI, "a" * 64, {}, images, (80, 48))
    old, new = (jobs(each, CHOSEN, facts=facts)[at:] for each in (board, other))
    assert [job.take_hash for job in old] == [job.take_hash for job in new]


def test_a_kept_take_needs_neither_words_nor_a_picture() -> None:
    bare = edits.change_film(with_take(short_edits.set_prompt(film(2), "c1", ""), "c1"), reference_image=None)
    assert FilmPlanner(bare, FACTS, {CHOSEN}.__contains__).refusal(0) is None
    assert FilmPlanner(bare, FACTS, {CHOSEN}.__contains__).job(0, None).take_hash == CHOSEN


def test_a_clip_after_a_kept_take_still_needs_its_picture() -> None:
    bare = edits.change_film(with_take(film(2), "c1"), reference_image=None)
    assert "chain of clip 2 has no picture" in (FilmPlanner(bare, FACTS, {CHOSEN}.__contains__).refusal(1) or "")


def test_an_own_picture_in_mid_chain_is_the_anchor_from_there_on() -> None:
    board = edits.change_clip(film(5, "shot"), "c3", image="b.png")
    board = short_edits.set_cut(board, "c5", True)
    assert [job.image for job in jobs(board)] == ["a.png", "a.png", "b.png", "b.png", "a.png"]


def test_an_own_picture_in_mid_chain_changes_no_clip_before_it() -> None:
    old, new = hashes(film(4, "shot")), hashes(edits.change_clip(film(4, "shot"), "c3", image="b.png"))
    assert [a == b for a, b in zip(old, new, strict=True)] == [True, True, False, False]


def test_an_own_picture_in_mid_chain_has_no_effect_in_a_family_without_anchor() -> None:
    assert hashes(edits.change_clip(film(4), "c3", image="b.png")) == hashes(film(4))


@given(storyboards(min_clips=1))
def test_all_anchors_at_once_are_the_anchors_one_by_one(board: Storyboard) -> None:
    assert board.chain_images() == tuple(board.chain_image(index) for index in range(len(board.clips)))


@given(storyboards(min_clips=1))
def test_a_render_reads_exactly_the_pictures_that_the_storyboard_lists(board: Storyboard) -> None:
    assert set(board.images()) == {job.image for job in plan_of(board).jobs}


def test_the_character_stands_before_the_prompt() -> None:
    board = edits.change_film(film(1), character=" A red puppet. ", style="In ink.")
    assert jobs(board)[0].prompt == "A red puppet. scene 1 In ink."


def test_a_refusal_names_the_clip() -> None:
    planner = FilmPlanner(short_edits.set_prompt(film(3), "c2", " "), FACTS)
    assert [planner.refusal(index) is None for index in range(3)] == [True, False, True]
    assert (planner.refusal(1) or "").startswith("Clip 2 has no prompt")


def test_a_refused_clip_has_no_job() -> None:
    planner = FilmPlanner(short_edits.set_prompt(film(1), "c1", " "), FACTS)
    with pytest.raises(BadInput, match="Clip 1 has no prompt"):
        planner.job(0, None)


def test_what_is_known_of_a_missing_picture_is_said() -> None:
    facts = FilmFacts(MINI, "a" * 64, {}, {}, (80, 48), {"a.png": "The picture is broken."})
    assert FilmPlanner(film(2), facts).refusal(1) == "The picture is broken."


@pytest.mark.parametrize(
    ("board", "sentence"),
    [
        (film(0), "no clips"),
        (film(1).model_copy(update={"family": "opera"}), "no family called"),
        (film(1).model_copy(update={"family": "talk"}), "needs a model that follows a sound"),
        (edits.change_film(film(1), num_frames=5), "too short"),
        (edits.change_film(film(1), loras=(LoraUse(file="gone.safetensors"),)), "LoRA 'gone.safetensors'"),
    ],
)
def test_a_film_that_cannot_be_rendered_says_why(board: Storyboard, sentence: str) -> None:
    assert sentence in (FilmPlanner(board, FACTS).problem or "")


def test_a_clip_in_mid_chain_is_not_planned_without_the_one_before() -> None:
    with pytest.raises(ValueError, match="clip 2 continues"):
        FilmPlanner(film(2), FACTS).job(1, None)


@pytest.mark.parametrize(
    ("changes", "fits"),
    [({}, True), ({"width": 96}, False), ({"num_frames": 17}, False), ({"family": "shot"}, False), ({"seed": 9}, True)],
)
def test_a_take_fits_by_family_size_and_length(changes: dict[str, Any], fits: bool) -> None:
    assert take_fits(take_of(jobs(film(1))[0], **changes), film(1), FACTS) is fits


def test_a_take_fits_the_length_that_the_storyboard_asks_for() -> None:
    board = edits.change_film(film(1), num_frames=17)
    assert not take_fits(take_of(jobs(film(1))[0]), board, FACTS)
