"""The words of a model that knows only some: a text encoder with a tokenizer of whole words, read without torch."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from svi_studio.disk.plain_file import read_plain
from svi_studio.domain.errors import BadWeights

MAX_BYTES = 2 << 20  # a larger vocabulary than fits here is no list that anybody has to know
_TOKEN = re.compile(r"\w+|[^\w\s]+")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class KnownWords:
    """A closed vocabulary. ``tokens``: words and marks; ``lowercase``: whether capital letters make no difference."""

    tokens: frozenset[str]
    lowercase: bool = True

    def unknown(self, text: str) -> tuple[str, ...]:
        """The words and marks of ``text`` that the model reads as one and the same "unknown", each once, in order."""
        return tuple(dict.fromkeys(token for token in self._tokens_of(text) if token not in self.tokens))

    def unknown_places(self, text: str) -> tuple[tuple[int, int], ...]:
        """Where the words that the model does not know stand in ``text``: start and end of each; no marks."""
        return tuple(found.span() for found in _WORD.finditer(text) if self._as_read(found.group()) not in self.tokens)

    def unknown_words(self, texts: Iterable[str]) -> tuple[str, ...]:
        """The words of ``texts`` that the model does not know as they are written, each once, in order."""
        found: dict[str, str] = {}
        for text in texts:
            for start, end in self.unknown_places(text):
                found.setdefault(self._as_read(text[start:end]), text[start:end])
        return tuple(found.values())

    def knows(self, text: str) -> bool:
        """Whether the model knows every word and mark of ``text``."""
        return not self.unknown(text)

    def share(self, prompts: Iterable[str]) -> float:
        """The share, 0 to 1, of ``prompts`` whose words the model knows, all of them; 1 when there are none."""
        known = [self.knows(prompt) for prompt in prompts]
        return sum(known) / len(known) if known else 1.0

    @property
    def words(self) -> tuple[str, ...]:
        """The words without the marks, sorted."""
        return tuple(sorted(token for token in self.tokens if _WORD.fullmatch(token)))

    def _tokens_of(self, text: str) -> list[str]:
        return _TOKEN.findall(self._as_read(text))

    def _as_read(self, text: str) -> str:
        return text.lower() if self.lowercase else text


def unknown_words_sentence(words: Sequence[str], most: int = 8) -> str:
    """``The bundled model does not know "dog" and "Paris".``, with at most ``most`` words; empty without any.

    "The bundled model", because no other one comes with a closed list of words.
    """
    if not words:
        return ""
    quoted = [f'"{word[:40]}"' for word in words[:most]]
    rest = len(words) - len(quoted)
    listed = [*quoted, f"{rest} more"] if rest else quoted
    joined = listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"
    return f"The bundled model does not know {joined}."


def known_words_of(model: Path) -> KnownWords | None:
    """The words that the model in the folder ``model`` knows; None when it knows any. Raises BadWeights."""
    return known_words(model / "tokenizer" / "tokenizer.json")


def known_words(tokenizer: Path) -> KnownWords | None:
    """The closed vocabulary of a ``tokenizer.json`` of whole words (type WordLevel).

    None when there is no such file, or when the tokenizer spells words it does not know from parts, as all large models
    do. Raises BadWeights when the file cannot be read.
    """
    try:
        facts = tokenizer.stat()
        return _read(tokenizer, facts.st_mtime_ns) if facts.st_size <= MAX_BYTES else None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BadWeights(f"The model file {tokenizer} could not be read ({error.strerror}); check the disk.") from error


@lru_cache(maxsize=8)
def _read(tokenizer: Path, changed_ns: int) -> KnownWords | None:
    """``changed_ns`` makes a file that was replaced another one."""
    try:
        content = json.loads(read_plain(tokenizer, MAX_BYTES).decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadWeights(f"The model file {tokenizer} is not valid JSON; download or copy the model again.") from error
    model = _part(content, "model")
    vocabulary = model.get("vocab")
    if model.get("type") != "WordLevel" or not isinstance(vocabulary, dict):
        return None
    special = {str(token.get("content")) for token in _list(content, "added_tokens") if isinstance(token, dict)}
    return KnownWords(frozenset(vocabulary) - special, lowercase=_lowers(_part(content, "normalizer")))


def _part(content: Any, name: str) -> dict[str, Any]:
    part = content.get(name) if isinstance(content, dict) else None
    return part if isinstance(part, dict) else {}


def _list(content: dict[str, Any], name: str) -> list[Any]:
    part = content.get(name)
    return part if isinstance(part, list) else []


def _lowers(normalizer: dict[str, Any]) -> bool:
    parts = [normalizer, *(part for part in _list(normalizer, "normalizers") if isinstance(part, dict))]
    return any(part.get("type") == "Lowercase" for part in parts)
