"""Edits of how the film frames its pictures."""

from svi_studio.domain.editing.edit_check import checked
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.pictures.framing import Framing
from svi_studio.domain.value import with_fields


def frame_picture(storyboard: Storyboard, framing: Framing) -> Storyboard:
    """The film frames that picture so, wherever it uses it. Raises BadInput.

    Whether its colours are read as stored stays what it was: that belongs to the picture, not to its frame.
    """
    old = storyboard.framing(framing.picture)
    return with_framing(storyboard, with_fields(framing, {"colours": old.colours}))


def with_framing(storyboard: Storyboard, framing: Framing) -> Storyboard:
    """The film frames that picture so, instead of as before. Raises BadInput."""
    others = tuple(each for each in storyboard.framings if each.picture != framing.picture)
    framings = others if framing.is_default else (*others, framing)
    return storyboard if framings == storyboard.framings else checked(storyboard, framings=framings)
