"""What was measured, as JSON: each figure of each film in the clips that are shown, by arm and training."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from svi_studio.disk.atomic import atomic_write
from svi_studio.domain.training.naive import NAIVE
from trainer.proof.registered.films import FIGURES, SHOWN, Films
from trainer.proof.registered.work import filmings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from trainer.proof.registered.films import Figures
    from trainer.proof.registered.sections import Section
    from trainer.proof.registered.work import RegisteredProof

Arms = dict[str, list[Films]]
"""By the name of an arm, the films of each of its trainings."""


def finished(proof: RegisteredProof, section: Section) -> Arms:
    """The arms of a section whose trainings were all filmed to the end; naive films are arms of their own."""
    arms: Arms = {}
    for filming in filmings(section):
        arms.setdefault(filming.arm.name, []).append(Films(proof.films(filming.name)))
    for name in NAIVE:
        arms[name] = [Films(proof.films(f"{section.name}/{name}"))]
    return {name: made for name, made in arms.items() if all(films.done >= section.clips for films in made)}


def shown_clips(section: Section) -> tuple[int, ...]:
    """Those of `SHOWN` that its films have, and its last."""
    return tuple(sorted({clip for clip in SHOWN if clip < section.clips} | {section.clips}))


def write_report(section: Section, arms: Arms, path: Path) -> None:
    """Writes ``arms: {arm: [training][film][clip][figure]}`` with the names of all; None where it does not apply."""
    clips = shown_clips(section)
    content: dict[str, Any] = {
        "section": section.name,
        "title": section.title,
        "clips": clips,
        "figures": FIGURES,
        "arms": {name: [_rounded(films, clips) for films in made] for name, made in arms.items()},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic_write(path, json.dumps(content, separators=(",", ":")).encode() + b"\n")


def _rounded(films: Films, clips: tuple[int, ...]) -> list[list[list[float | None]]]:
    chosen: Figures = films.figures[:, [clip - 1 for clip in clips]]
    return [[[_number(value) for value in clip] for clip in film] for film in chosen]


def _number(value: np.floating[Any]) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)


def reports(proof: RegisteredProof, target: Path) -> Iterator[tuple[Section, Arms]]:
    """Writes the report of every section that has arms to compare, and gives them."""
    for section in proof.sections():
        arms = finished(proof, section)
        if len(set(arms) - {*NAIVE}) > 1:
            write_report(section, arms, target / f"{section.name}.json")
            yield section, arms
