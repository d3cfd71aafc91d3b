"""Captions come from a text beside the video or from one table, and a bad table is one sentence."""

import unicodedata
from pathlib import Path
from typing import Literal

import pytest

from svi_studio.domain.errors import BadInput
from trainer.footage.captions.captions import Caption, Captions, read_table


def test_the_text_beside_a_video_counts_before_the_table(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a fox\n runs ", encoding="utf-8")
    (tmp_path / "captions.csv").write_text("file,caption\na.mp4,a cat\nsub/b.mp4,a dog\n", encoding="utf-8")
    captions = Captions.beside(tmp_path, ["a.mp4", "sub/b.mp4", "c.mp4"])

    assert captions.of("a.mp4") == Caption("a fox runs", "sidecar", "a.txt")
    assert captions.of("sub/b.mp4") == Caption("a dog", "table", "captions.csv")
    assert captions.of("c.mp4") == Caption("", "")


@pytest.mark.parametrize("divider", [",", ";", "\t"])
def test_tables_of_every_office_program_are_read(tmp_path: Path, divider: str) -> None:
    rows = f'\ufeffCaption{divider}File\r\n"a ""red"" fox{divider} running"{divider}.\\a.mp4\r\n'
    (tmp_path / "captions.csv").write_text(rows, encoding="utf-8", newline="")

    caption = " ".join(f'a "red" fox{divider} running'.split())
    assert read_table(tmp_path / "captions.csv") == [("a.mp4", caption)]


@pytest.mark.parametrize(
    ("content", "caption"),
    [
        ("file,caption\na.mp4,A red, fast fox\n", "A red, fast fox"),
        ("title,caption,file\nFox,A red,fast,lean fox,a.mp4\n", "A red, fast, lean fox"),
        ("file;caption\na.mp4;Red; then brown;;\n", "Red; then brown"),
    ],
)
def test_a_caption_with_bare_commas_stays_whole_and_the_line_is_named(
    tmp_path: Path, content: str, caption: str
) -> None:
    table = tmp_path / "captions.csv"
    table.write_text(content, encoding="utf-8")
    said: list[str] = []

    assert read_table(table, said.append) == [("a.mp4", caption)]
    assert [each.startswith(f'Line 2 of "{table}" has more columns than its first line') for each in said] == [True]


@pytest.mark.parametrize(
    "content",
    ["file,caption\na.mp4,A fox,,\n", 'file, caption\na.mp4, "A fox"\n', "\n \r\nfile;caption\na.mp4;A fox\n"],
)
def test_empty_columns_blanks_and_empty_lines_change_no_caption(tmp_path: Path, content: str) -> None:
    (tmp_path / "captions.csv").write_text(content, encoding="utf-8", newline="")
    said: list[str] = []

    assert read_table(tmp_path / "captions.csv", said.append) == [("a.mp4", "A fox")]
    assert said == []


def test_wrong_columns_are_named(tmp_path: Path) -> None:
    (tmp_path / "captions.csv").write_text("shot,words\na.mp4,a cat\n", encoding="utf-8")

    with pytest.raises(BadInput, match=r'has the columns shot, words: its first line should be "file,caption"'):
        read_table(tmp_path / "captions.csv")


@pytest.mark.parametrize("name", ["captions.json", "captions.jsonl"])
def test_wrong_names_in_json_are_named_without_words_for_another_kind(tmp_path: Path, name: str) -> None:
    row = '{"shot": "a.mp4", "words": "a cat"}'
    (tmp_path / name).write_text(row if name.endswith("l") else f"[{row}]", encoding="utf-8")

    problems = Captions.beside(tmp_path, ["a.mp4"]).problems()

    assert problems == [f'"{tmp_path / name}" has entries with shot, words: each should have "file" and "caption".']


def test_a_video_with_two_captions_in_one_table_is_named_once(tmp_path: Path) -> None:
    rows = ["a.mp4,One.", "b.mp4,Same.", "a.mp4,Two.", "b.mp4,Same.", "c,First.", "./sub/c.mp4,Last.", "a.mp4,Three."]
    (tmp_path / "captions.csv").write_text("\n".join(["file,caption", *rows]), encoding="utf-8")
    captions = Captions.beside(tmp_path, ["a.mp4", "b.mp4", "sub/c.mp4"])

    assert [captions.of(name).text for name in ("a.mp4", "b.mp4", "sub/c.mp4")] == ["Three.", "Same.", "Last."]
    assert captions.problems() == ['Two captions for "a.mp4", "sub/c.mp4" in "captions.csv": the last row counts.']


def test_a_table_that_is_no_text_is_a_problem_and_not_the_end(tmp_path: Path) -> None:
    (tmp_path / "captions.csv").write_bytes(b"file,caption\na.mp4,\xff\xfe\x00\n")
    captions = Captions.beside(tmp_path, ["a.mp4"])

    assert captions.of("a.mp4") == Caption()
    assert len(captions.problems()) == 1


def test_a_broken_text_beside_a_video_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xff\xff")
    captions = Captions.beside(tmp_path, ["a.mp4"])

    assert [captions.of("a.mp4"), captions.of("a.mp4")] == [Caption(), Caption()]
    assert len(captions.problems()) == 1


@pytest.mark.parametrize("content", ["", "\n", "file\n", "file,caption\na.mp4\n", 'file,caption\n"a.mp4,b\n'])
def test_odd_tables_never_crash(tmp_path: Path, content: str) -> None:
    (tmp_path / "captions.csv").write_text(content, encoding="utf-8")

    Captions.beside(tmp_path, ["a.mp4"]).of("a.mp4")


NAMED = "file_name,text\nboat.mp4,A red boat.\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Boats.csv", 'Video Title,Video Description,Filename\nBoat,"A red boat.",boat.mp4\n'),
        ("captions.csv", "Video Title,Video Description,Filename\nBoat,A red boat.,boat.mp4\n"),
        ("captions.csv", "sep=;\nvideo;caption\nboat.mp4;A red boat.\n"),
        ("metadata.csv", NAMED),
        ("train set.tsv", NAMED.replace(",", "\t")),
        ("metadata.jsonl", '{"file_name": "boat.mp4", "text": "A red boat."}\n\n'),
        ("dataset.jsonl", '{"video_path": "/data/train/boat.mp4", "caption": "A red boat."}\n'),
        ("captions.json", '{"boat": "A red boat."}'),
        ("list.json", '[{"path": "videos\\\\boat.mp4", "caption": "A red boat."}]'),
        ("metadata.csv", NAMED.replace("boat.mp4", "Boats/boat.mp4")),
        ("metadata.csv", NAMED.replace("boat.mp4", "BOAT")),
        ("dataset.jsonl", '{"image_path": "/data/boat.mp4", "control_path": "x.png", "caption": "A red boat."}'),
        ("boat.caption", "A red boat."),
        ("boat.mp4.caption", "A red boat."),
        ("boat.TXT", "A red boat."),
        ("boat.mp4.txt", "A red\nboat."),
    ],
)
@pytest.mark.parametrize("place", ["Boats", ""])
def test_every_usual_layout_is_read(tmp_path: Path, place: str, name: str, content: str) -> None:
    """The authors' own (a folder Boats with Boats.csv), that of Hugging Face's datasets, those of other trainers."""
    folder = tmp_path / "Boats"
    folder.mkdir()
    (folder / name).write_text(content, encoding="utf-8")
    video = f"{place}/boat.mp4" if place else "boat.mp4"

    captions = Captions.beside(tmp_path if place else folder, [video, f"{place}/other.mp4".lstrip("/")])

    assert captions.of(video).text == "A red boat."
    assert captions.problems() == []


def test_a_table_in_utf_16_is_read(tmp_path: Path) -> None:
    (tmp_path / "captions.csv").write_text(NAMED, encoding="utf-16")

    assert Captions.beside(tmp_path, ["boat.mp4"]).of("boat.mp4").text == "A red boat."


def test_rows_of_videos_that_are_not_there_are_named(tmp_path: Path) -> None:
    rows = "".join(f"{name}.mp4,A boat.\n" for name in "abcdef")
    (tmp_path / "captions.csv").write_text(f"file,caption\n{rows}", encoding="utf-8")

    problems = Captions.beside(tmp_path, ["a.mp4"]).problems()

    assert problems == [
        '"captions.csv" has captions for "b.mp4", "c.mp4", "d.mp4" and 2 more, '
        "and there is no such video, or more than one."
    ]


def test_a_name_that_two_videos_have_is_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "captions.csv").write_text("file,caption\nboat.mp4,A boat.\n", encoding="utf-8")
    captions = Captions.beside(tmp_path, ["a/boat.mp4", "b/boat.mp4"])

    assert captions.of("a/boat.mp4") == captions.of("b/boat.mp4") == Caption()
    assert len(captions.problems()) == 1


@pytest.mark.parametrize(
    "content", ["[" * 100_000, "{", "[1, 2]", '{"a": 1}', "null", '"x"', '[{"file": 1, "caption": 2}]']
)
@pytest.mark.parametrize("name", ["captions.json", "captions.jsonl", "other.json"])
def test_odd_json_never_crashes(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")

    assert Captions.beside(tmp_path, ["a.mp4"]).of("a.mp4") == Caption()


def test_a_table_of_something_else_is_somebodys_own_affair(tmp_path: Path) -> None:
    (tmp_path / "costs.csv").write_text("what,price\nboat,3\n", encoding="utf-8")

    assert Captions.beside(tmp_path, ["a.mp4"]).problems() == []


def test_a_table_in_the_code_page_of_windows_is_read_and_said(tmp_path: Path) -> None:
    (tmp_path / "captions.csv").write_bytes("file;caption\r\na.mp4;Une forêt près du café\r\n".encode("cp1252"))
    captions = Captions.beside(tmp_path, ["a.mp4"])

    assert captions.of("a.mp4").text == "Une forêt près du café"
    assert "was read as Western European (cp1252)" in captions.problems()[0]


def test_letters_of_another_code_page_are_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Красная лодка на воде".encode("cp1251"))
    captions = Captions.beside(tmp_path, ["a.mp4"])

    assert captions.of("a.mp4") == Caption()
    assert captions.problems() == [f'"{tmp_path / "a.txt"}" is not text in UTF-8: save it again as UTF-8.']


def test_a_broken_line_costs_only_itself_and_is_numbered(tmp_path: Path) -> None:
    lines = [
        '{"file_name": "a.mp4", "text": "A cat."}',
        '{"file_name": "b.mp4", "te',
        "",
        '{"video": "c.mp4", "prompt": "A dog."}',
    ]
    (tmp_path / "metadata.jsonl").write_text("\n".join(lines), encoding="utf-8")
    captions = Captions.beside(tmp_path, ["a.mp4", "b.mp4", "c.mp4"])

    assert [captions.of(f"{name}.mp4").text for name in "abc"] == ["A cat.", "", "A dog."]
    assert captions.problems() == [
        f'Line 2 of "{tmp_path / "metadata.jsonl"}" cannot be read as JSON; the other lines are used.'
    ]


@pytest.mark.parametrize("later", ["c.mp4,A fox.", 'c.mp4,"A fox."', 'c.mp4,"A\nfox."'])
def test_a_quote_that_never_ends_costs_its_own_line(tmp_path: Path, later: str) -> None:
    (tmp_path / "captions.csv").write_text(f'file,caption\na.mp4,A cat.\nb.mp4,"A dog.\n{later}\n', encoding="utf-8")
    captions = Captions.beside(tmp_path, ["a.mp4", "b.mp4", "c.mp4"])

    assert [captions.of(f"{name}.mp4").text for name in "abc"] == ["A cat.", "", "A fox."]
    assert captions.problems() == [
        f'Line 3 of "{tmp_path / "captions.csv"}" cannot be read: look at the quotation marks there; the other '
        "lines are used."
    ]


@pytest.mark.parametrize("name", ["a.txt", "captions.csv"])
def test_a_caption_of_a_hundred_kilobytes_is_cut_and_said(tmp_path: Path, name: str) -> None:
    text = "word " * 20_000
    (tmp_path / name).write_text(text if name == "a.txt" else f"file,caption\na.mp4,{text}\n", encoding="utf-8")
    captions = Captions.beside(tmp_path, ["a.mp4"])

    assert captions.of("a.mp4").text == ("word " * 2_000)[:10_000]
    assert "has 99,999 letters: the first 10,000 are kept" in captions.problems()[0]


def test_captions_that_differ_are_named_with_the_one_that_counts(tmp_path: Path) -> None:
    for name in "abcde":
        (tmp_path / f"{name}.txt").write_text(f"Text {name}.", encoding="utf-8")
    rows = "".join(f"{name}.mp4,{'Text a.' if name == 'a' else 'Another.'}\n" for name in "abcdef")
    (tmp_path / "captions.csv").write_text("file,caption\n" + rows, encoding="utf-8")
    (tmp_path / "metadata.csv").write_text("file_name,text\nf.mp4,A third.\n", encoding="utf-8")
    captions = Captions.beside(tmp_path, [f"{name}.mp4" for name in "abcdef"])

    assert [captions.of(f"{name}.mp4").file for name in "af"] == ["a.txt", "captions.csv"]
    for _ in range(2):  # asked again, the same is said
        [captions.of(f"{name}.mp4") for name in "bcde"]
    assert captions.problems() == [
        'Two captions for "f.mp4": "captions.csv" counts, and "metadata.csv" says something else.',
        'Two captions for "b.mp4", "c.mp4", "d.mp4" and 1 more: its .txt file counts, and "captions.csv" says '
        "something else.",
    ]
    assert captions.read == {"a.txt", "b.txt", "c.txt", "d.txt", "e.txt", "captions.csv", "metadata.csv"}


def test_thoughts_and_marks_of_a_captioning_model_are_no_words(tmp_path: Path) -> None:
    marked = "<think>I see a cat.</think><answer><|begin_of_box|>A white cat sits.<|end_of_box|></answer>"
    (tmp_path / "a.txt").write_text(marked, encoding="utf-8")
    (tmp_path / "b.txt").write_text("A sign says <hello>.", encoding="utf-8")
    captions = Captions.beside(tmp_path, ["a.mp4", "b.mp4"])

    assert [captions.of(f"{name}.mp4").text for name in "ab"] == ["A white cat sits.", "A sign says <hello>."]
    assert captions.problems() == [
        'The captions of "a.mp4" hold a model\'s thoughts or marks: only what is said of the video is used.'
    ]


@pytest.mark.parametrize("table", [True, False])
@pytest.mark.parametrize(("of_video", "of_caption"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_accents_in_one_piece_or_two_are_the_same_name(
    tmp_path: Path, of_video: Literal["NFC", "NFD"], of_caption: Literal["NFC", "NFD"], table: bool
) -> None:
    video, name = (unicodedata.normalize(form, "déjà vu") for form in (of_video, of_caption))
    if table:
        (tmp_path / "metadata.csv").write_text(f"file_name,text\n{name}.mp4,A fox\n", encoding="utf-8")
    else:
        (tmp_path / f"{name}.txt").write_text("A fox", encoding="utf-8")

    captions = Captions.beside(tmp_path, [f"{video}.mp4"])

    assert captions.of(f"{video}.mp4").text == "A fox"
    assert captions.problems() == []
