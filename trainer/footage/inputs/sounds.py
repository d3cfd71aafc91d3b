"""The sound of each clip: that of its video, or of the sound file beside it, and whether there is anything to hear."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.sound_time import SAMPLE_RATE
from svi_studio.domain.training.footage import ClipSound, FootageClip, Reason
from svi_studio.domain.value import with_fields
from svi_studio.media.sounds.ready_sound import ReadySound
from svi_studio.media.sounds.sound_store import ready_sound
from svi_studio.media.videos.fingerprint import fingerprint
from trainer.footage.videos.video_folder import SOUND_ENDINGS

_SILENT_BELOW = -50.0  # LUFS: what is more quiet is noise of the room
_LACKING = 0.05  # of the clip; the last sound of a video often ends a little before its last picture


def sound_beside(video: Path) -> Path | None:
    """The sound file with the name of the `video` beside it, which counts more than the video's own; None without."""
    found = (video.with_suffix(ending) for ending in SOUND_ENDINGS)
    return next((path for path in found if path.is_file()), None)


def with_sounds(
    clips: Sequence[FootageClip], folder: Path, source: str, should_stop: Callable[[], bool]
) -> list[FootageClip]:
    """The clips of the video `source` below `folder` with their sounds, or left out because nothing is heard.

    Decodes the sound once, in a process of its own, and keeps it ready. Raises Stopped, DiskFull or StudioError.
    """
    video = folder / source
    beside = sound_beside(video)
    try:
        with ready_sound(beside or video, should_stop=should_stop) as sound:
            mark = fingerprint(beside or video)
            place = (beside or video).relative_to(folder).as_posix()
            return [_heard(clip, sound, place, mark) for clip in clips]
    except BadInput as error:
        detail = str(error) if beside else "It has no sound, and no sound file of its name lies beside it."
        return [_left_out(clip, Reason.NO_SOUND, detail) for clip in clips]


def _heard(clip: FootageClip, sound: ReadySound, source: str, mark: str) -> FootageClip:
    if not clip.can_be_used:
        return clip
    first, count = round(clip.start * SAMPLE_RATE), round(clip.seconds * SAMPLE_RATE)
    lacking = first + count - sound.samples
    if lacking >= count:
        return _left_out(clip, Reason.NO_SOUND, "Its sound ends before the clip begins.")
    loudness = sound.loudness(first, count)
    level = -120.0 if loudness is None else round(loudness, 1)
    heard = with_fields(clip, {"sound": ClipSound(source=source, fingerprint=mark, level=level)})
    if lacking > _LACKING * count:
        return _left_out(heard, Reason.SILENT, f"Its sound ends {lacking / SAMPLE_RATE:.1f} seconds before the clip.")
    if level < _SILENT_BELOW:
        return _left_out(heard, Reason.SILENT, "Nothing is heard in it.")
    return heard


def _left_out(clip: FootageClip, reason: Reason, detail: str) -> FootageClip:
    """What was found first stays said, unless the clip cannot be used at all now."""
    final = reason is Reason.NO_SOUND and clip.can_be_used
    return with_fields(clip, {"left_out": reason, "detail": detail[:500]}) if final or not clip.left_out else clip
