"""Footage is a plain value: captions and choices change by pure functions, and names of files stay below its folder."""

import pytest
from pydantic import ValidationError

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.footage import (
    PASSED_OVER,
    Crop,
    Footage,
    FootageClip,
    NotUsed,
    Reason,
    is_cut_for,
    problems_beside,
    used_clips,
    with_caption,
    with_choice,
)
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.value import with_fields


def clip(name: str, left_out: Reason | None = None, **fields: object) -> FootageClip:
    whole = {"id": name, "source": f"{name}.mp4", "fingerprint": "0" * 64, "start": 0.0, "seconds": 2.0, "fps": 25.0}
    return FootageClip.model_validate({**whole, "width": 640, "height": 480, "left_out": left_out, **fields})


def footage(*clips: FootageClip) -> Footage:
    return Footage(folder="/videos", num_frames=33, fps=16.0, width=64, height=48, clips=clips)


def test_a_typed_caption_is_marked_as_typed() -> None:
    changed = with_caption(footage(clip("a"), clip("b")), ["b"], "  a fox runs ")

    assert [(each.caption, each.caption_from) for each in changed.clips] == [("", ""), ("a fox runs", "typed")]


def test_a_choice_counts_more_than_the_checks() -> None:
    changed = with_choice(footage(clip("a"), clip("b", Reason.STILL)), ["a"], False)
    changed = with_choice(changed, ["b"], True)

    assert [each.id for each in used_clips(changed)] == ["b"]


@pytest.mark.parametrize("reason", [Reason.TOO_SHORT, Reason.UNREADABLE])
def test_what_cannot_be_fed_stays_out(reason: Reason) -> None:
    changed = with_choice(footage(clip("a", reason)), ["a"], True)

    assert not changed.clips[0].is_used


def test_a_choice_can_be_taken_back() -> None:
    once = footage(clip("a", Reason.BLACK))

    assert with_choice(with_choice(once, ["a"], True), ["a"], None) == once


def test_an_unknown_clip_is_refused() -> None:
    with pytest.raises(BadInput, match="no clip z"):
        with_caption(footage(clip("a")), ["a", "z"], "words")


def test_a_file_with_a_crop_past_the_picture_is_refused() -> None:
    text = clip("a", crop=Crop(left=0, top=0, width=64, height=48)).model_dump_json()
    with pytest.raises(ValidationError, match="crop must lie inside the picture"):
        FootageClip.model_validate_json(text.replace('"width":64,', '"width":1000000000,'))


@pytest.mark.parametrize(("clips", "says"), [((), "no clip"), ((clip("a", Reason.STILL),), "Every clip")])
def test_footage_without_a_usable_clip_says_what_to_do(clips: tuple[FootageClip, ...], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        used_clips(footage(*clips))


@pytest.mark.parametrize(
    "source", ["/etc/passwd", "../film.mp4", "a/../../b.mp4", "C:/film.mp4", "a\\b.mp4", "a//b.mp4"]
)
def test_videos_lie_below_the_folder(source: str) -> None:
    with pytest.raises(ValidationError):
        clip("a", source=source)


def test_names_of_cameras_and_people_are_allowed() -> None:
    assert clip("a", source="Ferien 2026/Was? Der *Hund*: läuft.MP4").source.endswith(".MP4")


def test_footage_of_another_shape_is_known() -> None:
    cut = footage(clip("a"))

    recipe = TrainingRecipe(name="mine", num_frames=33, fps=16.0, width=64, height=48, steps=1)
    assert is_cut_for(cut, recipe)
    assert not is_cut_for(cut, with_fields(recipe, {"width": 48, "height": 64}))


def test_a_file_that_is_named_as_not_used_is_told_of_once() -> None:
    old = with_fields(footage(clip("one")), {"problems": (f'{PASSED_OVER}"a.docx" is a document.', "Add more videos.")})
    assert len(problems_beside(old)) == 2
    new = with_fields(old, {"not_used": (NotUsed(name="a.docx", why="a document"),)})
    assert problems_beside(new) == ("Add more videos.",)
