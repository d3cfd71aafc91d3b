"""The tables of the page, the same for every section: where films end, what they lost, and arm against arm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from trainer.proof.registered.filming import BESIDE
from trainer.proof.registered.films import MEASURED
from trainer.proof.registered.identity import IDENTITY
from trainer.proof.registered.intervals import Interval, difference, interval
from trainer.proof.registered.measures import CHANGED, FOLLOWED, MOTION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from trainer.proof.registered.intervals import Values
    from trainer.proof.registered.report import Arms
    from trainer.proof.registered.sections import Section

PRIMARY: Final = {CHANGED: "likeness where it changes, dB", "psnr": "likeness, dB", "ssim": "structure"}
"""The primary measures and their names; the first is the one that the start picture cannot win."""

SECONDARY: Final = {
    **dict(zip(IDENTITY, ("subject", "own colour", "scene"), strict=True)),
    FOLLOWED: "motion followed",
    MOTION: "motion",
    "colour": "colour off, levels",
    "sharpness": "sharpness",
    "contrast": "contrast",
}
_DIGITS: Final = {CHANGED: 2, "psnr": 2, "ssim": 3, FOLLOWED: 2}


def values(arms: Arms, arm: str, figure: str, clip: int) -> Values:
    """``[trainings, films]`` of one figure in clip ``clip``, from 1."""
    return np.stack([films.column(figure, clip) for films in arms[arm]]).astype(np.float64)


def lost(arms: Arms, arm: str, figure: str, clip: int) -> Values:
    """``[trainings, films]`` of what is lost of a figure from the first clip to that one."""
    return values(arms, arm, figure, 1) - values(arms, arm, figure, clip)


def ends_table(arms: Arms, clips: int) -> str:
    """One row an arm: every primary measure in the first and the last clip, and what was lost between."""
    heads = " | ".join(f"{name}: clip 1 | clip {clips} | lost" for name in PRIMARY.values())
    rows = [f"| arm | trainings | {heads} |", f"|---|---:|{'---:|' * (3 * len(PRIMARY))}"]
    for arm, made in arms.items():
        cells = []
        for figure in PRIMARY:
            first, last = (values(arms, arm, figure, clip) for clip in (1, clips))
            cells += [cell(interval(each), figure) for each in (first, last, lost(arms, arm, figure, clips))]
        rows.append(f"| {arm} | {len(made)} | {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def pairs(section: Section, arms: Arms) -> Iterator[tuple[str, str]]:
    """Each arm with each reference that the section has after it; films beside are compared with nothing."""
    for number, reference in enumerate(section.references):
        for arm in arms if reference in arms else ():
            if arm not in (*section.references[number:], *BESIDE):
                yield arm, reference


def differences_table(section: Section, arms: Arms) -> str:
    """One row a pair of arms: each primary measure in the last clip and its loss, and how many films are better."""
    clips = section.clips
    heads = " | ".join(f"{name}: clip {clips} | lost" for name in PRIMARY.values())
    rows = [f"| less | {heads} | films nearer |", f"|---|{'---:|' * (2 * len(PRIMARY) + 1)}"]
    for arm, reference in pairs(section, arms):
        cells = []
        for figure in PRIMARY:
            for of in (values, lost):
                found = difference(of(arms, arm, figure, clips), of(arms, reference, figure, clips))
                cells.append(cell(found, figure, "+") + ("" if found.is_sure else " (no difference)"))
        rows.append(f"| {arm} less {reference} | {' | '.join(cells)} | {_better(arms, arm, reference, clips)} |")
    return "\n".join(rows) + "\n"


def secondary_table(arms: Arms, clips: int) -> str:
    """One row a clip and arm: shares of films for what is recognised, means for the rest."""
    rows = [f"| clip | arm | {' | '.join(SECONDARY.values())} |", f"|---:|---|{'---:|' * len(SECONDARY)}"]
    for clip in sorted({clip for clip in MEASURED if clip < clips} | {clips}):
        for arm in arms:
            means = (_mean(values(arms, arm, figure, clip)) for figure in SECONDARY)
            rows.append(f"| {clip} | {arm} | {' | '.join(means)} |")
    return "\n".join(rows) + "\n"


def gains(arms: Arms, arm: str, reference: str, clip: int) -> Values:
    """By film, the mean over trainings of its likeness where it changes with ``arm``, less that with ``reference``."""
    return values(arms, arm, CHANGED, clip).mean(0) - values(arms, reference, CHANGED, clip).mean(0)


def _mean(found: Values) -> str:
    return "" if np.isnan(found).all() else f"{np.nanmean(found):.2f}"


def _better(arms: Arms, arm: str, reference: str, clip: int) -> str:
    less = gains(arms, arm, reference, clip)
    less = less[~np.isnan(less)]
    return f"{int((less > 0).sum())} of {len(less)}"


def cell(found: Interval, figure: str, sign: str = "") -> str:
    """A mean and its interval, in as many digits as the figure deserves; empty where the figure does not apply."""
    if np.isnan(found.mean):
        return ""
    digits = _DIGITS[figure]
    return f"{found.mean:{sign}.{digits}f} [{found.low:{sign}.{digits}f}, {found.high:{sign}.{digits}f}]"
