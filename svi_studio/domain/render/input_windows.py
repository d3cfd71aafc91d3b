"""What of a film's tracks each clip is made from: its window of every kind that the film's family needs."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from svi_studio.domain.film.advance import AuthorsCount, Run, runs_in_film_time
from svi_studio.domain.film.film_time import FilmTime, storyboard_time
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.track import InputKind, Piece, Track
from svi_studio.domain.film.track_rate import at_rate
from svi_studio.domain.takes.job import ClipInput
from svi_studio.domain.value import all_of_fields

_UNHASHED = "0" * 64


class InputWindows:
    """The windows of one film, in which every frame of a clip's take counts, those too that the film does not show.

    Gain and fades are for the ears: the model hears each sound as loud as the others, so they are left out, and pieces
    that differ in nothing else are one. A clip that begins in a gap of the skeletons begins with the pose before it.
    """

    def __init__(self, board: Storyboard, num_frames: int, fps: float | None, hashes: Mapping[str, str]) -> None:
        """``fps`` is the model's, None = the family's; ``hashes`` has the SHA-256 of the tracks' files."""
        self._board = board
        self._num_frames = num_frames
        self._hashes = hashes
        tracks = sorted(board.needed_tracks, key=lambda track: track.kind)
        self._time = storyboard_time(board, num_frames, fps) if tracks else None
        rate = self._time.fps if self._time is not None else 0
        self._tracks = [_for_the_model(at_rate(track, rate)) for track in tracks]

    def of(self, index: int) -> tuple[ClipInput, ...]:
        """The parts of files under the clip at ``index``, in the order of kinds and of time."""
        if self._time is None:
            return ()
        pairs = ((track, self._runs(track, self._time, index)) for track in self._tracks if track.pieces)
        contents = (each for track, runs in pairs for each in self._inputs(track, runs))
        return tuple(all_of_fields(ClipInput, contents))

    def has(self, kind: InputKind) -> bool:
        """Whether there is anything of that kind under the film."""
        return any(track.kind is kind and track.pieces for track in self._tracks)

    def _runs(self, track: Track, time: FilmTime, index: int) -> tuple[Run, ...]:
        board = self._board
        if board.advance == "film":
            shown = time.clips[index]
            return runs_in_film_time(track.kind, shown.start - shown.first, self._num_frames)
        count = AuthorsCount(time, self._num_frames, board.profile_to_show.num_motion_frames)
        return count.runs(track.kind, board.chain_start(index), index, track.pieces[-1].stop)

    def _inputs(self, track: Track, runs: Iterable[Run]) -> Iterator[dict[str, Any]]:
        for run in runs:
            pieces = track.under(run.first, run.first + run.frames)
            if pieces and pieces[0].start > run.first and track.kind is InputKind.SKELETON:
                yield from (self._input(track, held, run.at) for held in track.last_frame_before(run.first))
            yield from (self._input(track, piece, run.at + piece.start - run.first) for piece in pieces)

    def _input(self, track: Track, piece: Piece, at: int) -> dict[str, Any]:
        return {
            "kind": track.kind,
            "file": piece.file,
            "sha256": self._hashes.get(piece.file, _UNHASHED),
            "first_frame": piece.offset,
            "num_frames": piece.length,
            "at": at,
            "fps": self._time.fps if self._time is not None else 0,
            "gain": 1.0,
        }


def _for_the_model(track: Track) -> Track:
    plain = all_of_fields(
        Piece, ({**piece.__dict__, "gain": 1.0, "fade_in": 0, "fade_out": 0} for piece in track.pieces)
    )
    return track.model_copy(update={"pieces": tuple(plain)})
