"""The tables of the page, the same for every section: where films end, what they lost, and arm against arm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from svi_studio.domain.training.naive import NAIVE
from trainer.proof.registered.bootstrap import Interval, difference, interval
from trainer.proof.registered.sections import BASE, CONTROL

if TYPE_CHECKING:
    from trainer.proof.registered.bootstrap import Values
    from trainer.proof.registered.report import Arms

PRIMARY: Final = ("psnr", "ssim")
"""Likeness to the truth in dB, and structure."""

_DIGITS: Final = {"psnr": 2, "ssim": 3}
_SECONDARY: Final = ("subject", "own_colour", "scene", "colour", "sharpness", "contrast", "motion")
_REFERENCES: Final = (CONTROL, BASE)


def values(arms: Arms, arm: str, figure: str, clip: int) -> Values:
    """``[trainings, films]`` of one figure in clip ``clip``, from 1."""
    return np.stack([films.column(figure, clip) for films in arms[arm]]).astype(np.float64)


def ends_table(arms: Arms, clips: int) -> str:
    """One row an arm: both primary measures in the first and the last clip, and what was lost between."""
    heads = " | ".join(f"{name}: clip 1 | clip {clips} | lost" for name in ("likeness, dB", "structure"))
    rows = [f"| arm | trainings | {heads} |", f"|---|---:|{'---:|' * 6}"]
    for arm, made in arms.items():
        cells = []
        for figure in PRIMARY:
            first, last = (values(arms, arm, figure, clip) for clip in (1, clips))
            cells += [cell(interval(each), figure) for each in (first, last, first - last)]
        rows.append(f"| {arm} | {len(made)} | {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def differences_table(arms: Arms, clips: int) -> str:
    """One row a pair of arms: the difference in the last clip, with its interval and how many films are better."""
    rows = [f"| clip {clips} | likeness, dB | structure | films nearer |", "|---|---:|---:|---:|"]
    for reference in _REFERENCES:
        for arm in arms:
            if reference not in arms or arm in (reference, BASE, *NAIVE):
                continue
            found = [_difference(arms, arm, reference, figure, clips) for figure in PRIMARY]
            rows.append(f"| {arm} less {reference} | {' | '.join(found)} | {_better(arms, arm, reference, clips)} |")
    return "\n".join(rows) + "\n"


def secondary_table(arms: Arms, clips: int) -> str:
    """One row an arm: what the last clip shows. Shares of films for what is recognised, means for the rest."""
    rows = [f"| clip {clips} | {' | '.join(_SECONDARY)} |", f"|---|{'---:|' * len(_SECONDARY)}"]
    for arm in arms:
        means = (np.nanmean(values(arms, arm, figure, clips)) for figure in _SECONDARY)
        rows.append(f"| {arm} | {' | '.join(f'{mean:.2f}' for mean in means)} |")
    return "\n".join(rows) + "\n"


def gains(arms: Arms, arm: str, reference: str, clip: int) -> Values:
    """By film, the mean over trainings of its likeness with ``arm`` less that with ``reference``."""
    return values(arms, arm, "psnr", clip).mean(0) - values(arms, reference, "psnr", clip).mean(0)


def _difference(arms: Arms, arm: str, reference: str, figure: str, clip: int) -> str:
    found = difference(values(arms, arm, figure, clip), values(arms, reference, figure, clip))
    mark = "" if found.is_sure else " (no difference)"
    return f"{cell(found, figure, '+')}{mark}"


def _better(arms: Arms, arm: str, reference: str, clip: int) -> str:
    less = gains(arms, arm, reference, clip)
    return f"{int((less > 0).sum())} of {len(less)}"


def cell(found: Interval, figure: str, sign: str = "") -> str:
    """A mean and its interval, in as many digits as the figure deserves."""
    digits = _DIGITS[figure]
    return f"{found.mean:{sign}.{digits}f} [{found.low:{sign}.{digits}f}, {found.high:{sign}.{digits}f}]"
