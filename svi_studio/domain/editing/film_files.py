"""The files that a film names, and the same film with its files elsewhere."""

from collections.abc import Iterable, Mapping
from typing import Final

from svi_studio.domain.editing.edit_check import checked
from svi_studio.domain.film.clip_loras import all_loras
from svi_studio.domain.film.storyboard import Clip, LoraUse, Storyboard
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.value import with_fields

_FILES_OF_CLIP: Final = ("image", "end_image", "start_video")


def named_pictures(storyboard: Storyboard) -> tuple[str, ...]:
    """Every picture that the film or a clip names, whether a render reads it now or not; each once, in film order."""
    clips = storyboard.clips
    found = [storyboard.reference_image, *(clip.image for clip in clips), *(clip.end_image for clip in clips)]
    return tuple(dict.fromkeys(path for path in found if path is not None))


def named_videos(storyboard: Storyboard) -> tuple[str, ...]:
    """Every video that a clip names to go on from, whether it does now or not; each once, in film order."""
    return tuple(dict.fromkeys(clip.start_video for clip in storyboard.clips if clip.start_video is not None))


def named_loras(storyboard: Storyboard) -> tuple[str, ...]:
    """The files of the film's LoRAs, and of those that single clips have; each once."""
    return tuple(dict.fromkeys(use.file for use in all_loras(storyboard)))


def named_pieces(storyboard: Storyboard, kind: InputKind) -> tuple[str, ...]:
    """The files of the film's track of that kind; each once, in the order of time."""
    pieces = (piece for track in storyboard.tracks if track.kind is kind for piece in track.pieces)
    return tuple(dict.fromkeys(piece.file for piece in pieces))


def named_files(storyboard: Storyboard) -> tuple[str, ...]:
    """``named_pictures``, ``named_videos``, ``named_loras`` and the files of all tracks; each once."""
    pieces = [piece.file for track in storyboard.tracks for piece in track.pieces]
    found = (*named_pictures(storyboard), *named_videos(storyboard), *named_loras(storyboard), *pieces)
    return tuple(dict.fromkeys(found))


def relinked(storyboard: Storyboard, paths: Mapping[str, str]) -> Storyboard:
    """The storyboard with other paths for its files: ``paths`` has the new ones by the old. Raises BadInput.

    Two pictures may become one: the last credit, the last framing and the last figure of it count.
    """

    def other(path: str) -> str:
        return paths.get(path, path)

    credits = [with_fields(credit, {"picture": other(credit.picture)}) for credit in storyboard.credits]
    framings = [with_fields(framing, {"picture": other(framing.picture)}) for framing in storyboard.framings]
    figures = [with_fields(figure, {"picture": other(figure.picture)}) for figure in storyboard.figures]
    tracks = (
        (track, tuple(with_fields(piece, {"file": other(piece.file)}) for piece in track.pieces))
        for track in storyboard.tracks
    )
    return checked(
        storyboard,
        clips=tuple(_relinked_clip(clip, paths) for clip in storyboard.clips),
        loras=_relinked_loras(storyboard.loras, paths),
        reference_image=storyboard.reference_image and other(storyboard.reference_image),
        credits=tuple({credit.picture: credit for credit in credits}.values()),
        framings=tuple({framing.picture: framing for framing in framings}.values()),
        figures=tuple({figure.picture: figure for figure in figures}.values()),
        tracks=tuple(with_fields(track, {"pieces": pieces}) for track, pieces in tracks),
    )


def _relinked_clip(clip: Clip, paths: Mapping[str, str]) -> Clip:
    named = {name: getattr(clip, name) for name in _FILES_OF_CLIP}
    moved = {name: paths[path] for name, path in named.items() if path in paths}
    if any(use.file in paths for use in clip.loras):
        return with_fields(clip, {**moved, "loras": _relinked_loras(clip.loras, paths)})
    return with_fields(clip, moved) if moved else clip


def _relinked_loras(loras: Iterable[LoraUse], paths: Mapping[str, str]) -> tuple[LoraUse, ...]:
    return tuple(with_fields(use, {"file": paths.get(use.file, use.file)}) for use in loras)
