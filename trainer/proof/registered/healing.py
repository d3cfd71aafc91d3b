"""Healing: the base's own last frames are handed to every arm of Shot, and what comes back is measured."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import numpy as np

from svi_studio.disk.atomic import atomic_write
from trainer.paper_theatre.looks import LOOKS
from trainer.paper_theatre.render import render_still
from trainer.proof.registered.filming import healing_name, heals
from trainer.proof.registered.films import HANDED, Films
from trainer.proof.registered.intervals import difference, interval
from trainer.proof.registered.measures import CHANGED
from trainer.proof.registered.sections import BASE, CONTROL, ERFT
from trainer.proof.registered.tables import PRIMARY, cell
from trainer.proof.sheets import block, stacked

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

    from trainer.proof.registered.films import Figures
    from trainer.proof.registered.intervals import Values
    from trainer.proof.registered.sections import Section
    from trainer.proof.registered.work import RegisteredProof

Healed = dict[int, dict[str, list[Films]]]
"""By the clip whose last frame was handed on, and by arm, the films of each training."""

SHOWN_AFTER: Final = (1, 3, 5)
"""Clips after the damaged frame."""


def healed(proof: RegisteredProof, section: Section) -> Healed:
    """All that is done of a section; arms of which a training is missing are left out."""
    found: Healed = {}
    clips = proof.sizes.healing_clips
    for clip in HANDED:
        arms: dict[str, list[Films]] = {}
        for filming in heals(section):
            arms.setdefault(filming.arm.name, []).append(Films(proof.films(healing_name(filming, clip))))
        whole = {arm: films for arm, films in arms.items() if all(each.done >= clips for each in films)}
        if BASE in whole and len(whole) > 1:
            found[clip] = whole
    return found


def healing_table(made: Healed, base: Films, figure: str) -> str:
    """One row a damaged frame and arm: a primary figure of the clip that the frame ends, then of the clips after it.

    ``base``: the films that the frames are of. Of one training an arm the intervals are of films alone.
    """
    later = _later(made)
    heads = " | ".join(f"{clip} after it" for clip in later)
    rows = [
        f"| the base's clip | arm | {PRIMARY[figure]} | {heads} | {later[-1]} after it, less the base's |",
        "|---:|---|---:|" + "---:|" * (len(later) + 1),
    ]
    for clip, arms in made.items():
        handed = base.column(figure, clip)[None].astype(np.float64)
        for arm, films in arms.items():
            count = films[0].figures.shape[0]
            cells = [cell(interval(handed[:, :count]), figure)]
            cells += [cell(interval(_values(films, k, figure)), figure) for k in later]
            less = difference(_values(films, later[-1], figure), _values(arms[BASE], later[-1], figure))
            mark = "" if less.is_sure else " (no difference)"
            cells.append("" if arm == BASE else cell(less, figure, "+") + mark)
            rows.append(f"| {clip} | {arm} | {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def write_healing(made: Healed, base: Films, section: Section, path: Path, storyboards: str) -> None:
    """Writes ``healed: {primary figure: {clip: {arm: [training][film][clip after it]}}}``.

    Beside it stands ``handed: {primary figure: {clip: [film]}}``, of the films of ``base`` whose frames were handed on.
    """
    numbers = {
        figure: {
            str(clip): {arm: [_rounded(each.series(figure)) for each in films] for arm, films in arms.items()}
            for clip, arms in made.items()
        }
        for figure in PRIMARY
    }
    films = len(next(iter(made.values()))[BASE][0].figures)
    handed = {
        figure: {str(clip): _rounded(base.column(figure, clip)[None, :films])[0] for clip in made} for figure in PRIMARY
    }
    how = next(iter(made.values()))[BASE][0].made
    content = {"section": section.name, "look": section.look, "storyboards": storyboards, "made": how}
    content |= {"handed": handed, "healed": numbers}
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic_write(path, json.dumps(content, separators=(",", ":")).encode() + b"\n")


def _rounded(series: Figures) -> list[list[float | None]]:
    return [[None if np.isnan(value) else float(f"{value:.4g}") for value in film] for film in series]


def healing_picture(proof: RegisteredProof, section: Section, made: Healed) -> Image.Image:
    """A damaged frame in, one answer an arm: of the latest handed clip, the film with the median gain of ERFT."""
    clip, arms = max(made.items())
    later, film = _later(made), median_film(arms)
    board, show = proof.boards(section)[film], LOOKS[section.look]
    frame = Films(proof.films(f"{section.name}/{BASE}")).shown[clip][film]
    ends = [show(render_still(board.scripts[clip + k - 1].end)) for k in later]
    rows = {"as it should look": [show(render_still(board.scripts[clip - 1].end)), *ends]}
    rows |= {arm: [frame, *(films[0].last_frames(k)[film] for k in later)] for arm, films in arms.items()}
    title = f"the base's frame after clip {clip}, then {', '.join(map(str, later))} clips later (median film)"
    return stacked([block(title, rows)])


def median_film(arms: dict[str, list[Films]]) -> int:
    """The film with the median gain of ERFT over the control in the last clip."""
    last = arms[ERFT][0].done
    ours, theirs = (_values(arms[arm], last, CHANGED).mean(0) for arm in (ERFT, CONTROL))
    order = np.argsort(ours - theirs, kind="stable")
    return int(order[(len(order) - 1) // 2])


def _later(made: Healed) -> tuple[int, ...]:
    """Those of `SHOWN_AFTER` that were filmed."""
    clips = min(films[0].done for arms in made.values() for films in arms.values())
    return tuple(clip for clip in SHOWN_AFTER if clip <= clips)


def _values(films: list[Films], clip: int, figure: str) -> Values:
    return np.stack([each.column(figure, clip) for each in films]).astype(np.float64)
