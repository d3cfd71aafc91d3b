"""The LoRAs in the jobs of a film: the model's own for its family, the film's, and each clip's."""

from typing import TYPE_CHECKING

from svi_studio.domain.film.architecture import Expert
from svi_studio.domain.film.clip_loras import all_loras, loras_of
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.storyboard import Clip, LoraUse, Storyboard
from svi_studio.domain.render.clip_ends import not_read
from svi_studio.domain.takes.job import JobLora

if TYPE_CHECKING:
    from svi_studio.domain.render.planner import FilmFacts


def family_loras(storyboard: Storyboard, card: ModelCard) -> tuple[tuple[str, Expert], ...]:
    """The LoRAs that belong into ``storyboard`` beside its own ones: their keys in ``card``, and for whom each is."""
    return card.family_lora_keys(storyboard.family) if storyboard.stability > 0 else ()


def film_loras(storyboard: Storyboard, facts: "FilmFacts") -> tuple[JobLora, ...]:
    """Those of every clip without LoRAs of its own; each has to be there, see ``lora_problem``."""
    return _job_loras(storyboard, facts, storyboard.loras)


def clip_loras(storyboard: Storyboard, facts: "FilmFacts", clip: Clip) -> tuple[JobLora, ...]:
    """Those of ``clip``."""
    return _job_loras(storyboard, facts, loras_of(storyboard, clip))


def lora_problem(storyboard: Storyboard, facts: "FilmFacts") -> str | None:
    """One sentence that says which of the film's LoRAs is not there or can go nowhere, or None."""
    for use in all_loras(storyboard):
        if use.file not in facts.lora_hashes:
            return not_read(use.file, "LoRA")
        if use.expert != "both" and use.weight and facts.architecture and not facts.architecture.two_experts:
            return (
                f"The LoRA '{use.label or use.file}' is for the {use.expert}-noise expert, and '{facts.card.name}' has "
                "only one transformer: use it for the whole model, or take it out."
            )
    one = facts.architecture is not None and not facts.architecture.two_experts
    for key, expert in family_loras(storyboard, facts.card) if one else ():
        if expert != "both":
            return (
                f"The card of the model {facts.card.name} names a LoRA '{key}', and the model has only one "
                f"transformer: call it '{storyboard.family}' there, or take it out."
            )
    lost = (key for key, _ in family_loras(storyboard, facts.card) if key not in facts.family_loras)
    told = (facts.family_lora_problems.get(key, not_read(facts.card.family_loras[key], "LoRA")) for key in lost)
    return next(told, None)


def _job_loras(storyboard: Storyboard, facts: "FilmFacts", uses: tuple[LoraUse, ...]) -> tuple[JobLora, ...]:
    """The model's own LoRAs for the film's family, as strong as the film asks, and then ``uses``."""
    own = (
        JobLora(facts.card.family_loras[key], facts.family_loras[key], float(storyboard.stability), expert)
        for key, expert in family_loras(storyboard, facts.card)
    )
    return (*own, *(JobLora(use.file, facts.lora_hashes[use.file], float(use.weight), use.expert) for use in uses))
