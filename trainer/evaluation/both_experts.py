"""The two experts of a model for test films, one of them the one that learns just now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from svi_studio.domain.errors import StudioError
from svi_studio.engine.loading.experts import Experts, ExpertSource
from svi_studio.engine.loading.model_folder import load_part
from svi_studio.engine.lora.fit import changed_by, checked_lora
from svi_studio.engine.lora.merge import merged_weight
from svi_studio.weights.model_folder import EXPERT_PARTS

if TYPE_CHECKING:
    from torch import nn

    from svi_studio.weights.model_folder import OneExpert


@dataclass(frozen=True)
class BothExperts:
    """`learning` is trained as the expert `own` of the model in `folder`; the other one is read from there."""

    own: OneExpert
    learning: nn.Module
    folder: Path
    device: torch.device
    dtype: torch.dtype

    def with_other(self, lora: Path | None) -> Experts:
        """Both, the other one with the LoRA in the file `lora` that was trained before; None = as the model has it.

        Raises BadWeights when that LoRA is gone or is another model's.
        """
        other: OneExpert = "low" if self.own == "high" else "high"

        def load() -> nn.Module:
            network = load_part(self.folder, EXPERT_PARTS[other], self.device, self.dtype)
            if lora is not None:
                merge(network, lora)
            return network

        size = sum(value.numel() * value.element_size() for value in self.learning.parameters())
        sources = {
            self.own: ExpertSource(self.learning, lambda: self.learning.to(self.device), size),
            other: ExpertSource(self.learning, load, size),
        }
        return Experts(sources, self.device)

    @contextmanager
    def back_in_place(self) -> Iterator[None]:
        """Afterwards the expert that learns is on its device again; raises StudioError when both are too much for it.

        While the other one works, it may have waited in ordinary memory.
        """
        try:
            yield
        except torch.OutOfMemoryError as error:
            raise StudioError(
                "There is not enough memory for test films, which need the other expert as well: set test films to "
                "0, or film with the LoRAs when the training is done."
            ) from error
        finally:
            self.learning.to(self.device)


@torch.no_grad()
def merge(network: Any, file: Path) -> None:
    """Adds the LoRA `file` to `network` for good; raises BadWeights or BadInput before anything is changed."""
    parameters = dict(network.named_parameters())
    lora = checked_lora(file, parameters)
    for name in changed_by(lora):
        parameters[name].data = merged_weight(parameters[name].data, lora, name, 1.0)
