"""Writes the parts of a tiny model as people own them, in ComfyUI's folders, and a model folder that links to them."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from svi_studio.engine.loading.encoder_names import LLAMA_CPP_T5, OPEN_CLIP
from svi_studio.weights.key_names import NameTable
from tests.builders.stored_files import write_gguf, write_scaled
from tests.engine.original_layout import (
    original_image_encoder,
    original_text_encoder,
    original_transformer,
    original_vae,
)

Tensors = dict[str, torch.Tensor]
Form = str
"""How a file is stored: bf16, fp16, fp32, fp8, fp8-1 to fp8-3 (with scales, by generation), or a kind of GGUF."""

_DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16, "fp32": torch.float32}
_FOLDERS = {
    "transformer": "diffusion_models",
    "transformer_2": "diffusion_models",
    "vae": "vae",
    "text_encoder": "text_encoders",
    "image_encoder": "clip_vision",
}


def own_names(model: Path, part: str) -> Tensors:
    """The tensors of a part under its authors' names."""
    if part.startswith("transformer"):
        return original_transformer(model, part)
    own: Mapping[str, Callable[[Path], Tensors]] = {
        "vae": original_vae,
        "text_encoder": original_text_encoder,
        "image_encoder": original_image_encoder,
    }
    return own[part](model)


def diffusers_names(model: Path, part: str) -> Tensors:
    """The tensors of a part under the names of diffusers or transformers."""
    (file,) = (model / part).glob("*.safetensors")
    return load_file(file)


def llama_cpp_names(model: Path) -> Tensors:
    """The text encoder's tensors under llama.cpp's names."""
    tensors = diffusers_names(model, "text_encoder")
    tensors.pop("encoder.embed_tokens.weight", None)
    return _renamed(LLAMA_CPP_T5, tensors)


def open_clip_names(model: Path) -> Tensors:
    """The picture encoder's tensors as open-clip has them, with q, k and v stacked, and something of its text half."""
    loaded = diffusers_names(model, "image_encoder")
    tensors = {name.removeprefix("vision_model."): tensor for name, tensor in loaded.items()}
    for name in [name for name in tensors if "q_proj" in name]:
        parts = [tensors.pop(name.replace("q_proj", f"{letter}_proj")) for letter in "qkv"]
        tensors[name.replace("q_proj", "qkv_proj")] = torch.cat(parts)
    own = {name.replace("in_proj.", "in_proj_"): tensor for name, tensor in _renamed(OPEN_CLIP, tensors).items()}
    return own | {"logit_scale": torch.zeros(()), "visual.proj": torch.zeros(4, 4), "text_projection": torch.zeros(2)}


def _renamed(table: NameTable, tensors: Tensors) -> Tensors:
    renamed = {table.original(name): tensor for name, tensor in tensors.items()}
    assert None not in renamed
    return {str(name): tensor for name, tensor in renamed.items()}


def write_weights(path: Path, tensors: Mapping[str, torch.Tensor], form: Form, prefix: str = "") -> Tensors:
    """Writes `tensors` in that form; returns the values that the file stands for, by names without prefix."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if form in _DTYPES:
        held = {name: tensor.to(_DTYPES[form]).contiguous() for name, tensor in tensors.items()}
        save_file({prefix + name: tensor for name, tensor in held.items()}, path)
        return {name: tensor.float() for name, tensor in held.items()}
    if form.startswith("fp8"):
        return write_scaled(path, tensors, int(form[4:] or 0), prefix=prefix)
    return {
        name: torch.from_numpy(value.copy()) for name, value in write_gguf(path, tensors, form, prefix=prefix).items()
    }


def link_to_comfy(model: Path, place: Path, forms: Mapping[str, Form] | None = None, prefix: str = "") -> Path:
    """The parts of the diffusers-style folder `model` as single files below `place`, and a folder that links to them.

    `forms` says how each part is stored, bf16 where it says nothing; `prefix` stands before a transformer's names.
    """
    folder = place / "linked"
    parts: dict[str, dict[str, list[str]]] = {}
    for part in (part for part in _FOLDERS if (model / part).is_dir()):
        form = (forms or {}).get(part, "bf16")
        ending = "safetensors" if form in _DTYPES or form.startswith("fp8") else "gguf"
        file = place / "ComfyUI" / "models" / _FOLDERS[part] / f"{part}_{form}.{ending}"
        write_weights(file, own_names(model, part), form, prefix if part.startswith("transformer") else "")
        parts[part] = {"files": [str(file)]}
        (folder / part).mkdir(parents=True)
        shutil.copyfile(model / part / "config.json", folder / part / "config.json")
    for name in ("svi_model.json", "model_index.json"):
        if (model / name).is_file():
            shutil.copyfile(model / name, folder / name)
    parts["tokenizer"] = {"files": [str(model / "tokenizer" / "tokenizer.json")]}
    (folder / "svi_parts.json").write_text(json.dumps({"architecture": "wan2.1-i2v-14b", "parts": parts}))
    return folder


def link(folder: Path, part: str, *files: Path) -> Path:
    """Has the model in `folder` read `part` from `files`; returns `folder`."""
    path = folder / "svi_parts.json"
    told = json.loads(path.read_text())
    told["parts"][part] = {"files": [str(file) for file in files]}
    path.write_text(json.dumps(told))
    return folder


def round_weights(model: Path, dtype: torch.dtype = torch.bfloat16) -> Path:
    """Rounds the weights of the diffusers-style folder `model` in place, so that files of that type lose nothing."""
    for file in model.glob("*/*.safetensors"):
        save_file({name: tensor.to(dtype) for name, tensor in load_file(file).items()}, file, {"format": "pt"})
    return model
