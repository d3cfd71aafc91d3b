"""What a sound looks like at any zoom: the least, the greatest and the mean power of its samples, block by block."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from svi_studio.media.sounds.stereo import Samples

BLOCK: Final = 256
"""Samples of a block of the finest level; each block of the next level is as long as ``STEP`` of the one before."""
STEP: Final = 4
LEVELS: Final = 5  # blocks of 256 to 65,536 samples
LARGEST: Final = BLOCK * STEP ** (LEVELS - 1)
FULL: Final = 32_767

Rows = NDArray[np.int16]
"""One level, ``[3, 2, blocks]``: least, greatest, root of the mean square; left, right; in parts of ``FULL``."""


class Columns(NamedTuple):
    """The least and greatest sample of each column and the root of their mean square, float32 ``[2, columns]``."""

    min: Samples
    max: Samples
    rms: Samples


class PeakBuilder:
    """Collects the peaks of a sound that comes in pieces of ``LARGEST`` samples, the last one shorter."""

    def __init__(self, scale: float) -> None:
        """``scale``: what counts as ``FULL``."""
        self._scale = scale
        self._levels: list[list[Rows]] = [[] for _ in range(LEVELS)]

    def take(self, sound: Samples) -> None:
        """Adds samples ``[n, 2]``, n = ``LARGEST`` but at the end."""
        blocks = -(-len(sound) // BLOCK)
        padded = np.zeros((2, blocks * BLOCK), np.float32)
        padded[:, : len(sound)] = sound.T
        if len(sound) % BLOCK:
            padded[:, len(sound) :] = sound[-1][:, None]  # the last block is no nearer to silence than its samples are
        cut = padded.reshape(2, blocks, BLOCK)  # channel by channel: reduced along its last axis, ten times as quick
        low, high = cut.min(2), cut.max(2)
        power = np.einsum("cbs,cbs->cb", cut, cut) / BLOCK
        for level in self._levels:
            level.append(_rows(low, high, np.sqrt(power), self._scale))
            low, high, power = (
                _coarser(low, np.minimum.reduce),
                _coarser(high, np.maximum.reduce),
                _coarser(power, np.mean),
            )

    def levels(self) -> list[Rows]:
        """All levels, the finest first."""
        none = np.zeros((3, 2, 0), np.int16)
        return [np.concatenate(level, axis=2) if level else none for level in self._levels]


def level_blocks(samples: int) -> list[int]:
    """How many blocks each level of a sound of so many samples has."""
    whole, rest = divmod(samples, LARGEST)
    return [whole * (LARGEST // (BLOCK * STEP**level)) + -(-rest // (BLOCK * STEP**level)) for level in range(LEVELS)]


def columns(levels: Sequence[Rows], scale: float, first: float, per_column: float, count: int) -> Columns:
    """``count`` columns of ``per_column`` >= ``BLOCK`` samples each, the first of which begins at sample ``first``.

    Where there is no sound, they are 0. Takes about a millisecond at any zoom: the level is read whose blocks are just
    finer than a column.
    """
    level = 0
    while level + 1 < len(levels) and BLOCK * STEP ** (level + 1) <= per_column:
        level += 1
    rows, size = levels[level], BLOCK * STEP**level
    edges = np.floor((first + np.arange(count + 1) * per_column) / size).astype(np.int64)
    return _reduced(rows, edges, scale)


def sample_columns(sound: Samples, edges: NDArray[np.int64]) -> Columns:
    """Columns between ``edges`` [columns + 1] of the samples ``[n, 2]``, for what is finer than any block."""
    rows = np.ascontiguousarray(sound.T)
    starts = np.minimum(edges[:-1], rows.shape[1] - 1)
    power = np.add.reduceat(rows * rows, starts, axis=1) / np.maximum(np.diff(edges), 1)
    low, high = np.minimum.reduceat(rows, starts, axis=1), np.maximum.reduceat(rows, starts, axis=1)
    return Columns(low, high, np.asarray(np.sqrt(power), np.float32))


def _reduced(rows: Rows, edges: NDArray[np.int64], scale: float) -> Columns:
    """Each column is made of the blocks from its edge up to the next, of one at least."""
    blocks, count = rows.shape[2], len(edges) - 1
    found = np.zeros((3, 2, count), np.float32)
    starts, stops = edges[:-1], np.maximum(edges[1:], edges[:-1] + 1)
    inside = np.flatnonzero((stops > 0) & (starts < blocks))
    if len(inside):
        begin, end = max(int(starts[inside[0]]), 0), min(int(stops[inside[-1]]), blocks)
        part = rows[:, :, begin:end].astype(np.float32)
        places = np.clip(starts[inside], begin, end - 1) - begin
        found[0][:, inside] = np.minimum.reduceat(part[0], places, axis=1)
        found[1][:, inside] = np.maximum.reduceat(part[1], places, axis=1)
        widths = np.diff(np.append(places, end - begin))
        squares = np.add.reduceat(part[2] ** 2, places, axis=1) / np.maximum(widths, 1)
        found[2][:, inside] = np.sqrt(squares)
    return Columns(*(found * np.float32(scale / FULL)))


def _coarser(row: Samples, reduce: Callable[..., Samples]) -> Samples:
    """Rows ``[2, blocks]`` of blocks that are ``STEP`` times as long; the last one may have less in it."""
    whole = row.shape[1] // STEP * STEP
    parts = [reduce(row[:, :whole].reshape(2, -1, STEP), axis=2)]
    if whole < row.shape[1]:
        parts.append(reduce(row[:, whole:], axis=1)[:, None])
    return np.concatenate(parts, axis=1)


def _rows(low: Samples, high: Samples, rms: Samples, scale: float) -> Rows:
    """Outwards: what is drawn is never smaller than the sound."""
    factor = FULL / scale
    found = np.stack([np.floor(low * factor), np.ceil(high * factor), np.round(rms * factor)])
    return np.asarray(np.clip(found, -FULL, FULL), np.int16)
