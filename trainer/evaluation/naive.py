"""Films that no measure must be fooled by: copies of a clip, to and fro, and the picture alone (paper, table 5)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from svi_studio.domain.training.drift import ClipFigures, DriftArm, TestFilm
from svi_studio.domain.training.naive import COPIES, NAIVE, PICTURE, TO_AND_FRO
from svi_studio.media.video_reader import stream_frames
from trainer.evaluation.film_measure import FilmMeasure

if TYPE_CHECKING:
    from svi_studio.domain.pictures.picture_look import Size
    from svi_studio.media.frames import Frames
    from trainer.evaluation.boards import AnchoredBoard
    from trainer.evaluation.filming import Filming

_DIFFERENT = 3  # clips; from the fourth on, each is what the one two before it was


def naive_clip(name: str, first: Frames, clip: int, picture: Frames) -> Frames:
    """Clip ``clip``, from 1, of the naive film ``name``, shaped like ``first``: its first clip, ``[..., N, H, W, 3]``.

    ``picture [..., 1, H, W, 3]`` is the reference picture.
    """
    if name == COPIES:
        return first
    if name == TO_AND_FRO:
        return first if clip % 2 else np.ascontiguousarray(first[..., ::-1, :, :, :])
    return np.ascontiguousarray(np.broadcast_to(picture, first.shape))


def naive_arms(
    boards: Sequence[AnchoredBoard], base: Sequence[Filming], clips: int, size: Size
) -> tuple[DriftArm, ...]:
    """The figures of the naive films of ``clips`` clips of every board, from the first clip of the model alone.

    ``base`` are the films of the model alone, ``size`` is width and height. There is nothing to watch of them. Raises
    StudioError when a clip cannot be read.
    """
    made: dict[str, list[TestFilm]] = {name: [] for name in NAIVE}
    for board, filming in zip(boards, base, strict=True):
        there = filming.pieces[:1]
        first = _read(there[0], size) if there and there[0].is_file() else None
        for name, films in made.items():
            films.append(_film(name, board, first, filming.film.clips[:1], clips))
    return tuple(DriftArm(name=name, films=tuple(films)) for name, films in made.items())


def _film(
    name: str, anchored: AnchoredBoard, first: Frames | None, known: Sequence[ClipFigures], clips: int
) -> TestFilm:
    """Without a first clip, of a film that broke off at once or of an earlier version, an empty one.

    ``known`` are the figures of the first clip before it was compressed. They are means over its frames, so that they
    hold for every copy of it, played either way.
    """
    exact = {} if name == PICTURE else {key: value for each in known for key, value in each.items()}
    figures: list[ClipFigures] = []
    measure = FilmMeasure(anchored.anchor, 1)
    for number in range(0 if first is None else clips):
        if first is not None and number < _DIFFERENT:
            figures.append(measure.add(naive_clip(name, first, number + 1, anchored.anchor)) | exact)
        else:
            figures.append(figures[-2])
    start = hashlib.sha256(anchored.anchor.tobytes()).hexdigest()[:12]
    return TestFilm(name=anchored.board.name, clips=tuple(figures), start=start)


def _read(piece: Path, size: Size) -> Frames:
    """The frames of a kept clip without what its encoder added at the edges."""
    width, height = size
    return np.concatenate([batch[:, :height, :width] for batch in stream_frames(piece)])
