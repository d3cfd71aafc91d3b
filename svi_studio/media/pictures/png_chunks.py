"""A PNG without what is not its picture: texts and a colour profile too large to be read."""

import struct

_MARK = b"\x89PNG\r\n\x1a\n"
_WORDS = {b"tEXt", b"zTXt", b"iTXt", b"iCCP"}
_AROUND = 12  # bytes of a chunk beside its content: length, name, checksum


def without_words(content: bytes) -> bytes:
    """The same PNG without texts and profile; anything else stays as it is."""
    if not content.startswith(_MARK):
        return content
    kept, place = [_MARK], len(_MARK)
    while place + _AROUND <= len(content):
        length, name = struct.unpack_from(">I4s", content, place)
        if name not in _WORDS:
            kept.append(content[place : place + length + _AROUND])
        place += length + _AROUND
    return b"".join(kept)
