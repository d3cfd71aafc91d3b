"""Which part of the film comes next: from a frame on to an end, or round and round in a loop, without a gap."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from svi_studio.jobs.sound.outlet import FADE
from svi_studio.jobs.sound.run import Block, Run, Samples

PIECE = 4800
"""Samples that are mixed at a time: a tenth of a second."""
AHEAD = 6 * PIECE
"""Samples that are kept ready: so long may this program be busy with something else."""


class Mix(Protocol):
    """The sound of a film."""

    def read(self, first: int, count: int) -> Samples:
        """``count`` samples [count, 2] of the film from ``first`` on. May raise StudioError."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Film samples to play from ``at`` up to ``stop``; then again from ``loop`` on, None = then it is over."""

    at: int
    stop: int
    loop: int | None = None


class Feeder:
    """Keeps ``run`` filled with what ``stretch`` says, from ``mix``."""

    def __init__(self, run: Run, stretch: Stretch, mix: Mix) -> None:
        self.run, self.stretch, self.mix = run, stretch, mix
        self._at = stretch.at

    def feed(self, ahead: int = AHEAD) -> None:
        """Makes samples ready until there are ``ahead`` of them. May raise StudioError."""
        while self.run.ahead < ahead and not self.run.ended:
            self._append()

    def _append(self) -> None:
        stretch = self.stretch
        if self._at >= stretch.stop:
            if stretch.loop is None or stretch.loop >= stretch.stop:
                self.run.ended = True
                return
            self._at = stretch.loop
        count = min(PIECE, stretch.stop - self._at)
        self.run.append(Block(self._at, self.mix.read(self._at, count)))
        self._at += count

    def joined(self, at: int | None, mix: Mix) -> "Feeder":
        """The same stretch with another mix, going on at ``at``, where the device has come to.

        None = the device has nothing of it yet, so that it begins at its beginning.
        """
        stretch = Stretch(self.stretch.at if at is None else at, self.stretch.stop, self.stretch.loop)
        run = Run(self.run.number, joins=at is not None, tells_time=self.run.tells_time)
        return Feeder(run, stretch, mix)


def grain(mix: Mix, at: int, count: int) -> Run:
    """A moment of sound that is heard while the playhead is pulled, with ends that do not click."""
    samples = np.array(mix.read(at, count), np.float32)
    rise = np.linspace(0.0, 1.0, FADE, dtype=np.float32)[:, None]
    samples[:FADE] *= rise
    samples[-FADE:] *= rise[::-1]
    run = Run(0, tells_time=False, ended=True)
    run.append(Block(at, samples))
    return run
