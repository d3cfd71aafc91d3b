"""Obeys one memory plan at a time, and goes on by a smaller one where memory runs out."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

import torch
from torch import nn

from svi_studio.domain.render.plan_words import UNLOCKED
from svi_studio.engine.memory.pinned import LOCKS
from svi_studio.engine.out_of_memory import ran_out_of_memory, ran_out_on_card

if TYPE_CHECKING:
    from svi_studio.domain.render.memory_needs import Stage
    from svi_studio.domain.render.memory_plan import MemoryPlan
    from svi_studio.engine.memory.guests import Guest
    from svi_studio.engine.memory.placing import Placing

T = TypeVar("T")
GuestName = Literal["text_encoder", "image_encoder", "vae"]


class Smaller(Protocol):
    """The plan to go on with after one ran out of memory, None when nothing is left."""

    def __call__(self, plan: MemoryPlan, stage: Stage, *, of_the_card: bool) -> MemoryPlan | None:
        """It ran out in `stage`: of the card's memory, or of the computer's own."""


class Transformers(Protocol):
    """The transformer of a model, or its two."""

    def obey(self, plan: MemoryPlan) -> None:
        """Lies as `plan` says. Raises torch.OutOfMemoryError or MemoryError."""

    def rest(self) -> None:
        """Has no call for a while: gives back what it needs on the card only for calls."""

    def step_aside(self) -> None:
        """Leaves the card until its next call: other networks need its place."""

    def work(self) -> None:
        """Is called next: it is on the card as the plan says. Raises torch.OutOfMemoryError or MemoryError."""


class OneTransformer:
    """The transformer of a model that has only one."""

    def __init__(self, network: nn.Module, placing: Placing) -> None:
        self._network = network
        self._placing = placing

    def obey(self, plan: MemoryPlan) -> None:
        """See `Transformers`."""
        self._placing.resident_blocks = plan.resident_blocks
        self._placing.bring(self._network)

    def rest(self) -> None:
        """See `Transformers`."""
        self._placing.rest(self._network)

    def step_aside(self) -> None:
        """See `Transformers`."""
        self._placing.step_aside(self._network)
        empty_cache()

    def work(self) -> None:
        """See `Transformers`."""
        self._placing.call_back(self._network)


class ModelMemory:
    """Where the networks of one model lie.

    `smaller` knows what to do where memory runs out; without it, that ends the render. `on_change` is called when a
    smaller plan is in force, with the one before it and the stage in which memory ran out. `unlocked_words` of the plan
    in force is what is said where the system locks too little memory for streamed blocks.
    """

    def __init__(
        self,
        plan: MemoryPlan,
        transformers: Transformers | None,
        guests: Mapping[GuestName, Guest],
        smaller: Smaller | None = None,
    ) -> None:
        """All networks lie as `plan` says already."""
        self.plan = plan
        self.smaller = smaller
        self.on_change: Callable[[MemoryPlan, Stage], None] | None = None
        self.unlocked_words: Callable[[MemoryPlan], str] = lambda _: UNLOCKED
        self._transformers = transformers
        self._guests = guests
        self._tell_vae()

    @property
    def lacks_locks(self) -> bool:
        """Whether streamed blocks lie in memory that the system refused to lock: they do not come beside work."""
        return self.plan.resident_blocks is not None and LOCKS.refused_at is not None

    def obey(self, plan: MemoryPlan) -> None:
        """Lays all networks out as `plan` says, those first that leave the card. Raises torch.OutOfMemoryError."""
        self.plan = plan
        self._tell_vae()
        for name, guest in self._guests.items():
            if (helper := getattr(plan, name)) != "resident":
                guest.stay(helper)
        if self._transformers is not None:
            self._transformers.obey(plan)
        for name, guest in self._guests.items():
            if getattr(plan, name) == "resident":
                guest.stay("resident")

    def rest(self) -> None:
        """A clip is denoised: the card is for other networks now."""
        if self._transformers is not None:
            self._transformers.rest()

    def work(self) -> None:
        """A transformer is called next. Raises torch.OutOfMemoryError or MemoryError."""
        if self._transformers is not None:
            self._transformers.work()

    def surviving(self, stage: Stage, work: Callable[[], T]) -> T:
        """The result of `work()`, done again by a smaller plan each time that memory runs out, until there is none.

        Raises MemoryError then, and whatever else `work` raises. Nothing is done again where `smaller` is not known.
        """
        while self.smaller is not None:
            try:
                return work()
            except (MemoryError, RuntimeError) as error:
                if not ran_out_of_memory(error):
                    raise
                of_the_card = ran_out_on_card(error)
            self._shrink(stage, of_the_card=of_the_card)  # outside of `except`: the error holds what was in memory
        return work()

    def lay_out(self, plan: MemoryPlan, stage: Stage = "denoising") -> None:
        """Obeys `plan`, or the next smaller one for `stage` that there is memory for; else raises MemoryError."""
        while True:
            try:
                self.obey(plan)
                return
            except (MemoryError, RuntimeError) as error:
                if not ran_out_of_memory(error):
                    raise
                of_the_card = ran_out_on_card(error)
            plan = self._next(stage, of_the_card=of_the_card)

    def _shrink(self, stage: Stage, *, of_the_card: bool) -> None:
        before = self.plan
        self.lay_out(self._next(stage, of_the_card=of_the_card), stage)
        if self.on_change is not None:
            self.on_change(before, stage)

    def _next(self, stage: Stage, *, of_the_card: bool) -> MemoryPlan:
        collect()
        smaller = self.smaller(self.plan, stage, of_the_card=of_the_card) if self.smaller is not None else None
        if smaller is None:
            raise MemoryError(f"no smaller plan is left for {stage}")
        return smaller

    def _tell_vae(self) -> None:
        if (vae := self._guests.get("vae")) is not None:
            transformers = self._transformers if self.plan.aside_for_pictures else None
            vae.make_room = transformers.step_aside if transformers is not None else None
            vae.tiled = self.plan.tiled_vae if self.plan.tiled_vae or self.smaller is not None else None


class _HasMemory(Protocol):
    @property
    def memory(self) -> ModelMemory | None: ...


def survive(models: _HasMemory, stage: Stage, work: Callable[[], T]) -> T:
    """See `ModelMemory.surviving`; `work()` as it is for networks that no plan lays out."""
    return work() if models.memory is None else models.memory.surviving(stage, work)


def collect() -> None:
    """Gives back what nobody needs any more, here and on the card."""
    gc.collect()
    empty_cache()


def empty_cache() -> None:
    """Gives back what the card's allocator keeps for itself."""
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
