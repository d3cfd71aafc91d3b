"""What the system's sound thread calls: copies what is ready, and publishes when which sample is heard.

No file, no lock, no log and no Qt here: whatever takes long breaks the sound off.
"""

from collections.abc import Callable
from time import perf_counter

import numpy as np

from svi_studio.domain.film.sound_time import SAMPLE_RATE
from svi_studio.jobs.sound.run import Anchor, Block, Run, Samples

FADE = SAMPLE_RATE * 5 // 1000
"""Samples over which sound begins, ends and changes: a sudden step is a click."""
KEPT_ANCHORS = 64
"""Blocks whose times are kept: a loop takes effect on the screen when it is heard, not when it was made ready."""
_RISE = np.linspace(0.0, 1.0, FADE, endpoint=False, dtype=np.float32)[:, None]


class Outlet:
    """``run``: what is to be heard, None = silence; ``volume`` 0..1. Both may be set from any thread at any time."""

    def __init__(self, now: Callable[[], float] = perf_counter) -> None:
        self._now = now
        self.run: Run | None = None
        self.volume = 1.0
        self.anchors: tuple[Anchor, ...] = ()
        self.called_at = 0.0
        self.at = 0  # the film sample that the next block begins with
        self.errors = 0
        self.starved = 0  # times that nothing was ready
        self._playing: Run | None = None
        self._rest: Block | None = None
        self._gain = 1.0

    def fill(self, out: Samples, frames: int, ahead: float) -> None:
        """Fills ``out`` [frames, 2], which is heard ``ahead`` seconds from now. Never raises."""
        self.called_at = self._now()
        try:
            self._fill(out, frames, self.called_at + ahead)
        except Exception:
            self.errors += 1
            out[:] = 0

    def _fill(self, out: Samples, frames: int, heard: float) -> None:
        wanted = self.run
        if wanted is not self._playing:
            tail = self._tail(min(FADE, frames))
            self._change(wanted)
            self._copy(out, frames, heard)
            rise = _RISE[: len(tail)]
            out[: len(tail)] = out[: len(tail)] * rise + tail * (1 - rise)
        else:
            self._copy(out, frames, heard)
        self._set_volume(out, frames)

    def _change(self, run: Run | None) -> None:
        self._playing, self._rest = run, None
        if run is None or not run.joins:
            return
        for _ in range(len(run.blocks)):  # what was heard already of the run that this one joins
            block = run.blocks[0]
            if block.first <= self.at < block.stop:
                skip = self.at - block.first
                run.taken += skip
                run.blocks[0] = Block(self.at, block.samples[skip:])
                return
            run.blocks.popleft()
            run.taken += len(block.samples)

    def _copy(self, out: Samples, frames: int, heard: float) -> None:
        run, filled = self._playing, 0
        while filled < frames and run is not None:
            block = self._next(run)
            if block is None:
                break
            count = min(len(block.samples), frames - filled)
            out[filled : filled + count] = block.samples[:count]
            if run.tells_time:
                self._publish(Anchor(run.number, heard + filled / SAMPLE_RATE, block.first, count))
            self._rest = Block(block.first + count, block.samples[count:]) if count < len(block.samples) else None
            run.taken += count
            filled += count
            self.at = block.first + count
        out[filled:] = 0
        if run is not None and filled < frames and not run.ended:
            self.starved += 1

    def _next(self, run: Run) -> Block | None:
        if self._rest is not None:
            return self._rest
        try:
            return run.blocks.popleft()
        except IndexError:
            return None

    def _tail(self, count: int) -> Samples:
        """What would have been heard next of the run that ends, to let it fade."""
        tail = np.zeros((count, 2), np.float32)
        old = self._playing
        if old is not None:
            block = self._next(old)
            if block is not None:
                found = block.samples[:count]
                tail[: len(found)] = found
        return tail

    def _publish(self, anchor: Anchor) -> None:
        self.anchors = (*self.anchors[1 - KEPT_ANCHORS :], anchor)

    def _set_volume(self, out: Samples, frames: int) -> None:
        gain = self.volume
        if gain == self._gain == 1.0:
            return
        out *= np.linspace(self._gain, gain, frames, dtype=np.float32)[:, None]
        self._gain = gain


def heard_at(anchors: tuple[Anchor, ...], run: int, now: float) -> float | None:
    """The film sample, with a fraction, of the run ``run`` that is heard at ``now``; None before any of it is."""
    for anchor in reversed(anchors):
        if anchor.run == run and anchor.time <= now:
            return anchor.sample + min((now - anchor.time) * SAMPLE_RATE, anchor.length)
    return None
