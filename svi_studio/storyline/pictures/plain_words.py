"""Words of strangers, as plain text: no markup, no control or direction characters, no more than asked for."""

import unicodedata
from html.parser import HTMLParser

_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNSEEN = frozenset(("script", "style", "template"))
_IN_LINE = frozenset(("a", "abbr", "b", "bdi", "big", "em", "i", "small", "span", "strong", "sub", "sup", "u"))
_MAX_READ = 20_000


def plain_words(text: str, most: int = 500) -> str:
    """One line of at most ``most`` characters; what was cut off ends with an ellipsis."""
    kept = "".join(_shown(char) for char in text[:_MAX_READ])
    line = " ".join(kept.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def words_of_html(markup: str, most: int = 500) -> str:
    """The text of a piece of HTML as one line. Nothing of it is loaded or followed."""
    reader = _TextOnly()
    reader.feed(markup[:_MAX_READ])
    reader.close()
    return plain_words("".join(reader.pieces), most)


def _shown(char: str) -> str:
    if char in _DIRECTION:
        return ""
    category = unicodedata.category(char)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return "" if category in ("Cs", "Co", "Cn") else char


class _TextOnly(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN
        if tag not in _IN_LINE:
            self.pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(data)
