"""How the parts of a model share the card's memory and the computer's while clips are made."""

from typing import Annotated, Literal

from pydantic import Field

from svi_studio.domain.value import Value

Helper = Literal["resident", "while_working", "processor"]
"""Where a network beside the transformer is: on the card all the time, only while it works, or never."""

OtherExpert = Literal["beside", "waiting", "read_again"]
"""Where, of two experts, the one that does not work is: on the card, in the computer's memory, on the disk alone."""

_Bytes = Annotated[int, Field(ge=0)]


class MemoryPlan(Value):
    """One decision about everything; the engine obeys it, the window shows it.

    The result of a film is the same in all, to the last bit, but for three things. A helper on the ``processor``
    computes on another device, which may round in another way; so do ``keep_stored`` and ``tiled_vae``.

    ``resident_blocks``: how many of the transformer's blocks stay on the card; the others are streamed through it from
    the computer's memory, one ahead of the one that works. None: all stay, nothing is streamed.
    ``keep_stored``: quantised weights stay as they are stored, and are computed anew in each call.
    ``branches_at_once``: the branches of guidance go through the transformer together.
    ``tiled_vae``: pictures go through the VAE in tiles.
    ``aside_for_pictures``: the transformer leaves the card while the VAE works, for the computer's memory; of two
    experts of which one is read again it is let go, since the next clip reads the other first anyway.
    ``card_bytes`` and ``host_bytes``: the most that it takes, as computed beforehand; 0 where nothing was computed.
    """

    resident_blocks: Annotated[int, Field(ge=0)] | None = None
    keep_stored: bool = True
    other_expert: OtherExpert = "beside"
    text_encoder: Helper = "resident"
    image_encoder: Helper = "resident"
    vae: Helper = "resident"
    tiled_vae: bool = False
    branches_at_once: bool = False
    aside_for_pictures: bool = False
    card_bytes: _Bytes = 0
    host_bytes: _Bytes = 0


EVERYTHING_RESIDENT = MemoryPlan()
