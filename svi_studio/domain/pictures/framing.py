"""How the film frames its pictures, as the storyboard keeps it: what is not kept is at its default."""

from typing import Annotated, Literal

from pydantic import Field

from svi_studio.domain.pictures.picture_look import Colours, PictureLook, Size
from svi_studio.domain.value import RelativePath, Value

Place = Annotated[int, Field(ge=0, le=100_000)]
Length = Annotated[int, Field(ge=1, le=100_000)]


class Framing(Value):
    """How the film sees the picture at ``picture``, a path below the film's folder.

    ``crop``, (left, top, width, height) in pixels of the upright picture, is the part that fills the film; None = its
    middle. With the ``fit`` "squeeze" all of it does, and its shape changes. ``colours`` "as stored" leaves a colour
    profile out: so films were made before version 5.
    """

    picture: RelativePath
    fit: Literal["crop", "squeeze"] = "crop"
    crop: tuple[Place, Place, Length, Length] | None = None
    colours: Colours = "srgb"

    @property
    def is_default(self) -> bool:
        """Whether it says nothing that is not so without it."""
        return (self.fit, self.crop, self.colours) == ("crop", None, "srgb")

    def look(self, film: Size | None) -> PictureLook:
        """The same, for a film of that (width, height)."""
        crop = None
        if self.crop is not None:
            left, top, width, height = self.crop
            crop = (left, top, left + width, top + height)
        return PictureLook(film, crop, self.fit == "squeeze", self.colours)
