"""How large the networks and the clip are that the card is tried with."""

from dataclasses import dataclass
from typing import Any

A14B: dict[str, Any] = {
    "patch_size": (1, 2, 2),
    "num_attention_heads": 40,
    "attention_head_dim": 128,
    "in_channels": 36,
    "out_channels": 16,
    "text_dim": 4096,
    "freq_dim": 256,
    "ffn_dim": 13824,
    "num_layers": 40,
    "cross_attn_norm": True,
    "qk_norm": "rms_norm_across_heads",
    "eps": 1e-6,
    "image_dim": None,
    "added_kv_proj_dim": None,
    "rope_max_seq_len": 1024,
}
"""One expert of Wan 2.2 I2V A14B, as its published configuration has it."""

_SMALL = {"num_attention_heads": 2, "attention_head_dim": 128, "text_dim": 32, "ffn_dim": 512, "num_layers": 4}


@dataclass(frozen=True)
class CardSize:
    """``latent``: frames, height and width of the clip's latents. ``product``: side of the square matrices of the
    rate. ``rank``: of the LoRAs. ``file_bytes``: about how large the file is that is read. ``vae_width``: the first
    number of channels of the autoencoder."""

    title: str
    transformer: dict[str, Any]
    latent: tuple[int, int, int]
    product: int
    rank: int
    file_bytes: int
    vae_width: int

    @property
    def pixels(self) -> tuple[int, int, int]:
        """Frames, height and width of the clip."""
        frames, height, width = self.latent
        return 4 * (frames - 1) + 1, 8 * height, 8 * width

    @property
    def tokens(self) -> int:
        """Of one clip in the transformer."""
        frames, height, width = self.latent
        return frames * (height // 2) * (width // 2)


FULL = CardSize("Wan 2.2 I2V A14B, one expert, 480 x 832, 81 frames", A14B, (21, 60, 104), 8192, 128, 2 << 30, 96)
TINY = CardSize("a tiny transformer of the same classes", A14B | _SMALL, (3, 6, 8), 256, 4, 4 << 20, 4)


def flops_of_forward(size: CardSize) -> float:
    """Of one call for one clip: the products with weights, and attention among tokens and to the text.

    Two for each value of a linear layer and token; attention has two products of tokens x keys x width.
    """
    config, tokens, text = size.transformer, size.tokens, 512
    width = width_of(size)
    own = 4 * width * width + 2 * width * config["ffn_dim"]  # q, k, v, o; the feed-forward
    crossed = 2 * width * width  # q and o over tokens; k and v are over the text
    linear = 2 * tokens * (own + crossed) + 2 * text * 2 * width * width
    attention = 4 * width * tokens * (tokens + text)
    return float(config["num_layers"] * (linear + attention))


def width_of(size: CardSize) -> int:
    """Of a token in the transformer."""
    return int(size.transformer["num_attention_heads"] * size.transformer["attention_head_dim"])
