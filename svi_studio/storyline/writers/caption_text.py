"""The caption in what a model says around it: thoughts, marks of its own, JSON, Markdown, polite words, quotes."""

import re
from typing import Any

from svi_studio.domain.text.strict_json import StrictError
from svi_studio.storyline.replies.loose_reply import loose_json
from svi_studio.storyline.replies.strict_reply import one_line
from svi_studio.storyline.replies.thoughts import without_thoughts

_MAX_JSON_CHARS = 8_000
_KEYS = (
    "caption",
    "description",
    "prompt",
    "text",
    "answer",
    "final_answer",
    "content",
    "output",
    "result",
    "response",
)
_WORD = (
    r"(?:captions?|descriptions?|prompts?|answer|output|response|(?:bild)?beschreibung|bildunterschrift|l[ée]gende|"
    r"descripci[óo]n|leyenda|t[íi]tulo|descrizione|didascalia|descri[çc][ãa]o|legenda|opis|beskrivning|описание|"
    r"подпись|ответ|描述|说明|說明|字幕|标题|キャプション|説明|설명|캡션|وصف|विवरण)"
)
_POLITE = (
    r"(?:sure|certainly|absolutely|of course|great|ok(?:ay)?|here(?:['’]s| is| are)|below(?:['’]s| is)|based on|"
    r"natürlich|gerne|hier(?: ist)?|voici|aquí|claro|ecco|вот|以下|好的)"
)
_BEFORE = r"(?:(?:the|a|your|final|video|image|clip|short|detailed|suggested|possible)\s+){0,4}"
_LABELS = re.compile(
    rf"\s*(?:{_BEFORE}{_WORD}(?:\s*\(?[a-z]{{0,20}}\)?){{0,3}}|{_POLITE}\b[^:：\n]{{0,160}})\s*(?:is\s*)?[:：]\s*"
    rf"|\s*{_BEFORE}{_WORD}\s*(?:\n|\Z)\s*",
    re.IGNORECASE,
)
_PREFACE = re.compile(rf"\s*{_POLITE}\b[^\n]{{0,160}}[.!:：]\s*\n+(?=\S)", re.IGNORECASE)
_ENDING = re.compile(
    r"\n\s*(?:let me know|i hope|would you like|feel free|note:|\(?word count|\(?\d+ words?\)?)[^\n]*\Z"
    r"|\s*\(\d+ words?\.?\)\s*\Z",
    re.IGNORECASE,
)
_PLACES = re.compile(  # boxes and points that say where something is
    r"<\|box_start\|>[\s\d.,()\[\]-]*<\|box_end\|>|<(?:box|bbox|point)>[\s\d.,()\[\]-]*</(?:box|bbox|point)>"
    r"|\[\[[\s\d.,-]+\]\]|[\[(]\s?\d[\d.]{0,9}(?:\s?,\s?\d[\d.]{0,9}){3}\s?[\])]|<loc_?\d{1,5}>"
)
_MARKS = re.compile(
    r"<\|[\w/ -]{1,40}\|>|</?[a-z][\w:-]{0,30}\s?/?>|\[/?(?:INST|BOX|ANSWER|OUT|IMG|CAPTION)\]", re.IGNORECASE
)
_SPEAKER = re.compile(r"<\|im_start\|>\s?assistant\b|\A\s*(?:assistant|a|ai|model)\s?[:：]\s*(?=\S)", re.IGNORECASE)
_TYPESET = re.compile(r"\$?\\boxed\{\s*(?:\\text(?:bf|it|rm)?\{)?([^{}]*)\}{1,2}\$?")
_FENCED = re.compile(r"```[\w-]{0,20}[ \t]*\n?(.*?)(?:```|\Z)", re.DOTALL)
_MARKDOWN = re.compile(
    r"^\s{0,3}(?:#{1,6}\s+|>\s+|[-*•]\s+|\d{1,2}[.)]\s+)|\*\*|__|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])", re.MULTILINE
)
_PAIRS = ('""', "“”", "„“", "„”", "”“", "””", "«»", "»«", "‹›", "「」", "『』", "《》", "‘’", "''", "``", "()")
_REFUSAL = re.compile(
    r"(?:i(?:'|’)?m sorry|i am sorry|sorry|i can(?:no|'|’)t|i(?:'|’| a)m (?:not able|unable)|as an ai|unable to|"
    r"es tut mir leid|(?:je suis )?désolée?|lo siento|mi dispiace|desculpe|извините|抱歉|申し訳|죄송)\b",
    re.IGNORECASE,
)


def caption_text(answer: str, limit: int) -> str:
    """One line of 1 to ``limit`` characters. Raises StrictError with what is wrong when no caption is left."""
    said = without_thoughts(answer).strip()
    text = _in_json(said)
    line = one_line(_bare(said if text is None else text), limit)
    if _REFUSAL.match(line):
        raise StrictError("it declines to describe the pictures")
    if line[0] in "{[<" or "<|" in line or '":' in line:
        raise StrictError("it holds marks that are no words")
    return line


def _bare(text: str) -> str:
    """The text without what stands around it; each may stand inside another."""
    text = _TYPESET.sub(r"\1", _SPEAKER.sub("", text))
    text = _MARKS.sub(" ", _PLACES.sub(" ", text))
    for _ in range(6):
        before = text
        fenced = _FENCED.search(text)
        text = fenced[1] if fenced else text.strip("`")
        text = _ENDING.sub("", _MARKDOWN.sub("", text).strip()).strip()
        text = _PREFACE.sub("", text, count=1) if _PREFACE.match(text) else text
        label = _LABELS.match(text)
        text = _unquoted(text[label.end() :] if label else text)
        if text == before:
            break
    return text


def _unquoted(text: str) -> str:
    text = text.strip()
    for pair in _PAIRS:
        inner = text[1:-1]
        if len(text) > 2 and text[0] == pair[0] and text[-1] == pair[1] and not set(pair) & set(inner) - {"'", "’"}:
            return inner.strip()
    return text


def _in_json(said: str) -> str | None:
    """The caption that stands in JSON, alone or in a fence; None when there is none."""
    fenced = [found[1].strip() for found in _FENCED.finditer(said)]
    for text in [_MARKS.sub(" ", said).strip(), *reversed(fenced)]:
        if text[:1] in ("{", "[") and len(text) <= _MAX_JSON_CHARS:
            try:
                return _caption_of(loose_json(text))
            except StrictError:
                continue
    return None


def _caption_of(value: Any) -> str:
    """The text that is the caption by its name, or the only one. Raises StrictError."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value:
        return _caption_of(value[0])
    if isinstance(value, dict):
        by_name = {name.strip().lower(): each for name, each in value.items()}
        named = [by_name[name] for name in _KEYS if by_name.get(name)]
        texts = [each for each in value.values() if isinstance(each, str | dict | list) and each]
        if named or len(texts) == 1:
            return _caption_of((named or texts)[0])
    raise StrictError("it is JSON without a caption")
