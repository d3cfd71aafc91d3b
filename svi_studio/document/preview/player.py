"""Plays the film: moves the playhead by a clock that never drifts, within the film or a part of it."""

import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from svi_studio.document.film.playhead import Playhead
from svi_studio.document.preview.play_clock import PlayClock

FASTEST = 8.0
SHORTEST_MS = 12  # no screen shows frames faster; what lies between is passed over


class HeardSound(Protocol):
    """The sound that plays with the film, by which the picture goes while it is heard."""

    def start(self, frame: int, first: int, last: int, *, loop: bool) -> bool:
        """Plays from ``frame`` to the end of ``last``, in a loop from ``first`` on; whether it will be heard."""

    def stop(self, *, let_end: bool = False) -> None:
        """Is silent; with ``let_end`` at the end of what is playing."""

    def place(self, now: float) -> float | None:
        """The film frame, with a fraction, that is heard at ``now``; None before any of it is."""

    def will_be_heard(self, now: float) -> bool:
        """Whether the picture should wait for it, or go on with it."""


class Silence:
    """A film without sound."""

    def start(self, frame: int, first: int, last: int, *, loop: bool) -> bool:
        """Nothing is heard."""
        return False

    def stop(self, *, let_end: bool = False) -> None:
        """Nothing is to be stopped."""

    def place(self, now: float) -> float | None:
        """Nowhere."""
        return None

    def will_be_heard(self, now: float) -> bool:
        """It will not."""
        return False


class Player(QObject):
    """Binds a clock to the playhead: whoever sets its rate starts and stops the film.

    ``so_far`` tells the last frame that is rendered, None = none: a film that plays stops there, unless it began later.
    While a ``sound`` is heard at rate 1 the picture follows it; ``now`` is the clock by which it tells its place.
    """

    def __init__(
        self,
        playhead: Playhead,
        parent: QObject | None = None,
        now: Callable[[], float] = time.perf_counter,
        so_far: Callable[[], int | None] = lambda: None,
        sound: HeardSound | None = None,
    ) -> None:
        super().__init__(parent)
        self._playhead = playhead
        self._now = now
        self._sound: HeardSound = sound or Silence()
        self._follows_sound = False
        self._has_begun = False
        self._plays_out = False
        self._sound_last = 0
        self._so_far = so_far
        self._rendered: int | None = None
        self._clock: PlayClock | None = None
        self._loop = False
        self._limits: tuple[int, int] | None = None
        self._moving = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)
        playhead.rate_changed.connect(self._restart)
        playhead.time_changed.connect(self._restart)
        playhead.moved.connect(self._follow)

    @property
    def is_playing(self) -> bool:
        """Whether the film moves by itself."""
        return self._clock is not None

    @property
    def loop(self) -> bool:
        """Whether it begins again at the end of what it plays."""
        return self._loop

    @property
    def span(self) -> tuple[int, int]:
        """First and last film frame that are played: the limits, else the range between in and out when it loops."""
        self._rendered = self._so_far()
        return self._span()

    def set_loop(self, loop: bool) -> None:
        """Begins again at the end, or stops there."""
        if loop != self._loop:
            self._loop = loop
            self._restart()

    def set_limits(self, limits: tuple[int, int] | None) -> None:
        """Plays only these film frames, first and last, for example of one take; None = the whole film."""
        if limits != self._limits:
            self._limits = limits
            self._restart()

    def toggle(self) -> None:
        """Plays, from the start again when the film stands at its end, or pauses."""
        if self.is_playing:
            self.stop()
            return
        first, last = self.span
        if not first <= self._playhead.frame < last:
            self._playhead.set_frame(first)
        self._playhead.set_rate(1.0)

    def stop(self) -> None:
        """Stops the film at the present frame."""
        self._playhead.set_rate(0.0)

    def shuttle(self, direction: int) -> None:
        """Plays forward (1) or backward (-1); when it does so already, twice as fast, up to 8 times."""
        self._playhead.set_rate(faster(self._playhead.rate, direction))

    def step(self, frames: int) -> None:
        """Stops the film, ``frames`` further."""
        self.jump(self._playhead.frame + frames)

    def jump(self, frame: int) -> None:
        """Stops the film at a frame, within what is played."""
        self.stop()
        first, last = self._limits or (0, self._playhead.last_frame)
        self._playhead.set_frame(min(max(frame, first), last))

    @Slot()
    def _restart(self) -> None:
        """Starts the clock from the present frame and time."""
        rate, fps = self._playhead.rate, self._playhead.time.fps
        if rate == 0 or self._playhead.last_frame == 0:
            self._clock = None
            self._timer.stop()
            self._sound.stop(let_end=self._plays_out)
            self._playhead.set_rate(0.0)
            return
        first, last = self.span
        if self._loop and not first <= self._playhead.frame <= last:
            self._move(first if rate > 0 else last)
        first, last = self._span()
        frame = self._playhead.frame
        if self._limits is None and not self._loop:
            last = self._playhead.last_frame  # more may be rendered by the time that it comes there
        self._has_begun, self._sound_last = False, last
        self._follows_sound = rate == 1 and self._sound.start(frame, first, last, loop=self._loop)
        if not self._follows_sound:
            self._sound.stop()
        self._clock = PlayClock(frame, self._now(), fps, rate)
        self._wait(self._clock)

    @Slot()
    def _follow(self) -> None:
        if self._clock is not None and not self._moving:
            self._restart()  # the playhead was moved while the film plays: go on from there

    @Slot()
    def tick(self) -> None:
        """Goes to the frame that the clock says; called by a timer, as late as it likes."""
        clock = self._clock
        if clock is None:
            return
        now = self._now()
        first, last = self._span()
        self._clock = clock = self._with_sound(clock, now)
        if clock.rate > 0 and clock.frame(now) >= last:
            first, last = self.span  # more may be rendered by now
        if self._loop:
            self._clock = clock = clock.looped(now, first, last)
        frame = clock.frame(now)
        self._move(min(max(frame, first), last))
        if not self._loop and (frame >= last if clock.rate > 0 else frame <= first):
            self._end_of_span()
        elif self._clock is clock:
            self._wait(clock)

    def _with_sound(self, clock: PlayClock, now: float) -> PlayClock:
        """The clock as the sound that is heard says; before it is heard the picture stands at the first frame."""
        if not self._follows_sound:
            return clock
        if not self._sound.will_be_heard(now):
            self._follows_sound = False  # the device went away: the film goes on by itself
            return clock
        heard = self._sound.place(now)
        if heard is None:
            return clock if self._has_begun else replace(clock, began=now)
        if not self._has_begun:
            self._has_begun = True
            return replace(clock, began=now - (heard - clock.start) / clock.fps)
        first, last = self._span()
        return clock.drawn_to(heard, now, last - first + 1 if self._loop else None)

    def _end_of_span(self) -> None:
        """The last frame is reached: the film stops, and its sound when that frame is over."""
        self._plays_out = self._playhead.frame == self._sound_last
        try:
            self.stop()
        finally:
            self._plays_out = False

    def _span(self) -> tuple[int, int]:
        """The span by what was rendered when it was last asked: asking takes too long for every frame."""
        first, last = self._limits or (0, self._end())
        if not self._loop:
            return first, last
        first = max(first, self._playhead.in_frame or 0)
        out = self._playhead.out_frame
        return (first, last) if out is None or out < first else (first, min(last, out))

    def _end(self) -> int:
        """The last frame that is rendered, or of the film when the playhead stands behind that."""
        rendered, last = self._rendered, self._playhead.last_frame
        return last if rendered is None or self._playhead.frame > rendered else min(rendered, last)

    def _wait(self, clock: PlayClock) -> None:
        until = clock.next_change(self._now())
        if self._follows_sound and not self._has_begun:
            until = 0.0  # the picture begins when the sound is heard, which may be any moment
        self._timer.start(max(SHORTEST_MS, math.ceil(until * 1000)))

    def _move(self, frame: int) -> None:
        self._moving = True
        try:
            self._playhead.set_frame(frame)
        finally:
            self._moving = False


def faster(rate: float, direction: int) -> float:
    """The rate after one more press of L (``direction`` 1) or J (-1): 1, 2, 4, 8; the other key turns round."""
    if rate * direction <= 0:
        return float(direction)
    return direction * min(abs(rate) * 2, FASTEST)
