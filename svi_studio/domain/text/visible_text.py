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


def visible(text: str) -> str:
    """``text`` of the same length; joiners, variants and single marks of direction, which scripts need, stay."""
    return _HIDDEN.sub(MARK, text)
