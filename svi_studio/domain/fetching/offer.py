"""What fetching an entry of the catalogue would mean, known before a byte of it comes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FetchOffer:
    """An entry as the hub has it now. Sizes in bytes.

    ``to_come`` of ``total`` bytes in ``files`` files are not here yet; ``free`` is the room on the disk of ``folder``.
    ``licence`` is what the hub or the catalogue calls its terms, "" where neither says. ``gated``: its authors want
    them accepted on ``page`` first.
    """

    name: str
    title: str
    files: int
    total: int
    to_come: int
    free: int
    licence: str
    gated: bool
    folder: str
    page: str
