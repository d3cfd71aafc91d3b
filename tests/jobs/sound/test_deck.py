"""Opening, feeding and losing a device: what is said, and that the next Play tries again."""

from weakref import WeakSet

import pytest

from svi_studio.domain.errors import StudioError
from svi_studio.jobs.sound.deck import CLOSED_AFTER, LOST_AFTER, WAKES_WITHIN, Deck
from svi_studio.jobs.sound.devices import NoSoundDevice, SoundDevices
from svi_studio.jobs.sound.feeder import Stretch
from svi_studio.jobs.sound.outlet import FADE, Outlet
from svi_studio.jobs.sound.run import Samples
from svi_studio.jobs.sound.state import SoundNews, SoundState
from tests.jobs.sound.fake_sounddevice import FakeSounddevice
from tests.jobs.sound.films import Numbered, places


class Bench:
    """A deck, its device, and a clock that a test moves."""

    def __init__(self, host: str = "ALSA") -> None:
        self.now = 100.0
        self.package = FakeSounddevice(host)
        self.news: list[SoundNews] = []
        self.outlet = Outlet(lambda: self.now)
        self.deck = Deck(SoundDevices(lambda: self.package), self.outlet, self.news.append, lambda: self.now)

    def play(self, stretch: Stretch | None = None) -> None:
        found = stretch or Stretch(0, 480_000)
        self.deck.do(lambda: self.deck.play(1, Numbered(), found))

    def pass_time(self, seconds: float) -> Samples:
        """The device asks for the sound of so many seconds, and the deck does its turns."""
        sound = self.package.stream.play(round(seconds * 48_000))
        self.now += seconds
        self.deck.do(self.deck.watch)
        self.deck.do(self.deck.feed)
        return sound


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr("svi_studio.jobs.sound.devices._open_streams", WeakSet())  # other tests left theirs playing
    return Bench()


def test_it_asks_for_what_keeps_the_sound_from_breaking_off(bench: Bench) -> None:
    bench.play()
    arguments = bench.package.stream.arguments
    wanted = {"samplerate": 48_000, "channels": 2, "dtype": "float32", "latency": 0.1, "device": None}
    assert {name: arguments[name] for name in wanted} == wanted
    assert bench.news == [SoundNews(SoundState.PLAYING)]


def test_minutes_of_sound_come_without_a_gap(bench: Bench) -> None:
    bench.play(Stretch(0, 60 * 48_000))
    for _ in range(600):
        bench.pass_time(0.1)
    assert (places(bench.package.stream.sound)[FADE:] == range(FADE, 60 * 48_000)).all()
    assert bench.outlet.starved == 0


def test_another_mix_before_the_first_block_begins_where_it_was_to_begin(bench: Bench) -> None:
    bench.play(Stretch(400_000, 480_000))
    bench.pass_time(0.1)
    bench.play(Stretch(96_000, 480_000))
    bench.deck.do(lambda: bench.deck.join(Numbered(right=0.25)))
    sound = bench.pass_time(0.1)
    assert (places(sound)[FADE:] == range(96_000 + FADE, 100_800)).all()
    assert sound[FADE + 1, 1] == 0.25
    bench.deck.do(lambda: bench.deck.join(Numbered(right=0.75)))
    assert places(bench.pass_time(0.1))[FADE] == 100_800 + FADE


def test_no_device_is_told_once_in_a_sentence(bench: Bench) -> None:
    bench.package.devices = []
    bench.play()
    assert bench.news[-1].state is SoundState.MISSING
    assert bench.news[-1].sentence.startswith("No sound device was found")
    bench.deck.do(lambda: bench.deck.scrub(Numbered(), 0))
    assert len(bench.news) == 1


def test_no_library_is_told_in_a_sentence() -> None:
    news: list[SoundNews] = []

    def load() -> None:
        raise NoSoundDevice("Sound cannot be played here, because PortAudio is missing.")

    deck = Deck(SoundDevices(load), Outlet(), news.append)
    deck.do(lambda: deck.play(1, Numbered(), Stretch(0, 100)))
    assert news == [SoundNews(SoundState.MISSING, "Sound cannot be played here, because PortAudio is missing.")]


def test_a_device_that_asks_no_more_is_lost_and_the_next_play_looks_for_another(bench: Bench) -> None:
    bench.play()
    for _ in range(int(WAKES_WITHIN / 0.1)):
        bench.pass_time(0.1)
    bench.now += LOST_AFTER + 0.2
    bench.deck.do(bench.deck.watch)
    assert bench.news[-1].state is SoundState.LOST
    assert bench.package.stream.closed
    bench.play()
    assert bench.package.looked == 1
    assert bench.news[-1] == SoundNews(SoundState.PLAYING)


def test_a_device_that_wakes_up_slowly_is_not_lost(bench: Bench) -> None:
    bench.play()
    bench.pass_time(0.1)
    bench.now += 1.6
    bench.deck.do(bench.deck.watch)
    assert bench.news == [SoundNews(SoundState.PLAYING)]


def test_a_stream_that_ended_is_lost_at_once(bench: Bench) -> None:
    bench.play()
    bench.package.stream.active = False
    bench.deck.do(bench.deck.watch)
    assert bench.news[-1].state is SoundState.LOST


def test_the_device_stays_open_between_plays_and_is_let_go_after_a_while(bench: Bench) -> None:
    bench.play()
    bench.deck.do(bench.deck.silence)
    bench.play()
    assert len(bench.package.streams) == 1
    bench.deck.do(bench.deck.silence)
    for _ in range(int(CLOSED_AFTER / 0.2)):
        bench.pass_time(0.1)
    assert bench.deck.is_open
    for _ in range(int(CLOSED_AFTER / 0.2) + 2):
        bench.pass_time(0.1)
    assert not bench.deck.is_open


def test_a_device_that_goes_away_while_nothing_plays_is_no_news(bench: Bench) -> None:
    bench.play()
    bench.deck.do(bench.deck.silence)
    bench.now += 3600  # the computer slept
    bench.deck.do(bench.deck.watch)
    assert bench.news[-1] == SoundNews(SoundState.IDLE)
    assert not bench.deck.is_open


def test_what_has_come_to_its_end_is_idle_again(bench: Bench) -> None:
    bench.play(Stretch(0, 9600))
    for _ in range(5):
        bench.pass_time(0.1)
    assert bench.news[-1] == SoundNews(SoundState.IDLE)


def test_another_device_is_used_from_the_next_play_on(bench: Bench) -> None:
    bench.deck.do(lambda: bench.deck.use_device("Headphones"))
    bench.play()
    assert bench.package.stream.arguments["device"] == 1
    bench.deck.do(lambda: bench.deck.use_device("Gone"))
    bench.play()
    assert bench.package.stream.arguments["device"] is None


def test_a_sound_that_cannot_be_read_any_more_is_told_and_is_silent(bench: Bench) -> None:
    class Broken:
        def read(self, first: int, count: int) -> Samples:
            raise StudioError("The sound is gone.")

    bench.deck.do(lambda: bench.deck.play(1, Broken(), Stretch(0, 100)))
    assert bench.news == [SoundNews(SoundState.IDLE, "The sound is gone.")]


def test_windows_uses_its_newer_way_and_converts_only_where_it_must() -> None:
    bench = Bench("Windows WASAPI")
    bench.play()
    assert bench.package.stream.arguments["device"] == 0
    assert bench.package.stream.arguments["extra_settings"] is None
    bench.deck.close()
    bench.package.fails = lambda arguments: arguments["extra_settings"] is None
    bench.play()
    assert bench.package.stream.arguments["extra_settings"] == "converts: True"
    bench.deck.close()


def test_only_devices_that_play_are_listed(bench: Bench) -> None:
    assert SoundDevices(lambda: bench.package).outputs() == ("Speakers", "Headphones")


def test_a_system_that_cannot_even_say_what_devices_there_are_is_one_sentence(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise bench.package.PortAudioError("Error initializing PortAudio")

    for question in ("query_hostapis", "_initialize"):
        monkeypatch.setattr(bench.package, question, fails)
    bench.play()
    bench.play()  # looks anew for devices first
    assert bench.news[-1].state is SoundState.MISSING
    assert "Error initializing PortAudio" in bench.news[-1].sentence
