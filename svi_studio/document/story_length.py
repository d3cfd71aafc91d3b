"""How many clips a film needs to be as long as a sound file."""

from pathlib import Path

from svi_studio.domain.errors import BadInput
from svi_studio.domain.family import family_to_show
from svi_studio.domain.story_length import clips_for_seconds
from svi_studio.media.video_reader import sound_seconds


def clips_for_sound(file: Path, family: str, num_frames: int, fps: float) -> int:
    """The clips of a film of that family that lasts as long as ``file``; reads the disk. Raises BadInput."""
    seconds = sound_seconds(file)
    if seconds is None:
        raise BadInput(f'How long "{file.name}" lasts cannot be told: use a WAV, FLAC, MP3 or M4A file.')
    return clips_for_seconds(seconds, num_frames, family_to_show(family), fps)
