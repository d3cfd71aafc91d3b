"""What clips end on and go on from, how widely they move, and two experts, in the jobs that are planned."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from svi_studio.domain.editing import edits
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.architecture import ARCHITECTURES, WAN_2_1_I2V, WAN_2_2_I2V_A14B, WAN_2_2_TI2V_5B
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.start_video import StartVideo
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.pictures.framing import Framing
from svi_studio.domain.render.plan import plan_film
from svi_studio.domain.render.planner import FilmFacts, FilmPlanner
from svi_studio.domain.takes.job import ClipJob
from svi_studio.domain.takes.take_hash import take_hash
from tests.builders.storyboards import film

CARD = ModelCard(name="tiny", num_frames=21, width=80, height=48)
MEDIA = {
    name: f"{number:064x}" for number, name in enumerate(["a.png", "b.png", "same.png", "v.mp4", "w.mp4"], start=1)
}
MEDIA["same.png"] = MEDIA["b.png"]
FACTS = FilmFacts(
    CARD,
    "a" * 64,
    {},
    MEDIA,
    (80, 48),
    image_sizes={"a.png": (80, 48), "b.png": (96, 48), "same.png": (96, 48), "v.mp4": (96, 48), "w.mp4": (80, 48)},
    start_videos={"v.mp4": StartVideo(30.0, 61), "w.mp4": StartVideo(16.0, 9)},
)
A14B = replace(FACTS, architecture=ARCHITECTURES[WAN_2_2_I2V_A14B])


def jobs(board: Storyboard, facts: FilmFacts = FACTS, kept: str = "") -> tuple[ClipJob, ...]:
    made = plan_film(FilmPlanner(board, facts, kept.__eq__)).jobs
    assert all(job.kept or take_hash(job) == job.take_hash for job in made)
    return made


def clip(board: Storyboard, number: int, **changes: Any) -> Storyboard:
    return edits.change_clip(board, f"c{number}", **changes)


def changed(before: Storyboard, after: Storyboard, facts: FilmFacts = FACTS) -> list[bool]:
    """Which clips need another take."""
    pairs = zip(jobs(before, facts), jobs(after, facts), strict=True)
    return [one.take_hash != two.take_hash for one, two in pairs]


def refusal(board: Storyboard, index: int = 0, facts: FilmFacts = FACTS) -> str:
    return FilmPlanner(board, facts).refusal(index) or ""


FROM_THE_THIRD = [False, False, True, True, True]
PRO = film(5, "pro")


@pytest.mark.parametrize(
    "changes", [{"end_image": "b.png"}, {"motion_amplitude": 1.15}, {"motion_amplitude": 1.3}], ids=str
)
@pytest.mark.parametrize("name", ["pro", "film", "shot"])
def test_a_clips_end_and_motion_make_it_and_its_followers_stale(name: str, changes: Mapping[str, Any]) -> None:
    board = film(5, name)
    assert changed(board, clip(board, 3, **changes)) == FROM_THE_THIRD


def test_another_end_makes_a_clip_and_its_followers_stale() -> None:
    board = clip(PRO, 3, end_image="b.png")
    assert changed(board, clip(board, 3, end_image="a.png")) == FROM_THE_THIRD
    assert changed(board, clip(board, 3, end_image="same.png")) == [False] * 5, "the name of a file decides nothing"
    assert changed(board, clip(board, 3, end_image=None)) == FROM_THE_THIRD


def test_a_cut_keeps_what_follows_it() -> None:
    board = clip(PRO, 4, cut=True)
    assert changed(board, clip(board, 3, end_image="b.png")) == [False, False, True, False, False]


def test_the_film_moves_as_widely_as_it_says_where_a_clip_does_not() -> None:
    board = clip(edits.change_film(PRO, motion_amplitude=1.15), 2, motion_amplitude=1.0)
    assert [job.motion_amplitude for job in jobs(board)] == [1.15, 1.0, 1.15, 1.15, 1.15]


def test_held_latents_cannot_be_widened_and_need_no_other_take() -> None:
    board = film(3, "pro5b")
    assert changed(board, edits.change_film(board, motion_amplitude=1.3)) == [False] * 3


def test_a_plain_film_says_nothing_of_all_that() -> None:
    new = {"guidance_scale_low", "boundary", "motion_amplitude", "end_image", "start_video", "start_step", "start_crop"}
    for job in jobs(film(2, "film")):
        assert not new & job.model_dump(mode="json").keys()


def test_an_end_picture_is_framed_as_any_other() -> None:
    board = edits.change_film(
        clip(PRO, 2, end_image="b.png"), framings=(Framing(picture="b.png", crop=(16, 0, 80, 48)),)
    )
    first, second = jobs(board)[:2]
    assert first.end_image_hash is None
    assert (second.end_image, second.end_image_hash, second.end_crop) == ("b.png", MEDIA["b.png"], (16, 0, 96, 48))
    assert changed(board, edits.change_film(board, framings=())) == [False, True, True, True, True]


def test_a_family_that_cannot_end_on_a_picture_says_so() -> None:
    facts = replace(FACTS, card=CARD.model_copy(update={"inputs": (InputKind.SKELETON,)}))
    board = clip(film(2, "dance"), 2, end_image="b.png")
    assert refusal(board, 1, facts) == (
        "Clip 2 has a picture to end on, which Dance cannot do: take the picture out or choose another family."
    )


def test_a_lost_end_picture_is_told_at_its_clip_alone() -> None:
    board = clip(PRO, 2, end_image="lost.png")
    assert [bool(refusal(board, index)) for index in range(3)] == [False, True, False]
    assert refusal(board, 1) == "The picture 'lost.png' is not read yet: wait a moment."
    told = replace(FACTS, media_problems={"lost.png": "It is broken."})
    assert refusal(board, 1, told) == "It is broken."
    with pytest.raises(BadInput, match=r"lost\.png"):
        jobs(board)


def test_a_kept_take_asks_for_no_end_picture() -> None:
    board = clip(clip(PRO, 2, end_image="lost.png"), 2, take="c" * 64)
    assert jobs(board, kept="c" * 64)[1].take_hash == "c" * 64


def test_a_clip_goes_on_from_a_video_and_keeps_the_films_picture_as_its_anchor() -> None:
    first, second = jobs(clip(PRO, 1, start_video="v.mp4"))[:2]
    assert (first.start_video_hash, first.start_crop, first.start_step) == (MEDIA["v.mp4"], (8, 0, 88, 48), 2)
    assert (first.image, first.video_anchor) == ("a.png", False)
    assert (second.start_video_hash, second.image) == (None, "a.png")


def test_without_any_picture_the_video_is_the_anchor_of_its_chain() -> None:
    board = edits.change_film(clip(PRO, 1, start_video="v.mp4"), reference_image=None)
    found = jobs(board)
    assert [(job.image, job.image_hash, job.video_anchor, job.crop) for job in found] == [
        ("v.mp4", MEDIA["v.mp4"], True, (8, 0, 88, 48))
    ] * 5
    assert [job.start_video_hash is None for job in found] == [False, True, True, True, True]
    assert refusal(clip(board, 3, cut=True), 2) == (
        "Clip 3 starts from a picture but has none: give it or the film a picture."
    )


def test_a_video_counts_only_on_a_clip_that_starts_a_chain() -> None:
    assert changed(PRO, clip(PRO, 3, start_video="v.mp4")) == [False] * 5
    cut = clip(PRO, 3, cut=True)
    assert changed(cut, clip(cut, 3, start_video="v.mp4")) == FROM_THE_THIRD


def test_a_lost_video_is_one_sentence() -> None:
    board = clip(PRO, 1, start_video="lost.mp4")
    assert refusal(board) == "The video 'lost.mp4' is not read yet: wait a moment."


@pytest.mark.parametrize(
    ("video", "fps", "step"),
    [
        (StartVideo(16.0, 200), 16, 1),
        (StartVideo(30.0, 200), 16, 2),
        (StartVideo(24.0, 200), 24, 1),
        (StartVideo(60.0, 200), 16, 4),
        (StartVideo(60.0, 20), 16, 2),
        (StartVideo(12.0, 200), 24, 1),
        (StartVideo(240.0, 241), 8, 30),
        (StartVideo(0.0, 9), 16, 1),
    ],
    ids=str,
)
def test_a_video_is_read_in_whole_frames_at_the_films_pace(video: StartVideo, fps: float, step: int) -> None:
    assert video.step(fps, 9) == step
    assert 8 * step < max(video.frames, 9)


def test_two_experts_have_a_boundary_and_a_guidance_each() -> None:
    board = edits.change_film(PRO, guidance_scale=3.5, guidance_scale_low=1.0, shift=8.0)
    first = jobs(board, A14B)[0]
    assert (first.boundary, first.guidance_scale, first.guidance_scale_low, first.shift) == (0.9, 3.5, 1.0, 8.0)
    assert jobs(edits.change_film(board, boundary=0.875), A14B)[0].boundary == 0.875
    assert all(changed(board, edits.change_film(board, boundary=0.875), A14B))
    assert all(changed(board, edits.change_film(board, guidance_scale_low=1.5), A14B))


@pytest.mark.parametrize("architecture", [None, ARCHITECTURES[WAN_2_1_I2V]])
def test_one_transformer_has_neither(architecture: Any) -> None:
    facts, board = replace(FACTS, architecture=architecture), film(2, "film")
    assert changed(board, edits.change_film(board, boundary=0.8, guidance_scale_low=2.0), facts) == [False] * 2
    assert all(changed(board, edits.change_film(board, shift=7.0), facts))


@pytest.mark.parametrize(
    ("name", "architecture", "fits"),
    [
        ("pro", WAN_2_2_I2V_A14B, True),
        ("pro", WAN_2_1_I2V, False),
        ("pro5b", WAN_2_2_TI2V_5B, True),
        ("pro5b", WAN_2_2_I2V_A14B, False),
        ("shot2", WAN_2_1_I2V, True),
        ("film", WAN_2_2_I2V_A14B, False),
    ],
)
def test_a_film_is_planned_only_for_a_model_that_can_make_it(name: str, architecture: str, fits: bool) -> None:
    facts = replace(FACTS, architecture=ARCHITECTURES[architecture])
    assert (FilmPlanner(film(2, name), facts).problem is None) is fits


def test_a_clip_of_known_frames_only_is_too_short() -> None:
    assert "5 frames is too short for the family 'pro', which passes on 5" in refusal(
        edits.change_film(PRO, num_frames=5)
    )


def test_pro_is_shown_as_fast_as_its_film_says() -> None:
    assert plan_film(FilmPlanner(PRO, FACTS)).fps == 16
    assert plan_film(FilmPlanner(edits.change_film(PRO, advance="authors"), FACTS)).fps == 15


def test_a_video_in_the_place_of_a_picture_is_refused_though_another_clip_goes_on_from_it() -> None:
    wrong = {"v.mp4": "This is no picture."}
    facts = replace(FACTS, media_problems=wrong)
    assert refusal(clip(film(2), 2, cut=True, image="v.mp4"), 1, facts) == wrong["v.mp4"]
