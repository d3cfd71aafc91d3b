"""The architectures of Wan's image-to-video models as data: what tells them apart, and how they take a condition."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from pydantic import Field

from svi_studio.domain.value import Name, ShortText, Value

Expert = Literal["both", "high", "low"]
"""Which transformer of a model something is for: of two, ``high`` is the one for the noisy steps."""

WAN_2_1_I2V: Final = "wan2.1-i2v"
WAN_2_2_I2V_A14B: Final = "wan2.2-i2v-a14b"
WAN_2_2_TI2V_5B: Final = "wan2.2-ti2v-5b"


class Architecture(Value):
    """One kind of model. Sizes as in its configuration files.

    ``two_experts``: one transformer for the noisy steps and one for the others, which change places where the noise
    level comes below ``boundary``. ``picture_tokens``: the transformer also looks at CLIP features of the picture.
    ``condition``: by ``channels`` beside the noisy latents, or by latents that are ``held`` clean among them.
    ``latent_channels`` and ``latent_space`` (pixels on a side) are the autoencoder's. ``num_frames``: of a clip, as it
    was trained.
    """

    name: Name
    title: ShortText
    two_experts: bool = False
    boundary: float | None = Field(default=None, gt=0, lt=1)
    picture_tokens: bool = False
    condition: Literal["channels", "held"] = "channels"
    latent_channels: int = Field(default=16, ge=1, le=1024)
    latent_space: int = Field(default=8, ge=1, le=64)
    num_frames: int = Field(default=81, ge=5, le=1025)

    @property
    def channels(self) -> int:
        """What the transformer takes: the noisy latents, and beside them a mask of four and the latents that it has."""
        return self.latent_channels if self.condition == "held" else 2 * self.latent_channels + 4


def _table(*architectures: Architecture) -> Mapping[str, Architecture]:
    return MappingProxyType({architecture.name: architecture for architecture in architectures})


ARCHITECTURES: Mapping[str, Architecture] = _table(
    Architecture(name=WAN_2_1_I2V, title="Wan 2.1 I2V", picture_tokens=True),
    Architecture(name=WAN_2_2_I2V_A14B, title="Wan 2.2 I2V A14B", two_experts=True, boundary=0.9),
    Architecture(
        name=WAN_2_2_TI2V_5B,
        title="Wan 2.2 TI2V 5B",
        condition="held",
        latent_channels=48,
        latent_space=16,
        num_frames=121,
    ),
)
"""Every architecture that the program can film with, by name."""
