"""How the film's sound is heard while it plays, and while the playhead is pulled; the picture follows what is heard."""

from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from svi_studio.document.film.playhead import Playhead
from svi_studio.document.preference_names import HEAR_SCRUBBING, SOUND_DEVICE, SOUND_LATE, SOUND_MUTED, SOUND_VOLUME
from svi_studio.document.preferences import Preferences
from svi_studio.document.sound.sounds import Sounds
from svi_studio.domain.film.sound_time import SAMPLE_RATE, exact_rate, sample_of
from svi_studio.jobs.sound.state import NO_DEVICE, SoundNews, SoundState

if TYPE_CHECKING:
    from svi_studio.jobs.sound.player import SoundPlayer

PATIENCE = 2.5
"""Seconds that the picture waits for a sound that was started: some devices wake up slowly."""
MOST_LATE = 500
"""Milliseconds by which sound may be told to be late, or early."""


class Playback(QObject):
    """The film's sound as the ``Player`` asks for it. ``preferences`` say through which device, how loud, how late.

    ``changed``: whether and why anything is heard, or how loud. ``lost`` carries the sentence that says why the sound
    went away while it played.
    """

    changed = Signal()
    lost = Signal(str)

    def __init__(
        self,
        playhead: Playhead,
        sounds: Sounds,
        preferences: Preferences | None = None,
        parent: QObject | None = None,
        player: "SoundPlayer | None" = None,
    ) -> None:
        super().__init__(parent)
        self._playhead, self._sounds, self._preferences = playhead, sounds, preferences
        self._player = player
        self.problem = ""
        self._state = SoundState.IDLE
        self._number: int | None = None
        self._started_at = 0.0
        self._late = 0.0
        self._is_closed = False
        if player is not None:
            player.news.connect(self._told)
        sounds.mix_changed.connect(self._change_mix)
        playhead.moved.connect(self._scrub)
        if preferences is not None:
            preferences.changed.connect(self._follow_wishes)
        self._follow_wishes()

    @property
    def sound(self) -> "SoundPlayer":
        """The thread that plays; it comes with the first sound, as most films are silent."""
        if self._player is None:
            from svi_studio.jobs.sound.player import SoundPlayer  # noqa: PLC0415

            self._player = SoundPlayer(parent=self)
            self._player.news.connect(self._told)
            self._follow_wishes()
        return self._player

    @property
    def volume(self) -> float:
        """How loud films are heard here, 0..1; no film changes by it."""
        wishes = self._preferences
        return _number(wishes.text(SOUND_VOLUME, "100") if wishes else "100", 0, 100) / 100

    @property
    def is_muted(self) -> bool:
        """Whether nothing is heard here, whatever plays."""
        return self._preferences is not None and self._preferences.flag(SOUND_MUTED)

    def set_volume(self, volume: float) -> None:
        """How loud films are heard here, 0..1."""
        if self._preferences is not None:
            self._preferences.set_text(SOUND_VOLUME, str(round(100 * volume)))
            if volume > 0:
                self._preferences.set_flag(SOUND_MUTED, False)

    def set_muted(self, muted: bool) -> None:
        """Hears nothing here, or everything again."""
        if self._preferences is not None:
            self._preferences.set_flag(SOUND_MUTED, muted)

    # What the player of the film asks

    def start(self, frame: int, first: int, last: int, *, loop: bool) -> bool:
        """Plays from ``frame`` to the end of ``last``, in a loop from ``first`` on; whether it will be heard."""
        self._number = None
        if self._is_closed or not self._sounds.is_heard:
            return False
        from svi_studio.jobs.sound.feeder import Stretch  # noqa: PLC0415

        self._state = SoundState.IDLE  # one may have been connected: it is tried each time
        rate = exact_rate(self._playhead.fps)
        ends = sample_of(frame, rate), sample_of(last + 1, rate)
        self._number = self.sound.play(self._sounds.mix(), Stretch(*ends, sample_of(first, rate) if loop else None))
        self._started_at = perf_counter()
        return True

    def stop(self, *, let_end: bool = False) -> None:
        """Is silent; with ``let_end`` at the end of what is playing."""
        if self._number is not None and not let_end:
            self.sound.silence()
        self._number = None

    def place(self, now: float) -> float | None:
        """The film frame, with a fraction, that is heard at ``now``; None before any of it is."""
        if self._number is None:
            return None
        sample = self.sound.heard(self._number, now - max(self._late, 0.0))
        if sample is None:
            return None
        early = max(-self._late, 0.0) * SAMPLE_RATE  # nothing is known of what was not handed to the device yet
        return (sample + early) * float(exact_rate(self._playhead.fps)) / SAMPLE_RATE

    def will_be_heard(self, now: float) -> bool:
        """Whether the picture should wait for it, or go on with it."""
        if self._number is None or self._state in NO_DEVICE:
            return False
        waits = self.place(now) is None
        return not waits or now - self._started_at < PATIENCE + max(self._late, 0.0)

    def try_again(self) -> None:
        """Looks for a device anew: one was connected, or woke up."""
        self.sound.look_again()

    def close(self) -> bool:
        """Ends the thread; returns whether it has ended. Nothing is heard of this film any more."""
        self._number, self._is_closed = None, True
        return self._player is None or self._player.stop_and_join()

    @Slot(object)
    def _told(self, news: SoundNews) -> None:
        was_playing = self._number is not None
        self._state, self.problem = news.state, news.sentence
        self.changed.emit()
        if news.sentence and was_playing and news.state is not SoundState.MISSING:
            self.lost.emit(news.sentence)

    @Slot()
    def _change_mix(self) -> None:
        if self._number is not None:
            self.sound.change_mix(self._sounds.mix())

    @Slot(int)
    def _scrub(self, frame: int) -> None:
        """A moment of sound at each place to which the playhead is pulled."""
        if self._is_closed or self._playhead.rate != 0 or not self._hears_scrubbing():
            return
        if self._sounds.is_heard:
            self.sound.scrub(self._sounds.mix(), sample_of(frame, exact_rate(self._playhead.fps)))

    def _hears_scrubbing(self) -> bool:
        return self._preferences is None or self._preferences.flag(HEAR_SCRUBBING, default=True)

    @Slot()
    def _follow_wishes(self) -> None:
        wishes, player = self._preferences, self._player
        if wishes is not None:
            self._late = _number(wishes.text(SOUND_LATE, "0"), -MOST_LATE, MOST_LATE) / 1000
        if player is not None:
            player.set_device(wishes.text(SOUND_DEVICE) if wishes is not None else "")
            player.set_volume(0.0 if self.is_muted else self.volume**2)  # a square sounds even to the ear
        self.changed.emit()


def _number(text: str, least: float, most: float) -> float:
    """The number in a preference, within its bounds; 0 for what is none."""
    try:
        return min(max(float(text), least), most)
    except ValueError:
        return min(max(0.0, least), most)
