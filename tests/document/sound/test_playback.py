"""The film's sound as the window plays it, with the real thread and a device that a test plays."""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.preference_names import HEAR_SCRUBBING, SOUND_DEVICE, SOUND_LATE
from svi_studio.document.preferences import Preferences
from svi_studio.document.preview.player import Player
from svi_studio.document.sound.playback import Playback
from svi_studio.domain.film.track import InputKind
from svi_studio.jobs.sound.devices import SoundDevices
from svi_studio.jobs.sound.outlet import FADE, Outlet
from svi_studio.jobs.sound.player import SoundPlayer
from svi_studio.jobs.sound.run import Run
from tests.builders.open_films import open_new_film, storyboard
from tests.builders.sounds import tone
from tests.jobs.sound.fake_sounddevice import FakeSounddevice

SOUND = InputKind.SOUND


class Bench:
    """A film with a sound, its playback, and the device."""

    def __init__(self, film: OpenFilm, wishes: Preferences, qtbot: QtBot) -> None:
        self.film, self.wishes, self.qtbot = film, wishes, qtbot
        self.package = FakeSounddevice()
        sound = SoundPlayer(SoundDevices(lambda: self.package))
        self.playback = Playback(film.playhead, film.sounds, wishes, film, sound)
        self.player = Player(film.playhead, film, sound=self.playback)

    def wait_for_stream(self, *, film: bool = True) -> None:
        """Until there is something to hear: the film itself, or else a moment of it."""
        self.qtbot.waitUntil(lambda: bool(self.package.streams) and self.package.stream.active)
        outlet = self.playback.sound._outlet
        self.qtbot.waitUntil(lambda: outlet.run is not None and outlet.run.tells_time is film)

    def hear(self, frames: int = 4800) -> np.ndarray:  # type: ignore[type-arg]
        """A device asks for a hundredth of this at a time, so it waits for its like until so much is ready."""
        outlet = self.playback.sound._outlet
        run = outlet.run
        self.qtbot.waitUntil(lambda: run is None or run.ended or _ready(run, outlet) >= frames)
        return self.package.stream.play(frames, ahead=0.0001)


def _ready(run: Run, outlet: Outlet) -> int:
    """Samples that are there to be heard next."""
    blocks = tuple(run.blocks)
    heard = outlet.at - blocks[0].first if blocks and run.joins and run is not outlet.playing else 0
    return sum(len(block.samples) for block in blocks) - max(heard, 0)


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    film = open_new_film(tmp_path, storyboard(6))
    film.sound_import.bring_in([tone(tmp_path / "Tone.wav", 6.0, level=0.5)])
    qtbot.waitUntil(lambda: not film.sound_import.is_busy and film.states.facts is not None)
    made = Bench(film, Preferences(tmp_path / "wishes.ini"), qtbot)
    yield made
    assert made.playback.close()
    film.close()


def test_play_is_heard_from_the_playhead_on_and_stop_ends_it(bench: Bench) -> None:
    bench.film.playhead.set_frame(12)
    bench.player.toggle()
    bench.wait_for_stream()
    sound = bench.hear()
    wanted = bench.film.sounds.mix().read(48_000, 4800)
    assert np.abs(sound[FADE:] - wanted[FADE:]).max() < 1e-6
    bench.player.stop()
    bench.qtbot.waitUntil(lambda: bench.playback.sound._outlet.run is None)
    bench.hear()
    assert not bench.hear().any()


def test_the_picture_waits_until_the_sound_is_heard(bench: Bench) -> None:
    bench.player.toggle()
    bench.wait_for_stream()
    time.sleep(0.05)
    bench.player.tick()
    assert bench.film.playhead.frame == 0
    bench.hear()
    time.sleep(0.2)
    bench.player.tick()
    assert bench.film.playhead.frame == pytest.approx(0.2 * bench.film.playhead.fps, abs=1.5)


def test_sound_that_is_told_to_be_late_makes_the_picture_wait_for_it(bench: Bench) -> None:
    bench.wishes.set_text(SOUND_LATE, "400")
    bench.player.toggle()
    bench.wait_for_stream()
    bench.hear()
    time.sleep(0.2)
    bench.player.tick()
    assert bench.film.playhead.frame == 0
    assert bench.playback.will_be_heard(time.perf_counter())


def test_without_a_device_the_film_plays_and_why_it_is_silent_is_told(bench: Bench) -> None:
    bench.package.devices = []
    bench.player.toggle()
    bench.qtbot.waitUntil(lambda: bool(bench.playback.problem))
    assert bench.playback.problem.startswith("No sound device was found")
    bench.qtbot.waitUntil(lambda: bench.film.playhead.frame > 2)


def test_an_edit_while_it_plays_is_heard_without_a_gap(bench: Bench) -> None:
    bench.player.toggle()
    bench.wait_for_stream()
    before = bench.hear()
    bench.film.commands.sounds.set_level(-20.0, 0)
    run = bench.playback.sound._outlet.run
    bench.qtbot.waitUntil(lambda: bench.playback.sound._outlet.run is not run)
    after = bench.hear()
    wanted = bench.film.sounds.mix().read(4800, 4800)
    assert np.abs(after[FADE:] - wanted[FADE:]).max() < 1e-6
    assert np.abs(after[0] - before[-1]).max() < 0.1


def test_pulling_the_playhead_plays_moments_of_it_unless_that_is_not_wanted(bench: Bench) -> None:
    bench.film.playhead.set_frame(24)
    bench.wait_for_stream(film=False)
    sound = bench.hear()
    assert np.abs(sound).max() > 0.4
    assert not sound[3400:].any()
    bench.wishes.set_flag(HEAR_SCRUBBING, False)
    bench.hear()
    bench.film.playhead.set_frame(30)
    time.sleep(0.1)
    assert not bench.hear().any()


def test_volume_and_mute_are_of_this_computer_and_change_no_film(bench: Bench) -> None:
    board = bench.film.document.storyboard
    bench.playback.set_volume(0.5)
    bench.player.toggle()
    bench.wait_for_stream()
    bench.hear()
    assert np.abs(bench.hear()).max() == pytest.approx(0.5 * 0.25, rel=0.02)
    bench.playback.set_muted(True)
    bench.hear()
    assert not bench.hear().any()
    assert bench.film.document.storyboard is board
    bench.playback.set_volume(0.8)
    assert not bench.playback.is_muted


def test_the_device_of_the_preferences_is_used(bench: Bench) -> None:
    bench.wishes.set_text(SOUND_DEVICE, "Headphones")
    bench.player.toggle()
    bench.wait_for_stream()
    assert bench.package.stream.arguments["device"] == 1


def test_faster_and_backwards_are_silent(bench: Bench) -> None:
    bench.film.playhead.set_rate(2.0)
    time.sleep(0.1)
    assert not bench.package.streams
    bench.film.playhead.set_rate(-1.0)
    assert not bench.playback.will_be_heard(time.perf_counter())


def test_a_muted_film_opens_no_device(bench: Bench) -> None:
    bench.film.commands.sounds.toggle_mute()
    bench.player.toggle()
    time.sleep(0.1)
    assert not bench.package.streams


def test_nothing_wakes_up_the_sound_of_a_film_that_is_closed(bench: Bench) -> None:
    bench.player.toggle()
    bench.wait_for_stream()
    bench.player.stop()
    assert bench.playback.close()
    bench.film.playhead.set_frame(20)
    bench.playback.sound.scrub(bench.film.sounds.mix(), 0)
    bench.player.toggle()
    assert not bench.playback.sound.isRunning()
    assert not bench.package.stream.active
