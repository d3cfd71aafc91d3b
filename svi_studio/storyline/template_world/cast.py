"""Who acts in a story and where, as picked from the words of a brief."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CastLead:
    """Somebody or something that acts. ``phrase`` is what every prompt calls it, as "the red boat".

    ``name`` and ``colour`` are the words of a closed world. ``their`` is "its", "her", "his" or "their".
    """

    phrase: str
    kind: str
    name: str = ""
    colour: str = ""
    their: str = "its"
    is_plural: bool = False

    @property
    def opening(self) -> str:
        """The phrase at the start of a sentence."""
        return self.phrase[:1].upper() + self.phrase[1:]


@dataclass(frozen=True)
class CastPlace:
    """A place of the story. ``where``: phrases as "on the beach", none = nowhere special; ``called``: "the beach"."""

    name: str
    where: tuple[str, ...]
    called: tuple[str, ...]


@dataclass(frozen=True)
class Cast:
    """The leads (at least one; the first begins), the places of the story (at least one), and what else there is.

    ``named_places``: how many places the brief names itself. ``spare``: further places for changes of scene.
    ``others``: things and beings that the leads can meet, and ``playmates`` those to play with. ``remarks``: sentences
    for the user about words that stand in for others or are left out.
    """

    leads: tuple[CastLead, ...]
    places: tuple[CastPlace, ...]
    named_places: int = 0
    spare: tuple[CastPlace, ...] = ()
    others: tuple[str, ...] = ()
    playmates: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
