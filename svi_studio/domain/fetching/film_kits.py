"""What each way to film needs: a model of one architecture, LoRAs and networks, by their names in the catalogue."""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from pydantic import Field

from svi_studio.domain.film.architecture import WAN_2_1_I2V, WAN_2_2_I2V_A14B, WAN_2_2_TI2V_5B
from svi_studio.domain.value import Name, ShortText, Value


class KitPart(Value):
    """One thing that a kit needs: any of the catalogue's entries ``names`` will do, the first is the one to fetch.

    ``does``: what it is for, in a few words. A part that is ``optional`` makes films better or quicker.
    """

    names: tuple[Name, ...] = Field(min_length=1, max_length=8)
    does: ShortText
    optional: bool = False


class ModelChoice(Value):
    """One way to get a model: the entries ``names`` together make it. ``does``: for whom it is, in a few words."""

    title: ShortText
    does: ShortText
    names: tuple[Name, ...] = Field(min_length=1, max_length=8)


class FilmKit(Value):
    """One way to film. Any model of its ``architecture`` will do; ``choices`` are those to fetch where none is."""

    name: Name
    family: Name
    title: ShortText
    does: ShortText
    architecture: Name
    choices: tuple[ModelChoice, ...] = Field(min_length=1, max_length=4)
    parts: tuple[KitPart, ...] = ()

    def lacking(self, models: Collection[str], here: Collection[str], choice: int = 0) -> tuple[str, ...]:
        """The entries to fetch: ``models`` are the architectures of sound models, ``here`` the entries that are here.

        ``choice``: which of the models, where none is there. What is optional is left out.
        """
        wanted = () if self.architecture in models else self.choices[choice].names
        lacks = tuple(name for name in wanted if name not in here)
        return lacks + tuple(part.names[0] for part in self.parts if not part.optional and not has(part, here))


def has(part: KitPart, here: Collection[str]) -> bool:
    """Whether one of the entries that will do is here."""
    return any(name in here for name in part.names)


def _table(*kits: FilmKit) -> Mapping[str, FilmKit]:
    return MappingProxyType({kit.name: kit for kit in kits})


_TEXTS = ("umt5-xxl-fp8", "umt5-tokenizer")
_SMALL, _FULL = "half the size, for cards of 8 to 24 GB", "as its makers publish it, for large cards"
_WAN_2_1 = (
    ModelChoice(
        title="Wan 2.1 I2V 14B 480P, fp8",
        does=_SMALL,
        names=("wan2.1-i2v-480p-fp8", "wan2.1-vae", "clip-vision-h", *_TEXTS),
    ),
    ModelChoice(title="Wan 2.1 I2V 14B, 480P", does=_FULL, names=("wan2.1-i2v-14b-480p",)),
    ModelChoice(title="Wan 2.1 I2V 14B, 720P", does=_FULL, names=("wan2.1-i2v-14b-720p",)),
)
_WAN_2_2 = (
    ModelChoice(
        title="Wan 2.2 I2V A14B, fp8",
        does=_SMALL,
        names=("wan2.2-i2v-high-fp8", "wan2.2-i2v-low-fp8", "wan2.1-vae", *_TEXTS),
    ),
    ModelChoice(title="Wan 2.2 I2V A14B", does=_FULL, names=("wan2.2-i2v-a14b",)),
)
_WAN_5B = (
    ModelChoice(
        title="Wan 2.2 TI2V 5B, fp16",
        does="the smallest download",
        names=("wan2.2-ti2v-5b-fp16", "wan2.2-vae", *_TEXTS),
    ),
    ModelChoice(title="Wan 2.2 TI2V 5B", does=_FULL, names=("wan2.2-ti2v-5b",)),
)
_QUICK_2_1 = KitPart(names=("lightx2v-wan2.1", "lightx2v-wan2.1-kijai"), does="4 steps, not 50", optional=True)

KITS: Mapping[str, FilmKit] = _table(
    FilmKit(
        name="pro",
        family="pro",
        title="SVI 2.0 Pro",
        does="Long stories with Wan 2.2: the best pictures, and the most to load.",
        architecture=WAN_2_2_I2V_A14B,
        choices=_WAN_2_2,
        parts=(
            KitPart(
                names=("svi-2.0-pro-wan2.2", "svi-2.0-pro-wan2.2-fp16"), does="keeps a long film from falling apart"
            ),
            KitPart(names=("lightx2v-wan2.2", "lightx2v-wan2.2-comfy"), does="4 steps, not 50", optional=True),
        ),
    ),
    FilmKit(
        name="pro5b",
        family="pro5b",
        title="Wan 2.2 5B",
        does="Long stories with the small Wan 2.2, for cards of 8 GB.",
        architecture=WAN_2_2_TI2V_5B,
        choices=_WAN_5B,
    ),
    FilmKit(
        name="shot2",
        family="shot2",
        title="SVI 2.0",
        does="One scene that goes on and on, joined over five frames.",
        architecture=WAN_2_1_I2V,
        choices=_WAN_2_1,
        parts=(KitPart(names=("svi-2.0-wan2.1",), does="keeps a long film from falling apart"), _QUICK_2_1),
    ),
    FilmKit(
        name="shot",
        family="shot",
        title="SVI Shot",
        does="One scene that goes on and on, guided by its picture.",
        architecture=WAN_2_1_I2V,
        choices=_WAN_2_1,
        parts=(KitPart(names=("svi-shot-1.0",), does="keeps a long film from falling apart"), _QUICK_2_1),
    ),
    FilmKit(
        name="film",
        family="film",
        title="SVI Film",
        does="A story through many scenes; each clip has its own prompt.",
        architecture=WAN_2_1_I2V,
        choices=_WAN_2_1,
        parts=(KitPart(names=("svi-film-1.0",), does="keeps a long film from falling apart"), _QUICK_2_1),
    ),
    FilmKit(
        name="talk",
        family="talk",
        title="SVI Talk",
        does="A face that speaks to the sound under the film.",
        architecture=WAN_2_1_I2V,
        choices=_WAN_2_1,
        parts=(
            KitPart(names=("svi-talk-1.0",), does="keeps a long film from falling apart"),
            KitPart(names=("talk-multitalk",), does="lets the model follow a sound"),
            KitPart(names=("talk-wav2vec2",), does="hears the sound"),
        ),
    ),
    FilmKit(
        name="dance",
        family="dance",
        title="SVI Dance",
        does="A body that dances as the skeleton under the film does.",
        architecture=WAN_2_1_I2V,
        choices=_WAN_2_1,
        parts=(
            KitPart(names=("svi-dance-1.0",), does="follows a skeleton, and keeps a long film from falling apart"),
            KitPart(names=("dwpose",), does="finds skeletons in videos, as the authors do", optional=True),
        ),
    ),
)
"""Every kit by name, the one to recommend first."""
