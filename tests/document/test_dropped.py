"""What a drop is, told by names alone."""

from pathlib import Path

import pytest

from svi_studio.document.pictures.dropped import tell_kind


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["a.png"], "pictures"),
        (["a.PNG", "b.jpeg", "c.webp"], "pictures"),
        (["Film.svi"], "film"),
        (["story.json"], "film"),
        (["a.png", "Film.svi"], "film"),
        (["a.mp4"], "video"),
        (["a.ts"], "video"),
        (["a.mp4", "b.mp4"], "nothing"),
        (["prompts.txt"], "prompts"),
        (["prompts.CSV"], "prompts"),
        (["prompts.yaml"], "prompts"),
        (["Film.srt"], "prompts"),
        (["a.gif"], "pictures"),
        (["a.m2ts"], "video"),
        (["a.png", "b.txt"], "nothing"),
        ([], "nothing"),
    ],
)
def test_films_come_before_pictures_and_strangers_are_named(names: list[str], kind: str) -> None:
    found = tell_kind([Path(name) for name in names])
    assert found.kind == kind and bool(found.sentence) == (kind == "nothing")


def test_a_very_long_name_does_not_fill_the_window() -> None:
    assert len(tell_kind([Path("x" * 5000 + ".xyz")]).sentence) < 250


def test_several_videos_are_told_what_can_be_done_with_one() -> None:
    sentence = tell_kind([Path("holiday.MOV"), Path("beach.MOV")]).sentence
    assert "goes on from one video" in sentence and "Train a LoRA" in sentence
