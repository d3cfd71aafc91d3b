"""Films for the benchmarks: real classes with random weights, and a denoiser that costs nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from diffusers.utils import logging as diffusers_logging

from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.loading.wan_models import WanModels
from tests.builders.small_film import Renders, write_picture
from tests.builders.tiny_models import build_tiny_model


class FreeDenoiser(torch.nn.Module):
    """Stands in for the transformer: predicts the latents themselves."""

    def forward(self, hidden_states: torch.Tensor, **_: object) -> tuple[torch.Tensor]:
        return (hidden_states[:, :16],)


def random_models(folder: Path, **transformer: object) -> WanModels:
    """A small random model, written to `folder` and loaded from it."""
    diffusers_logging.disable_progress_bar()
    return load_models(build_tiny_model(folder / "model", **transformer), device="cpu")


@contextmanager
def free_renders() -> Iterator[Renders]:
    """Renders whose denoising costs nothing, in a folder that is removed afterwards."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_picture(folder / "first.png")
        yield Renders(folder, replace(random_models(folder), transformer=FreeDenoiser()))
