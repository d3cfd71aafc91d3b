"""Subtitles, data files, Markdown, comments, settings and labels: their words become prompts, their signs never."""

import json
from contextlib import suppress
from pathlib import Path

import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.storyline.text_formats import read_prompt_file, read_prompt_text
from tests.patience import felt_time

TWO = ["A red boat leaves the harbour.", "The red boat rocks on waves."]
ONE, OTHER = TWO

FIRST, SECOND = "00:00:00,000 --> 00:00:05,000", "00:00:05,000 --> 00:00:10,000"
SRT = f"1\n{FIRST}\n{ONE}\n\n2\n{SECOND}\nThe red boat\n<i>rocks</i> on waves.\n"
VTT = (
    f"WEBVTT\n\nNOTE no prompt\n\nintro\n00:00.000 --> 00:05.000 align:start\n{ONE}\n\n"
    f"00:05.000 --> 00:10.000\n<v Eve>{OTHER}</v>\n"
)
SBV = f"0:00:00.000,0:00:05.000\n{ONE}\n\n0:00:05.000,0:00:10.000\nThe red boat\nrocks on waves.\n"
ASS = (
    "[Script Info]\nTitle: x\n\n[V4+ Styles]\nFormat: Name, Fontname\nStyle: Default,Arial\n\n[Events]\n"
    "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    f"Dialogue: 0,0:00:00.00,0:00:05.00,Default,,0,0,0,,{{\\b1}}{ONE}\n"
    "Comment: 0,0:00:05.00,0:00:06.00,Default,,0,0,0,,no prompt\n"
    "Dialogue: 0,0:00:05.00,0:00:10.00,Default,,0,0,0,,The red boat\\Nrocks on waves.\n"
)
GENERATED = f"{ONE}\nNegative prompt: blurry,\nugly\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1\n\n"


@pytest.mark.parametrize(
    ("name", "text", "form"),
    [
        ("a.srt", SRT, "subtitles"),
        ("a.txt", SRT, "subtitles"),
        ("a.vtt", VTT, "subtitles"),
        ("a.txt", VTT, "subtitles"),
        ("a.sbv", SBV, "subtitles"),
        ("a.ass", ASS, "subtitles"),
        ("a.txt", ASS, "subtitles"),
        ("a.json", json.dumps(TWO), "a JSON list"),
        ("a.txt", json.dumps(TWO, indent=2), "a JSON list"),
        ("a.json", json.dumps([{"prompt": text, "seed": 1} for text in TWO]), "a JSON list"),
        ("a.json", json.dumps({"title": "x", "scenes": [{"Text": text} for text in TWO]}), "a JSON list"),
        ("a.json", json.dumps({"0": ONE, "81": OTHER}), "a JSON list"),
        ("a.jsonl", "".join(f"{json.dumps({'caption': text})}\n" for text in TWO), "a JSON list"),
        ("a.txt", f"[\n  '{ONE}',\n  '{OTHER}',\n]\n", "a Python list"),
        ("a.yaml", f"# mine\n- {ONE}\n- prompt: {OTHER}\n", "a YAML list"),
        ("a.yml", f"prompts:\n  - {ONE}\n  - >\n    The red boat\n    rocks on waves.\n", "a YAML list"),
        ("a.toml", f'prompts = ["{ONE}", "{OTHER}"]', "a TOML list"),
        ("a.toml", f'[[clips]]\nprompt = "{ONE}"\n[[clips]]\nprompt = "{OTHER}"\n', "a TOML list"),
        ("a.md", f"# My film\n\nSome *words*.\n\n- **{ONE}**\n- [ ] The red boat\n  rocks on waves.\n", "Markdown"),
        ("a.md", f"# Clip 1\n{ONE}\n\n# Clip 2\n> {OTHER}\n", "Markdown"),
        ("a.md", f"1. **Clip 1:** {ONE}\n2. **Clip 2:** {OTHER}\n", "Markdown"),
        ("a.md", f"| # | Prompt |\n|---|:--|\n| 1 | {ONE} |\n| 2 | {OTHER} |\n", "a table in Markdown"),
        ("a.txt", f"# my film\n{ONE}\n// note\n; note\n{OTHER}\n", "one prompt a line"),
        ("a.txt", f"- {ONE}\n* {OTHER}\n", "one prompt a line"),
        ("a.txt", f"• {ONE}\n– {OTHER}\n", "one prompt a line"),
        ("a.txt", f"Clip 1: {ONE}\nClip 2: {OTHER}\n", "a numbered list"),
        ("a.txt", f"Scene 3 - {ONE}\nScene 4 – {OTHER}\n", "a numbered list"),
        ("a.txt", f"Shot 2. {ONE}\nShot 1. {OTHER}\n", "one prompt a line"),
        ("a.txt", f"**Clip 1:** {ONE}\n**Clip 2**: {OTHER}\n", "a numbered list"),
        ("a.txt", f"Clip 1 (0-5s): {ONE}\nClip 2 [5-10s]: {OTHER}\n", "a numbered list"),
        ("a.txt", f"Clip 1:\n{ONE}\nClip 2:\nThe red boat\nrocks on waves.\n", "a numbered list"),
        ("a.txt", f"Scene one: {ONE}\nScene two: {OTHER}\n", "a numbered list"),
        ("a.txt", f"Here are two prompts:\n1. {ONE}\n2. {OTHER}\n", "a numbered list"),
        ("a.txt", f"#1: {ONE}\n#2: {OTHER}\n", "a numbered list"),
        ("a.txt", f"0-5s: {ONE}\n5-10s: {OTHER}\n", "one prompt a line"),
        ("a.txt", f"[00:05] {ONE}\n[00:10.5] {OTHER}\n", "one prompt a line"),
        ("a.txt", f"(0:00-0:05) {ONE}\n(0:05 - 0:10): {OTHER}\n", "one prompt a line"),
        ("a.txt", f"00:00 - 00:05 | {ONE}\n00:05 - 00:10 | {OTHER}\n", "one prompt a line"),
        ("a.txt", GENERATED + GENERATED.replace(ONE, OTHER), "one prompt a line"),
        ("a.txt", f"Prompt: {ONE}\nSteps: 20\nSeed: 7\nPrompt: {OTHER}\n", "one prompt a line"),
        ("a.txt", f"{ONE} --ar 16:9 --v 6\n{OTHER} --no-text\n", "one prompt a line"),
        ("a.txt", f'--prompt "{ONE}" --steps 20\n--steps 20 --prompt="{OTHER}"\n', "one prompt a line"),
        ("a.txt", f"A red boat\nleaves the harbour.\n---\n{OTHER}\n", "one prompt a line"),
        ("a.csv", f"sep=;\nScene;Prompt\n1;{ONE}\n2;{OTHER}\n", "a table"),
        ("a.csv", f"id,Description\n1,{ONE}\n2,{OTHER}\n", "a table"),
    ],
)
def test_every_form_gives_its_words(name: str, text: str, form: str) -> None:
    read = read_prompt_text(f"\ufeff{text}", name)

    assert [each.prompt for each in read.prompts] == TWO
    assert read.form == form
    assert read.summary.startswith(f"2 prompts read as {form}")


def test_what_was_passed_over_is_told() -> None:
    assert read_prompt_text(f"# a\n{ONE}\n# b\nSteps: 20\n", "a.txt").summary == (
        "1 prompt read as one prompt a line; 2 comments and 1 setting passed over."
    )
    assert read_prompt_text(f"Some words.\n\n- {ONE}\n", "a.md").passed_over == "1 paragraph"


@pytest.mark.parametrize(
    "line",
    [
        "10 dogs run - fast.", "Scene 2 opens with a dog.",
        "A dog (5 years old) sleeps.", "A #1 dog.", "At 5:30 it rains.",
        "Steps: a dog climbs twenty of them.", "Size matters: a dog.", "A 16:9 picture of a dog.", "Shot 3-4 m away.",
        "A dog {brown} & a cat <small>.", "A dog -- and a cat.", "Title of the dog.", "http://dog", "3D dog: it runs.",
        "[a dog] sleeps", "Take two dogs.", "Duration of a dog.", "1950s: a dog", "(2) dogs.",
    ],
)  # fmt: skip
def test_words_that_look_a_little_like_signs_stay(line: str) -> None:
    assert [each.prompt for each in read_prompt_text(f"{line}\n{ONE}\n", "a.txt").prompts] == [line, ONE]


def test_braces_and_entities_in_subtitles_are_letters() -> None:
    text = "1\n00:00:00,000 --> 00:00:05,000\nA {red} boat &amp; a cat.\n"
    assert read_prompt_text(text, "a.srt").prompts[0].prompt == "A {red} boat & a cat."


def test_headings_over_several_prompts_are_scenes() -> None:
    text = "# Film\n## Sea\n- a\n- b\n## Shore\n- c\n  - close by\n- d\n"
    read = [(each.prompt, each.cut) for each in read_prompt_text(text, "a.md").prompts]
    assert read == [("a", True), ("b", False), ("c close by", True), ("d", False)]


def test_scenes_in_json_are_cuts() -> None:
    text = json.dumps(
        [{"name": "Sea", "shots": ["a", "b"]}, {"name": "Shore", "shots": [{"prompt": "c", "cut": False}]}]
    )
    read = [(each.prompt, each.cut) for each in read_prompt_text(text, "a.json").prompts]
    assert read == [("a", True), ("b", False), ("c", True)]


def test_a_colon_in_yaml_is_a_colon() -> None:
    read = read_prompt_text("- The sea at night: a boat.\n- Clip 2: a cat\n", "a.yaml").prompts
    assert [each.prompt for each in read] == ["The sea at night: a boat.", "a cat"]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.json", "{}", 'The JSON in "a.json" is no list of prompts'),
        ("a.json", '{"a": {"b": 1}}', "no list of prompts"),
        ("a.json", "3", "no list of prompts"),
        ("a.json", '["a", 3]', 'Entry 2 of the JSON list in "a.json" has no prompt'),
        ("a.json", '["a",\n "b"\n "c"]', "breaks off at line 3"),
        ("a.json", "[" * 100_000, "no list of prompts"),
        ("a.json", "A dog.", "breaks off at line 1"),
        ("a.yaml", "a: [b", "cannot be read at line 1"),
        ("a.yaml", "a: &x [b]\nc: *x\n", "line 2 .a name that stands for another part"),
        ("a.yaml", "- [a]\n- b", "Entry 1 of the YAML list"),
        ("a.yaml", "[" * 5000, "The YAML in"),
        ("a.yaml", "- a\n" * 150_000, "too long"),
        ("a.yaml", "!!python/object/apply:os.abort []", "no prompt|no list"),
        ("a.toml", "a = ", "The TOML in"),
        ("a.docx", "PK", "a Word document: save it as plain text"),
        ("a.txt", "{\\rtf1 A dog.}", "RTF"),
        ("a.txt", "<!DOCTYPE html><p>A dog.</p>", "a web page"),
        ("a.py", "print('a dog')", 'no "prompts = '),
        ("a.txt", "# only\n# comments\n", "no prompt"),
        ("a.srt", "1\n2\n3\n", "no prompt"),
        ("a.md", "# only\n## headings\n", "no prompt"),
        ("a.txt", f"{'a' * 10_001}\n", "Prompt 1 .* 10,001 letters; 10,000 are the most"),
    ],
)
def test_what_is_no_list_is_one_sentence(name: str, text: str, says: str) -> None:
    with pytest.raises(BadInput, match=says) as refusal:
        read_prompt_text(text, name)
    assert "\n" not in str(refusal.value)


def test_yaml_that_would_grow_is_refused_at_once() -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9) if n else 'x'}]\n" for n in range(9))
    with pytest.raises(BadInput, match="line 2"):
        read_prompt_text(levels, "a.yaml")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
def test_wide_letters_are_read_with_and_without_a_mark(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("\n".join(TWO).encode(encoding))
    assert [each.prompt for each in read_prompt_file(tmp_path / "a.txt").prompts] == TWO


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"PK\x03\x04\xff", "an archive"), (b"%PDF-1.7\n\xff", "a PDF document"), (b"fLaC\xff\xff", "a video or a sound")],
)
def test_other_files_are_told_by_their_content(content: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    with pytest.raises(BadInput, match=says):
        read_prompt_file(tmp_path / "a.txt")


@pytest.mark.parametrize(
    "speech",
    [
        "EVE (cont'd)\nHello.", "EVE (Cont’d)\nHello.", "EVE (O.S.)\nHello.", "EVE (on the radio)\nHello.",
        "@McAvoy\nHello.",
        "EVE ^\nHello.", "R2D2\n(beeps)\nHello.", "EVE (cont'd)", "EVE\nHello.\n  \nAnd more.", "CUT TO:", "FADE IN:",
        "FADE OUT.", "SMASH CUT TO:", "FADE TO BLACK.", "> Burn to pink.", "# Act", "= synopsis", "~la la", "===",
        "[[a note]]", "/* gone */", "THE END.",
    ],
)  # fmt: skip
def test_only_action_is_a_prompt_in_a_screenplay(speech: str) -> None:
    text = f"INT. HOUSE - DAY\n\n{ONE}\n\n{speech}\n\n{OTHER}\n"
    assert [each.prompt for each in read_prompt_text(text, "a.fountain").prompts] == TWO
    assert [each.prompt for each in read_prompt_text(text, "a.txt").prompts] == TWO


@pytest.mark.parametrize("action", ["!EVE (cont'd)", "BOOM!", "A DOG RUNS", "He walks TO.", "(A dog runs.)"])
def test_action_in_capitals_is_action(action: str) -> None:
    text = f"INT. HOUSE - DAY\n\n{action}\n"
    assert [each.prompt for each in read_prompt_text(text, "a.fountain").prompts] == [action.removeprefix("!")]


@pytest.mark.parametrize("sign", ["**a ", "[", "__a ", "`a", "[a](", "*a "])
def test_markdown_of_nothing_but_signs_is_read_in_one_go(sign: str) -> None:
    """With a text between two signs that may hold the sign itself this takes minutes."""
    with pytest.raises(BadInput, match="are the most"):
        read_prompt_text(sign * (400_000 // len(sign)), "a.md")


_TITLE = "1\n00:00:01,000 --> 00:00:02,000\n"
_DIALOGUE = ASS.replace(f"{{\\b1}}{ONE}", "{}")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("looks.srt", _TITLE + "<i>" * 60_000),
        ("open.srt", _TITLE + "<a" * 300_000),
        ("blank.srt", _TITLE + "a" + "\n" * 200_000 + "a"),
        ("spaces.vtt", f"WEBVTT\n\n00:01.000 --> 00:02.000\na <{' ' * 200_000}b\n"),
        ("looks.ass", _DIALOGUE.replace("{}", "{\\b1}" * 40_000)),
        ("open.ass", _DIALOGUE.replace("{}", "{" * 200_000)),
        ("drawing.ass", _DIALOGUE.replace("{}", "{\\p1" * 100_000)),
        ("lines.md", "- a\n" + "  a\n" * 500_000),
        ("paragraph.md", "a\n" * 700_000),
        ("label.txt", "Clip 1:\n" + "a\n" * 700_000),
        ("options.txt", "--a" * 600_000),
        ("deep.yaml", "a: " + "[" * 300_000),
    ],
)
def test_a_text_that_repeats_one_sign_takes_no_longer_than_it_is_long(name: str, text: str) -> None:
    """Each took from ten seconds to hours, as every sign was looked at again with every one that followed."""
    with felt_time() as seconds, suppress(BadInput):
        read_prompt_text(text, name)
    assert seconds() < 8


def test_signs_that_are_no_marks_stay_words() -> None:
    title = f"{_TITLE}I <3 {{you}} & a < 5 > c, <font color='red'>said</font> <00:00:01.500>she\\Nhere\n"
    assert [each.prompt for each in read_prompt_text(title, "a.srt").prompts] == [
        "I <3 {you} & a < 5 > c, said she here"
    ]


def test_drawings_of_subtitles_are_no_prompts() -> None:
    drawn = _DIALOGUE.replace("{}", "{\\an7\\p1}m 0 0 l 9 9")
    assert [each.prompt for each in read_prompt_text(drawn, "a.ass").prompts] == [OTHER]
