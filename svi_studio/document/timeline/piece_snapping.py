"""Where the ends of a piece are held: at clips, markers, the playhead, in and out, and the ends of other pieces."""

from collections.abc import Iterable, Sequence

from svi_studio.document.timeline.scene import Scene
from svi_studio.document.timeline.snapping import Snapped, snap


def snapped_end(scene: Scene, frame: int, taken_out: tuple[int, int] | None = None) -> Snapped:
    """The end of a piece that is pulled to film frame ``frame``.

    ``taken_out``: start and stop of the piece in hand, at which it is not held. Sounds may go on after the film.
    """
    return snap(frame, scene.scale.pixels_per_frame, scene.layout.edges, _others(scene, taken_out))


def snapped_piece(scene: Scene, start: int, length: int, taken_out: tuple[int, int] | None = None) -> Snapped:
    """Where a piece of ``length`` frames that is carried to ``start`` begins: its nearer end is held."""
    head = snapped_end(scene, start, taken_out)
    tail = snapped_end(scene, start + length, taken_out)
    if tail.guide is None or (head.guide is not None and abs(head.frame - start) <= abs(tail.frame - start - length)):
        return head
    return Snapped(tail.frame - length, tail.guide) if tail.frame >= length else Snapped(start, None)


def _others(scene: Scene, taken_out: tuple[int, int] | None) -> Iterable[int]:
    ends: Sequence[int | None] = (scene.playhead, scene.in_frame, scene.out_frame)
    yield from (frame for frame in ends if frame is not None)
    yield from (frame for frame, _place in scene.markers)
    for track in scene.tracks:
        for piece in track.pieces:
            if (piece.start, piece.stop) != taken_out:
                yield from (piece.start, piece.stop)
