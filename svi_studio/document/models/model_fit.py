"""Whether a model's clips can be made on this computer, in a sentence: from headers and from what memory there is."""

from dataclasses import dataclass, replace
from pathlib import Path

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.architecture import Architecture
from svi_studio.domain.film.family import FamilyProfile
from svi_studio.domain.film.found_model import FoundModel
from svi_studio.domain.render.fitting import fit_model, memory_of
from svi_studio.domain.render.memory_needs import MemoryNeeds
from svi_studio.domain.render.model_shape import ClipSize
from svi_studio.jobs.hardware import hardware_without_us
from svi_studio.weights.memory_needs import read_memory_needs

_USUAL, _USUAL_5B, _WIDE = (832, 480), (1280, 704), 48
"""Pixels of a clip as Wan 2.1 and 2.2 were trained, and as the small one was, which has latents of 48 channels."""

_BRANCHES = 2
_CALLS = _BRANCHES * FamilyProfile.model_fields["num_inference_steps"].default
"""With guidance, in the steps that a family has unless it says otherwise."""


@dataclass(frozen=True, slots=True)
class ModelFit:
    """``sentence`` is empty where nobody needs to hear of it: any computer can do it, or nothing tells."""

    sentence: str = ""
    fits: bool = True


NOTHING_TO_TELL = ModelFit()


def model_fit(model: FoundModel) -> ModelFit:
    """How ``model`` makes clips of its usual size here. For a thread: the first time it asks the graphics card."""
    if model.card is None or model.problem or model.architecture is None:
        return NOTHING_TO_TELL
    machine = memory_of(hardware_without_us(Path.home()))
    width, height = model.card.size or _usual(model.architecture)
    clip = ClipSize(width, height, model.card.num_frames)
    on_card = machine.card is not None
    try:
        fitting = fit_model(lambda size: _needs(model, size, on_card=on_card), clip, machine)
    except BadWeights:  # whoever renders is told what is wrong
        return NOTHING_TO_TELL
    return NOTHING_TO_TELL if fitting.is_small else ModelFit(fitting.sentence, fitting.plan is not None)


def _needs(model: FoundModel, size: ClipSize, *, on_card: bool) -> MemoryNeeds:
    """With as many calls of the transformer as a film makes that was just begun: they decide which plan is quick."""
    return replace(read_memory_needs(model.folder, size, on_card=on_card), calls=_CALLS, branches=_BRANCHES)


def _usual(architecture: Architecture) -> tuple[int, int]:
    return _USUAL if architecture.latent_channels < _WIDE else _USUAL_5B
