"""Colour profiles made here: as small as the format allows."""

import struct
from collections.abc import Mapping, Sequence
from itertools import product

_D50 = (0.9642, 1.0, 0.8249)
ADOBE = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
DISPLAY_P3 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
SRGB = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410))


def of_primaries(primaries: Sequence[Sequence[float]], curve: bytes) -> bytes:
    """A profile of a screen: the XYZ of its red, green and blue, and the ``curve`` of all three."""
    tags = {f"{name}XYZ": _xyz(colour) for name, colour in zip("rgb", primaries, strict=True)}
    return _profile("mntr", "RGB ", "XYZ ", tags | {f"{name}TRC": curve for name in "rgb"})


def of_grey(curve: bytes) -> bytes:
    return _profile("mntr", "GRAY", "XYZ ", {"kTRC": curve})


def of_inks() -> bytes:
    """A printer whose full inks are so dark; what lies between is interpolated."""
    corners = bytearray()
    for cyan, magenta, yellow, black in product((0, 1), repeat=4):
        light = 100 * (1 - 0.45 * cyan) * (1 - 0.52 * magenta) * (1 - 0.11 * yellow) * (1 - black)
        a = (-37 * cyan + 74 * magenta - 5 * yellow) * (1 - black)
        b = (-50 * cyan - 3 * magenta + 93 * yellow) * (1 - black)
        corners += bytes((round(light * 2.55), round(a) + 128, round(b) + 128))
    straight = bytes(range(256))
    unit = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    table = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + unit + straight * 4 + bytes(corners) + straight * 3
    return _profile("prtr", "CMYK", "Lab ", {"A2B0": table, "A2B1": table})


def gamma(value: float) -> bytes:
    return struct.pack(">4s4xIH", b"curv", 1, round(value * 256)) + bytes(2)


def srgb_curve() -> bytes:
    points = [point / 1023 for point in range(1024)]
    values = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in points]
    return struct.pack(">4s4xI1024H", b"curv", 1024, *(round(value * 65535) for value in values))


def _xyz(colour: Sequence[float]) -> bytes:
    return struct.pack(">4s4x3i", b"XYZ ", *(round(part * 65536) for part in colour))


def _profile(kind: str, space: str, between: str, tags: Mapping[str, bytes]) -> bytes:
    text = struct.pack(">4s4xI", b"desc", 5) + b"test\0" + bytes(78)
    tags = {"desc": text, "cprt": b"text" + bytes(4) + b"none\0", "wtpt": _xyz(_D50), **tags}
    place, table, content = 128 + 4 + 12 * len(tags), struct.pack(">I", len(tags)), b""
    for name, value in tags.items():
        table += struct.pack(">4sII", name.encode(), place + len(content), len(value))
        content += value + bytes(-len(value) % 4)
    names = [name.encode() for name in (kind, space, between)]
    head = struct.pack(">I4xI4s4s4s12x4s", place + len(content), 0x02400000, *names, b"acsp")
    return head + bytes(28) + _xyz(_D50)[8:] + bytes(48) + table + content
