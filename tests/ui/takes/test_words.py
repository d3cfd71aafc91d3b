from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from svi_studio.document.takes.continuity_words import continuity_words
from svi_studio.document.takes.take_words import difference_name, difference_sentence
from svi_studio.document.takes.word_diff import Piece, word_diff
from svi_studio.domain.takes.job import ClipJob, JobLora
from svi_studio.domain.takes.take_difference import Difference, Differs, differences
from svi_studio.ui.takes.diff_text import DiffText

JOB = ClipJob(
    index=0,
    clip_id="c1",
    take_hash="0" * 64,
    parent_hash=None,
    prompt="The puppet rests.",
    negative_prompt="",
    seed=1,
    width=80,
    height=48,
    num_frames=21,
    num_inference_steps=20,
    guidance_scale=2.0,
    shift=5.0,
    family="film",
    image="media/a.png",
    image_hash="1" * 64,
    model="svi-mini",
    model_hash="2" * 64,
)


def other(**changes: Any) -> ClipJob:
    return JOB.model_copy(update=changes)


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_word_diff_holds_both_texts_whole(old: str, new: str) -> None:
    pieces = word_diff(old, new)
    assert "".join(piece.text for piece in pieces if piece.change != "new") == old
    assert "".join(piece.text for piece in pieces if piece.change != "gone") == new


def test_a_word_diff_goes_by_words() -> None:
    assert word_diff("a red puppet", "a blue puppet") == (
        Piece("same", "a "),
        Piece("gone", "red"),
        Piece("new", "blue"),
        Piece("same", " puppet"),
    )


def test_very_long_texts_are_compared_as_a_whole() -> None:
    assert [piece.change for piece in word_diff("a " * 5000, "b " * 5000)] == ["gone", "new"]


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"prompt": "x"}, Differs.PROMPT),
        ({"seed": 2}, Differs.SEED),
        ({"image_hash": "3" * 64}, Differs.PICTURE),
        ({"image_hash": "3" * 64, "crop": (0, 0, 40, 24)}, Differs.PICTURE),
        ({"crop": (0, 0, 40, 24)}, Differs.FRAME),
        ({"parent_hash": "4" * 64}, Differs.START),
        ({"negative_prompt": "x"}, Differs.NEGATIVE_PROMPT),
        ({"num_inference_steps": 8}, Differs.STEPS),
        ({"guidance_scale": 3.0}, Differs.GUIDANCE),
        ({"guidance_scale_low": 3.0}, Differs.GUIDANCE_LOW),
        ({"boundary": 0.9}, Differs.BOUNDARY),
        ({"shift": 8.0}, Differs.SHIFT),
        ({"motion_amplitude": 1.15}, Differs.MOTION),
        ({"end_image_hash": "6" * 64, "end_crop": (0, 0, 40, 24)}, Differs.END),
        ({"end_crop": (0, 0, 40, 24)}, Differs.END_FRAME),
        ({"start_video_hash": "7" * 64, "start_crop": (0, 0, 40, 24), "start_step": 2}, Differs.VIDEO),
        ({"loras": (JobLora("a.safetensors", "8" * 64, 1.0),)}, Differs.LORAS),
        ({"width": 96}, Differs.SIZE),
        ({"num_frames": 25}, Differs.FRAMES),
        ({"family": "shot"}, Differs.FAMILY),
        ({"model_hash": "5" * 64}, Differs.MODEL),
        ({"engine_version": "0"}, Differs.ENGINE),
    ],
)
def test_each_thing_that_differs_is_found_and_has_words(changes: dict[str, Any], kind: Differs) -> None:
    (found,) = differences(other(**changes), JOB)
    assert found.kind is kind
    assert difference_name(kind)
    assert difference_sentence(found) or kind is Differs.PROMPT


@pytest.mark.parametrize("kind", Differs)
def test_nothing_that_can_differ_lacks_its_words(kind: Differs) -> None:
    assert difference_name(kind)
    now = "" if kind is Differs.START else "2"  # one of them has no parent
    assert difference_sentence(Difference(kind, "1", now)) or kind is Differs.PROMPT


def test_what_does_not_decide_pixels_is_no_difference() -> None:
    assert differences(other(index=5, clip_id="c9", image="media/b.png"), JOB) == ()


def test_two_followers_of_other_takes_differ_in_their_parent() -> None:
    (found,) = differences(other(parent_hash="4" * 64), other(parent_hash="5" * 64))
    assert found.kind is Differs.PARENT


def test_the_words_come_first() -> None:
    kinds = [found.kind for found in differences(other(seed=2, prompt="x", num_inference_steps=3), JOB)]
    assert kinds == [Differs.PROMPT, Differs.SEED, Differs.STEPS]


def test_a_lora_for_another_expert_is_another_lora() -> None:
    loras = [JobLora("a.safetensors", "8" * 64, 1.0, expert) for expert in ("high", "low")]
    (found,) = differences(*(other(loras=(each,)) for each in loras))
    assert found.kind is Differs.LORAS


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({}, {"end_image_hash": "6" * 64}, "It ends freely, but the clip now ends on a picture."),
        ({"end_image_hash": "6" * 64}, {}, "It ends on a picture, but the clip now ends freely."),
        ({"end_image_hash": "6" * 64}, {"end_image_hash": "7" * 64}, "It ends on another picture."),
        ({"start_video_hash": "6" * 64}, {}, "It goes on from a video, but the clip now does not."),
        ({"boundary": 0.875}, {"boundary": 0.9}, "Its experts changed places at 0.875, now they do at 0.9."),
        ({"motion_amplitude": 1.15}, {}, "Its motion was widened by 1.15, now it is by 1."),
        (
            {"guidance_scale_low": 1.0},
            {},
            "The guidance of its low-noise expert was 1, now it is that of the other expert.",
        ),
    ],
)
def test_what_came_and_what_went_are_said_plainly(before: dict[str, Any], after: dict[str, Any], said: str) -> None:
    (found,) = differences(other(**before), other(**after))
    assert difference_sentence(found) == said


def test_a_seed_that_was_none_is_called_random() -> None:
    assert difference_sentence(Difference(Differs.SEED, "", "4")) == "Its seed is random, the clip now has 4."


def test_a_steady_take_sounds_steady() -> None:
    words = continuity_words({"red": 1, "green": 0, "blue": -1, "sharpness": 1.0, "motion": 2.0, "seam": 2.0})
    assert words == (
        "Ends in the colours of the start picture.",
        "As sharp as the start picture.",
        "Moves calmly.",
        "Joins the clip before smoothly.",
    )


@pytest.mark.parametrize(
    ("movement", "words"),
    [
        (1.04, "Moves little: 1.0, and the film's first clips 3.0."),
        (3.2, "Moves as usual: 3.2, and the film's first clips 3.0."),
        (14.0, "Moves a lot: 14, and the film's first clips 3.0."),
    ],
)
def test_slow_motion_is_seen_as_a_number(movement: float, words: str) -> None:
    assert continuity_words({"motion": 2.0, "movement": movement}, 3.0) == (words,)


def test_a_first_take_has_nothing_to_be_compared_with() -> None:
    assert continuity_words({"motion": 2.0, "movement": 1.0}) == ("Moves calmly.",)


def test_drift_is_named() -> None:
    words = continuity_words({"red": 30, "green": 10, "blue": 5, "sharpness": 0.7, "seam": 20.0})
    assert words == (
        "Ends 6 % brighter and warmer than the start picture.",
        "30 % softer than the start picture.",
        "A clear jump from the clip before.",
    )


def test_a_take_without_figures_says_nothing() -> None:
    assert continuity_words({}) == ()


def test_words_that_went_and_words_that_came_stand_apart(qtbot: QtBot) -> None:
    box = DiffText()
    qtbot.addWidget(box)
    box.show_diff("My dog runs.", "The ball runs.")
    assert box.toPlainText() == "My The dog ball runs."
