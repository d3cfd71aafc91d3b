"""Takes the thoughts of a language model out of what it says, piece by piece, whatever marks stand around them.

A mark is read by its form: brackets around a word of thinking, with a slash or "end" in a closing one. A closing mark
without an opening one makes everything before it thoughts: the opening one stands in the chat template then.
"""

import re
from collections.abc import Iterator
from enum import Enum, auto

_WORDS = (
    "chain_?of_?thoughts?|thinking|thoughts?|think|reasoning|reason|reflection|analysis|scratch_?pad|monologue|"
    "deliberation|rationale|commentary|cot|思考|推理"
)
_SQUARE = r"(?<![^\n])\[|\[(?=\|?(?:/|end|stop|close))"  # elsewhere in a line "[reflection]" is a word
_OPEN, _SHUT = rf"(?:[<◁【⟨]|{_SQUARE}|&lt;)", r"(?:[>\]▷】⟩]|&gt;)"
_TAG = (
    rf"(?P<tag>{_OPEN}\|?(?P<slash>/)?\|?(?P<before>(?:begin|start|end|stop|close)(?:_of)?[_-])?"
    rf"(?:[a-z0-9]{{1,20}}[:_-]){{0,2}}(?P<word>{_WORDS})(?:[_-](?!begin|start|end|stop|close)[a-z0-9]{{1,20}}){{0,2}}"
    rf"(?P<after>[_-](?:begin|start|end|stop|close))?(?P<more>\s[^<>\[\]{{}}]{{0,120}})?(?P<empty>/)?\s?\|?{_SHUT}(?!\())"
)
_CHANNEL = r"(?P<channel><\|channel\|?>\s{0,3}(?:analysis|commentary|thoughts?|thinking))\b"
_FINAL = (
    r"(?P<final><\|channel\|?>\s{0,3}final\b|<channel\|>|assistantfinal)|"
    r"(?P<answer><(?:final_?answer|final|answer)>|<\|begin_of_(?:box|solution|answer)\|>|(?<=\n)here is my response:)"
)
_FRAME = r"(?P<said><\|end\|>)|(?P<token><\|(?:message|start|return)\|>)"  # of channels
_DETAILS = r"(?P<details><details\b[^<>]{0,80}(?:reason|think|thought)[^<>]{0,80}>)|(?P<undetailed></details>)"
_UNUSED = r"(?P<unused><unused94>)|(?P<used><unused95>)"
_LINE = r"(?:\A|(?<=\n))```[ \t]{0,4}"
_FENCE = rf"(?P<fence>{_LINE}(?:{_WORDS})[ \t]{{0,4}}\n)|(?P<fenced>{_LINE}[a-z]{{0,12}}[ \t]{{0,4}}\n)"
_MARK = re.compile("|".join((_TAG, _CHANNEL, _FRAME, _FINAL, _DETAILS, _UNUSED, _FENCE)), re.IGNORECASE)
_LONGEST = 220  # characters of the longest mark, at least


def _beginnings(words: str) -> str:
    return "(?:" + "|".join(re.escape(words[:count]) for count in range(len(words), 0, -1)) + r")\Z"


_BEGINNING = re.compile(  # what may still become a mark when more comes
    "|".join(
        (
            r"(?:[<◁【⟨]|&(?:l(?:t;?)?)?|\[(?=[a-z/|]|\Z))[^>\]▷】⟩\n\"{}]{0,200}\Z",
            r"<d[^<>]{0,200}\Z",
            r"<\|channel\|?>\s{0,3}[a-z]{0,10}\Z",
            r"(?:\A|(?<=\n))`{1,3}[^\n]{0,30}\Z",
            _beginnings("assistantfinal"),
            r"(?<=\n)" + _beginnings("here is my response:"),
        )
    ),
    re.IGNORECASE,
)
_CLOSERS = {"undetailed": "details", "used": "unused", "said": "channel"}


class Forget(Enum):
    """Everything said so far was thoughts."""

    ALL = auto()


class ThoughtFilter:
    """``feed`` gives back what is no thought; ``characters`` counts what was thought."""

    def __init__(self) -> None:
        self._held = ""
        self._last = "\n"  # the character before what is held: marks of lines look at it
        self._open: list[str] = []
        self.characters = 0

    @property
    def is_thinking(self) -> bool:
        """Whether thoughts are open."""
        return bool(self._open)

    def feed(self, piece: str) -> list[str | Forget]:
        """What ``piece`` makes sure of: text to keep, in order, and ``Forget.ALL`` where all before was thoughts."""
        return self._read(piece, is_last=False)

    def finish(self) -> list[str | Forget]:
        """The rest, when nothing more comes; thoughts that were never closed stay thoughts."""
        return self._read("", is_last=True)

    def _read(self, piece: str, *, is_last: bool) -> list[str | Forget]:
        text = self._last + self._held + piece
        at, parts = 1, list[str | Forget]()
        for mark in _MARK.finditer(text, 1):
            parts += self._said(text[at : mark.start()])
            at = mark.end()
            parts += self._marked(mark)
        begun = None if is_last else _BEGINNING.search(text, max(at, len(text) - _LONGEST))
        end = begun.start() if begun else len(text)
        parts += self._said(text[at:end])
        self._held = text[end:]
        self._last = text[end - 1] if end else "\n"
        return parts

    def _said(self, text: str) -> Iterator[str]:
        if self._open:
            self.characters += len(text)
        elif text:
            yield text

    def _marked(self, mark: re.Match[str]) -> Iterator[str | Forget]:
        kind = str(mark.lastgroup)
        if kind == "final" or (kind == "answer" and not self._open):
            self._open.clear()
            yield Forget.ALL
        elif kind == "tag" and not mark["empty"]:
            yield from self._tagged(mark)
        elif kind in ("channel", "details", "unused", "fence"):
            self._open.append(kind)
        elif kind == "fenced":
            yield from self._fenced(mark[0])
        elif kind in _CLOSERS:
            yield from self._closed(_CLOSERS[kind], mark[0])

    def _tagged(self, mark: re.Match[str]) -> Iterator[str | Forget]:
        edge = (mark["before"] or mark["after"] or "").strip("_-").lower()
        ends = edge.startswith(("end", "stop", "close"))
        word = mark["word"].lower()
        if not mark["slash"] and not ends:
            self._open.append(word)
        elif self._open:
            at = len(self._open) - 1 - self._open[::-1].index(word) if word in self._open else len(self._open) - 1
            del self._open[at:]
        else:
            yield Forget.ALL

    def _fenced(self, fence: str) -> Iterator[str]:
        """A fence inside a fence of thoughts is theirs; any other is text like any text."""
        if "fence" not in self._open:
            yield from self._said(fence)
        elif fence.strip() == "```":
            self._open.pop()
        else:
            self._open.append("inner fence")

    def _closed(self, opened: str, mark: str) -> Iterator[str | Forget]:
        if opened in self._open:
            del self._open[self._open.index(opened) :]
        elif opened == "unused":
            yield Forget.ALL
        else:
            yield from self._said(mark)


def without_thoughts(text: str) -> str:
    """``text`` without the thoughts in it."""
    thoughts, kept = ThoughtFilter(), ""
    for part in [*thoughts.feed(text), *thoughts.finish()]:
        kept = "" if part is Forget.ALL else kept + str(part)
    return kept
