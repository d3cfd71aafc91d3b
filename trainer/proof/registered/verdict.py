"""What may be said of one arm against another, by the rules that were written down: the heading of a section."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from trainer.proof.registered.intervals import difference
from trainer.proof.registered.measures import CHANGED, FOLLOWED
from trainer.proof.registered.sections import BASE
from trainer.proof.registered.tables import PRIMARY, values

if TYPE_CHECKING:
    from trainer.proof.registered.report import Arms
    from trainer.proof.registered.sections import Section

STILL: Final = 0.5
"""Share of the motion that the model alone follows in its first clip: an arm below it is called better in nothing."""

NEARER, FURTHER = "nearer to the truth", "further from it"
MIXED, NONE, TOO_STILL = "mixed", "no difference", "too still"


def verdict(arms: Arms, arm: str, reference: str, clip: int) -> str:
    """Nearer or further where the likeness where it changes surely is, and no other primary measure says otherwise."""
    sure = {}
    for figure in PRIMARY:
        found = difference(values(arms, arm, figure, clip), values(arms, reference, figure, clip))
        sure[figure] = int(np.sign(found.mean)) if found.is_sure else 0
    signs = {sign for sign in sure.values() if sign}
    if len(signs) > 1:
        return MIXED
    if not sure[CHANGED]:
        return NONE if not signs else f"{NONE} where it changes"
    if signs == {-1}:
        return FURTHER
    return TOO_STILL if is_still(arms, arm, clip) else NEARER


def is_still(arms: Arms, arm: str, clip: int) -> bool:
    """Whether the films of an arm follow the truth's motion less than `STILL` of what the base's did at first."""
    return _followed(arms, arm, clip) < STILL * _followed(arms, BASE, 1)


def heading(section: Section, arms: Arms) -> str:
    """The title of a section with what was found: of the arm in question, against its control and against the base."""
    arm, control = section.main
    against = [reference for reference in dict.fromkeys((control, BASE)) if reference in arms and reference != arm]
    if arm not in arms or not against:
        return section.title
    found = "; ".join(f"{verdict(arms, arm, each, section.clips)} ({arm} less {each})" for each in against)
    return f"{section.title}: {found}"


def _followed(arms: Arms, arm: str, clip: int) -> float:
    return float(np.nanmean(values(arms, arm, FOLLOWED, clip)))
