"""How many operations the autoencoder takes to encode a clip, counted from the widths of its layers."""

from dataclasses import dataclass
from typing import Final

_COLOURS = 3


@dataclass(frozen=True, slots=True)
class EncoderShape:
    """The encoder of a Wan VAE; the defaults are Wan 2.1's.

    Its stages are ``width`` times ``multiples`` channels wide and have ``blocks`` residual blocks each. Between two of
    them height and width are halved, and time where ``halves_time`` says so. ``fold``: pixels a side that become
    channels before the first layer. ``channels``: values of a latent.
    """

    width: int = 96
    multiples: tuple[int, ...] = (1, 2, 4, 4)
    blocks: int = 2
    halves_time: tuple[bool, ...] = (False, True, True)
    fold: int = 1
    channels: int = 16


WAN_2_1_ENCODER: Final = EncoderShape()


def encode_flops(shape: EncoderShape) -> float:
    """Floating-point operations for each pixel of each frame: 5.0e6 for Wan 2.1, 162e12 for 81 frames of 832 x 480.

    Attention in the middle is left out: of Wan 2.1 at that size, a hundredth.
    """
    place, before = 1 / shape.fold**2, shape.width  # a place of the first layers holds so many pixels of one frame
    sums = place * 27 * _COLOURS * shape.fold**2 * before
    last = len(shape.multiples) - 1
    for stage, multiple in enumerate(shape.multiples):
        width = shape.width * multiple
        shortcut = before * width if before != width else 0
        sums += place * (shape.blocks * 2 * 27 * width**2 + 27 * (before - width) * width + shortcut)
        before = width
        if stage < last:
            place /= 4
            sums += place * 9 * width**2
            if shape.halves_time[stage]:
                place /= 2
                sums += place * 3 * width**2
    middle = 4 * 27 * before**2 + 4 * before**2  # two residual blocks, and the layers of attention between them
    return 2 * (sums + place * (middle + 27 * before * 2 * shape.channels))
