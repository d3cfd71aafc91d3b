"""What the networks of a Wan model need for their work beside their weights: formulas of their widths, in bytes.

Each is at least what an accounting of every tensor finds on full-size networks, and at most a quarter more.
"""

from typing import Final

TEXT_TOKENS: Final = 512
PROCESSOR_FLOPS: Final = 100e9
"""Operations a second of a computer without a graphics card, roughly."""
ENCODE_TILE: Final = 272 * 272
DECODE_TILE: Final = 240 * 416
"""Pixels of the tiles in which pictures go through the VAE where they do not go through it whole."""
_ROTARY = 2 * 4 * 128  # of a token: a cosine and a sine of 32 bits for each value of a head
_PIECE = 1 << 22  # values of a quantised weight that are computed at a time
_PIECE_BYTES = 16  # of each of them, on the way
_MARGIN = 1.02
_DECODED = {False: 4950.0, True: 5500.0}
_ENCODED = {False: 3600.0, True: 1870.0}
"""Values of 32 bits that the VAE holds of a pixel, at most: of Wan 2.1's, 96 channels wide, and of Wan 2.2's with its
residual branches, 256 (encoder: 160) wide on a quarter of the places. Counted; they grow with the widths."""
_PLAIN_WIDTH, _RESIDUAL_WIDTHS = 96, (160, 256)


def transformer_work(
    tokens: int,
    width: int,
    feed_forward: int,
    *,
    value_bytes: int = 2,
    time_of_each: bool = False,
) -> int:
    """Bytes of one call for a clip of ``tokens`` tokens of ``width`` values, each of ``value_bytes``.

    The most is alive either in the norms of attention, whose numbers are of 32 bits, or in the feed-forward layer.
    ``time_of_each``: every token has a noise level of its own, and so six values as wide as itself, of 32 bits, in each
    block.
    """
    wide = feed_forward / width
    norms, inner = 11.0, 4 + 2 * wide
    held = 19.0 if time_of_each else 0.0  # 6 of 16 bits, 6 of 32 bits, and what they are made from
    texts = 6 * (TEXT_TOKENS + 257) * width
    values = tokens * width * (max(norms, inner) + held) + texts
    return round(_MARGIN * (values * value_bytes + tokens * _ROTARY))


def branch_work(tokens: int, width: int, *, value_bytes: int = 2, time_of_each: bool = False) -> int:
    """Bytes that one more branch of guidance holds while another one is computed, block by block."""
    return (
        round(_MARGIN * tokens * width * value_bytes * (8 if time_of_each else 1)) + TEXT_TOKENS * width * value_bytes
    )


def dequantised_work(largest: int, *, value_bytes: int = 2) -> int:
    """Bytes of a quantised layer of ``largest`` values while it is computed with."""
    return largest * value_bytes + _PIECE * _PIECE_BYTES


def decode_work(pixels: int, width: int, *, residual: bool) -> int:
    """Bytes of decoding a clip whose frames have ``pixels`` pixels, or of one such tile; ``width``: base channels."""
    relative = width / (_RESIDUAL_WIDTHS[1] if residual else _PLAIN_WIDTH)
    return round(_MARGIN * 4 * pixels * _DECODED[residual] * relative)


def encode_work(pixels: int, width: int, *, residual: bool) -> int:
    """Bytes of encoding a clip whose frames have ``pixels`` pixels, or of one such tile; ``width``: base channels."""
    relative = width / (_RESIDUAL_WIDTHS[0] if residual else _PLAIN_WIDTH)
    return round(_MARGIN * 4 * pixels * _ENCODED[residual] * relative)


def text_work(width: int, feed_forward: int, heads: int, *, value_bytes: int = 2) -> int:
    """Bytes of encoding one text of 512 tokens."""
    between = TEXT_TOKENS * (4 * width + 2 * feed_forward)
    pairs = 2 * heads * TEXT_TOKENS**2  # the bias of each pair of tokens, and its mask
    return round(_MARGIN * (between * value_bytes + pairs * value_bytes))


def picture_work(tokens: int, width: int, feed_forward: int, layers: int) -> int:
    """Bytes of CLIP's look at one picture, in 32 bits; what each layer says is kept."""
    return round(_MARGIN * 4 * tokens * ((layers + 6) * width + 3 * feed_forward))
