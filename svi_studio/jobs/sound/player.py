"""The thread that plays a film's sound, and what the window asks of it; the window never waits for a device."""

import queue
from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QObject, Signal

from svi_studio.jobs.sound.deck import Deck
from svi_studio.jobs.sound.devices import SoundDevices
from svi_studio.jobs.sound.feeder import Mix, Stretch
from svi_studio.jobs.sound.outlet import Outlet, heard_at
from svi_studio.jobs.threads.owned_thread import OwnedThread

_TURN = 0.02  # seconds from one look at the device to the next while it is open


class SoundPlayer(OwnedThread):
    """``news`` carries a SoundNews. ``now`` is the clock by which ``heard`` tells, perf_counter's."""

    news = Signal(object)

    def __init__(
        self,
        devices: SoundDevices | None = None,
        parent: QObject | None = None,
        now: Callable[[], float] = perf_counter,
    ) -> None:
        super().__init__("sound player", parent)
        self.devices = devices or SoundDevices()
        self._outlet = Outlet(now)
        self._deck = Deck(self.devices, self._outlet, self.news.emit, now)
        self._wishes: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._number = 0
        self._device = ""
        self._is_closed = False

    def play(self, mix: Mix, stretch: Stretch) -> int:
        """Plays this part of ``mix`` instead of anything else; returns a number by which ``heard`` knows it."""
        number = self._next()
        self._wish(lambda: self._deck.play(number, mix, stretch), number)
        return number

    def change_mix(self, mix: Mix) -> None:
        """Goes on with another mix at the very sample where the one before has come to."""
        self._wish(lambda: self._deck.join(mix), self._number)

    def scrub(self, mix: Mix, at: int) -> None:
        """Plays a moment from the film sample ``at`` on, instead of anything else."""
        self._wish(lambda: self._deck.scrub(mix, at), self._next())

    def silence(self) -> None:
        """Ends what plays."""
        if self.isRunning():
            self._wish(self._deck.silence, self._next())

    def heard(self, number: int, now: float) -> float | None:
        """The film sample, with a fraction, that is heard at ``now``; None before any of that part is."""
        return heard_at(self._outlet.anchors, number, now)

    def set_device(self, name: str) -> None:
        """Plays through that device from now on, "" = the usual one."""
        if name != self._device:
            self._device = name
            self._wish(lambda: self._deck.use_device(name))

    def look_again(self) -> None:
        """Forgets what is known of devices: one may have been connected since."""
        self._wish(self._deck.look_again)

    def set_volume(self, volume: float) -> None:
        """How loud it is heard here, 0..1; the film itself does not change."""
        self._outlet.volume = volume

    def ask_to_stop(self) -> None:
        """Ends the thread; what is wished afterwards does not wake it up again."""
        self._is_closed = True
        super().ask_to_stop()
        self._wishes.put(None)

    def run(self) -> None:
        """Does what is wished, and in between keeps the device fed."""
        deck = self._deck
        while not self.isInterruptionRequested():
            try:
                wish = self._wishes.get(timeout=_TURN if deck.is_open else None)
            except queue.Empty:
                wish = deck.watch
            if wish is not None:
                deck.do(wish)
                deck.do(deck.feed)
        deck.close()

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _wish(self, wish: Callable[[], None], number: int | None = None) -> None:
        """Does it in the thread; one with a ``number`` only while nothing else was wished to be heard since."""

        def unless_late() -> None:
            if number in {None, self._number}:
                wish()

        if not self._is_closed:
            self._wishes.put(unless_late)
            if not self.isRunning():
                self.start()
