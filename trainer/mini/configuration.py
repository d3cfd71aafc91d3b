"""The sizes of svi-mini, as arguments of the same classes that load Wan 2.1."""

from typing import Any

from trainer.paper_theatre.stage import FPS, HEIGHT, NUM_FRAMES, WIDTH

LATENT_CHANNELS = 16
LATENT_FRAMES = 1 + (NUM_FRAMES - 1) // 4
LATENT_HEIGHT = HEIGHT // 8
LATENT_WIDTH = WIDTH // 8

# Pixels are folded 2x2 before the first convolution, which leaves two halvings: 8x8x4 in all, as in Wan 2.1.
VAE: dict[str, Any] = {
    "base_dim": 16,
    "decoder_base_dim": 12,
    "z_dim": LATENT_CHANNELS,
    "dim_mult": [2, 4, 8],
    "num_res_blocks": 1,
    "attn_scales": [],
    "temperal_downsample": [True, True],
    "in_channels": 12,
    "out_channels": 12,
    "patch_size": 2,
}

TEXT_WIDTH = 64
TEXT: dict[str, Any] = {
    "d_model": TEXT_WIDTH,
    "d_kv": 16,
    "d_ff": 128,
    "num_layers": 2,
    "num_heads": 4,
    "relative_attention_num_buckets": 32,
    "dropout_rate": 0.0,
    "feed_forward_proj": "gated-gelu",
}

VISION_WIDTH = 48
VISION: dict[str, Any] = {
    "hidden_size": VISION_WIDTH,
    "intermediate_size": 96,
    "num_hidden_layers": 2,
    "num_attention_heads": 3,
    "image_size": 224,
    "patch_size": 56,
    "hidden_act": "gelu",
    "projection_dim": VISION_WIDTH,
}

HEARING_WIDTH = 32
HEARING: dict[str, Any] = {
    "hidden_size": HEARING_WIDTH,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 96,
    "conv_dim": [24] * 7,  # kernels and strides as ever: 50 features a second
    "num_conv_pos_embeddings": 16,
    "num_conv_pos_embedding_groups": 4,
    "feat_extract_norm": "group",
    "hidden_dropout": 0.0,
    "attention_dropout": 0.0,
    "activation_dropout": 0.0,
    "feat_proj_dropout": 0.0,
    "layerdrop": 0.0,
    "mask_time_prob": 0.0,
    "mask_feature_prob": 0.0,
}

SOUND_HIDDEN, SOUND_TOKENS, SOUND_WIDTH = (
    128,
    8,
    32,
)  # of the projection of sound: inside, tokens a latent frame, theirs
SKELETON_CHANNELS = 16

TRANSFORMER_WIDTH = 160
TRANSFORMER: dict[str, Any] = {
    "patch_size": [1, 2, 2],
    "num_attention_heads": 4,
    "attention_head_dim": 40,
    "in_channels": 36,
    "out_channels": LATENT_CHANNELS,
    "text_dim": TEXT_WIDTH,
    "freq_dim": 256,
    "ffn_dim": 512,
    "num_layers": 4,
    "cross_attn_norm": True,
    "qk_norm": "rms_norm_across_heads",
    "eps": 1e-6,
    "image_dim": VISION_WIDTH,
    "added_kv_proj_dim": TRANSFORMER_WIDTH,
    "rope_max_seq_len": 64,
}

CARD: dict[str, Any] = {
    "name": "svi-mini",
    "title": "SVI mini (paper theatre)",
    "num_frames": NUM_FRAMES,
    "width": WIDTH,
    "height": HEIGHT,
    "fps": FPS,
    "enlarge": 12,
    "num_inference_steps": 20,
    "guidance_scale": 2.0,
    "audio_guidance_scale": 2.0,
    "skeleton_resize": "area",
    "negative_prompt": "",
    "dtype": "float32",
    "families": ["shot", "film", "talk", "dance"],
}
