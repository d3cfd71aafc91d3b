"""Where the ends of a piece are held: at clips, markers, the playhead, in and out, other pieces, and the sound."""

from collections.abc import Sequence

from svi_studio.document.timeline.scene import Scene
from svi_studio.document.timeline.snapping import Snapped, snap
from svi_studio.domain.film.track import Piece


def ends_of_pieces(scene: Scene, but: Piece | None = None) -> list[int]:
    """The film frames at which the pieces of all tracks begin and end, those of ``but`` left out."""
    pieces = (piece for track in scene.tracks for piece in track.pieces if piece is not but)
    return [end for piece in pieces for end in (piece.start, piece.stop)]


def snapped_end(scene: Scene, frame: int, ends: Sequence[int], marks: Sequence[int] = ()) -> Snapped:
    """The end of a piece that is pulled to film frame ``frame``; ``ends`` are those of other pieces, ``marks`` where
    sentences and beats begin.

    It may lie behind the end of the film: a sound may be longer.
    """
    points = (scene.playhead, scene.in_frame, scene.out_frame)
    others = [point for point in points if point is not None] + [at for at, _marker in scene.markers]
    return snap(frame, scene.scale.pixels_per_frame, scene.layout.edges, [*others, *ends], marks)


def snapped_piece(scene: Scene, start: int, length: int, ends: Sequence[int], marks: Sequence[int] = ()) -> Snapped:
    """Where a piece of ``length`` frames that is carried to ``start`` begins: its nearer end is held."""
    head, tail = (snapped_end(scene, frame, ends, marks) for frame in (start, start + length))
    if tail.guide is None or (head.guide is not None and abs(head.frame - start) <= abs(tail.frame - start - length)):
        return head
    return Snapped(tail.frame - length, tail.guide) if tail.frame >= length else Snapped(start, None)
