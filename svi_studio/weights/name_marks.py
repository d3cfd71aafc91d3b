"""What the name of a file, its folders and its metadata say about weights: which expert, which Wan, distilled or not.

High and low experts have the same keys and shapes, and so have their LoRAs: only names tell them apart. All the words
that are looked for stand in the tables here.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Literal

from svi_studio.domain.film.architecture import WAN_2_1_I2V, WAN_2_2_I2V_A14B, WAN_2_2_TI2V_5B
from svi_studio.domain.film.lora_traits import SVI_2_WITHOUT_PRO
from svi_studio.weights.model_folder import OneExpert

Mark = Literal["high", "low", "distilled", "svi"]

_OTHER_SENSE = (
    "res|resolution|quality|details?|def|definition|motion|movement|poly|key|contrast|light|lighting|rank|lr|vram|fps|"
    "speed|fidelity|angle|shot|heels?|school|fantasy|fashion|cut|rise|waist|budget|bit|step|steps|end|level"
)
_MARKS: Mapping[Mark, re.Pattern[str]] = {
    "high": re.compile(rf"\bhi(?:gh)? ?noise|\bhighn?\b(?! (?:{_OTHER_SENSE})\b)|14b high lighting"),
    "low": re.compile(rf"\blow? ?noise|\blown?\b(?! (?:{_OTHER_SENSE})\b)|14b low lighting"),
    "distilled": re.compile(
        r"lightx2v|lighting2v|14b (?:high|low) lighting|\blightning\b(?! (?:effects?|fx|bolts?|storm|strikes?)\b)|"
        r"distill|\bcfg step\b|(?<![\d.])[1-8] ?steps?\b|\bturbo\b|caus ?vid|acc ?vid|self ?forcing|fast ?wan|"
        r"\brapid\b|\blcm\b|\bdmd2?\b|rcm(?:\b|\d)|da ?si ?wa|fusion ?i?x\b|"
        r"smooth ?mix (?:wan|i2v)"
    ),
    "svi": re.compile(r"\bsvi\b|stable ?video ?infinity"),
}
_LETTERS: Mapping[OneExpert, re.Pattern[str]] = {"high": re.compile(r"\bhn?\b"), "low": re.compile(r"\bln?\b")}
"""Counted only in a name that says that it is for a model of two experts: a letter or two can mean anything."""

_BASES: Mapping[str, re.Pattern[str]] = {
    WAN_2_2_TI2V_5B: re.compile(r"\bti2v|(?:(?<![\d.])|(?<=2\.2\.))5b\b"),
    WAN_2_2_I2V_A14B: re.compile(r"wan ?v?(?:2\.2|22)(?:(?!\d)|(?=14b))|\ba14b"),
    WAN_2_1_I2V: re.compile(r"wan ?v?(?:2\.1|21)(?:(?!\d)|(?=14b))|\bi2v 14b 480p|\bi2v 14b 720p"),
}
_FAMILY = re.compile(r"\bsvi (?P<family>shot|film|talk|dance)\b")
"""The authors' first files are called by their families; their later ones are not."""

_SVI = r"(?:\bsvi|stable ?video ?infinity)"
_SECOND = re.compile(rf"{_SVI} (?:v?2\b|.*\bv?2\.0\b)")
_PRO = re.compile(rf"{_SVI} (?:v?2(?:\.0)? |.*\bv?2\.0 )?pro\b")
_TASKS = re.compile(r"(?<![a-z])(?P<task>[ti]2v)")

_SAYS_NAME = ("model_type", "modelspec.title", "ss_output_name", "name")
_SAYS_BASE = ("modelspec.architecture", "ss_base_model_version", "ss_base_model", "base_model", "ss_sd_model_name")
NOTES = (*_SAYS_NAME, *_SAYS_BASE)
"""The entries of a file's metadata that name it, the surest first."""

_BLANKET = ("modelspec.architecture", re.compile(r"wan2\.1(?:/lora)?", re.IGNORECASE))
"""What musubi-tuner notes in a LoRA for any Wan, those for 2.2 too: it says nothing."""

_MOST_TEXT = 500
_MOST_FOLDERS = 3


def expert_in(names: Iterable[str]) -> OneExpert | None:
    """Which expert the first of ``names`` that speaks of one means; None when none does, or one means both."""
    for name in names:
        words = _words(name)
        found = [expert for expert in ("high", "low") if _MARKS[expert].search(words)]
        if not found and _BASES[WAN_2_2_I2V_A14B].search(words):
            found = [expert for expert in _LETTERS if _LETTERS[expert].search(words)]
        if found:
            return None if len(found) > 1 else "high" if found[0] == "high" else "low"
    return None


def base_in(names: Iterable[str]) -> str | None:
    """For which architecture the first of ``names`` that speaks of one says that it is, by its name in ARCHITECTURES.

    None when none does, or one means several.
    """
    for name in names:
        words = _words(name)
        found = [base for base, mark in _BASES.items() if mark.search(words)]
        if WAN_2_2_TI2V_5B in found:
            return WAN_2_2_TI2V_5B
        if found:
            return found[0] if len(found) == 1 else None
    return None


def family_in(names: Iterable[str]) -> str | None:
    """The family of Stable Video Infinity that the first of ``names`` which speaks of one says that it is for.

    Files of SVI 2.0 say it by their version, ``pro``, and the Wan that they are for.
    """
    names = tuple(names)
    for words in map(_words, names):
        if match := _FAMILY.search(words):
            return match["family"]
        is_pro = _PRO.search(words) is not None
        if is_pro or _SECOND.search(words):
            return _of_second(names, is_pro=is_pro)
    return None


def _of_second(names: Sequence[str], *, is_pro: bool) -> str | None:
    base = base_in(names) or (WAN_2_2_I2V_A14B if expert_in(names) else None)
    if base == WAN_2_2_TI2V_5B:  # the authors have none for it
        return None
    if is_pro:
        return "pro"
    return {WAN_2_1_I2V: "shot2", WAN_2_2_I2V_A14B: SVI_2_WITHOUT_PRO}.get(base or "")


def is_from_words(names: Iterable[str]) -> bool:
    """Whether the first of ``names`` that speaks of it says: for a Wan that films from words alone (T2V)."""
    for name in names:
        tasks = {match["task"] for match in _TASKS.finditer(_words(name))}
        if tasks:
            return tasks == {"t2v"}
    return False


def is_marked(mark: Mark, names: Iterable[str]) -> bool:
    """Whether one of ``names`` speaks of that: a model that was distilled to few steps, or Stable Video Infinity."""
    return any(_MARKS[mark].search(_words(name)) for name in names)


def names_of(path: PurePath, metadata: Mapping[str, str]) -> tuple[str, ...]:
    """What speaks for a file, the surest first: its own notes, its name, and then the folders that it lies in."""
    told = [text for key in NOTES if (text := metadata.get(key, "").strip()) and not _is_blanket(key, text)]
    folders = [parent.name for parent in path.parents if parent.name][:_MOST_FOLDERS]
    return (*told, path.stem, *folders)


def _is_blanket(key: str, text: str) -> bool:
    note, words = _BLANKET
    return key == note and words.fullmatch(text) is not None


_PARTED = re.compile(
    r"(?<=[a-z0-9])(?=[A-Z][a-z]|HIGH|LOW)|"
    r"(?<=[A-Za-z])(?=[Vv]\d)|"
    r"(?:(?<=[Hh]igh)|(?<=HIGH)|(?<=[Ll]ow)|(?<=LOW))(?=[Qq]\d|[Ff][Pp]\d|[Bb][Ff]16)|"
    r"(?:(?<=[Ff][Pp]8)|(?<=[Ff]16)|(?<=[Ff][Pp]16)|(?<=[Qq]\d)|(?<=[Qq]\d[Kk][SMsm]))(?=[HLhl](?![A-Za-z]))"
)
"""Where a word ends though no sign parts it from the next one: ``FP8HIGH``, ``HighV8``, ``highQ4KM``, ``V2FP8H``."""

_QUANTISED = re.compile(r"(?i)(?<![a-z0-9])q\d_k_[sml](?![a-z0-9])")
"""Names of ways of storing whose last letter is no expert's."""


def _words(name: str) -> str:
    """In small letters with one blank between words: ``Wan2_2-I2V-HighNoise`` is ``wan2.2 i2v high noise``."""
    text = _PARTED.sub(" ", _QUANTISED.sub(" ", name[:_MOST_TEXT]))
    text = re.sub(r"(?<=\d)[._-](?=\d)", ".", text).casefold()
    return re.sub(r"[^\w.]+|_+", " ", text).strip()
