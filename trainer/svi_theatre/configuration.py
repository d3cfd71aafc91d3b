"""The sizes of svi-theatre, as arguments of the same classes that load Wan 2.1."""

from typing import Any, Final

from trainer.mini.configuration import CARD as MINI_CARD
from trainer.mini.configuration import HEARING, TEXT_WIDTH, VISION, VISION_WIDTH
from trainer.mini.principal_encoder import Counts
from trainer.paper_theatre.stage import FINE

CELL: Final = 16  # pixels of a latent cell, each way
LATENT_CHANNELS: Final = 48
LATENT_FRAMES: Final = 1 + (FINE.num_frames - 1) // 4
LATENT_HEIGHT: Final = FINE.height // CELL
LATENT_WIDTH: Final = FINE.width // CELL

# Pixels are folded 4x4 before the first convolution, which leaves two halvings: 16x16x4 in all, as in Wan 2.2's 5B.
VAE: Final[dict[str, Any]] = {
    "base_dim": 52,
    "decoder_base_dim": 32,
    "z_dim": LATENT_CHANNELS,
    "dim_mult": [2, 4, 2],
    "num_res_blocks": 1,
    "attn_scales": [],
    "temperal_downsample": [True, True],
    "in_channels": 48,
    "out_channels": 48,
    "patch_size": 4,
    "scale_factor_spatial": CELL,
    "scale_factor_temporal": 4,
}
COUNTS: Final = Counts.of_vae(VAE)

PICTURE_TOKENS: Final = (VISION["image_size"] // VISION["patch_size"]) ** 2 + 1
SOUND_HIDDEN, SOUND_TOKENS, SOUND_WIDTH = 128, 8, 32
SOUND_FEATURES: Final = HEARING["num_hidden_layers"] * HEARING["hidden_size"]
SKELETON_CHANNELS: Final = 16
DRAWING_WIDTH, DRAWING_HEIGHT = 80, 48  # of a skeleton: 16 pixels to a patch of the transformer, as in Wan 2.1

TRANSFORMER_WIDTH: Final = 320  # well above the 192 numbers of a patch: a velocity may have any direction
TRANSFORMER: Final[dict[str, Any]] = {
    "patch_size": [1, 2, 2],
    "num_attention_heads": 5,
    "attention_head_dim": 64,
    "in_channels": 4 + 2 * LATENT_CHANNELS,
    "out_channels": LATENT_CHANNELS,
    "text_dim": TEXT_WIDTH,
    "freq_dim": 256,
    "ffn_dim": 1024,
    "num_layers": 5,
    "cross_attn_norm": True,
    "qk_norm": "rms_norm_across_heads",
    "eps": 1e-6,
    "image_dim": VISION_WIDTH,
    "added_kv_proj_dim": TRANSFORMER_WIDTH,
    "rope_max_seq_len": 64,
}

CARD: Final[dict[str, Any]] = MINI_CARD | {
    "name": "svi-theatre",
    "title": "SVI theatre",
    "num_frames": FINE.num_frames,
    "width": FINE.width,
    "height": FINE.height,
    "fps": FINE.fps,
    "enlarge": 6,
    "families": ["shot", "film", "pro", "talk", "dance"],
    "inputs": ["sound", "skeleton"],
}
