"""How strong each layer of a LoRA file is meant, as far as its header and peft's file beside it say; without torch."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from svi_studio.weights.adapter_config import METADATA, config_beside, read_adapter_config
from svi_studio.weights.safetensors_header import SafetensorsHeader, read_header

_RANKED = re.compile(r"(?P<module>.+)\.(?:(?:lora_A|lora_down|lora\.down)(?:\.\w+)?\.weight|hada_w1_b(?:\.default)?)")
_KRONECKER = re.compile(r"(?P<module>.+)\.lokr_w1(?:_b)?(?:\.default)?")
_PREFIXES = re.compile(r"(?:(?:pipe|dit|diffusion_model|base_model|transformer|model|module)\.)+")
_PEFT = "base_model.model."


def strength_beside(path: Path) -> str:
    """What peft's file beside the LoRA ``path`` changes in its strength, as text to be hashed.

    Empty when there is none, or when each layer is as strong as without it. Raises BadWeights.
    """
    if config_beside(path) is None:
        return ""
    header = read_header(path)
    if METADATA in header.metadata:
        return ""  # the file's own description comes first
    config = read_adapter_config(path, header)
    scales: dict[str, float] = {}
    unused = dict(config.alphas)  # may be meant for layers by a name that only the network knows
    for name, rank in _layers(header):
        scale = config.scale((name,), rank)
        unused = {pattern: alpha for pattern, alpha in unused.items() if not config.matches(pattern, name)}
        if scale is not None and scale != 1.0:
            scales[name] = scale
    if not scales and not unused:
        return ""
    return json.dumps([scales, unused, config.rank_stabilized if unused else False], sort_keys=True)


def strength_note(path: Path, header: SafetensorsHeader) -> str:
    """One sentence when the LoRA ``path`` is peft's and its strength is nowhere; else empty."""
    is_peft = path.stem.startswith("adapter_model") or any(name.startswith(_PEFT) for name in header.tensors)
    told = METADATA in header.metadata or config_beside(path) is not None
    if not is_peft or told or any(name.endswith(".alpha") for name in header.tensors):
        return ""
    return (
        f"{path.name} does not say how strong it is meant, so it is used as it is (scale 1): if an adapter_config.json "
        "came with it, put that beside the file and add it again."
    )


def _layers(header: SafetensorsHeader) -> Iterator[tuple[str, int]]:
    """Each layer whose strength the file leaves open: its name as written there, and its rank."""
    for name, entry in header.tensors.items():
        match = _RANKED.fullmatch(name)
        rank = entry.shape[0] if match and entry.shape else 1
        if match is None and (match := _KRONECKER.fullmatch(name)):
            rank = _kronecker_rank(match["module"], header)
        if match and f"{match['module']}.alpha" not in header.tensors:
            yield _PREFIXES.sub("", match["module"], count=1), max(rank, 1)


def _kronecker_rank(module: str, header: SafetensorsHeader) -> int:
    """The rank of the factor that is a product; of none, 1."""
    for factor in ("lokr_w2_b", "lokr_w1_b"):
        for ending in ("", ".default"):
            if entry := header.tensors.get(f"{module}.{factor}{ending}"):
                return entry.shape[0] if entry.shape else 1
    return 1
