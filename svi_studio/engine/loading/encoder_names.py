"""Tensor names of the encoders as other programs write them: llama.cpp's of T5, and open-clip's of its pictures."""

from svi_studio.weights.key_names import NameTable

LLAMA_CPP_T5 = NameTable(
    [
        ("token_embd", "shared"),
        ("enc.output_norm", "encoder.final_layer_norm"),
        *[
            (f"enc.blk.{{i}}.attn_{letter}", f"encoder.block.{{i}}.layer.0.SelfAttention.{letter}")
            for letter in ("q", "k", "v", "o")
        ],
        ("enc.blk.{i}.attn_rel_b", "encoder.block.{i}.layer.0.SelfAttention.relative_attention_bias"),
        ("enc.blk.{i}.attn_norm", "encoder.block.{i}.layer.0.layer_norm"),
        ("enc.blk.{i}.ffn_norm", "encoder.block.{i}.layer.1.layer_norm"),
        ("enc.blk.{i}.ffn_gate", "encoder.block.{i}.layer.1.DenseReluDense.wi_0"),
        ("enc.blk.{i}.ffn_up", "encoder.block.{i}.layer.1.DenseReluDense.wi_1"),
        ("enc.blk.{i}.ffn_down", "encoder.block.{i}.layer.1.DenseReluDense.wo"),
    ]
)
"""The encoder of a T5 in a GGUF file -> `UMT5EncoderModel`."""


OPEN_CLIP = NameTable(
    [
        ("visual.class_embedding", "embeddings.class_embedding"),
        ("visual.conv1", "embeddings.patch_embedding"),
        ("visual.positional_embedding", "embeddings.position_embedding.weight"),
        ("visual.ln_pre", "pre_layrnorm"),
        ("visual.ln_post", "post_layernorm"),
        *[
            (f"visual.transformer.resblocks.{{i}}.{original}", f"encoder.layers.{{i}}.{new}")
            for original, new in [
                ("ln_1", "layer_norm1"),
                ("ln_2", "layer_norm2"),
                ("attn.in_proj", "self_attn.qkv_proj"),
                ("attn.out_proj", "self_attn.out_proj"),
                ("mlp.c_fc", "mlp.fc1"),
                ("mlp.c_proj", "mlp.fc2"),
            ]
        ],
    ]
)
"""open-clip's own picture tower -> `CLIPVisionModel`; `qkv_proj` is still q, k and v stacked in one tensor."""
