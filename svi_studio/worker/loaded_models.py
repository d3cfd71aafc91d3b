"""Keeps the networks of the last film, so that the next one with the same model and LoRAs begins at once."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import torch

from svi_studio.domain.film.family import family
from svi_studio.engine.chain.render_job import choose_device, ready_models

if TYPE_CHECKING:
    from svi_studio.engine.loading.wan_models import WanModels
    from svi_studio.worker.wanted_clips import WantedClips


class LoadedModels:
    """At most one set of networks is in memory at a time."""

    def __init__(self) -> None:
        self._models: WanModels | None = None
        self._key: object = None

    def has(self, wanted: WantedClips, device: str) -> bool:
        """Whether the networks for ``wanted`` are in memory already."""
        return self._models is not None and self._key == _key(wanted, device)

    def get(self, wanted: WantedClips, device: str) -> WanModels:
        """The networks for ``wanted``, loaded when they are not. Raises BadWeights or BadInput."""
        if self._models is None or not self.has(wanted, device):
            self.forget()
            self._models = ready_models(wanted.model, wanted.loras, device, family(wanted.plan.family).needs)
            self._key = _key(wanted, device)
        return self._models

    def forget(self) -> None:
        """Gives the memory back."""
        self._models = self._key = None
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


def device_name() -> str:
    """What films are rendered on when nothing else is asked for, as a person knows it."""
    device = choose_device("auto")
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return "Apple graphics" if device.type == "mps" else "processor"


def _key(wanted: WantedClips, device: str) -> object:
    """Everything that decides the networks but the LoRAs, which change from clip to clip.

    The content of the files counts, not their names.
    """
    job = wanted.plan.jobs[0]
    needs = family(wanted.plan.family).needs
    hashes = {path: digest for digest, path in wanted.lora_files.items()}
    encoders = [(hashes.get(use.path), bool(use.weight)) for use in wanted.loras if needs]  # one may bring an encoder
    return (wanted.model, job.model_hash, job.networks, needs, encoders, choose_device(device))
