"""Edits of where the people in a film's pictures have their joints."""

from svi_studio.domain.editing.edit_check import checked
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.poses.figure import MOST_FIGURES, Figure


def with_figure(storyboard: Storyboard, figure: Figure) -> Storyboard:
    """The film knows the person in that picture so, instead of as before; beyond 1000 it forgets the oldest one."""
    others = tuple(each for each in storyboard.figures if each.picture != figure.picture)
    return checked(storyboard, figures=(*others, figure)[-MOST_FIGURES:])
