"""What a model of Wan 2.1 gets to follow a sound: whether the files that are linked for it are that, and fit it."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from svi_studio.domain.errors import BadWeights
from svi_studio.weights.model_folder import read_json
from svi_studio.weights.safetensors_header import read_header

_OF_SOUND = re.compile(r"audio_proj\.|blocks\.\d+\.(?:norm_x|audio_cross_attn)\.")
_QUERIES = "blocks.0.audio_cross_attn.q_linear.weight"


def check_hearing(files: Sequence[Path], transformer: Mapping[str, Any]) -> None:
    """Raises BadWeights unless ``files`` hold exactly what Talk adds to the transformer of that configuration."""
    shapes = {name: entry.shape for file in files for name, entry in read_header(file).tensors.items()}
    if odd := next((name for name in shapes if not _OF_SOUND.match(name)), None):
        raise BadWeights(
            f"{files[0]} holds {odd[:80]}, which is not of the network by which Talk follows a sound: choose the "
            "authors' multitalk.safetensors."
        )
    width = transformer["num_attention_heads"] * transformer["attention_head_dim"]
    blocks = {int(name.split(".")[1]) for name in shapes if name.startswith("blocks.")}
    if shapes.get(_QUERIES, (0,))[0] != width or blocks != {*range(transformer["num_layers"])}:
        raise BadWeights(f"{files[0]} was made for a transformer of another size: choose the one for this model.")


def encoder_config(files: Sequence[Path]) -> dict[str, Any]:
    """The configuration of the wav2vec2 network in ``files``, which its makers put beside them; raises BadWeights."""
    place = files[0].parent / "config.json"
    config = read_json(place)
    if config.get("model_type") != "wav2vec2":
        raise BadWeights(f"{place} is not the configuration of a wav2vec2 network: choose the folder as it was made.")
    return config
