"""The credits of a film's pictures, beside the exported film and inside it."""

from collections.abc import Sequence
from pathlib import Path

from svi_studio.disk.atomic import atomic_write
from svi_studio.domain.pictures.credit import Credit, credit_line

CREDITS_START = "Pictures in "


def credits_file(film: Path) -> Path:
    """Where the credits of the film at ``film`` stand: ``holiday.mp4`` has ``holiday.credits.txt``."""
    return film.with_name(f"{film.stem}.credits.txt")


def write_credits(film: Path, title: str, credits: Sequence[Credit]) -> None:
    """Writes the credits beside the exported ``film``; without any, nothing. Raises DiskFull or StudioError."""
    if credits:
        lines = [f"{CREDITS_START}{title.strip() or film.name}", "", *map(credit_line, credits)]
        atomic_write(credits_file(film), ("\n".join(lines) + "\n").encode())


def credits_metadata(credits: Sequence[Credit]) -> dict[str, str]:
    """The credits as the film file itself takes them; empty without any."""
    return {"copyright": "; ".join(map(credit_line, credits))} if credits else {}


def credits_words(film: Path, credits: Sequence[Credit]) -> str:
    """A sentence for people, with a blank before it, that says where the credits are; empty without any."""
    return f" Whose pictures it was made from is in {credits_file(film)}." if credits else ""
