"""The shapes of one network's tensors by the names of Wan's authors, whatever names its files have them under."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from svi_studio.domain.film.model_parts import PartName
from svi_studio.weights.network_config import Shapes
from svi_studio.weights.outer_names import outer_prefix
from svi_studio.weights.stored_file import read_stored_file

Rule = tuple[re.Pattern[str], str]


def _rules(pairs: Iterable[tuple[str, str]]) -> Sequence[Rule]:
    return [(re.compile(pattern), target) for pattern, target in pairs]


_TRANSFORMER = _rules(
    [
        (r"proj_out\.(weight)", r"head.head.\1"),
        (r"condition_embedder\.text_embedder\.linear_1\.(weight)", r"text_embedding.0.\1"),
        (r"condition_embedder\.time_embedder\.linear_1\.(weight)", r"time_embedding.0.\1"),
        (r"condition_embedder\.image_embedder\.ff\.net\.0\.proj\.(weight)", r"img_emb.proj.1.\1"),
        (r"blocks\.(\d+)\.ffn\.net\.0\.proj\.(weight)", r"blocks.\1.ffn.0.\2"),
        (r"blocks\.(\d+)\.norm2\.(weight)", r"blocks.\1.norm3.\2"),
        (r"blocks\.(\d+)\.attn2\.add_k_proj\.(weight)", r"blocks.\1.cross_attn.k_img.\2"),
    ]
)
_TEXT = _rules(
    [
        (r"(?:shared|token_embd|encoder\.embed_tokens)\.(weight)", r"token_embedding.\1"),
        (
            r"encoder\.block\.(\d+)\.layer\.0\.SelfAttention\.relative_attention_bias\.(weight)",
            r"blocks.\1.pos_embedding.embedding.\2",
        ),
        (r"encoder\.block\.(\d+)\.layer\.0\.SelfAttention\.q\.(weight)", r"blocks.\1.attn.q.\2"),
        (r"encoder\.block\.(\d+)\.layer\.1\.DenseReluDense\.wi_1\.(weight)", r"blocks.\1.ffn.fc1.\2"),
        (r"enc\.blk\.(\d+)\.attn_rel_b\.(weight)", r"blocks.\1.pos_embedding.embedding.\2"),
        (r"enc\.blk\.(\d+)\.attn_q\.(weight)", r"blocks.\1.attn.q.\2"),
        (r"enc\.blk\.(\d+)\.ffn_up\.(weight)", r"blocks.\1.ffn.fc1.\2"),
    ]
)
_PICTURES = _rules(
    [
        (r"(?:vision_model\.)?embeddings\.patch_embedding\.(weight)", r"visual.patch_embedding.\1"),
        (r"(?:vision_model\.)?embeddings\.position_embedding\.weight", r"visual.pos_embedding"),
        (r"visual\.conv1\.(weight)", r"visual.patch_embedding.\1"),
        (r"visual\.positional_embedding", r"visual.pos_embedding"),
        (r"visual\.transformer\.resblocks\.(\d+)\.mlp\.c_fc\.(weight)", r"visual.transformer.\1.mlp.0.\2"),
        (r"(?:vision_model\.)?encoder\.layers\.(\d+)\.mlp\.fc1\.(weight)", r"visual.transformer.\1.mlp.0.\2"),
    ]
)
_OF_PART: Mapping[PartName, Sequence[Rule]] = {
    "transformer": _TRANSFORMER,
    "transformer_2": _TRANSFORMER,
    "vae": (),
    "text_encoder": _TEXT,
    "image_encoder": _PICTURES,
}
"""Only the names that tell a size: of diffusers, transformers, llama.cpp and open-clip."""


def original_shapes(part: PartName, files: Iterable[Path]) -> Shapes:
    """By name: the shape of each tensor of the network in ``files``, which is ``part`` of a model.

    Names that tell no size stay as they are, without a prefix. Raises BadWeights when a file cannot be read.
    """
    rules = _OF_PART[part]
    stored = [read_stored_file(file).tensors for file in files]
    outer = outer_prefix(part, (name for tensors in stored for name in tensors))
    shapes: dict[str, tuple[int, ...]] = {}
    for name, tensor in (pair for tensors in stored for pair in tensors.items()):
        found = _renamed(name.removeprefix(outer), rules)
        shapes[found] = (1, *tensor.shape) if _is_flat_positions(found, tensor.shape) else tensor.shape
    return shapes


def _renamed(name: str, rules: Sequence[Rule]) -> str:
    for pattern, target in rules:
        if match := pattern.fullmatch(name):
            return match.expand(target)
    return name


def _is_flat_positions(name: str, shape: tuple[int, ...]) -> bool:
    """transformers keeps the places of CLIP's patches without the dimension for the picture."""
    return name == "visual.pos_embedding" and len(shape) == 2
