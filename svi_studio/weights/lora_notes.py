"""What lies beside a LoRA file for people: a preview picture, words that wake it, and how strongly to use it.

Several programs keep such notes, each in a file of its own; what they say is only ever shown, never followed.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from svi_studio.disk.plain_file import read_plain

_PICTURES = (".preview.png", ".preview.jpg", ".preview.jpeg", ".preview.webp", ".png", ".jpg", ".jpeg", ".webp")
_NOTES = (".civitai.info", ".metadata.json", ".cm-info.json", ".json")
_MOST_BYTES, _MOST_WORDS, _MOST_LETTERS = 1 << 20, 12, 200
SPOKEN = ("modelspec.trigger_phrase", "ss_trigger_words", "trigger_words", "trigger_word")
"""Where those who train LoRAs write the words that wake it, in the file's own notes."""

_LEAST, _MOST = -4.0, 4.0


@dataclass(frozen=True)
class LoraNotes:
    """``triggers``: words that wake it in a prompt. ``strength``: as its maker recommends, None = nothing is said."""

    picture: Path | None = None
    triggers: tuple[str, ...] = ()
    strength: float | None = None


def read_lora_notes(path: Path, metadata: Mapping[str, str]) -> LoraNotes:
    """The notes about the LoRA ``path``, whose header says ``metadata``; damaged ones count as none."""
    told = [*_files_beside(path)]
    said = [metadata[name] for name in SPOKEN if metadata.get(name)]
    triggers = _words([*said, *(word for each in told for word in _triggers(each))])
    strength = next((number for each in told if (number := _strength(each)) is not None), None)
    return LoraNotes(_picture(path), triggers, strength)


def _picture(path: Path) -> Path | None:
    for ending in _PICTURES:
        picture = path.with_suffix(ending)
        with suppress(OSError):
            if picture.is_file():
                return picture
    return None


def _files_beside(path: Path) -> Iterator[Mapping[str, Any]]:
    for ending in _NOTES:
        with suppress(OSError, ValueError, RecursionError):  # Refused is an OSError
            content = json.loads(read_plain(path.with_suffix(ending), _MOST_BYTES))
            if isinstance(content, dict):
                yield content


def _triggers(notes: Mapping[str, Any]) -> Iterator[Any]:
    inner = notes.get("civitai")
    for each in (notes, inner if isinstance(inner, dict) else {}):
        for name in ("trainedWords", "TrainedWords"):
            found = each.get(name)
            yield from found if isinstance(found, list) else ()
    yield notes.get("activation text")


def _strength(notes: Mapping[str, Any]) -> float | None:
    tips = notes.get("usage_tips")
    with suppress(ValueError, TypeError, RecursionError):
        tips = json.loads(tips) if isinstance(tips, str) and len(tips) < _MOST_BYTES else tips
    found = [notes.get("preferred weight"), tips.get("strength") if isinstance(tips, dict) else None]
    for number in found:
        if isinstance(number, int | float) and not isinstance(number, bool) and _LEAST <= number <= _MOST and number:
            return float(number)
    return None


def _words(found: Iterable[Any]) -> tuple[str, ...]:
    """Each once, short, without line ends; several in one text are taken apart."""
    words: dict[str, None] = {}
    for each in found:
        for part in each.split(",") if isinstance(each, str) else ():
            word = " ".join(part.split())[:_MOST_LETTERS]
            if word:
                words[word] = None
    return tuple(words)[:_MOST_WORDS]
