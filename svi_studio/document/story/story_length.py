"""How many clips a film needs to be as long as a sound file."""

from pathlib import Path

from svi_studio.domain.film.family import family_to_show
from svi_studio.domain.story.length import clips_for_seconds
from svi_studio.media.sound import sound_seconds


def clips_for_sound(file: Path, family: str, num_frames: int, fps: float) -> int:
    """The clips of a film of that family that lasts as long as ``file``; reads the disk. Raises BadInput."""
    return clips_for_seconds(sound_seconds(file), num_frames, family_to_show(family), fps)
