"""Tensor names: the authors' original checkpoints <-> the diffusers and transformers classes.

A table has one pair of patterns a module or parameter; `{i}` stands for a layer's number. Proven against the names and
shapes of the real checkpoints (1303 tensors of the transformer, 194 of the VAE, 242 of the text encoder).
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class _Rule:
    pattern: re.Pattern[str]
    target: str

    def apply(self, name: str) -> str | None:
        match = self.pattern.fullmatch(name)
        if match is None:
            return None
        return self.target.replace("{i}", match.groupdict().get("i") or "") + match["rest"]


class NameTable:
    """Translates names both ways; a name's end after the module (`.weight`, `.lora_A.weight`) is kept as it is."""

    def __init__(self, pairs: Pairs) -> None:
        self._new_modules = tuple(new for _, new in pairs)
        self._to_new = _rules(pairs)
        self._to_original = _rules([(new, original) for original, new in pairs])

    def new(self, original: str) -> str | None:
        """The name in the diffusers or transformers class, or None when the original name is unknown."""
        return _first(self._to_new, original)

    def new_modules(self, layers: int) -> tuple[str, ...]:
        """The new names of all modules of a network with so many layers."""
        every = (name.replace("{i}", str(layer)) for name in self._new_modules for layer in range(layers))
        return tuple(dict.fromkeys(every))

    def original(self, new: str) -> str | None:
        """The name in the authors' checkpoint, or None when the new name is unknown."""
        return _first(self._to_original, new)


def _rules(pairs: Iterable[tuple[str, str]]) -> tuple[_Rule, ...]:
    rules = []
    for source, target in pairs:
        pattern = re.escape(source).replace(r"\{i\}", r"(?P<i>\d+)")
        rules.append(_Rule(re.compile(pattern + r"(?P<rest>(\..+)?)"), target))
    return tuple(rules)


def _first(rules: tuple[_Rule, ...], name: str) -> str | None:
    return next((found for rule in rules if (found := rule.apply(name)) is not None), None)


def _attention(original: str, new: str) -> list[tuple[str, str]]:
    linears = [("q", "to_q"), ("k", "to_k"), ("v", "to_v"), ("o", "to_out.0")]
    same = [("norm_q", "norm_q"), ("norm_k", "norm_k")]
    return [(f"blocks.{{i}}.{original}.{a}", f"blocks.{{i}}.{new}.{b}") for a, b in linears + same]


DIT = NameTable(
    [
        *_attention("self_attn", "attn1"),
        *_attention("cross_attn", "attn2"),
        ("blocks.{i}.cross_attn.k_img", "blocks.{i}.attn2.add_k_proj"),
        ("blocks.{i}.cross_attn.v_img", "blocks.{i}.attn2.add_v_proj"),
        ("blocks.{i}.cross_attn.norm_k_img", "blocks.{i}.attn2.norm_added_k"),
        ("blocks.{i}.norm3", "blocks.{i}.norm2"),
        ("blocks.{i}.ffn.0", "blocks.{i}.ffn.net.0.proj"),
        ("blocks.{i}.ffn.2", "blocks.{i}.ffn.net.2"),
        ("blocks.{i}.modulation", "blocks.{i}.scale_shift_table"),
        ("patch_embedding", "patch_embedding"),
        ("text_embedding.0", "condition_embedder.text_embedder.linear_1"),
        ("text_embedding.2", "condition_embedder.text_embedder.linear_2"),
        ("time_embedding.0", "condition_embedder.time_embedder.linear_1"),
        ("time_embedding.2", "condition_embedder.time_embedder.linear_2"),
        ("time_projection.1", "condition_embedder.time_proj"),
        ("img_emb.proj.0", "condition_embedder.image_embedder.norm1"),
        ("img_emb.proj.1", "condition_embedder.image_embedder.ff.net.0.proj"),
        ("img_emb.proj.3", "condition_embedder.image_embedder.ff.net.2"),
        ("img_emb.proj.4", "condition_embedder.image_embedder.norm2"),
        ("head.head", "proj_out"),
        ("head.modulation", "scale_shift_table"),
    ]
)
"""Wan image-to-video transformer -> `WanTransformer3DModel`."""


def is_of_sound(name: str) -> bool:
    """Whether the original `name` is of what Talk adds to the transformer; the table above must never see it."""
    return name.startswith("audio_proj.") or ".norm_x." in name or ".audio_cross_attn." in name


def is_of_skeleton(name: str) -> bool:
    """Whether the original `name` is of what Dance adds to the transformer."""
    return name.startswith("dwpose_embedding.")


TEXT_ENCODER = NameTable(
    [
        ("token_embedding", "shared"),
        ("norm", "encoder.final_layer_norm"),
        *[
            (f"blocks.{{i}}.attn.{letter}", f"encoder.block.{{i}}.layer.0.SelfAttention.{letter}")
            for letter in ("q", "k", "v", "o")
        ],
        (
            "blocks.{i}.pos_embedding.embedding",
            "encoder.block.{i}.layer.0.SelfAttention.relative_attention_bias",
        ),
        ("blocks.{i}.norm1", "encoder.block.{i}.layer.0.layer_norm"),
        ("blocks.{i}.norm2", "encoder.block.{i}.layer.1.layer_norm"),
        ("blocks.{i}.ffn.gate.0", "encoder.block.{i}.layer.1.DenseReluDense.wi_0"),
        ("blocks.{i}.ffn.fc1", "encoder.block.{i}.layer.1.DenseReluDense.wi_1"),
        ("blocks.{i}.ffn.fc2", "encoder.block.{i}.layer.1.DenseReluDense.wo"),
    ]
)
"""umT5 encoder -> `UMT5EncoderModel`."""


IMAGE_ENCODER = NameTable(
    [
        ("visual.cls_embedding", "embeddings.class_embedding"),
        ("visual.patch_embedding", "embeddings.patch_embedding"),
        ("visual.pos_embedding", "embeddings.position_embedding.weight"),
        ("visual.pre_norm", "pre_layrnorm"),
        ("visual.post_norm", "post_layernorm"),
        *[
            (f"visual.transformer.{{i}}.{original}", f"encoder.layers.{{i}}.{new}")
            for original, new in [
                ("norm1", "layer_norm1"),
                ("norm2", "layer_norm2"),
                ("attn.to_qkv", "self_attn.qkv_proj"),
                ("attn.proj", "self_attn.out_proj"),
                ("mlp.0", "mlp.fc1"),
                ("mlp.2", "mlp.fc2"),
            ]
        ],
    ]
)
"""open-clip vision tower -> `CLIPVisionModel`, except that `qkv_proj` is still q, k and v stacked in one tensor."""


def vae_table(num_res_blocks: int = 2, num_stages: int = 4) -> NameTable:
    """Wan 2.1's VAE -> `AutoencoderKLWan`, for `num_res_blocks` residual blocks in each of `num_stages` stages."""
    pairs = _around_the_stages()
    pairs += _stages("encoder.downsamples", _flat_down, num_res_blocks, num_stages)
    pairs += _stages("decoder.upsamples", _nested_up, num_res_blocks + 1, num_stages)
    return NameTable(pairs)


def residual_vae_table(num_res_blocks: int = 2) -> NameTable:
    """Wan 2.2's VAE of 48 channels -> `AutoencoderKLWan`: its stages are modules of their own on both sides."""
    pairs = _around_the_stages()
    for half, down, blocks in (("encoder", "down", num_res_blocks), ("decoder", "up", num_res_blocks + 1)):
        original, new = f"{half}.{down}samples.{{i}}.{down}samples", f"{half}.{down}_blocks.{{i}}"
        for block in range(blocks):
            pairs += _residual(f"{original}.{block}", f"{new}.resnets.{block}")
        pairs += [(f"{original}.{blocks}.{part}", f"{new}.{down}sampler.{part}") for part in _RESAMPLER]
    return NameTable(pairs)


_RESAMPLER = ("resample.1", "time_conv")


def _around_the_stages() -> list[tuple[str, str]]:
    pairs = [("conv1", "quant_conv"), ("conv2", "post_quant_conv")]
    for half in ("encoder", "decoder"):
        pairs += [
            (f"{half}.conv1", f"{half}.conv_in"),
            (f"{half}.head.0", f"{half}.norm_out"),
            (f"{half}.head.2", f"{half}.conv_out"),
            (f"{half}.middle.1", f"{half}.mid_block.attentions.0"),
            *_residual(f"{half}.middle.0", f"{half}.mid_block.resnets.0"),
            *_residual(f"{half}.middle.2", f"{half}.mid_block.resnets.1"),
        ]
    return pairs


def _residual(original: str, new: str) -> list[tuple[str, str]]:
    parts = [("residual.0", "norm1"), ("residual.2", "conv1"), ("residual.3", "norm2"), ("residual.6", "conv2")]
    return [(f"{original}.{a}", f"{new}.{b}") for a, b in [*parts, ("shortcut", "conv_shortcut")]]


def _stages(
    original: str, new_name: Callable[[int, int, int], str], blocks: int, num_stages: int
) -> list[tuple[str, str]]:
    """A stage is `blocks` residual blocks and then a resampler; the original numbers the stages in one row."""
    pairs: list[tuple[str, str]] = []
    for stage in range(num_stages):
        for step in range(blocks + 1):
            index = stage * (blocks + 1) + step
            new = new_name(stage, step, blocks)
            same = [(f"{original}.{index}.{part}", f"{new}.{part}") for part in _RESAMPLER]
            pairs += same if step == blocks else _residual(f"{original}.{index}", new)
    return pairs


def _flat_down(stage: int, step: int, blocks: int) -> str:
    return f"encoder.down_blocks.{stage * (blocks + 1) + step}"


def _nested_up(stage: int, step: int, blocks: int) -> str:
    place = "upsamplers.0" if step == blocks else f"resnets.{step}"
    return f"decoder.up_blocks.{stage}.{place}"
