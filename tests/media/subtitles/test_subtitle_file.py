"""Subtitle files from anywhere become cues, with a sentence for all that had to be guessed; cues become files."""

import os
import time
from pathlib import Path

import pysubs2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.subtitles import MOST_CUES, Cue, in_order, plain_words
from svi_studio.media.subtitles.subtitle_file import (
    parse_subtitles,
    read_subtitle_file,
    subtitle_text,
    write_subtitle_file,
)

SRT = "1\n00:00:01,000 --> 00:00:02,500\nHällo &amp; <i>du</i>\nzwei\n\n2\n00:00:03,000 --> 00:00:04,000\n42\n\n"
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=40)


def read(tmp_path: Path, content: bytes, name: str = "film.srt") -> tuple[list[tuple[int, int, str]], tuple[str, ...]]:
    path = tmp_path / name
    path.write_bytes(content)
    found = read_subtitle_file(path)
    return [(cue.start, cue.stop, cue.text) for cue in found.cues], found.remarks


PLAIN = [(1000, 2500, "Hällo & du\nzwei"), (3000, 4000, "42")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_srt_is_read_in_every_encoding_that_tells_itself(tmp_path: Path, encoding: str) -> None:
    assert read(tmp_path, SRT.encode(encoding)) == (PLAIN, ())


def test_another_encoding_is_read_as_western_european_and_said_so(tmp_path: Path) -> None:
    found, remarks = read(tmp_path, SRT.encode("cp1252"))
    assert found == PLAIN
    assert "cp1252" in remarks[0]


@pytest.mark.parametrize(
    "text",
    [
        SRT.replace("\n", "\r\n"),
        SRT.replace("\n", "\r"),
        SRT.replace(",", "."),
        SRT.replace("\n\n2\n", "\n2\n"),
        SRT.replace("00:00:0", "0:"),
        SRT.rstrip(),
        SRT.replace("00,", "00  ,").replace("  ,", ",") + "3\n",
    ],
)
def test_careless_srt_files_are_read_all_the_same(text: str) -> None:
    found = parse_subtitles(text).cues
    assert [(cue.start, cue.stop) for cue in found] == [(1000, 2500), (3000, 4000)]
    assert found[0].text == "Hällo & du\nzwei"


def test_without_numbers_a_title_may_be_a_number() -> None:
    found = parse_subtitles("00:00:01,0 --> 00:00:02,0\n42\n\n00:00:03,0 --> 00:00:04,0\nx\n").cues
    assert [cue.text for cue in found] == ["42", "x"]


def test_vtt_names_notes_settings_and_voices_are_no_words() -> None:
    text = (
        "WEBVTT - a film\n\nSTYLE\n::cue { color: red }\n\nNOTE hidden\n\nfirst title\n00:01.000 --> 00:02.000 line:0\n"
        "<v Ann>Hi &lt;there&gt;\n\nsecond title\n01:00:03.000 --> 01:00:04.000\nBye\n\nNOTE\nalso hidden\n"
    )
    assert [(cue.start, cue.text) for cue in parse_subtitles(text).cues] == [(1000, "Hi <there>"), (3_603_000, "Bye")]


def test_ass_marks_and_drawings_are_no_words() -> None:
    text = (
        "[Script Info]\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Dialogue: 0,0:00:01.00,0:00:02.00,A,,0,0,0,,{\\i1}Hi{\\i0}\\Nthere, you\n"
        "Dialogue: 0,0:00:01.00,0:00:02.00,A,,0,0,0,,{\\p1}m 0 0 l 100 0{\\p0}\n"
    )
    assert [cue.text for cue in parse_subtitles(text, "x.ass").cues] == ["Hi\nthere, you"]


def test_what_was_wrong_is_mended_and_told() -> None:
    text = (
        "1\n00:00:05,000 --> 00:00:04,000\nback\n\n2\n00:00:06,000 --> 00:00:06,010\nshort\n\n"
        "3\n00:00:07,000 --> 00:00:08,000\n<i></i>\n\n4\n999999:00:00,000 --> 999999:00:01,000\nlate\n"
    )
    found = parse_subtitles(text)
    assert [(cue.start, cue.stop) for cue in found.cues] == [(4000, 5000), (6000, 6200)]
    assert len(found.remarks) == 4
    assert all(remark.startswith("1 subtitle ") for remark in found.remarks)


def test_overlapping_titles_stay_in_the_order_of_their_starts() -> None:
    text = "1\n00:00:03,0 --> 00:00:09,0\nb\n\n2\n00:00:01,0 --> 00:00:05,0\na\n"
    assert [cue.text for cue in parse_subtitles(text).cues] == ["a", "b"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "an empty file"),
        (b"Hello there.\nNothing else.", "no subtitle in it"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "a picture"),
        (b"PK\x03\x04" + bytes(200), "an archive"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "a video or a sound"),
        (bytes(range(256)) * 40, "no text"),
        (b"\xff\xfea\x00b", "breaks off"),
        (b"x" * (16 << 20) + b"y", "larger than 16 MB"),
    ],
)
def test_what_is_no_subtitles_is_refused_in_a_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read(tmp_path, content)


def test_odd_lines_of_an_ass_file_say_nothing(recwarn: pytest.WarningsRecorder) -> None:
    with pytest.raises(BadInput):
        parse_subtitles("[Script Info]\n[Events]\nDialogue: broken\n")
    assert not recwarn.list


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path, words in (
        (tmp_path / "none.srt", "no file"),
        (tmp_path, "is a folder"),
        (Path(os.devnull), "is a device"),
    ):
        with pytest.raises(BadInput, match=words):
            read_subtitle_file(path)


def test_a_hundred_thousand_titles_are_refused_with_their_number_and_quickly() -> None:
    text = "".join(f"{k}\n00:00:01,000 --> 00:00:02,000\nx\n\n" for k in range(100_000))
    began = time.process_time()
    with pytest.raises(BadInput, match="100,000 subtitles"):
        parse_subtitles(text)
    assert time.process_time() - began < 5


@pytest.mark.parametrize("evil", ["<" * 200_000, "{\\" * 100_000, "<a" * 100_000, "&" * 200_000, "\n \n" * 60_000])
def test_a_title_made_to_be_slow_is_not(evil: str) -> None:
    began = time.process_time()
    parse_subtitles(f"1\n00:00:01,000 --> 00:00:02,000\nx{evil}\n\n2\n00:00:03,000 --> 00:00:04,000\ny\n")
    assert time.process_time() - began < 3


@given(st.text(max_size=400))
def test_no_text_is_anything_but_cues_or_a_sentence(text: str) -> None:
    for start in ("", "WEBVTT\n\n", "1\n00:00:01,000 --> 00:00:02,000\n", "[Events]\n"):
        try:
            found = parse_subtitles(start + text)
        except BadInput:
            continue
        assert found.cues


@pytest.mark.parametrize("ending", [".srt", ".vtt"])
@given(st.lists(st.tuples(st.integers(0, 10**8), st.integers(200, 10**5), WORDS), min_size=1, max_size=6))
def test_what_is_written_is_read_again(ending: str, titles: list[tuple[int, int, str]]) -> None:
    words = [
        (start, lasts, plain_words(text.replace("&", "and").replace("<", "(").replace("{\\", "(")) or "x")
        for start, lasts, text in titles
    ]
    cues = in_order(
        Cue(start=start, stop=start + lasts, text=text) for start, lasts, text in words if "-->" not in text
    )
    if cues:
        assert parse_subtitles(subtitle_text(cues, ending)).cues == cues


@pytest.mark.parametrize("ending", ["srt", "vtt"])
def test_another_program_reads_what_is_written(tmp_path: Path, ending: str) -> None:
    cues = (Cue(start=0, stop=1234, text="Grüße & <Küsse>\nzwei"), Cue(start=3_600_000, stop=3_601_000, text="中文"))
    write_subtitle_file(tmp_path / f"film.{ending}", cues)
    found = pysubs2.load(str(tmp_path / f"film.{ending}"))
    assert [(line.start, line.end) for line in found] == [(cue.start, cue.stop) for cue in cues]
    assert found[1].plaintext == "中文"


def test_a_file_of_another_kind_and_no_subtitles_at_all_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"\.srt or \.vtt"):
        write_subtitle_file(tmp_path / "film.ass", [Cue(start=0, stop=500, text="x")])
    with pytest.raises(BadInput, match="nothing to write"):
        write_subtitle_file(tmp_path / "film.srt", [])
    assert not list(tmp_path.iterdir())


def test_the_most_that_a_film_takes_is_read_quickly() -> None:
    text = "".join(f"{k}\n00:00:01,000 --> 00:00:02,000\nx{k}\n\n" for k in range(MOST_CUES))
    began = time.process_time()
    assert len(parse_subtitles(text).cues) == MOST_CUES
    assert time.process_time() - began < 5
