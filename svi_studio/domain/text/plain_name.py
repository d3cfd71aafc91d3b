"""Names of files made from titles and other words of people."""

import re
import unicodedata

_MAX_BYTES = 80
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def plain_name(words: str, otherwise: str = "Film") -> str:
    """A name that every disk takes: no separators, no control or direction characters, not reserved, not too long.

    ``otherwise`` stands in when nothing is left of ``words``.
    """
    kept = (char for char in unicodedata.normalize("NFC", words) if unicodedata.category(char)[0] != "C")
    plain = re.sub(r'[/\\:*?"<>|]+', " ", "".join(kept))
    plain = " ".join(plain.split()).strip(". ")
    while len(plain.encode()) > _MAX_BYTES:
        plain = plain[:-1].rstrip(". ")
    return plain if plain and not _RESERVED.fullmatch(plain) else otherwise
