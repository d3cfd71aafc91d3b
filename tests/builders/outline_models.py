"""A model folder that looks whole and holds no network: for tests of what is known of a model without loading it."""

import json
from pathlib import Path

from tests.builders.header_files import entry, write_safetensors

_TRANSFORMER = {"num_attention_heads": 2, "attention_head_dim": 24, "in_channels": 36, "out_channels": 16}
_WEIGHTS = {"text_encoder": "model", "vae": "diffusion_pytorch_model"}


def write_two_expert_outline(folder: Path, name: str = "outline-two") -> Path:
    """Configurations and headers of a model of two experts, called ``name``, in ``folder / name``."""
    model = folder / name
    configs = {"transformer": _TRANSFORMER, "transformer_2": _TRANSFORMER, "vae": {"z_dim": 16}, "text_encoder": {}}
    for number, (part, config) in enumerate(configs.items()):
        stem = _WEIGHTS.get(part, "diffusion_pytorch_model")
        write_safetensors(model / part / f"{stem}.safetensors", {"a": entry([1], 0, 4)}, bytes([number] * 4))
        (model / part / "config.json").write_text(json.dumps(config))
    (model / "tokenizer").mkdir()
    (model / "tokenizer" / "tokenizer.json").write_text("{}")
    index = {"_class_name": "WanImageToVideoPipeline", "transformer_2": ["diffusers", "WanTransformer3DModel"]}
    (model / "model_index.json").write_text(json.dumps(index))
    card = {"name": name, "title": "Two experts in outline", "num_frames": 9, "width": 80, "height": 48}
    (model / "svi_model.json").write_text(json.dumps(card))
    return model
