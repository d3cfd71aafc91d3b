"""Films that no measure must be fooled by: copies of a clip, to and fro, and the picture alone (paper, table 5)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from svi_studio.domain.training.drift import TestFilm
from svi_studio.domain.training.naive import COPIES, NAIVE, PICTURE, TO_AND_FRO
from svi_studio.media.video_reader import stream_frames
from trainer.evaluation.film_measure import FilmMeasure

if TYPE_CHECKING:
    from svi_studio.domain.pictures.picture_look import Size
    from svi_studio.domain.training.drift import ClipFigures
    from svi_studio.media.frames import Frames
    from trainer.evaluation.boards import AnchoredBoard
    from trainer.evaluation.filming import Filming

_THUMB = 320  # pixels, the longer side of the small pictures
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


@dataclass(frozen=True)
class NaiveFilm:
    """One naive film: its figures, and its last frames ``[h, w, 3]``, small.

    It has no ``pieces`` to watch: nothing happens in it, and beside the others it would make films too wide to play.
    """

    film: TestFilm
    shown: tuple[Frames, ...]
    pieces: tuple[Path, ...] = ()
    broke_off: str | None = None

    def pictures(self) -> list[Frames]:
        """The last frame of every clip."""
        return list(self.shown)


def naive_films(
    boards: Sequence[AnchoredBoard], base: Sequence[Filming], clips: int, size: Size
) -> dict[str, list[NaiveFilm]]:
    """The naive films of ``clips`` clips of every board, from the first clip of the model alone as it was kept.

    ``base`` are the films of the model alone, ``size`` is width and height. Raises StudioError when one cannot be read.
    """
    made: dict[str, list[NaiveFilm]] = {name: [] for name in NAIVE}
    for board, filming in zip(boards, base, strict=True):
        there = filming.pieces[:1]
        first = _read(there[0], size) if there and there[0].is_file() else None
        for name, films in made.items():
            films.append(_film(name, board, first, filming.film.clips[:1], clips))
    return made


def _film(
    name: str, anchored: AnchoredBoard, first: Frames | None, known: Sequence[ClipFigures], clips: int
) -> NaiveFilm:
    """Without a first clip, of a film that broke off at once or of an earlier version, an empty one.

    ``known`` are the figures of the first clip before it was compressed. They are means over its frames, so that they
    hold for every copy of it, played either way.
    """
    exact = {} if name == PICTURE else {key: value for each in known for key, value in each.items()}
    figures: list[dict[str, float]] = []
    shown: list[Frames] = []
    measure = FilmMeasure(anchored.anchor, 1)
    for number in range(0 if first is None else clips):
        if first is not None and number < _DIFFERENT:
            frames = naive_clip(name, first, number + 1, anchored.anchor)
            figures.append(measure.add(frames) | exact)
            shown.append(_small(frames[-1]))
        else:
            figures.append(figures[-2])
            shown.append(shown[-2])
    start = hashlib.sha256(anchored.anchor.tobytes()).hexdigest()[:12]
    return NaiveFilm(TestFilm(name=anchored.board.name, clips=tuple(figures), start=start), tuple(shown))


def _read(piece: Path, size: Size) -> Frames:
    width, height = size
    return np.concatenate([batch[:, :height, :width] for batch in stream_frames(piece)])


def _small(frame: Frames) -> Frames:
    picture = Image.fromarray(frame)
    picture.thumbnail((_THUMB, _THUMB))
    return np.asarray(picture)
