"""What a person wants of a memory plan: every part of it can be said, and the rest is chosen."""

from typing import Annotated, Final, Literal

from pydantic import Field

from svi_studio.domain.errors import BadInput
from svi_studio.domain.render.memory_plan import Helper, OtherExpert
from svi_studio.domain.value import Value


class PlanWishes(Value):
    """As in a ``MemoryPlan``; None: as the planner thinks best. ``smallest``: whatever takes least, fits or not."""

    resident_blocks: Annotated[int, Field(ge=0, le=1024)] | Literal["all"] | None = None
    keep_stored: bool | None = None
    other_expert: OtherExpert | None = None
    text_encoder: Helper | None = None
    image_encoder: Helper | None = None
    vae: Helper | None = None
    tiled_vae: bool | None = None
    branches_at_once: bool | None = None
    aside_for_pictures: bool | None = None
    smallest: bool = False


NO_WISHES: Final = PlanWishes()

_PLACES: dict[str, Helper] = {"card": "resident", "working": "while_working", "processor": "processor"}
_OTHERS: dict[str, OtherExpert] = {"card": "beside", "memory": "waiting", "disk": "read_again"}
_SWITCH = {"yes": True, "no": False}
_NAMES = ("blocks", "text", "image", "vae", "other", "tiles", "together", "stored", "aside")
_EXAMPLE = "blocks=12,text=processor,vae=working,other=disk,tiles=yes"


def parse_wishes(text: str) -> PlanWishes:
    """Reads ``auto``, ``resident``, ``smallest``, or wishes like ``blocks=12,text=processor``; raises BadInput.

    ``blocks``: a number or ``all``. ``text``, ``image``, ``vae``: ``card``, ``working`` (on the card only while it
    works) or ``processor``. ``other``, the other expert: ``card``, ``memory`` or ``disk``. ``tiles``, ``together`` (the
    branches of guidance), ``stored`` (quantised weights stay so) and ``aside`` (the transformer leaves the card for
    pictures): ``yes`` or ``no``.
    """
    if text == "auto":
        return NO_WISHES
    if text == "smallest":
        return PlanWishes(smallest=True)
    if text == "resident":
        return PlanWishes(
            resident_blocks="all", other_expert="beside", text_encoder="resident", image_encoder="resident",
            vae="resident", tiled_vae=False, aside_for_pictures=False,
        )  # fmt: skip
    fields: dict[str, object] = {}
    for wish in text.split(","):
        name, _, value = wish.strip().partition("=")
        field, choices = _field(name, text)
        fields[field] = _number(value, text) if name == "blocks" and value != "all" else _chosen(choices, value, text)
    return PlanWishes.model_validate(fields)


def wishes_text(wishes: PlanWishes) -> str:
    """What ``parse_wishes`` reads these wishes from."""
    if wishes.smallest:
        return "smallest"
    said = []
    for name in _NAMES:
        field, choices = _field(name, name)
        value = getattr(wishes, field)
        if value is not None:
            words = next((words for words, each in choices.items() if each == value and each is not None), str(value))
            said.append(f"{name}={words}")
    return ",".join(said) or "auto"


def _field(name: str, text: str) -> tuple[str, dict[str, object]]:
    names: dict[str, tuple[str, dict[str, object]]] = {
        "blocks": ("resident_blocks", {"all": "all"}),
        "text": ("text_encoder", dict(_PLACES)),
        "image": ("image_encoder", dict(_PLACES)),
        "vae": ("vae", dict(_PLACES)),
        "other": ("other_expert", dict(_OTHERS)),
        "tiles": ("tiled_vae", dict(_SWITCH)),
        "together": ("branches_at_once", dict(_SWITCH)),
        "stored": ("keep_stored", dict(_SWITCH)),
        "aside": ("aside_for_pictures", dict(_SWITCH)),
    }
    if name not in names:
        raise BadInput(
            f"The memory plan '{text[:80]}' names '{name[:40]}', which is none of {', '.join(names)}: write one like "
            f"{_EXAMPLE}, or auto, resident or smallest."
        )
    return names[name]


def _number(value: str, text: str) -> int:
    if not value.isascii() or not value.isdigit() or int(value[:6]) > 1024:
        raise BadInput(f"The memory plan '{text[:80]}' needs a number of blocks up to 1024, or all: write blocks=12.")
    return int(value)


def _chosen(choices: dict[str, object], value: str, text: str) -> object:
    if value not in choices:
        raise BadInput(
            f"The memory plan '{text[:80]}' says '{value[:40]}' where it must say {' or '.join(choices)}: write one "
            f"like {_EXAMPLE}."
        )
    return choices[value]
