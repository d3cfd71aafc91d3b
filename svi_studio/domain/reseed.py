"""A seed of its own for each of several clips, in one edit."""

from collections.abc import Mapping

from svi_studio.domain.edit_check import checked, unlocked
from svi_studio.domain.storyboard import Clip, Storyboard


def reseed_clips(storyboard: Storyboard, seeds: Mapping[str, int]) -> Storyboard:
    """Each clip in ``seeds`` has that seed and follows its settings again.

    Raises BadInput when a clip is locked or not there; ValidationError on a seed out of bounds.
    """
    clips = list(storyboard.clips)
    for index in unlocked(storyboard, seeds):
        clip = clips[index]
        clips[index] = Clip(**(dict(clip) | {"seed": seeds[clip.id], "take": None}))
    return checked(storyboard, clips=tuple(clips)) if seeds else storyboard
