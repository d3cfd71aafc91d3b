"""What plays a film's sound: it opens the device, keeps it fed, and watches whether it is still there.

All of it happens in one thread, the ``SoundPlayer``'s; only the ``Outlet`` is called by the system.
"""

from collections.abc import Callable
from contextlib import suppress
from time import perf_counter

from svi_studio.domain.errors import StudioError
from svi_studio.domain.film.sound_time import SAMPLE_RATE
from svi_studio.jobs.sound.devices import NoSoundDevice, SoundDevices, SoundStream
from svi_studio.jobs.sound.feeder import PIECE, Feeder, Mix, Stretch, grain
from svi_studio.jobs.sound.outlet import Outlet
from svi_studio.jobs.sound.run import Run
from svi_studio.jobs.sound.state import NO_DEVICE, SoundNews, SoundState

LOST_AFTER = 0.5
"""Seconds without a question from the system after which the device counts as lost."""
WAKES_WITHIN = 2.5
"""Seconds that a device may take until it asks steadily: some are asleep when they are opened."""
CLOSED_AFTER = 10.0
"""Seconds of silence after which the device is let go."""
SCRUB = SAMPLE_RATE * 7 // 100
"""Samples that are heard of each place to which the playhead is pulled: 70 ms."""


class Deck:
    """``tell`` hears a SoundNews when the state changes; ``outlet`` is what the device asks for sound."""

    def __init__(
        self,
        devices: SoundDevices,
        outlet: Outlet,
        tell: Callable[[SoundNews], object],
        now: Callable[[], float] = perf_counter,
    ) -> None:
        self.outlet = outlet
        self._devices, self._tell_state, self._now = devices, tell, now
        self._device = ""
        self._stream: SoundStream | None = None
        self._feeder: Feeder | None = None
        self._state = SoundState.IDLE
        self._quiet_since = self._opened_at = 0.0

    @property
    def is_open(self) -> bool:
        """Whether a device is in use, so that there is something to feed and to watch."""
        return self._stream is not None

    def do(self, work: Callable[[], None]) -> None:
        """Does ``work``, one of the methods below, and says in a sentence what keeps sound from being heard."""
        try:
            work()
        except NoSoundDevice as error:
            self._give_up(SoundState.MISSING, str(error))
        except StudioError as error:  # a sound that cannot be read any more: the film goes on without it
            self.silence()
            self._tell(SoundState.IDLE, str(error))

    def play(self, number: int, mix: Mix, stretch: Stretch) -> None:
        """Plays this part of ``mix`` instead of anything else. Raises StudioError."""
        feeder = Feeder(Run(number), stretch, mix)
        feeder.feed(2 * PIECE)
        self._open()
        self._feeder = feeder
        self.outlet.run = feeder.run
        self._tell(SoundState.PLAYING)

    def join(self, mix: Mix) -> None:
        """Goes on with another mix at the very sample where the one before has come to. Raises StudioError."""
        if self._feeder is None:
            return
        joined = self._feeder.joined(self.outlet.at, mix)
        joined.feed()
        self._feeder = joined
        self.outlet.run = joined.run

    def scrub(self, mix: Mix, at: int) -> None:
        """Plays a moment of ``mix`` instead of anything else. Raises StudioError."""
        if self._state in NO_DEVICE:
            return  # nobody would hear it; playing looks for a device again
        moment = grain(mix, at, SCRUB)
        self._open()
        self._feeder = None
        self.outlet.run = moment
        self._quiet_since = self._now()

    def silence(self) -> None:
        """Ends what plays, within some milliseconds."""
        self._feeder, self.outlet.run = None, None
        self._quiet_since = self._now()
        if self._state is SoundState.PLAYING:
            self._tell(SoundState.IDLE)

    def feed(self) -> None:
        """Makes ready what comes next. Raises StudioError."""
        if self._feeder is not None:
            self._feeder.feed()

    def watch(self) -> None:
        """Notices a device that went away, and lets go of one that is not needed."""
        stream, now = self._stream, self._now()
        if stream is None:
            return
        is_still = now - self.outlet.called_at > LOST_AFTER and now - self._opened_at > WAKES_WITHIN
        is_lost = not stream.active or is_still
        if is_lost and self._feeder is not None:
            self._give_up(SoundState.LOST, "The sound device went away: connect one and play again.")
        elif is_lost or (self._feeder is None and now - self._quiet_since > CLOSED_AFTER):
            self._let_go()
        elif self._feeder is not None and self._feeder.run.ended and not self._feeder.run.ahead:
            self.silence()

    def use_device(self, name: str) -> None:
        """Plays through that device from now on, "" = the usual one."""
        self.close()
        self._device = name
        self._tell(SoundState.IDLE)

    def look_again(self) -> None:
        """Forgets what is known of devices: one may have been connected since."""
        if self._stream is None:
            self._devices.refresh()
            self._tell(SoundState.IDLE)

    def close(self) -> None:
        """Lets go of the device."""
        stream, self._stream = self._stream, None
        self._feeder, self.outlet.run = None, None
        if stream is not None:
            stream.abort()
            stream.close()

    def _open(self) -> None:
        if self._stream is not None:
            return
        if self._state in NO_DEVICE:
            self._devices.refresh()
        self._opened_at = self._now()
        self._stream = self._devices.open(self.outlet.fill, _nothing, self._device)
        self._opened_at = self._quiet_since = self._now()

    def _give_up(self, state: SoundState, sentence: str) -> None:
        self._let_go()
        self._tell(state, sentence)

    def _let_go(self) -> None:
        """Closes a device that may be gone, whatever it says of that."""
        with suppress(Exception):
            self.close()

    def _tell(self, state: SoundState, sentence: str = "") -> None:
        if state is not self._state or sentence:
            self._state = state
            self._tell_state(SoundNews(state, sentence))


def _nothing() -> None:
    """The end of a stream is noticed by asking it, not here: this is called in the system's thread."""
