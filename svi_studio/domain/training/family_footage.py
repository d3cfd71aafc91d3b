"""What each family wants of the footage that it is trained on: sound or people, part of a picture, words."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from svi_studio.domain.film.family import family_to_show
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.pictures.picture_look import Box, Size, middle_of_shape


@dataclass(frozen=True, slots=True)
class FamilyFootage:
    """How the authors' programs prepare a family's videos (`prepare_video_audio.py`, `prepare_video_pose.py`).

    ``squared``: of a picture that is wider than high only the middle square counts. ``stretched``: what is left is
    squashed to the size, without a crop. ``caption`` is said of every clip that has none of its own.
    """

    squared: bool = False
    stretched: bool = False
    caption: str = ""

    def outer(self, width: int, height: int) -> Box:
        """The part of a picture that crops are drawn in."""
        margin = max(width - height, 0) // 2 if self.squared else 0
        return margin, 0, width - margin, height

    def middle(self, width: int, height: int, shape: Size) -> Box:
        """What is fed of a picture where chance has no part: at ``shape`` (width, height), or stretched to it."""
        left, top, right, bottom = self.outer(width, height)
        if self.stretched:
            return left, top, right, bottom
        inner = middle_of_shape(right - left, bottom - top, shape)
        return inner[0] + left, inner[1] + top, inner[2] + left, inner[3] + top


_USUAL = FamilyFootage()

FAMILY_FOOTAGE: Mapping[str, FamilyFootage] = MappingProxyType(
    {
        "talk": FamilyFootage(squared=True, caption="the person is speaking"),
        "dance": FamilyFootage(squared=True, stretched=True, caption="the person is dancing"),
    }
)
"""By the family's name; all others take videos as they come."""


def family_footage(name: str) -> FamilyFootage:
    """What the family called ``name`` wants of its videos."""
    return FAMILY_FOOTAGE.get(name, _USUAL)


def needed_inputs(name: str) -> tuple[InputKind, ...]:
    """What lies beside the pictures of a clip that the family called ``name`` is trained on, always in one order."""
    return tuple(sorted(family_to_show(name).needs))


def video_frames(family: str, num_frames: int) -> int:
    """Frames in a row that a training clip of ``num_frames`` frames is cut from.

    Where latents are handed on, those of the clip before it come first: the last of them, as many as a clip repeats
    (four for one latent), are the clip's own first ones behind its anchor.
    """
    profile = family_to_show(family)
    return 2 * num_frames - profile.known_frames if profile.hands_on_latents else num_frames
