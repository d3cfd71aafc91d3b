"""The files that a film names, and the same film with its files elsewhere."""

from collections.abc import Mapping

from svi_studio.domain.editing.edit_check import checked
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.value import with_fields


def named_pictures(storyboard: Storyboard) -> tuple[str, ...]:
    """Every picture that the film or a clip names, whether a render reads it now or not; each once, in film order."""
    found = [storyboard.reference_image, *(clip.image for clip in storyboard.clips)]
    return tuple(dict.fromkeys(path for path in found if path is not None))


def named_pieces(storyboard: Storyboard, kind: InputKind) -> tuple[str, ...]:
    """The files of the film's track of that kind; each once, in the order of time."""
    pieces = (piece for track in storyboard.tracks if track.kind is kind for piece in track.pieces)
    return tuple(dict.fromkeys(piece.file for piece in pieces))


def named_files(storyboard: Storyboard) -> tuple[str, ...]:
    """``named_pictures``, LoRAs and the files of all tracks; each once."""
    loras = [use.file for use in storyboard.loras]
    pieces = [piece.file for track in storyboard.tracks for piece in track.pieces]
    return tuple(dict.fromkeys([*named_pictures(storyboard), *loras, *pieces]))


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
        clips=tuple(with_fields(clip, {"image": clip.image and other(clip.image)}) for clip in storyboard.clips),
        loras=tuple(with_fields(use, {"file": other(use.file)}) for use in storyboard.loras),
        reference_image=storyboard.reference_image and other(storyboard.reference_image),
        credits=tuple({credit.picture: credit for credit in credits}.values()),
        framings=tuple({framing.picture: framing for framing in framings}.values()),
        figures=tuple({figure.picture: figure for figure in figures}.values()),
        tracks=tuple(with_fields(track, {"pieces": pieces}) for track, pieces in tracks),
    )
