"""Writes the trained LoRA as one safetensors file that this program, the authors' program and others can read."""

from pathlib import Path

import torch
from torch import Tensor, nn

from svi_studio.disk.atomic import atomic_write, plain_errors
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.lora_names import LoraNames
from svi_studio.domain.training.card import CARD_METADATA, TrainingCard
from svi_studio.engine.loading.safetensors_writer import safetensors_pieces
from svi_studio.weights.lora_keys import LoraKeyReader
from svi_studio.weights.lora_names import side_name
from trainer.lora.adapter import ADAPTER, adapted_layers, adapter_state


def export_lora(
    path: Path, transformer: nn.Module, card: TrainingCard, *, half: bool = False, names: LoraNames = "authors"
) -> None:
    """Writes the LoRA of `transformer` and its `card` to `path`; what was there stays until the new file is whole.

    Names are the authors' (`pipe.dit.blocks.0.self_attn.q.lora_A.default.weight`), or those of others. The authors'
    merge is W + B A without alpha / rank, so that factor is in B, whatever the names. `half` writes bfloat16, the type
    to which a merge into a bfloat16 model casts A and B anyway, so that such a film is the same bit for bit. Raises
    BadInput without a LoRA or when it holds values that are not numbers, and DiskFull or StudioError when the file
    cannot be written.
    """
    tensors = named_for(portable_state(transformer, torch.bfloat16 if half else torch.float32), names)
    outline = {name: (tensor.dtype, tuple(tensor.shape)) for name, tensor in tensors.items()}
    with plain_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    atomic_write(path, safetensors_pieces(outline, tensors.values(), {CARD_METADATA: card.model_dump_json()}))


def named_for(state: dict[str, Tensor], names: LoraNames) -> dict[str, Tensor]:
    """`portable_state` by other names; for ComfyUI with an alpha, the rank, because the factor is in B already."""
    if names == "authors":
        return state
    reader, found = LoraKeyReader(()), dict[str, Tensor]()
    for name, tensor in state.items():
        key = reader.read(name)
        if key is None:  # of the pose encoder, which has the same names everywhere
            found[name] = tensor
            continue
        module = key.parameter.removesuffix(".weight")
        found[side_name(module, key.role, names)] = tensor
        if names == "comfyui" and key.role == "up":
            found[side_name(module, "alpha", names)] = torch.tensor(float(tensor.shape[1]))
    return found


def portable_state(transformer: nn.Module, dtype: torch.dtype = torch.float32) -> dict[str, Tensor]:
    """The LoRA on the CPU in `dtype`, by the authors' names, with alpha / rank in B; raises BadInput as the export."""
    state = {name: tensor.cpu() for name, tensor in adapter_state(transformer).items()}
    scales = [layer.scaling[ADAPTER] for _, layer in adapted_layers(transformer)]
    if not state:
        raise BadInput("There is no LoRA to save: this transformer has none.")
    for name, scale in zip([name for name in state if ".lora_B." in name], scales, strict=True):
        state[name] = state[name] * scale
    broken = next((name for name, tensor in state.items() if not torch.isfinite(tensor).all()), None)
    if broken is not None:
        raise BadInput(
            f"The LoRA was not saved: {broken} holds values that are not numbers; use the checkpoint before."
        )
    return {name: tensor.to(dtype) for name, tensor in state.items()}
