"""The widths of a Wan model's networks, and what follows from them alone: values, operations, and bytes of its work."""

from dataclasses import dataclass

from svi_studio.domain.film.work_sizes import (
    DECODE_TILE,
    ENCODE_TILE,
    TEXT_TOKENS,
    branch_work,
    decode_work,
    dequantised_work,
    encode_work,
    picture_work,
    text_work,
    transformer_work,
)
from svi_studio.domain.render.memory_needs import StageWork

PATCH = 2  # latent pixels of a token each way
_PICTURE_TOKENS = 257
_FRAME_BYTES = 27  # of a pixel of a frame: three colours in 32 bits twice, and once in 8
_ENCODE_FLOPS, _DECODE_FLOPS = 5070.0, 8500.0  # of a pixel of a frame, times the VAE's values over _VAE_VALUES
_VAE_VALUES = 126_892_531


@dataclass(frozen=True, slots=True)
class TextShape:
    """UMT5's encoder: values of a token, of its feed-forward layer, and heads."""

    width: int = 4096
    feed_forward: int = 10240
    heads: int = 64


@dataclass(frozen=True, slots=True)
class PictureShape:
    """CLIP's picture encoder: patches and one token more, values of a token and of the layer inside, layers."""

    tokens: int = 257
    width: int = 1280
    feed_forward: int = 5120
    layers: int = 32


@dataclass(frozen=True, slots=True)
class VaeShape:
    """The autoencoder: base channels of its encoder and decoder, pixels and frames of a latent, and its values.

    ``residual``: as Wan 2.2's, which has branches around its blocks. ``fold``: pixels a side that become channels.
    """

    width: int = 96
    decoder_width: int = 96
    spatial: int = 8
    temporal: int = 4
    residual: bool = False
    values: int = _VAE_VALUES


@dataclass(frozen=True, slots=True)
class ModelShape:
    """One Wan model. ``time_of_each``: each token has a noise level of its own, as in the model that holds latents."""

    blocks: int
    width: int
    feed_forward: int
    vae: VaeShape = VaeShape()
    text: TextShape = TextShape()
    picture: PictureShape | None = None
    time_of_each: bool = False

    @property
    def largest_matrix(self) -> int:
        """Values of the largest layer in a block."""
        return self.width * max(self.width, self.feed_forward)


@dataclass(frozen=True, slots=True)
class ClipSize:
    """Pixels of a frame, and frames of a clip (4n + 1)."""

    width: int
    height: int
    num_frames: int

    @property
    def pixels(self) -> int:
        """Pixels of a frame."""
        return self.width * self.height


def tokens_of(shape: ModelShape, clip: ClipSize) -> int:
    """Tokens of a clip in the transformer: 32,760 for Wan 14B at 832 x 480 x 81."""
    frames = (clip.num_frames - 1) // shape.vae.temporal + 1
    side = shape.vae.spatial * PATCH
    return frames * (clip.height // side) * (clip.width // side)


def call_flops(shape: ModelShape, clip: ClipSize) -> float:
    """Operations of one call of the transformer: 1,686e12 for Wan 14B at 832 x 480 x 81."""
    tokens = tokens_of(shape, clip)
    seen = TEXT_TOKENS + (_PICTURE_TOKENS if shape.picture else 0)
    linear = 2.0 * tokens * (6 * shape.width**2 + 2 * shape.width * shape.feed_forward)
    return shape.blocks * (linear + 4.0 * tokens * (tokens + seen) * shape.width)


def picture_flops(shape: ModelShape, clip: ClipSize) -> float:
    """Operations of encoding and decoding one clip: 164e12 and 275e12 for Wan 2.1's VAE at 832 x 480 x 81."""
    each = (_ENCODE_FLOPS + _DECODE_FLOPS) * 1000 * shape.vae.values / _VAE_VALUES
    return clip.pixels * clip.num_frames * each * (64 / shape.vae.spatial**2)


def stage_work(shape: ModelShape, clip: ClipSize, *, value_bytes: int = 2) -> StageWork:
    """What each stage takes beside the weights."""
    tokens, vae, picture = tokens_of(shape, clip), shape.vae, shape.picture
    encode_tile, decode_tile = (min(clip.pixels, tile) for tile in (ENCODE_TILE, DECODE_TILE))
    each = shape.time_of_each
    return StageWork(
        texts=text_work(shape.text.width, shape.text.feed_forward, shape.text.heads, value_bytes=value_bytes),
        pictures=picture_work(picture.tokens, picture.width, picture.feed_forward, picture.layers) if picture else 0,
        encoding=encode_work(clip.pixels, vae.width, residual=vae.residual),
        encoding_tiled=encode_work(encode_tile, vae.width, residual=vae.residual),
        denoising=transformer_work(tokens, shape.width, shape.feed_forward, value_bytes=value_bytes, time_of_each=each),
        branch=branch_work(tokens, shape.width, value_bytes=value_bytes, time_of_each=each),
        kept=dequantised_work(shape.largest_matrix, value_bytes=value_bytes),
        decoding=decode_work(clip.pixels, vae.decoder_width, residual=vae.residual),
        decoding_tiled=decode_work(decode_tile, vae.decoder_width, residual=vae.residual),
    )


def frame_bytes(clip: ClipSize) -> int:
    """Bytes of a clip's pictures in the computer's memory."""
    return _FRAME_BYTES * clip.pixels * clip.num_frames
