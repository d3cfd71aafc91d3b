"""Healing: the base's own last frames are handed to every arm of Shot, and what comes back is measured."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import numpy as np

from svi_studio.disk.atomic import atomic_write
from trainer.paper_theatre.looks import LOOKS
from trainer.paper_theatre.render import render_still
from trainer.proof.registered.bootstrap import difference, interval
from trainer.proof.registered.films import HANDED, Films
from trainer.proof.registered.sections import BASE, CONTROL, ERFT
from trainer.proof.registered.tables import cell
from trainer.proof.registered.work import healing_name, heals
from trainer.proof.sheets import block, stacked

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

    from trainer.proof.registered.bootstrap import Values
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


def healing_table(made: Healed, handed: dict[int, Values]) -> str:
    """One row a damaged frame and arm: likeness (dB) of the clip that the frame ends, then of the clips after it.

    ``handed``: by clip, what the base's films had there, [1, films].
    """
    later = _later(made)
    heads = " | ".join(f"{clip} after it" for clip in later)
    rows = [
        f"| the base's clip | arm | its likeness, dB | {heads} | {later[-1]} after it, less the base's |",
        "|---:|---|---:|" + "---:|" * (len(later) + 1),
    ]
    for clip, arms in made.items():
        for arm, films in arms.items():
            count = films[0].figures.shape[0]
            cells = [cell(interval(handed[clip][:, :count]), "psnr")]
            cells += [cell(interval(_likeness(films, k)), "psnr") for k in later]
            less = difference(_likeness(films, later[-1]), _likeness(arms[BASE], later[-1]))
            mark = "" if less.is_sure else " (no difference)"
            cells.append("" if arm == BASE else cell(less, "psnr", "+") + mark)
            rows.append(f"| {clip} | {arm} | {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def write_healing(made: Healed, section: Section, path: Path) -> None:
    """Writes ``healed: {clip: {arm: [training][film][clip after it]}}``, likeness in dB."""
    numbers = {
        str(clip): {
            arm: [[[round(float(v), 4) for v in film] for film in each.series("psnr")] for each in films]
            for arm, films in arms.items()
        }
        for clip, arms in made.items()
    }
    content = {"section": section.name, "look": section.look, "healed": numbers}
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic_write(path, json.dumps(content, separators=(",", ":")).encode() + b"\n")


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
    ours, theirs = (_likeness(arms[arm], last).mean(0) for arm in (ERFT, CONTROL))
    order = np.argsort(ours - theirs, kind="stable")
    return int(order[(len(order) - 1) // 2])


def _later(made: Healed) -> tuple[int, ...]:
    """Those of `SHOWN_AFTER` that were filmed."""
    clips = min(films[0].done for arms in made.values() for films in arms.values())
    return tuple(clip for clip in SHOWN_AFTER if clip <= clips)


def _likeness(films: list[Films], clip: int) -> Values:
    return np.stack([each.column("psnr", clip) for each in films]).astype(np.float64)
