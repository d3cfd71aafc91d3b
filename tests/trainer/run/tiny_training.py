"""A training that takes milliseconds: a small network, seeded batches, and an error memory without tricks."""

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.domain.training.events import TrainingEvent
from svi_studio.domain.training.recipe import ErrorRecycling, OptimizerRecipe, TrainingRecipe
from trainer.erft.batch import Batch
from trainer.erft.step import ErftStep
from trainer.run.control import TrainingControl
from trainer.run.loop import Hooks, TrainingLoop
from trainer.run.state.processes import Processes
from trainer.run.state.run_folder import RunFolder

SHAPE = (2, 3, 2, 2)  # C, T, h, w
ERRORS = ErrorRecycling(grids=5, capacity=4, clean_update_probability=1.0, image_frames=1, warmup_steps=2)


def recipe(**changes: Any) -> TrainingRecipe:
    given: dict[str, Any] = {
        "name": "tiny",
        "num_frames": 9,
        "width": 16,
        "height": 16,
        "fps": 8.0,
        "steps": 6,
        "save_every": 2,
        "seed": 3,
        "errors": ERRORS,
        "optimizer": OptimizerRecipe(learning_rate=0.01, warmup_steps=1),
    }
    return TrainingRecipe(**given | changes)


class TinyNetwork(nn.Module):
    """Frozen and trained weights side by side, as a transformer with a LoRA has them."""

    def __init__(self) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(1)
        channels = SHAPE[0]
        self.base = nn.Parameter(torch.randn(channels, 2 * channels + 4, generator=generator), requires_grad=False)
        self.down = nn.Parameter(torch.randn(3, 2 * channels + 4, generator=generator))
        self.up = nn.Parameter(torch.zeros(channels, 3))

    def forward(self, noisy: Tensor, y: Tensor, sigma: Tensor, _batch: Batch) -> Tensor:
        x = torch.cat([noisy, y], dim=1)
        mixed = torch.einsum("oc,bcthw->bothw", self.base + self.up @ self.down, x)
        return torch.tanh(mixed) * sigma.view(-1, 1, 1, 1, 1)


class SeededBatches:
    """Batch number n of a fixed sequence; ``rank`` of ``world`` processes takes its share of every draw."""

    def __init__(self, size: int = 1, rank: int = 0, world: int = 1, poison: int | None = None) -> None:
        self._size, self._rank, self._world, self._poison = size, rank, world, poison
        self._next = rank * size

    def next(self) -> Batch:
        draws = tuple(range(self._next, self._next + self._size))
        self._next += self._size * self._world
        clips = [self._clip(draw) for draw in draws]
        return Batch(
            latents=torch.stack([clip[0] for clip in clips]),
            y=torch.stack([clip[1] for clip in clips]),
            text=torch.zeros(self._size, 1, 1),
            picture=None,
            names=tuple(f"clip-{draw % 7}" for draw in draws),
            draws=draws,
        )

    def _clip(self, draw: int) -> tuple[Tensor, Tensor]:
        generator = torch.Generator().manual_seed(100 + draw % 7)
        latents = torch.randn(SHAPE, generator=generator)
        if self._poison is not None and draw >= self._poison:
            latents = latents * float("nan")
        return latents, torch.randn(SHAPE[0] + 4, *SHAPE[1:], generator=generator)

    def state(self) -> dict[str, Any]:
        return {"next": self._next - self._rank * self._size}

    def restore(self, state: dict[str, Any]) -> None:
        self._next = state["next"] + self._rank * self._size


class ListedErrors:
    """An error bank as plain lists; the oldest entry makes room."""

    def __init__(self, grids: int, capacity: int) -> None:
        self.capacity = capacity
        self.entries: list[list[tuple[Tensor, float]]] = [[] for _ in range(grids)]

    def noise_error(self, grid: int, rng: random.Random) -> Tensor | None:
        return self._drawn(self.entries[grid], rng, lambda residual, sigma: (1 - sigma) * residual)

    def latent_error(self, grid: int, rng: random.Random) -> Tensor | None:
        return self._drawn(self.entries[grid], rng, lambda residual, sigma: -sigma * residual)

    def image_error(self, grid: int | None, rng: random.Random) -> Tensor | None:
        entries = [e for entries in self.entries for e in entries] if grid is None else self.entries[grid]
        return self._drawn(entries, rng, lambda residual, sigma: -sigma * residual)

    def _drawn(
        self, entries: list[tuple[Tensor, float]], rng: random.Random, error: Callable[[Tensor, float], Tensor]
    ) -> Tensor | None:
        return error(*rng.choice(entries)) if entries else None

    def gather(
        self,
        residuals: Tensor,
        sigmas: Sequence[float],
        grids: Sequence[int],
        keep: Sequence[bool],
        *,
        everywhere: bool,
    ) -> None:
        for residual, sigma, grid, kept in zip(residuals, sigmas, grids, keep, strict=True):
            if kept:
                self.entries[grid] = [*self.entries[grid], (residual.clone(), sigma)][-self.capacity :]

    def fill(self) -> list[int]:
        return [len(entries) for entries in self.entries]

    def save(self, folder: Path) -> dict[str, str]:
        folder.mkdir(exist_ok=True)
        tensors = {f"{g}/{n}": e[0] for g, entries in enumerate(self.entries) for n, e in enumerate(entries)}
        save_file(tensors | {"none": torch.zeros(1)}, folder / "residuals.safetensors")
        (folder / "sigmas.json").write_text(json.dumps([[e[1] for e in entries] for entries in self.entries]))
        return {}

    def load(self, folder: Path) -> None:
        residuals = load_file(folder / "residuals.safetensors")
        sigmas = json.loads((folder / "sigmas.json").read_text())
        self.entries = [[(residuals[f"{g}/{n}"], s) for n, s in enumerate(row)] for g, row in enumerate(sigmas)]


class Training:
    """One process's life: everything made anew, then trained in ``folder``."""

    def __init__(
        self,
        folder: Path,
        disk: FsOps = REAL_DISK,
        batches: SeededBatches | None = None,
        hooks: Hooks | None = None,
        memory: Any | None = None,
        processes: Processes | None = None,
        **changes: Any,
    ) -> None:
        self.recipe = recipe(**changes)
        self.network = TinyNetwork()
        self.batches = batches or SeededBatches(self.recipe.batch_size)
        self.memory = memory or ListedErrors(self.recipe.errors.grids, self.recipe.errors.capacity)
        self.events: list[TrainingEvent] = []
        self.control = TrainingControl()
        self.folder = RunFolder(folder, disk)
        self.loop = TrainingLoop(
            self.recipe,
            self.network,
            self.batches,
            ErftStep(self.recipe.errors, self.memory, seed=self.recipe.seed),
            self.folder,
            tell=self.hear,
            control=self.control,
            velocity=self.network,
            hooks=hooks,
            processes=processes,
        )

    def hear(self, event: TrainingEvent) -> None:
        self.events.append(event)

    def run(self) -> "Training":
        self.loop.run()
        return self

    def of_kind(self, kind: type[TrainingEvent]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a checkpoint that decides how the training goes on; the clock's seconds are left out."""
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    del files["manifest.json"]
    state = json.loads(files["state.json"])
    del state["seconds"]
    return files | {"state.json": json.dumps(state).encode()}
