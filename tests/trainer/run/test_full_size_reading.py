"""Wan 14B as it is narrowed while it is read, at full size on meta tensors: what the preflight counts is enough."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import torch
from torch import Tensor

from svi_studio.domain.render.full_size_models import FULL_SIZE_MODELS
from svi_studio.domain.training.cost import training_cost
from svi_studio.domain.training.phases import CARD_LIBRARIES, PhaseName
from svi_studio.engine.loading.model_part import ModelPart
from svi_studio.engine.loading.streamed_weights import saved_shapes
from svi_studio.project.training.presets import training_preset
from svi_studio.weights.catalogue_size import full_size
from tests.builders.counted_memory import CountedMemory
from tests.builders.full_size import full_transformer
from trainer.run.transformer import narrow_reading
from trainer.run.transformer.narrow_reading import read_narrow

META = torch.device("meta")


@dataclass(frozen=True)
class InFiles:
    """All tensors of a network as files of float32 give them, one after the other."""

    shapes: dict[str, tuple[int, ...]]

    def read(self) -> Iterator[tuple[str, Tensor]]:
        for name, shape in self.shapes.items():
            yield name, torch.empty(shape, dtype=torch.float32, device=META)


@pytest.mark.parametrize(("name", "preset"), [("wan2.1-i2v", "shot-24gb"), ("wan2.2-i2v-a14b", "pro-24gb")])
def test_a_14b_base_takes_what_the_preflight_counts(name: str, preset: str, monkeypatch: pytest.MonkeyPatch) -> None:
    network = full_transformer(name)
    found: Any = InFiles(saved_shapes(network))
    monkeypatch.setattr(narrow_reading, "build_network", lambda *_: network)
    with CountedMemory() as memory:
        memory.leave_out(network)
        read_narrow(ModelPart("transformer", {}, network, found), META, torch.bfloat16)
    cost = training_cost(training_preset(preset), full_size(FULL_SIZE_MODELS[name]), clips=300)
    (reading,) = (phase for phase in cost.card_phases if phase.name == PhaseName.READING)
    counted = reading.bytes - next(part.bytes for part in reading.parts if part.name == CARD_LIBRARIES)
    assert 0.9 * counted < memory.peak < counted
