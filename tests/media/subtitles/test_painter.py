"""Subtitles are drawn inside of the picture, in every script that a font has, and burnt in exactly as drawn."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import ImageFont

from svi_studio.domain.film.subtitle_way import SubtitleWay
from svi_studio.domain.film.subtitles import Cue
from svi_studio.media import sheet_text
from svi_studio.media.assemble import FilmPart, assemble_film
from svi_studio.media.formats import FFV1, H264, PNG, PRORES, FilmFormat
from svi_studio.media.frames import Frames
from svi_studio.media.subtitles import lettering
from svi_studio.media.subtitles.lettering import lettering_remarks, missing_letters
from svi_studio.media.subtitles.painter import SubtitlePainter
from svi_studio.media.subtitles.text_direction import left_to_right, runs_right_to_left
from svi_studio.media.video_reader import stream_frames
from svi_studio.media.video_writer import open_writer

LONG = "A line that is so long that it has to be broken into two or three lines, each about as long as the others."


def grey(width: int, height: int, count: int = 1) -> Frames:
    return np.full((count, height, width, 3), 128, np.uint8)


@pytest.mark.parametrize("size", [(960, 576), (832, 480), (480, 832), (80, 48), (16, 16), (1920, 1080)])
@pytest.mark.parametrize("text", ["Hello", LONG, "x" * 2000, "one\ntwo\nthree\nfour\nfive\nsix", "שלום (abc) 12"])
def test_whatever_is_said_stays_inside_of_the_picture(size: tuple[int, int], text: str) -> None:
    picture = SubtitlePainter(*size).picture([text])
    assert picture is not None
    height, width = picture.pixels.shape[:2]
    assert 0 <= picture.left <= picture.left + width <= size[0]
    assert 0 <= picture.top <= picture.top + height <= size[1]


def test_words_are_white_with_a_dark_edge_in_the_lower_part_and_in_the_middle() -> None:
    drawn = SubtitlePainter(832, 480).draw_on(grey(832, 480), ["Hello there"])[0]
    changed = np.argwhere((drawn != 128).any(axis=-1))
    assert drawn.max() == 255
    assert drawn.min() < 20
    assert changed[:, 0].min() > 480 * 0.8
    assert abs(changed[:, 1].min() + changed[:, 1].max() - 832) < 4


def test_without_words_frames_are_what_they_were() -> None:
    frames = grey(64, 48)
    assert SubtitlePainter(64, 48).draw_on(frames, ["", " \n"]) is frames
    kept = frames.copy()
    SubtitlePainter(64, 48).draw_on(frames, ["x"])
    assert np.array_equal(frames, kept)


def test_a_long_line_is_broken_into_lines_of_about_one_length() -> None:
    picture = SubtitlePainter(832, 480).picture([LONG])
    assert picture is not None
    rows = (picture.pixels[..., 3] > 0).any(axis=1)
    lines = np.flatnonzero(np.diff(np.concatenate([[False], rows, [False]]).astype(int)) == 1)
    assert len(lines) in {2, 3}
    cover = (picture.pixels[..., 3] > 0).any(axis=0)
    assert cover.mean() > 0.9


def test_what_two_people_say_at_once_stands_one_above_the_other() -> None:
    painter = SubtitlePainter(832, 480)
    one, two = painter.picture(["first"]), painter.picture(["first", "second"])
    assert one is not None and two is not None
    assert two.top < one.top
    assert two.pixels.shape[0] > one.pixels.shape[0] * 1.6


def test_letters_that_no_font_has_are_named_once_and_never_drawn_silently() -> None:
    strange = "\U0001f12f\U00012000"  # cuneiform among them
    missing = missing_letters(["abc", strange, strange])
    if missing:
        assert len(set(missing)) == len(missing)
        (said,) = lettering_remarks(["abc", strange])
        assert all(f"U+{ord(letter):04X}" in said for letter in missing)
    assert lettering_remarks(["Grüße, Привет, Ωμέγα", "a\u200db \u200f\ufe0f"]) == ()


@pytest.fixture
def no_fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A computer without any font."""
    for cached in (sheet_text._load, lettering._font_of):
        cached.cache_clear()

    def none(*_: object, **__: object) -> ImageFont.FreeTypeFont:
        raise OSError

    monkeypatch.setattr(sheet_text.ImageFont, "truetype", none)
    yield
    for cached in (sheet_text._load, lettering._font_of):
        cached.cache_clear()


def test_a_computer_without_fonts_writes_english_and_says_what_it_cannot_write(no_fonts: None) -> None:
    assert lettering_remarks(["Hello, World!"]) == ()
    (said,) = lettering_remarks(["中"])
    assert "中 (U+4E2D)" in said


def test_hebrew_is_put_in_order_where_the_library_for_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert runs_right_to_left("שלום abc")
    assert not runs_right_to_left("abc שלום")
    assert left_to_right("שלום 123 (abc)") == "(abc) 123 םולש"
    assert left_to_right("say שלום now") == "say םולש now"
    monkeypatch.setattr(lettering, "orders_by_itself", lambda: False)
    assert SubtitlePainter(320, 200).picture(["שלום"]) is not None
    assert "joined" in lettering_remarks(["مرحبا"])[-1]


def take(folder: Path, count: int = 8, width: int = 96, height: int = 64) -> FilmPart:
    path = folder / "take.mkv"
    with open_writer(path, width=width, height=height, fps=8, film_format=FFV1) as writer:
        writer.write(grey(width, height, count))
    return FilmPart(path, count, 0, count)


CUES = (Cue(start=250, stop=500, text="one"), Cue(start=400, stop=700, text="two & <b>"))


@pytest.mark.parametrize(("enlarge", "film_format", "name"), [(1, FFV1, "f.mkv"), (3, FFV1, "f.mkv"), (3, PNG, "f")])
def test_burnt_in_subtitles_are_exactly_the_painters_pictures_in_their_frames_and_no_others(
    tmp_path: Path, enlarge: int, film_format: FilmFormat, name: str
) -> None:
    target = tmp_path / name
    assemble_film(
        [take(tmp_path)], target, fps=8, film_format=film_format, enlarge=enlarge, cues=CUES, subtitles=SubtitleWay.BURN
    )
    if film_format is PNG:
        from PIL import Image

        found = np.stack([np.asarray(Image.open(file)) for file in sorted(target.glob("*.png"))])
    else:
        found = np.concatenate(list(stream_frames(target)))
    width, height = 96 * enlarge, 64 * enlarge
    painter = SubtitlePainter(width, height)
    said = [[], [], ["one"], ["one", "two & <b>"], ["two & <b>"], ["two & <b>"] if 5.5 * 125 < 700 else [], [], []]
    truth = np.concatenate([painter.draw_on(grey(width, height), texts) for texts in said])
    assert np.array_equal(found, truth)


@pytest.mark.parametrize(("film_format", "codec"), [(H264, "mov_text"), (PRORES, "mov_text"), (FFV1, "srt")])
def test_a_track_of_subtitles_leaves_the_picture_alone_and_players_find_it(
    tmp_path: Path, film_format: FilmFormat, codec: str
) -> None:
    target = tmp_path / f"film{film_format.suffix}"
    parts = [take(tmp_path)]
    assemble_film(parts, target, fps=8, film_format=film_format, cues=CUES, subtitles=SubtitleWay.TRACK)
    with av.open(str(target)) as found:
        (stream,) = found.streams.subtitles
        assert stream.codec_context.name == codec
        assert len(found.streams.video) == 1
        words = b"".join(bytes(packet) for packet in found.demux(stream))
    assert b"one" in words
    pixels = np.concatenate(list(stream_frames(target)))
    assert np.abs(pixels.astype(int) - 128).max() <= 3


def test_subtitles_without_end_do_not_make_the_film_longer(tmp_path: Path) -> None:
    target = tmp_path / "film.mp4"
    late = (Cue(start=500, stop=600_000, text="long"), Cue(start=700_000, stop=800_000, text="after the film"))
    assemble_film([take(tmp_path)], target, fps=8, cues=late, subtitles=SubtitleWay.TRACK)
    with av.open(str(target)) as found:
        assert found.duration is not None
        assert found.duration <= 1_100_000


def test_a_film_without_subtitles_has_no_track(tmp_path: Path) -> None:
    assemble_film([take(tmp_path)], tmp_path / "film.mp4", fps=8, subtitles=SubtitleWay.TRACK)
    with av.open(str(tmp_path / "film.mp4")) as found:
        assert not found.streams.subtitles
