"""Files of prompts as people have them, and those that are wrong."""

from pathlib import Path

import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.domain.text.file_endings import PROMPT_ENDINGS
from svi_studio.storyline.text_formats import PROMPT_FORMATS, prompt_text, read_prompt_file, read_prompt_text
from tests.patience import felt_time


def read(text: str, name: str = "a.txt") -> list[tuple[str, bool | None]]:
    return [(each.prompt, each.cut) for each in read_prompt_text(text, name).prompts]


def words(text: str, name: str = "a.txt") -> list[str]:
    return [each.prompt for each in read_prompt_text(text, name).prompts]


def test_one_prompt_a_line() -> None:
    assert read("\ufeffA dog wakes up.\r\n\r\n  It naps.  \n") == [
        ("A dog wakes up.", None),
        ("It naps.", None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "1. A dog.\n2. A cat.\n",
        "1) A dog.\n2) A cat.",
        "1: A dog.\n\n2: A cat.",
        "Clip 3: A dog.\nClip 4: A cat.",
        "CLIP 1 - A dog.\nclip 2 - A cat.",
        "Scene #1: A dog.\nScene #2: A cat.",
        "Prompt 1. A dog.\nPrompt 2. A cat.",
        " 9. A\n   dog.\n10. A cat.",
    ],
)
def test_numbers_of_a_list_are_no_words(text: str) -> None:
    assert words(text) == ["A dog.", "A cat."]


def test_a_numbered_list_may_mark_its_scenes() -> None:
    assert read("Clip 1: A dog.\nClip 2 (cut): A cat.") == [("A dog.", False), ("A cat.", True)]


@pytest.mark.parametrize("text", ["2 dogs run.\n3 dogs sleep.", "3.5 metres of snow.\n4.5 metres.", "2. b\n1. a"])
def test_lines_that_only_begin_with_a_number_keep_it(text: str) -> None:
    assert words(text) == text.split("\n")


def test_the_authors_files_are_read() -> None:
    text = 'prompts = ["A kitten rests.",\n"It jumps \\u2014 down.",\n\'It sleeps.\']'
    assert words(text, "prompt.txt") == ["A kitten rests.", "It jumps — down.", "It sleeps."]


def test_comments_joined_texts_and_other_code_are_read_as_python_has_them() -> None:
    text = (
        '"""prompts"""\nimport os\nos.abort()\n'
        "prompts: list[str] = (  # a comment, with ]\n"
        '  "A dog " r"runs\\n."\n  # "not this"\n , """A\ncat.""",\n)\nnum_clips = 3\n'
    )
    assert words(text, "a.py") == ["A dog runs\\n.", "A\ncat."]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("prompts = [open('/etc/passwd').read()]", 1),
        ("prompts = [\n'a',\n__import__('os').abort()]", 3),
        ("prompts = ['a'] * 1000000000", 1),
        ("prompts = ['a', f'{1+1}']", 1),
        ("prompts = ['a', b'b']", 1),
        ("prompts = ['a' + 'b']", 1),
        ("prompts = [1, 2]", 1),
        ("prompts = [['a']]", 1),
        ("prompts = ['a'", 1),
        ("prompts = ['a\n']", 1),
        ("prompts = ['a'; 'b']", 1),
        ("prompts = ['\\x']", 1),
        ("\n\nprompts = [\n\n'a',, 'b']", 3),
        ("prompts = [" * 100_000, 1),
        ("prompts = [" + "-" * 1_000_000 + "1]", 1),
        ("prompts = [" + "[]," * 600_000, 1),
    ],
)
def test_a_list_of_anything_but_texts_is_refused_with_its_line(text: str, line: int) -> None:
    with felt_time() as seconds:
        with pytest.raises(BadInput, match=f"at line {line}:"):
            read_prompt_text(text, "a.py")
        assert seconds() < 5


def test_half_a_character_is_refused() -> None:
    with pytest.raises(BadInput, match="cannot be used"):
        read_prompt_text("prompts = ['\\ud800']", "a.py")


@pytest.mark.parametrize(
    "text",
    [
        "prompt,cut\nA dog.,\nA cat.,yes\n",
        "Prompt;Cut\nA dog.;0\nA cat.;1\n",
        "clip\tprompt\tcut\n1\tA dog.\tfalse\n2\tA cat.\tTRUE\n",
        '"cut","prompt"\n"","A dog."\n\n"x","A cat."',
        "prompt,cut\nA dog.\nA cat.,cut\n",
    ],
)
def test_tables_of_any_spreadsheet_are_read(text: str) -> None:
    assert read(text) == [("A dog.", False), ("A cat.", True)]


def test_a_table_without_the_column_cut_says_nothing_of_scenes() -> None:
    assert read('prompt\n"A dog, a cat."\n', "a.csv") == [("A dog, a cat.", None)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("words,cut\nA dog.,1\n", 'has the columns "words", "cut"'),
        ("A dog.\nA cat.\n", 'name one "prompt"'),
        ("prompt,cut\nA dog, a cat, a cow\n", "Row 2 .* 3 cells for 2 columns"),
        ("prompt,cut\nA dog.,perhaps\n", 'Row 2 .*"perhaps"'),
        ('prompt,cut\n"A dog.\n', "quote that is not closed"),
        ("prompt,cut\n", "no prompt"),
        ("prompt\n" + "x" * 200_000, "cannot be read"),
        ("prompt\n" + "x" * 20_000, "10,000 are the most"),
    ],
)
def test_a_wrong_table_is_told_in_one_sentence(text: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        read_prompt_text(text, "a.csv")


SCREENPLAY = """Title: The dog
Author: Somebody

FADE IN:

INT. KITCHEN - DAY

A dog sleeps.
It dreams.

[[a note]] It wakes up.

ANN
(softly)
Good morning.

CUT TO:

EXT. STREET - DAY
The dog runs.

/* It flies. */

.ON THE MOON

!EXT. is written on a sign.

> THE END <
"""


@pytest.mark.parametrize("name", ["a.fountain", "a.txt"])
def test_a_screenplay_is_its_action_and_its_headings_are_cuts(name: str) -> None:
    found = read(SCREENPLAY, name)
    assert found[-4:] == [
        ("A dog sleeps. It dreams.", True),
        ("It wakes up.", False),
        ("The dog runs.", True),
        ("EXT. is written on a sign.", True),
    ]


@pytest.mark.parametrize("text", ["", " \n\t\n", "\x00\x07", "prompts = []", "prompt,cut\n,yes", "INT. HOUSE\n\n"])
def test_a_file_without_prompts_says_so(text: str) -> None:
    with pytest.raises(BadInput, match="no prompt"):
        read_prompt_text(text, "a")


@pytest.mark.parametrize(
    ("name", "text"), [("story.json", '{"family": "shot", "clips": [{"prompt": "a"}]}'), ("film.svi", "A dog.")]
)
def test_a_film_is_no_list_of_prompts(name: str, text: str) -> None:
    with pytest.raises(BadInput, match="open it instead"):
        read_prompt_text(text, name)


def test_too_many_prompts_are_refused() -> None:
    with pytest.raises(BadInput, match="20,000"):
        read_prompt_text("a dog\n" * 20_001, "a.txt")


def test_control_characters_are_left_out() -> None:
    assert words("A \x1b[31mred\x00 dog.\x07") == ["A [31mred dog."]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_files_of_the_usual_encodings_are_read(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Ein Hünd.\n犬".encode(encoding))
    assert [each.prompt for each in read_prompt_file(tmp_path / "a.txt").prompts] == ["Ein Hünd.", "犬"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfeA", "not text"),
        (b"\x89PNG\r\n\x1a\n\xff", "a picture"),
        (b"Stra\xdfe", "not text"),
        (b"a" * (2 << 20) + b"b", "larger than 2 MB"),
    ],
)
def test_files_of_another_kind_are_refused(content: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    with pytest.raises(BadInput, match=says):
        read_prompt_file(tmp_path / "a.txt")


@pytest.mark.parametrize("name", ["none.txt", ".", "a\0b", "x" * 5000])
def test_a_file_that_is_not_there_is_told(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        read_prompt_file(tmp_path / name)


def test_what_is_read_by_its_ending_is_offered_and_can_be_dropped() -> None:
    read_or_written = {*prompt_text._ENDINGS, *(each.suffix for each in PROMPT_FORMATS.values())}
    assert read_or_written == {*PROMPT_ENDINGS, ".json"}


def test_columns_with_ends_of_lines_in_their_names_are_told_in_one_line() -> None:
    with pytest.raises(BadInput) as refused:
        read_prompt_text("0\x1c1,b\u2028c\n1,2", "a.csv")
    assert len(str(refused.value).splitlines()) == 1
