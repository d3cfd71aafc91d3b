"""What kind of model one is, what it films and how much memory that takes: in words and figures for a command."""

from collections.abc import Iterator

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.family import FAMILIES
from svi_studio.domain.film.filming import families_of
from svi_studio.domain.film.found_model import FoundModel
from svi_studio.domain.render.model_shape import ClipSize
from svi_studio.domain.text.wording import as_bytes
from svi_studio.weights.memory_needs import read_memory_needs

_ANY = (832, 480)  # the networks are as large for clips of any size


def abilities(model: FoundModel) -> Iterator[str]:
    """What kind of model it is, what it films and how much memory that takes."""
    if model.architecture is not None:
        yield model.architecture.title
    films = ", ".join(FAMILIES[name].title.partition(":")[0] for name in films_of(model))
    yield f"films {films}" if films else "films no family of this version"
    memory = memory_of(model)
    if memory:
        also = f", {as_bytes(memory[1])} to keep both experts in it" if len(memory) > 1 else ""
        yield f"about {as_bytes(memory[0])} of memory{also}"


def films_of(model: FoundModel) -> tuple[str, ...]:
    """The families that it films by itself: what it cannot follow, a LoRA may still bring."""
    card = model.card
    if card is None or model.problem:
        return ()
    return tuple(name for name in families_of(card, model.architecture) if FAMILIES[name].needs <= {*card.inputs})


def memory_of(model: FoundModel) -> list[int]:
    """Bytes of its networks, with one expert at a time, and with both where there are two, as memory plans count them.

    Quantised weights are kept as they are stored, the picture encoders are in float32.
    """
    if model.card is None or model.problem:
        return []
    try:
        needs = read_memory_needs(model.folder, ClipSize(*(model.card.size or _ANY), model.card.num_frames))
    except BadWeights:  # odd weights say it when they are used
        return []
    beside, each = needs.text_encoder + needs.image_encoder + needs.vae, needs.rest + sum(needs.blocks)
    return [beside + each, *([beside + needs.experts * each] if needs.experts > 1 else [])]
