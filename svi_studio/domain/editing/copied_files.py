"""The files that clips bring along when they come from another film: their pictures, and all others."""

from collections.abc import Iterable, Mapping, Sequence

from svi_studio.domain.film.storyboard import Clip
from svi_studio.domain.value import with_fields


def pictures_of(clips: Sequence[Clip]) -> tuple[str, ...]:
    """The pictures that the clips start from and end on; each once."""
    return _each_once([*(clip.image for clip in clips), *(clip.end_image for clip in clips)])


def others_of(clips: Sequence[Clip]) -> tuple[str, ...]:
    """The videos that the clips go on from, and the LoRAs that they have of their own; each once."""
    videos = (clip.start_video for clip in clips)
    return _each_once([*videos, *(use.file for clip in clips for use in clip.loras)])


def with_files(clips: Sequence[Clip], names: Mapping[str, str]) -> tuple[Clip, ...]:
    """The clips with other paths for their files; a file without one is left out."""
    return tuple(_with_files(clip, names) for clip in clips)


def _with_files(clip: Clip, names: Mapping[str, str]) -> Clip:
    files = {name: names.get(getattr(clip, name) or "") for name in ("image", "end_image", "start_video")}
    loras = tuple(with_fields(use, {"file": names[use.file]}) for use in clip.loras if use.file in names)
    return with_fields(clip, {**files, "loras": loras})


def _each_once(paths: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(path for path in paths if path is not None))
