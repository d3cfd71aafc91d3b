"""Which families a model can film, and in one sentence why it cannot film another."""

from collections.abc import Iterable

from svi_studio.domain.film.architecture import ARCHITECTURES, Architecture
from svi_studio.domain.film.family import FAMILIES, FamilyProfile, family_to_show
from svi_studio.domain.film.found_model import FoundModel
from svi_studio.domain.film.model_card import ModelCard


def families_of(card: ModelCard, architecture: Architecture | None) -> tuple[str, ...]:
    """Names of the families that the model of ``card`` films, in the order of ``FAMILIES``.

    Those that its card names, else all that work on its ``architecture``; all there are while nobody knows that.
    """
    return tuple(name for name in FAMILIES if _films(name, card, architecture))


def cannot_film(name: str, card: ModelCard, architecture: Architecture | None) -> str | None:
    """One sentence that says why the model of ``card`` cannot film the family ``name``, and what can; None if it can.

    ``architecture`` is the model's, None while nobody knows it. What a family needs from a film's tracks is asked
    about elsewhere. A name that is no family of this version is not answered here.
    """
    if name not in FAMILIES or _films(name, card, architecture):
        return None
    asked = FAMILIES[name]
    able = (FAMILIES[each] for each in families_of(card, architecture))
    others = _listed(_short(profile.title) for profile in able if profile.needs.issubset(card.inputs))
    instead = f"choose {others}, or another model" if others else "choose another model"
    if card.families or architecture is None:
        return f"{_short(asked.title)} is nothing that the model '{card.name}' can film: {instead}."
    works_on = _listed(ARCHITECTURES[each].title for each in ARCHITECTURES if each in asked.architectures)
    return f"{_short(asked.title)} is for {works_on}, and '{card.name}' is {architecture.title}: {instead}."


def nearest_family(name: str, card: ModelCard, architecture: Architecture | None) -> str | None:
    """The family that a film of the family ``name`` best becomes for the model of ``card``; None when it films none.

    One that goes through prompts as it does goes before others, then one that hands on the same; families that need
    something from tracks are left out.
    """
    asked = family_to_show(name)
    profiles = [FAMILIES[each] for each in families_of(card, architecture) if not FAMILIES[each].needs]

    def unlike(profile: FamilyProfile) -> tuple[bool, bool]:
        return profile.prompt_choice != asked.prompt_choice, profile.hand_off != asked.hand_off

    return min(profiles, key=unlike).name if profiles else None


def fitting_model(name: str, models: Iterable[FoundModel]) -> FoundModel | None:
    """The first of ``models`` that can film the family ``name``; None when none can."""
    needs = family_to_show(name).needs
    for model in models:
        if model.card is None or model.problem is not None or not needs.issubset(model.card.inputs):
            continue
        if cannot_film(name, model.card, model.architecture) is None:
            return model
    return None


def _films(name: str, card: ModelCard, architecture: Architecture | None) -> bool:
    if card.families:
        return name in card.families
    return architecture is None or architecture.name in FAMILIES[name].architectures


def _short(title: str) -> str:
    return title.partition(":")[0]


def _listed(words: Iterable[str]) -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    *first, last = list(words) or [""]
    return f"{', '.join(first)} or {last}" if first else last
