"""Keeps the networks of the last film, so that the next one with the same model and LoRAs begins at once."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import torch

from svi_studio.domain.errors import NotEnoughMemory
from svi_studio.domain.film.family import family
from svi_studio.domain.render.plan_wishes import parse_wishes
from svi_studio.engine.chain.memory_choice import (
    WantedFilm,
    choose_plan,
    keep_off_the_computers_memory,
    load_planned,
    may_have_all,
    shortage_in_words,
)
from svi_studio.engine.chain.render_job import choose_device

if TYPE_CHECKING:
    from svi_studio.domain.render.events import MemoryPlanned
    from svi_studio.engine.chain.memory_choice import ChosenPlan
    from svi_studio.engine.loading.wan_models import WanModels
    from svi_studio.worker.wanted_clips import WantedClips


class LoadedModels:
    """At most one set of networks is in memory at a time, laid out by the memory plan for the film under way."""

    def __init__(self) -> None:
        self._models: WanModels | None = None
        self._key: object = None
        self._chosen: ChosenPlan | None = None
        self._chosen_for: object = None

    def has(self, wanted: WantedClips, device: str, wishes: str = "auto") -> bool:
        """Whether the networks for ``wanted`` are in memory already, as those ``wishes`` want them read."""
        return self._models is not None and self._key == _key(wanted, device, wishes)

    @property
    def planned(self) -> MemoryPlanned | None:
        """What is to be said of the plan in force; nothing of a model that fits everywhere."""
        return self._chosen.event if self._chosen is not None else None

    def get(self, wanted: WantedClips, device: str, wishes: str = "auto") -> WanModels:
        """The networks for ``wanted``, loaded when they are not, and laid out anew for clips of another size.

        ``wishes`` of the memory plan, as ``parse_wishes`` reads them. Raises BadWeights, BadInput or
        NotEnoughMemory.
        """
        film, chosen_for = _film(wanted), _what_decides(wanted, wishes)
        if self._models is None or not self.has(wanted, device, wishes):
            self.forget()
            self._chosen = choose_plan(film, choose_device(device), wishes=parse_wishes(wishes))
            self._models = load_planned(film, device, self._chosen)
            self._key, self._chosen_for = _key(wanted, device, wishes), chosen_for
        elif chosen_for != self._chosen_for:
            self._lay_out_anew(self._models, film, wishes)
            self._chosen_for = chosen_for
        elif self._chosen is not None and self._chosen.machine is not None:
            keep_off_the_computers_memory(self._models.device, self._chosen.machine)
        return self._models

    def render_over(self) -> None:
        """Until the next ``get``, this process may have all of the card for other models."""
        if self._models is not None:
            may_have_all(self._models.device)

    def _lay_out_anew(self, models: WanModels, film: WantedFilm, wishes: str) -> None:
        memory = models.memory
        if memory is None:
            return
        self._chosen = choose_plan(film, models.device, wishes=parse_wishes(wishes), holding=True)
        memory.smaller, memory.unlocked_words = self._chosen.smaller, self._chosen.unlocked_words
        if self._chosen.plan == memory.plan:
            return
        try:
            with shortage_in_words():
                memory.lay_out(self._chosen.plan)
        except NotEnoughMemory:
            self.forget()  # they lie half by one plan and half by another
            raise

    def forget(self) -> None:
        """Gives the memory back."""
        self.render_over()
        self._models = self._key = self._chosen = self._chosen_for = None
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


def device_name() -> str:
    """What films are rendered on when nothing else is asked for, as a person knows it."""
    device = choose_device("auto")
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return "Apple graphics" if device.type == "mps" else "processor"


def _film(wanted: WantedClips) -> WantedFilm:
    plan = wanted.plan
    return WantedFilm(wanted.model, plan.jobs, wanted.loras, wanted.lora_files, plan.family)


def _what_decides(wanted: WantedClips, wishes: str) -> object:
    """Everything that a memory plan is computed from, beside the networks."""
    jobs = {(job.width, job.height, job.num_frames, job.loras) for job in wanted.plan.jobs}
    return frozenset(jobs), wishes


def _key(wanted: WantedClips, device: str, wishes: str) -> object:
    """Everything that decides the networks but the LoRAs, which change from clip to clip.

    The content of the files counts, not their names. Of a memory plan only how quantised weights are read.
    """
    keep_stored = parse_wishes(wishes).keep_stored is not False
    job = wanted.plan.jobs[0]
    needs = family(wanted.plan.family).needs
    hashes = {path: digest for digest, path in wanted.lora_files.items()}
    encoders = [(hashes.get(use.path), bool(use.weight)) for use in wanted.loras if needs]  # one may bring an encoder
    return (wanted.model, job.model_hash, job.networks, needs, encoders, choose_device(device), keep_stored)
