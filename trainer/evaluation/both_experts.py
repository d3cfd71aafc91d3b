"""The two experts of a model for test films, one of them the one that learns just now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from svi_studio.domain.errors import StudioError
from svi_studio.engine.loading.experts import Experts, ExpertSource
from svi_studio.engine.lora.fit import changed_by, checked_lora
from svi_studio.engine.lora.merged_weight import merged_weight

if TYPE_CHECKING:
    from torch import Tensor, nn

    from svi_studio.engine.memory.placing import Placing
    from svi_studio.weights.model_folder import OneExpert


@dataclass(frozen=True)
class OtherExpert:
    """The expert that does not learn now: `load(lora)` reads it, with the LoRA file `lora` merged where one is given.

    `lora` is the one that was trained before it, None = it was not trained yet.
    """

    load: Callable[[Path | None], nn.Module]
    lora: Path | None = None


@dataclass(frozen=True)
class BothExperts:
    """`learning` is trained as the expert `own`; the `other` is read when its turn comes.

    Both are laid out by `placing`, which knows how many blocks wait in ordinary memory.
    """

    own: OneExpert
    learning: nn.Module
    other: OtherExpert
    placing: Placing

    def with_lora(self, lora: Path | None) -> Experts:
        """Both, the other one with that LoRA; None = as the model has it.

        What they are made by raises BadWeights when that LoRA is gone or is another model's.
        """
        size = sum(value.numel() * value.element_size() for value in self.learning.parameters())
        sources = {
            self.own: ExpertSource(self.learning, lambda: self.learning, size),
            _not(self.own): ExpertSource(self.learning, lambda: self.other.load(lora), size),
        }
        return Experts(sources, self.placing.card.device, placing=self.placing)

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
            self.placing.bring(self.learning)


def _not(expert: OneExpert) -> OneExpert:
    return "low" if expert == "high" else "high"


@torch.no_grad()
def merge_lora(network: Any, file: Path) -> None:
    """Adds the LoRA `file` to `network` for good; raises BadWeights or BadInput before anything is changed."""
    merged, parameters = with_lora(network, file), dict(network.named_parameters())
    for name, parameter in parameters.items():
        parameter.data = merged(name, parameter.data)


def with_lora(outline: Any, file: Path) -> Callable[[str, Tensor], Tensor]:
    """What makes of a weight, by its name, the same one with the LoRA `file`; `outline`: the network, or its shapes.

    Raises BadWeights or BadInput for a file that is no LoRA for it.
    """
    lora = checked_lora(file, dict(outline.named_parameters()))
    changed = set(changed_by(lora))

    def merged(name: str, weight: Tensor) -> Tensor:
        return merged_weight(weight, lora, name, 1.0) if name in changed else weight

    return merged
