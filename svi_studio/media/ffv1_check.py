"""Whether a compressed FFV1 frame is as it was written: a decoder hides a damaged slice, this finds it."""

import zlib

_FOOTER = 8  # 3 bytes of size, 1 of status, 4 of checksum: RFC 9043, 4.9
_ALL_ONES = 0xFFFFFFFF
_TURNED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def is_sound_ffv1(packet: bytes) -> bool:
    """Whether every slice of the frame ``packet`` has the checksum that was written behind it (``slicecrc``).

    The checksum is a CRC-32 with the highest bit first, from 0 (RFC 9043, 4.9.3); over a slice and its own checksum it
    is 0. zlib takes the lowest bit first, so the bits of each byte are turned round.
    """
    turned = packet.translate(_TURNED)
    end = len(packet)
    while end >= _FOOTER:
        start = end - _FOOTER - int.from_bytes(packet[end - _FOOTER : end - _FOOTER + 3], "big")
        if start < 0 or zlib.crc32(turned[start:end], _ALL_ONES) != _ALL_ONES:
            return False
        end = start
    return end == 0 and len(packet) > 0
