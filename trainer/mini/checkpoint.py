"""Checkpoints without pickle: weights, optimizer tensors and counters in one safetensors file, replaced atomically."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save
from torch import Tensor, nn
from torch.optim import Optimizer

from svi_studio.disk.atomic import atomic_write


@dataclass
class Progress:
    """Where a training stands: steps done and seconds of training spent, over all its runs."""

    step: int = 0
    seconds: float = 0.0


def save_checkpoint(path: Path, modules: dict[str, nn.Module], optimizers: list[Optimizer], progress: Progress) -> None:
    """Writes everything that going on needs; the old file stays until the new one is whole."""
    tensors: dict[str, Tensor] = {}
    for name, module in modules.items():
        tensors |= {f"{name}/{k}": v.detach().cpu().contiguous().clone() for k, v in module.state_dict().items()}
    for number, optimizer in enumerate(optimizers):
        for index, state in optimizer.state_dict()["state"].items():
            for key, value in state.items():
                tensors[f"optimizer{number}/{index}/{key}"] = torch.as_tensor(value).detach().cpu().contiguous().clone()
    tensors["rng"] = torch.get_rng_state()
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic_write(path, save(tensors, {"progress": json.dumps(asdict(progress))}))


def load_checkpoint(path: Path, modules: dict[str, nn.Module], optimizers: list[Optimizer]) -> Progress:
    """Puts weights, optimizer and random state back; a fresh `Progress` when there is no checkpoint yet."""
    if not path.exists():
        return Progress()
    with safe_open(path, framework="pt") as file:
        tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 (not a mapping)
        progress = Progress(**json.loads(file.metadata()["progress"]))
    for name, module in modules.items():
        prefix = f"{name}/"
        module.load_state_dict({k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)})
    for number, optimizer in enumerate(optimizers):
        state = optimizer.state_dict()
        state["state"] = _optimizer_state(tensors, f"optimizer{number}/")
        optimizer.load_state_dict(state)
    torch.set_rng_state(tensors["rng"])
    return progress


def _optimizer_state(tensors: dict[str, Tensor], prefix: str) -> dict[int, dict[str, Tensor]]:
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        if key.startswith(prefix):
            index, name = key.removeprefix(prefix).split("/")
            state.setdefault(int(index), {})[name] = value
    return state
