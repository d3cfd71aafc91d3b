"""What was measured, as JSON: each figure of each film in the clips of the tables, by arm and training."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from svi_studio.disk.atomic import atomic_write
from trainer.proof.registered.filming import BESIDE, filmings
from trainer.proof.registered.films import FIGURES, MEASURED, SHOWN, Films
from trainer.proof.registered.making import alike
from trainer.proof.registered.tables import PRIMARY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from trainer.proof.registered.films import Figures
    from trainer.proof.registered.sections import Section
    from trainer.proof.registered.work import RegisteredProof

Arms = dict[str, list[Films]]
"""By the name of an arm, the films of each of its trainings."""


def finished(proof: RegisteredProof, section: Section) -> Arms:
    """The arms of a section whose trainings were all filmed to the end; films beside are arms of their own.

    Raises BadInput where some were made in another way than others.
    """
    arms: Arms = {}
    for filming in filmings(section):
        arms.setdefault(filming.arm.name, []).append(Films(proof.films(filming.name)))
    for name in BESIDE if section.naive else ():
        arms[name] = [Films(proof.films(f"{section.name}/{name}"))]
    whole = {name: made for name, made in arms.items() if all(films.done >= section.clips for films in made)}
    made = [films.made for each in whole.values() for films in each]
    alike(made[0] if made else {}, made, section.name)
    return whole


def shown_clips(section: Section) -> tuple[int, ...]:
    """Those of `SHOWN` that its films have, and its last."""
    return _up_to(section, SHOWN)


def write_report(section: Section, arms: Arms, path: Path, storyboards: str) -> None:
    """Writes ``arms: {arm: [training][film][clip][figure]}`` with the names of all; None where it does not apply.

    Beside them stand ``means: {arm: {primary figure: [training][clip]}}``, of all clips, how films and LoRAs were made,
    and which ``storyboards`` they are of.
    """
    clips = _up_to(section, MEASURED)
    content: dict[str, Any] = {
        "section": section.name,
        "title": section.title,
        "storyboards": storyboards,
        "made": next(iter(arms.values()))[0].made,
        "clips": clips,
        "figures": FIGURES,
        "arms": {name: [_rounded(films, clips) for films in made] for name, made in arms.items()},
        "means": {name: {figure: _means(made, figure) for figure in PRIMARY} for name, made in arms.items()},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic_write(path, json.dumps(content, separators=(",", ":")).encode() + b"\n")


def _up_to(section: Section, clips: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted({clip for clip in clips if clip < section.clips} | {section.clips}))


def _rounded(films: Films, clips: tuple[int, ...]) -> list[list[list[float | None]]]:
    chosen: Figures = films.figures[:, [clip - 1 for clip in clips]]
    return [[_numbers(clip) for clip in film] for film in chosen]


def _means(made: list[Films], figure: str) -> list[list[float | None]]:
    """Over the films to which it applies, clip by clip."""
    series = np.ma.masked_invalid([films.series(figure) for films in made])
    return [_numbers(training) for training in series.mean(axis=1).filled(np.nan)]


def _numbers(values: Iterable[np.floating[Any]]) -> list[float | None]:
    """In four digits, so that a section is a few hundred kilobytes."""
    return [None if np.isnan(value) else float(f"{value:.4g}") for value in values]


def reports(proof: RegisteredProof, sections: Iterable[Section], target: Path) -> Iterator[tuple[Section, Arms]]:
    """Writes the report of every section that has arms to compare, and gives them."""
    for section in sections:
        arms = finished(proof, section)
        if len(set(arms) - {*BESIDE}) > 1:
            write_report(section, arms, target / f"{section.name}.json", proof.which)
            yield section, arms
