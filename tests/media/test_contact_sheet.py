"""Contact sheets: every clip is on it, nothing half appears, and no prompt is too long, too odd or too many."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from svi_studio.domain.errors import BadInput, Stopped
from svi_studio.media.contact_sheet import SheetClip, film_clock, write_contact_sheet
from svi_studio.media.sheet_text import Lettering, wrapped


def clips(folder: Path, count: int, prompt: str = "a fox walks", size: tuple[int, int] = (48, 32)) -> list[SheetClip]:
    colours = [(200, 30, 30), (30, 200, 30), (30, 30, 200)]
    for number, colour in enumerate(colours):
        Image.new("RGB", size, colour).save(folder / f"{number}.png")
    return [SheetClip(folder / f"{number % 3}.png", number + 1, number * 2.0, prompt) for number in range(count)]


def colours_of(path: Path) -> set[tuple[int, ...]]:
    return {tuple(pixel) for pixel in np.asarray(Image.open(path)).reshape(-1, 3)}


def test_every_clip_is_on_the_sheet(tmp_path: Path) -> None:
    assert write_contact_sheet(clips(tmp_path, 3), tmp_path / "sheet.png", title="Foxes") == 3
    assert {(200, 30, 30), (30, 200, 30), (30, 30, 200)} <= colours_of(tmp_path / "sheet.png")


def test_the_words_are_on_the_sheet(tmp_path: Path) -> None:
    for name, prompt in (("with", "a fox walks"), ("without", "")):
        write_contact_sheet(clips(tmp_path, 1, prompt), tmp_path / f"{name}.png", title="Foxes")
    with_words, without = (np.asarray(Image.open(tmp_path / f"{name}.png")) for name in ("with", "without"))
    assert (with_words < 60).all(axis=2).sum() > (without < 60).all(axis=2).sum()


def test_the_ending_decides_between_png_and_jpeg(tmp_path: Path) -> None:
    write_contact_sheet(clips(tmp_path, 1), tmp_path / "sheet.jpg", title="")
    assert Image.open(tmp_path / "sheet.jpg").format == "JPEG"


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"\.png or \.jpg"):
        write_contact_sheet(clips(tmp_path, 1), tmp_path / "sheet.gif", title="")


def test_a_sheet_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no clip"):
        write_contact_sheet([], tmp_path / "sheet.png", title="")


def test_giving_up_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "sheet.png").write_bytes(b"an earlier one")
    before = {*clips(tmp_path, 3)} and sorted(tmp_path.iterdir())

    def give_up(number: int) -> None:
        if number == 2:
            raise Stopped("Stopped.")

    with pytest.raises(Stopped):
        write_contact_sheet(clips(tmp_path, 3), tmp_path / "sheet.png", title="", before_clip=give_up)
    assert (tmp_path / "sheet.png").read_bytes() == b"an earlier one"
    assert sorted(tmp_path.iterdir()) == before


def test_thousands_of_clips_are_one_picture_that_can_be_opened(tmp_path: Path) -> None:
    shown = write_contact_sheet(clips(tmp_path, 4000), tmp_path / "sheet.jpg", title="Long")
    width, height = Image.open(tmp_path / "sheet.jpg").size
    assert 500 <= shown < 4000
    assert width * height <= 50_000_000


@pytest.mark.parametrize(
    "prompt",
    [
        "x" * 10_000,
        "一只狐狸在雪地里慢慢地走",
        "ثعلب يمشي ببطء على الثلج",
        "😀🦊",
        "a\n\n\tb\0c",
        "\u202eright to left",
    ],
)
def test_no_prompt_is_too_long_or_too_odd(tmp_path: Path, prompt: str) -> None:
    assert write_contact_sheet(clips(tmp_path, 2, prompt), tmp_path / "sheet.png", title=prompt[:500]) == 2


@pytest.mark.parametrize("size", [(16, 512), (512, 16)])
def test_narrow_films_fit_too(tmp_path: Path, size: tuple[int, int]) -> None:
    write_contact_sheet(clips(tmp_path, 5, size=size), tmp_path / "sheet.png", title="")
    assert max(Image.open(tmp_path / "sheet.png").size) < 5000


def test_lines_fit_their_width_and_the_last_tells_that_there_is_more() -> None:
    font = Lettering().font("words", 14)
    lines = wrapped("a fox walks along the wall and looks at the sea and the sky " * 3, 120, 3, font)
    assert len(lines) == 3
    assert all(font.getlength(line) <= 120 for line in lines)
    assert lines[-1].endswith("…")


@pytest.mark.parametrize(("seconds", "words"), [(0, "0:00.0"), (4.75, "0:04.8"), (61, "1:01.0"), (3723, "1:02:03.0")])
def test_the_clock_of_the_film(seconds: float, words: str) -> None:
    assert film_clock(seconds) == words
