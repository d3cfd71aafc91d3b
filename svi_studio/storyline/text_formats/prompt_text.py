"""The prompts in a text, whose form is found out, and a sentence of what was read as what."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from svi_studio.domain.errors import BadInput
from svi_studio.domain.story.prompt_text import ImportedPrompt, imported_prompts
from svi_studio.domain.text.wording import plural
from svi_studio.storyline.text_formats.data_lists import Pairs, is_json, read_json, read_toml, read_yaml_list
from svi_studio.storyline.text_formats.markdown_list import read_markdown, table_in
from svi_studio.storyline.text_formats.plain_lines import read_plain_lines, without_label
from svi_studio.storyline.text_formats.prompt_table import is_prompt_table, read_prompt_table
from svi_studio.storyline.text_formats.python_list import is_python_list, read_python_list
from svi_studio.storyline.text_formats.screenplay import is_screenplay, read_screenplay
from svi_studio.storyline.text_formats.subtitles import SUBTITLES, is_subtitles, read_subtitles

_OTHERS: Mapping[str, str] = {
    ".svi": "a film and no list of prompts: open it instead",
    ".docx": "a Word document: save it as plain text",
    ".doc": "a Word document: save it as plain text",
    ".odt": "an OpenDocument text: save it as plain text",
    ".xlsx": "a spreadsheet: save it as CSV",
    ".ods": "a spreadsheet: save it as CSV",
    ".pdf": "a PDF document: copy its text into a text file",
    ".rtf": "a text with a layout (RTF): save it as plain text",
    ".fdx": "a screenplay of Final Draft: export it as Fountain",
    ".html": "a web page: copy its text into a text file",
    ".htm": "a web page: copy its text into a text file",
}
_MARKUP = re.compile(r"\s*<(?:\?xml|!doctype|html|tt|svg|body|p|div)[\s>]", re.IGNORECASE)


@dataclass(frozen=True)
class PromptText:
    """The prompts of a text, the words for its form, and what of it was passed over (empty: nothing)."""

    prompts: list[ImportedPrompt]
    form: str
    passed_over: str = ""

    @property
    def summary(self) -> str:
        """A sentence for people."""
        said = f"{plural(len(self.prompts), 'prompt')} read as {self.form}"
        return f"{said}; {self.passed_over} passed over." if self.passed_over else f"{said}."


@dataclass(frozen=True)
class _Found:
    pairs: Pairs
    form: str
    passed_over: str = ""


def read_prompt_text(text: str, name: str) -> PromptText:
    """The prompts in ``text``, the content of the file ``name``: what its form means, never its signs as words.

    The ending decides where it says something, else the content. Nothing of the text is executed. Raises BadInput with
    one sentence, for a form that is no list of prompts by the form's name.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff\n")
    found = _by_ending(text, name) or _by_content(text, name)
    return PromptText(imported_prompts(found.pairs, name), found.form, found.passed_over)


def refuse_other_kinds(name: str, text: str = "") -> None:
    """Raises BadInput, which names the form, for files that hold no plain text."""
    words = _OTHERS.get(PurePath(name).suffix.lower(), "")
    if text.startswith("{\\rtf"):
        words = _OTHERS[".rtf"]
    elif _MARKUP.match(text) and not words:
        words = _OTHERS[".html"]
    if words:
        raise BadInput(f'"{name}" is {words}.')


def _by_ending(text: str, name: str) -> _Found | None:
    refuse_other_kinds(name, text)
    read = _ENDINGS.get(PurePath(name).suffix.lower())
    return None if read is None else read(text, name)


def _by_content(text: str, name: str) -> _Found:
    read = next((read for is_it, read in _FORMS if is_it(text)), _plain)
    return read(text, name)


def _is_bare_list(text: str) -> bool:
    """A bracket, quoted texts, a bracket: JSON but for a comma too many or quotes of the other kind."""
    return re.match(r"\s*\[\s*[\"']", text) is not None and text.rstrip().endswith("]")


def _data(read: Callable[[str, str], Pairs], form: str) -> Callable[[str, str], _Found]:
    return lambda text, name: _Found([(without_label(prompt), cut) for prompt, cut in read(text, name)], form)


def _table(text: str, name: str) -> _Found:
    return _Found(read_prompt_table(text, name), "a table")


def _python(text: str, name: str) -> _Found:
    return _Found(read_python_list(text, name), "a Python list")


def _bare_list(text: str, name: str) -> _Found:
    return _python(f"prompts = {text.strip()}", name)


def _screenplay(text: str, name: str) -> _Found:
    return _Found(read_screenplay(text), "a screenplay")


def _subtitles(text: str, name: str) -> _Found:
    return _Found(read_subtitles(text, name), "subtitles")


def _markdown(text: str, name: str) -> _Found:
    table = table_in(text)
    if table is not None:
        return _Found(read_prompt_table(table, name), "a table in Markdown")
    pairs, paragraphs = read_markdown(text)
    over = plural(paragraphs, "paragraph") if paragraphs else ""
    return _Found([(without_label(prompt), cut) for prompt, cut in pairs], "Markdown", over)


def _plain(text: str, name: str) -> _Found:
    found = read_plain_lines(text)
    over = [plural(found.comments, "comment")] if found.comments else []
    over += [plural(found.settings, "setting")] if found.settings else []
    return _Found(found.pairs, "a numbered list" if found.numbered else "one prompt a line", " and ".join(over))


_JSON = _data(read_json, "a JSON list")
_YAML = _data(read_yaml_list, "a YAML list")

_ENDINGS: Mapping[str, Callable[[str, str], _Found]] = {
    **dict.fromkeys((".csv", ".tsv"), _table),
    **dict.fromkeys((".json", ".jsonl", ".ndjson"), _JSON),
    **dict.fromkeys((".yaml", ".yml"), _YAML),
    ".toml": _data(read_toml, "a TOML list"),
    **dict.fromkeys((".fountain", ".spmd"), _screenplay),
    ".py": _python,
    **dict.fromkeys((".md", ".markdown"), _markdown),
    **dict.fromkeys(SUBTITLES, _subtitles),
}

_FORMS: tuple[tuple[Callable[[str], bool], Callable[[str, str], _Found]], ...] = (
    (is_subtitles, _subtitles),
    (is_json, _JSON),
    (lambda text: is_prompt_table(text.partition("\n")[0]), _table),
    (is_python_list, _python),
    (_is_bare_list, _bare_list),
    (is_screenplay, _screenplay),
)
"""In this order, by what the text looks like."""
