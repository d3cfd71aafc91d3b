"""What is written to a text file is what is read from it, in every format."""

import contextlib
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.story.prompt_text import clean_prompt, file_proposal, one_line
from svi_studio.domain.story.proposal_edits import accept
from svi_studio.storyline.text_formats import (
    PROMPT_FORMATS,
    prompt_format,
    read_prompt_file,
    read_prompt_text,
    write_prompt_file,
    write_prompts,
)
from tests.builders.storyboards import film

AWKWARD = [
    "INT. KITCHEN", "'quoted'", '"quoted"', "=1+1", "'=1+1", "-x", "@me", "a, b; c", "\\", '\\"""', "''' \"\"\"", "!",
    "CUT TO:", "> WIPE", "# one", "~la", ".5 s", "a\nb", "a\n\nb", "prompts = [", "dog\u2028street", "Ünï côdé 犬 🐕",
    "prompt", "1.", "[[", "Title: x", "\u202eabc", "!!a", "- x", "# 1: x", "Clip 1: x", "0-5s: x", "[00:05] x", "---",
    "x --ar 16:9", "Steps: 20, Seed: 1", "Negative prompt: x", "// x", "; x", "**x**", "EVE (cont'd)", "FADE IN:",
]  # fmt: skip
# a list of which every prompt begins with a time is one with times, and read without them
TIME = re.compile(r"\s*[\[(]?\s*\d+\s*[-:]")
texts = (st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(AWKWARD)).filter(
    lambda text: clean_prompt(text) != "" and not TIME.match(text)
)
clips = st.lists(st.tuples(texts, st.booleans()), min_size=1, max_size=6)


def board(rows: list[tuple[str, bool]]) -> Storyboard:
    return Storyboard(clips=tuple(Clip(id=f"c{k}", prompt=text, cut=cut) for k, (text, cut) in enumerate(rows, 1)))


@given(clips)
@example([(text, bool(number % 3)) for number, text in enumerate(AWKWARD)])
def test_a_table_keeps_words_and_cuts(rows: list[tuple[str, bool]]) -> None:
    found = read_prompt_text(write_prompts(board(rows), "csv"), "a.csv").prompts
    assert [(each.prompt, each.cut) for each in found] == [(clean_prompt(text), cut) for text, cut in rows]


@given(clips)
@example([(text, False) for text in AWKWARD])
def test_a_python_list_keeps_words(rows: list[tuple[str, bool]]) -> None:
    found = read_prompt_text(write_prompts(board(rows), "python"), "prompt.txt").prompts
    assert [(each.prompt, each.cut) for each in found] == [(clean_prompt(text), None) for text, _ in rows]


@given(clips)
@example([(text, bool(number % 3)) for number, text in enumerate(AWKWARD)])
def test_a_numbered_list_keeps_words_and_cuts(rows: list[tuple[str, bool]]) -> None:
    found = read_prompt_text(write_prompts(board(rows), "numbered"), "a.txt").prompts
    tells = any(cut for _, cut in rows)
    assert [(each.prompt, each.cut) for each in found] == [
        (one_line(text), cut if tells else None) for text, cut in rows
    ]


@given(clips)
@example([(text, bool(number % 3)) for number, text in enumerate(AWKWARD) if text != "[["])
def test_a_screenplay_keeps_words_and_cuts(rows: list[tuple[str, bool]]) -> None:
    rows = [(text, cut) for text, cut in rows if "[[" not in text and "/*" not in text] or [("a", True)]
    found = read_prompt_text(write_prompts(board(rows), "fountain"), "a.fountain").prompts
    assert [(each.prompt, each.cut) for each in found[1:]] == [(one_line(text), cut) for text, cut in rows[1:]]
    assert (found[0].prompt, found[0].cut) == (one_line(rows[0][0]), True)


@given(st.lists(st.text("abc xyz,.!?'犬-#1:*", min_size=1).filter(lambda text: text.strip() != ""), min_size=1))
@example(AWKWARD)
@example(["# a"])
def test_one_prompt_a_line_keeps_words(words: list[str]) -> None:
    found = read_prompt_text(write_prompts(board([(text, False) for text in words]), "lines"), "a.txt").prompts
    assert [each.prompt for each in found] == [one_line(text) for text in words]


@pytest.mark.parametrize("name", PROMPT_FORMATS)
def test_a_film_written_and_read_again_is_the_same_film(name: str, tmp_path: Path) -> None:
    before = film(4)
    path = tmp_path / f"a{PROMPT_FORMATS[name].suffix}"
    write_prompt_file(path, before, name)
    proposal = file_proposal(read_prompt_file(path).prompts, path.name, whole_film=True)
    assert accept(before, proposal, range(4)) == before


@pytest.mark.parametrize("name", PROMPT_FORMATS)
def test_no_format_writes_clips_without_words(name: str) -> None:
    found = read_prompt_text(write_prompts(board([("one", False), (" ", False), ("two", False)]), name), "a").prompts
    assert [each.prompt for each in found] == ["one", "two"]


@pytest.mark.parametrize(("file", "name"), [("a.CSV", "csv"), ("a.py", "python"), ("a.txt", "lines"), ("a", "lines"),
                                            ("a.fountain", "fountain")])  # fmt: skip
def test_the_ending_of_a_file_tells_its_format(file: str, name: str) -> None:
    assert prompt_format(None, file).name == name


def test_an_unknown_format_is_told_with_those_that_exist() -> None:
    with pytest.raises(BadInput, match="choose one of lines, numbered, python, csv, fountain"):
        prompt_format("docx", "a.txt")


@pytest.mark.parametrize("file", ["a.srt", "a.docx", "a.md"])
def test_an_ending_that_promises_another_form_is_refused(file: str) -> None:
    with pytest.raises(BadInput, match=r"one of \.txt, \.py, \.csv, \.fountain"):
        prompt_format(None, file)
    assert prompt_format("lines", file).name == "lines"


def test_a_film_without_prompts_has_nothing_to_write(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No clip"):
        write_prompt_file(tmp_path / "a.txt", Storyboard())
    assert list(tmp_path.iterdir()) == []


ENDINGS = [".txt", ".csv", ".py", ".fountain", "", ".md", ".json", ".yaml", ".toml", ".srt", ".vtt", ".ass"]


@given(
    st.text(max_size=200) | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")),
    st.sampled_from(ENDINGS).map(lambda ending: f"a{ending}"),
)
def test_any_text_is_read_or_refused_in_one_sentence(text: str, name: str) -> None:
    try:
        assert all(each.prompt.strip() for each in read_prompt_text(text, name).prompts)
    except BadInput as refusal:
        assert len(str(refusal).splitlines()) == 1


@given(st.binary(max_size=100))
def test_any_file_is_read_or_refused(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.txt")
        path.write_bytes(content)
        with contextlib.suppress(BadInput):
            assert read_prompt_file(path).prompts
