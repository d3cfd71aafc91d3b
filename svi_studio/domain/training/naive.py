"""Naive films: nothing new happens in them, and yet measures of steadiness like them best (paper, table 5)."""

from collections.abc import Mapping
from typing import Final

from svi_studio.domain.training.drift import BASE, CONTROL, FIGURES, LORA, DriftArm, DriftReport, Figure, curve

COPIES: Final = "copied-clip"
TO_AND_FRO: Final = "to-and-fro"
PICTURE: Final = "picture-alone"
NAIVE: Final = (COPIES, TO_AND_FRO, PICTURE)
"""Their arms: the first clip of the model alone again and again, forwards and backwards in turn, and no clip at all but
the reference picture."""

NAIVE_NAMES: Final[Mapping[str, str]] = {
    COPIES: "the first clip copied",
    TO_AND_FRO: "the first clip to and fro",
    PICTURE: "the picture alone",
}

_HONEST: Final = (BASE, LORA, CONTROL)
_FOOLED: Final = ("similarity", "colour", "sharpness", "contrast")


def fooled(report: DriftReport) -> tuple[tuple[Figure, ...], tuple[str, ...]]:
    """The measures of which a naive film has a better mean at the last clip than any other film, and those films.

    Both are empty without naive films.
    """
    honest = [arm for name in _HONEST if (arm := report.arm(name)) is not None]
    naive = [arm for name in NAIVE if (arm := report.arm(name)) is not None]
    figures: list[Figure] = []
    winners: set[str] = set()
    for figure in (each for each in FIGURES if each.name in _FOOLED):
        ours = [score for arm in honest if (score := _score(arm, figure)) is not None]
        ahead = [arm.name for arm in naive if ours and (own := _score(arm, figure)) is not None and own > max(ours)]
        if ahead:
            figures.append(figure)
            winners.update(ahead)
    return tuple(figures), tuple(name for name in NAIVE if name in winners)


def naive_sentence(report: DriftReport) -> str | None:
    """One sentence where naive films come out ahead; None where they do not, or where there are none."""
    figures, films = fooled(report)
    if not figures:
        return None
    measures = ", ".join(figure.title.lower() for figure in figures)
    names = ", ".join(NAIVE_NAMES[name] for name in films)
    return (
        f"Naive films come out ahead in {measures} ({names}), though nothing new happens in them: "
        "read these measures together with motion."
    )


def _score(arm: DriftArm, figure: Figure) -> float | None:
    """The mean at the arm's last clip, the larger the better."""
    values = curve(arm, figure.name)
    if not values or values[-1] is None:
        return None
    return values[-1].mean if figure.ideal is None else -abs(values[-1].mean - figure.ideal)
