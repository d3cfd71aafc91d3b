"""Loads every part of a model to where a memory plan wants it, at once or when its turn comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from svi_studio.engine.loading.experts import Experts, ExpertSource
from svi_studio.engine.loading.model_part import ModelPart, find_part, load_part, load_vae
from svi_studio.engine.loading.networks import build_network
from svi_studio.engine.loading.tokenizer import load_model_tokenizer
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.engine.memory.guests import Guest, Rereading
from svi_studio.engine.memory.model_memory import ModelMemory, OneTransformer
from svi_studio.engine.memory.placing import HOST, Placing
from svi_studio.weights.architecture import read_architecture
from svi_studio.weights.model_folder import EXPERT_PARTS, read_card, read_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from torch import nn

    from svi_studio.domain.render.memory_plan import Helper, MemoryPlan
    from svi_studio.engine.memory.card import Card
    from svi_studio.engine.memory.model_memory import GuestName, Smaller, Transformers


@dataclass(frozen=True)
class ModelLoad:
    """One loading of the model in `folder` by `plan`; `dtype` is the transformer's and the text encoder's."""

    folder: Path
    card: Card
    dtype: torch.dtype
    plan: MemoryPlan

    def models(self, smaller: Smaller | None = None, prepare: Callable[[WanModels], object] | None = None) -> WanModels:
        """All that a render needs. Raises BadWeights, torch.OutOfMemoryError, MemoryError, and what `prepare` raises.

        `prepare` puts LoRAs in, when a transformer is read and not laid out yet: that is done once then, with them.
        """
        architecture = read_architecture(self.folder, said := read_card(self.folder))
        vae = load_vae(self.folder, self._first_place(self.plan.vae), rounded_to=self.dtype)
        guests: dict[GuestName, Guest] = {"vae": Guest(vae, self.card, self.plan.vae)}
        image_encoder = self._image_encoder(guests)
        text_encoder = self._text_encoder(guests)
        placing = Placing(self.card, self.plan.resident_blocks)
        experts = transformer = None
        if architecture.two_experts:
            transformers: Transformers = (experts := self._experts(placing, by_plan=smaller is not None))
        else:
            transformers = OneTransformer(transformer := self._transformer(placing), placing)
        models = WanModels(
            transformer=transformer,
            vae=vae,
            text_encoder=text_encoder,
            tokenizer=load_model_tokenizer(self.folder),
            image_encoder=image_encoder,
            device=self.card.device,
            dtype=self.dtype,
            card=said,
            folder=self.folder,
            experts=experts,
            architecture=architecture,
            memory=ModelMemory(self.plan, transformers, guests, smaller),
        )
        if prepare is not None:
            prepare(models)
        if experts is not None:
            if not self._is_let_go_first:
                experts.get("high")
        else:
            transformers.obey(self.plan)
        return models

    def text_encoder_alone(self, smaller: Smaller | None = None) -> WanModels:
        """What encodes texts, and None for all else. Raises as `models`."""
        guests: dict[GuestName, Guest] = {}
        return WanModels(
            transformer=None,
            vae=None,
            text_encoder=self._text_encoder(guests),
            tokenizer=load_model_tokenizer(self.folder),
            image_encoder=None,
            device=self.card.device,
            dtype=self.dtype,
            card=read_card(self.folder),
            folder=self.folder,
            memory=ModelMemory(self.plan, None, guests, smaller),
        )

    @property
    def _is_let_go_first(self) -> bool:
        """Whether the first picture of a clip would have an expert let go before it ever worked."""
        return self.plan.aside_for_pictures and self.plan.other_expert == "read_again"

    def _transformer(self, placing: Placing) -> nn.Module:
        network = self._read(find_part(self.folder, "transformer"), placing)
        placing.expect(network)
        return network

    def _experts(self, placing: Placing, *, by_plan: bool) -> Experts:
        """Names and shapes of both are checked now, and none is loaded yet."""
        parts = {expert: find_part(self.folder, part) for expert, part in EXPERT_PARTS.items()}
        sources = {expert: self._source(part, placing) for expert, part in parts.items()}
        experts = Experts(sources, self.card.device, placing=placing, by_plan=by_plan)
        experts.obey(self.plan)
        return experts

    def _source(self, part: ModelPart, placing: Placing) -> ExpertSource:
        size = part.size(self.dtype, keep_stored=self.plan.keep_stored)
        return ExpertSource(part.outline, lambda: self._read(part, placing), size)

    def _read(self, part: ModelPart, placing: Placing) -> nn.Module:
        blocks: Any = part.outline.get_submodule("blocks")
        return part.load(placing.device_of(len(blocks)), self.dtype, keep_stored=self.plan.keep_stored)

    def _text_encoder(self, guests: dict[GuestName, Guest]) -> nn.Module:
        """Read at once where it is on the card for good, else when it has something to encode."""
        part, helper = find_part(self.folder, "text_encoder"), self.plan.text_encoder

        def read(device: torch.device) -> nn.Module:
            return part.load(device, self.dtype, keep_stored=self.plan.keep_stored)

        network = read(self.card.device) if helper == "resident" else build_network(part.name, part.config)
        guests["text_encoder"] = Guest(network, self.card, helper, Rereading(part.outline, read))
        return network

    def _image_encoder(self, guests: dict[GuestName, Guest]) -> nn.Module | None:
        if read_json(self.folder / "transformer" / "config.json").get("image_dim") is None:
            return None
        place = self._first_place(self.plan.image_encoder)
        network = load_part(self.folder, "image_encoder", place, torch.float32)
        guests["image_encoder"] = Guest(network, self.card, self.plan.image_encoder)
        return network

    def _first_place(self, helper: Helper) -> torch.device:
        return self.card.device if helper == "resident" else HOST
