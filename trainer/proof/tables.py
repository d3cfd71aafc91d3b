"""The proof's figures as tables: what each arm's films are like, and how they differ from another arm's."""

from collections.abc import Mapping

import numpy as np

from svi_studio.domain.training.confidence import Estimate, estimate
from trainer.evaluation.figures import NAMES
from trainer.proof.arms import BASE, TRUTH
from trainer.proof.films import Filmed

SETTLED = 20
"""By this clip a film has lost the detail that every arm loses on the first ways through the autoencoder."""


def figures_table(films: Mapping[str, Filmed]) -> str:
    """One row an arm and clip: mean and 95 % interval over the films; structure is SSIM, colour, motion levels."""
    heads = ("likeness, dB", "kept of the first", "worst film", "structure", "kept of the first")
    rows = [
        f"| arm | clip | {' | '.join(heads)} | colour | sharpness | contrast | motion |",
        f"|---|{'---:|' * (len(heads) + 5)}",
    ]
    for name, filmed in films.items():
        clips = [0] if name == TRUTH else _clips(filmed)
        rows += [f"| {name} | {clip + 1} | {' | '.join(_cells(filmed, clip))} |" for clip in clips]
    return "\n".join(rows) + "\n"


def pairs_table(films: Mapping[str, Filmed], reference: str) -> str:
    """One row an arm and clip: its likeness less that of ``reference``, film by film.

    The same storyboards and noise are filmed with every arm, so the difference is far surer than the two means.
    """
    rows = [f"| arm | clip | likeness less that of {reference}, dB | films better |", "|---|---:|---:|---:|"]
    for name, filmed in films.items():
        if name in (TRUTH, BASE, reference):
            continue
        for clip in _clips(filmed)[1:]:
            less = gains(filmed, films[reference], clip)
            better = f"{sum(difference > 0 for difference in less)} of {len(less)}"
            rows.append(f"| {name} | {clip + 1} | {_cell(estimate(less), 2, '+')} | {better} |")
    return "\n".join(rows) + "\n"


def gains(films: Filmed, reference: Filmed, clip: int) -> list[float]:
    """The likeness (dB) of clip number ``clip`` (from 0, -1 = the last) less that of ``reference``, film by film."""
    pairs = zip(_column(films, "psnr", clip), _column(reference, "psnr", clip), strict=True)
    return [ours - theirs for ours, theirs in pairs]


def trends_table(films: Mapping[str, Filmed]) -> str:
    """One row an arm: what ten clips do to a film that has settled, by a straight line through its likeness."""
    rows = [f"| arm | likeness gained in ten clips from the {SETTLED}th on, dB |", "|---|---:|"]
    for name, filmed in films.items():
        if name != TRUTH and filmed.figures is not None and filmed.done > SETTLED + 1:
            settled = filmed.figures[:, SETTLED - 1 :, NAMES.index("psnr")].T
            slopes = 10 * np.polyfit(np.arange(len(settled)), settled, 1)[0]
            rows.append(f"| {name} | {_cell(estimate(slopes.tolist()), 2, '+')} |")
    return "\n".join(rows) + "\n" if len(rows) > 2 else ""


def _clips(filmed: Filmed) -> list[int]:
    return sorted({min(clip, filmed.done - 1) for clip in (0, 9, 19, filmed.done - 1)})


def _cells(filmed: Filmed, clip: int) -> list[str]:
    likeness, structure = _column(filmed, "psnr", clip), _column(filmed, "ssim", clip)
    others = (_cell(estimate(_column(filmed, n, clip)), 2) for n in ("colour", "sharpness", "contrast", "motion"))
    return [
        _cell(estimate(likeness), 2),
        _kept(filmed, "psnr", clip),
        f"{min(likeness):.1f}" if likeness else "",
        _cell(estimate(structure), 3),
        _kept(filmed, "ssim", clip),
        *others,
    ]


def _kept(filmed: Filmed, figure: str, clip: int) -> str:
    pairs = zip(_column(filmed, figure, 0), _column(filmed, figure, clip), strict=True)
    share = estimate([now / first for first, now in pairs])
    return f"{share.mean:.1%}" if share else ""


def _cell(value: Estimate | None, digits: int, sign: str = "") -> str:
    return "" if value is None else f"{value.mean:{sign}.{digits}f} ± {(value.high - value.low) / 2:.{digits}f}"


def _column(filmed: Filmed, figure: str, clip: int) -> list[float]:
    assert filmed.figures is not None
    values = filmed.figures[:, clip, NAMES.index(figure)]
    return [float(v) for v in values if not np.isnan(v)]
