"""A seed of its own for each of several clips, in one edit."""

from collections.abc import Mapping

from svi_studio.domain.editing.edit_check import unlocked, with_clips
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.value import MAX_SEED


def reseed_clips(storyboard: Storyboard, seeds: Mapping[str, int]) -> Storyboard:
    """Each clip in ``seeds`` has that seed and follows its settings again.

    Raises BadInput when a clip is locked or not there, or a seed is out of bounds.
    """
    if any(not 0 <= seed <= MAX_SEED for seed in seeds.values()):
        raise BadInput(f"A seed is a number from 0 to {MAX_SEED}: choose another one.")
    clips = storyboard.clips
    places = unlocked(storyboard, seeds)
    changes = {place: {**clips[place].__dict__, "seed": seeds[clips[place].id], "take": None} for place in places}
    return with_clips(storyboard, changes)
