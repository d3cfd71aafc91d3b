"""What is left of test films when they are made: figures, charts, a strip of pictures, and each film to watch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from svi_studio.disk.atomic import atomic_write, plain_errors
from svi_studio.domain.training.drift import (
    BASE,
    CONTROL,
    FILM_FILE,
    LORA,
    STRIP_FILE,
    DriftReport,
    stillness,
)
from svi_studio.domain.training.naive import naive_sentence
from svi_studio.domain.value import with_fields
from trainer.evaluation.joined_film import join_films
from trainer.evaluation.report import write_report
from trainer.evaluation.strip import StripFilm, strip_png

if TYPE_CHECKING:
    from svi_studio.domain.training.recipe import TrainingRecipe
    from trainer.evaluation.filming import Filming

Filmed = Mapping[str, Sequence["Filming"]]
"""The films of each arm, in the same order in all of them."""

_SHOWN: Mapping[str, str] = {
    BASE: "model alone",
    LORA: "with your LoRA",
    CONTROL: "without errors",
}


def write_films(
    folder: Path, report: DriftReport, filmed: Filmed, recipe: TrainingRecipe, notes: Sequence[str]
) -> None:
    """Writes all that is left of the films `filmed` into `folder`, drift.json last: with it, all is there.

    `notes` are sentences for the report, which gets those about the films, too. Raises StudioError or DiskFull.
    """
    with plain_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    _write_strip(folder, filmed, recipe.evaluation.clips)
    for number in range(len(filmed[BASE])):
        pieces = [(_SHOWN.get(name, name), films[number].pieces) for name, films in filmed.items()]
        join_films(folder / FILM_FILE.format(number=number + 1), pieces, recipe.fps, (recipe.width, recipe.height))
    broken = [film.broke_off for films in filmed.values() for film in films]
    lora = report.arm(LORA)
    still = None if lora is None else stillness(lora, report.arm(BASE))
    said = tuple(note for note in (*broken, still, naive_sentence(report), *notes) if note)
    write_report(with_fields(report, {"notes": said}), folder)


def _write_strip(folder: Path, filmed: Filmed, clips: int) -> None:
    rows = [
        StripFilm(
            base.film.name, tuple((_SHOWN.get(name, name), films[number].pictures()) for name, films in filmed.items())
        )
        for number, base in enumerate(filmed[BASE])
    ]
    atomic_write(folder / STRIP_FILE, strip_png(rows, clips))
