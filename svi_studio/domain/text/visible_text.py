"""Words of strangers as they are shown in lists: characters that reorder or hide others become visible marks."""

import re

MARK = "\ufffd"
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # controls, but no tabs and line ends
    "\u180e\u200b\u2060-\u206f\ufeff\ufff9-\ufffb"  # seen by nobody; isolates of direction among them
    "\u202a-\u202e"  # embeddings and overrides of direction
    "\ud800-\udfff"  # halves of characters
    "\U000e0001]"
)

_LINE_END = re.compile("[\t\n\r\u2028\u2029]")


def visible(text: str) -> str:
    """``text`` of the same length; joiners, variants and single marks of direction, which scripts need, stay."""
    return _HIDDEN.sub(MARK, text)


def visible_line(text: str) -> str:
    """The same, and the end of a line is such a mark as well: a name of a file makes no line of its own in a list."""
    return _LINE_END.sub(MARK, visible(text))
