"""A key that never shows itself: not in a text, a log, a traceback's values, a pickle or JSON."""

import hmac
from collections.abc import Callable
from typing import Any, NoReturn

from svi_studio.domain.errors import BadInput
from svi_studio.net.net_errors import OtherOrigin
from svi_studio.net.origin import Origin

HIDDEN = "(hidden)"
_MAX_CHARS = 4096


class Secret:
    """Words that only one origin may hear. Everything but ``tell`` shows ``(hidden)`` or refuses."""

    __slots__ = ("_tell", "origin")

    def __init__(self, words: str, origin: Origin | str) -> None:
        """``words`` is the key itself; ``origin`` may be the web address of anything at the server.

        Raises BadInput, which shows nothing of it, for what cannot be a key: it would come up in a library's complaint.
        """
        words = words.strip()
        if not 0 < len(words) <= _MAX_CHARS or not all("!" <= char <= "~" for char in words):
            raise BadInput("That is not a key: copy it again, whole and without spaces or line breaks.")
        self.origin = origin if isinstance(origin, Origin) else Origin.of(origin)
        self._tell: Callable[[], str] = lambda: words  # no attribute holds it, for a dump of attributes to find

    def tell(self, origin: Origin | str) -> str:
        """The words, for a request to exactly their own origin. Raises OtherOrigin for any other."""
        asked = origin if isinstance(origin, Origin) else Origin.of(origin)
        if asked != self.origin:
            raise OtherOrigin(
                f"The key belongs to {self.origin} and is not sent to {asked}: set a key for that server."
            )
        return self._tell()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return self.origin == other.origin and hmac.compare_digest(self._tell().encode(), other._tell().encode())

    def __hash__(self) -> int:
        return hash(self.origin)

    def __repr__(self) -> str:
        return f"Secret{HIDDEN}"

    def __str__(self) -> str:
        return HIDDEN

    def __format__(self, spec: str) -> str:
        return HIDDEN

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("A secret is never written to a file or sent to another process")

    def __deepcopy__(self, memo: object) -> "Secret":
        return self

    def __copy__(self) -> "Secret":
        return self
