"""The seed that a clip is rendered with: its own, or the one that follows from its place in the film."""

from svi_studio.domain.film.family import FAMILIES
from svi_studio.domain.film.storyboard import Storyboard


def effective_seed(storyboard: Storyboard, index: int) -> int | None:
    """The seed of the clip at ``index``; None in a family of another version."""
    own, step = storyboard.clips[index].seed, seed_step(storyboard)
    return own if own is not None or step is None else storyboard.seed + index * step


def seed_step(storyboard: Storyboard) -> int | None:
    """By how much the seeds of neighbours differ; None in a family of another version."""
    profile = FAMILIES.get(storyboard.family)
    return None if profile is None else profile.seed_times
