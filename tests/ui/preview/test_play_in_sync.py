"""Picture and sound together: whatever happens while the film plays, the frame shown is the one that is heard."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.preview.player import Player
from svi_studio.domain.film.sound_time import SAMPLE_RATE, exact_rate, sample_of
from svi_studio.jobs.sound.deck import Deck
from svi_studio.jobs.sound.devices import SoundDevices
from svi_studio.jobs.sound.feeder import Stretch
from svi_studio.jobs.sound.outlet import Outlet, heard_at
from svi_studio.jobs.sound.state import SoundNews, SoundState
from tests.builders.film_parts import Parts, numbered, open_parts
from tests.jobs.sound.fake_sounddevice import FakeSounddevice
from tests.jobs.sound.films import Numbered, places

BLOCK = 1024
LATENCY = 0.1
CLIPS = 200


class Room:
    """A film that plays in a room with a clock of its own: everything happens when the clock comes to it.

    The device asks for a block whenever the last one is used up; what it gets is heard ``LATENCY`` later. It knows so
    only to some milliseconds, as real ones do. The window gets to its turn only now and then.
    """

    def __init__(self, film: Parts, seed: int = 1, device_rate: float = 1.0) -> None:
        self.now = 1000.0
        self.dice = Random(seed)
        self.package = FakeSounddevice()
        self.outlet = Outlet(lambda: self.now)
        self.news: list[SoundNews] = []
        self.deck = Deck(SoundDevices(lambda: self.package), self.outlet, self.news.append, lambda: self.now)
        self.film, self.number = film, 0
        self.rate = exact_rate(film.playhead.fps)
        self.player = Player(film.playhead, film.owner, lambda: self.now, sound=self)
        self.device_rate = device_rate  # of its clock against the computer's
        self.next_block = 0.0
        self.shown: list[tuple[float, int]] = []
        self.gone = False

    # As the Playback does it

    def start(self, frame: int, first: int, last: int, *, loop: bool) -> bool:
        self.number += 1
        stretch = Stretch(
            sample_of(frame, self.rate), sample_of(last + 1, self.rate), sample_of(first, self.rate) if loop else None
        )
        self.deck.do(lambda: self.deck.play(self.number, Numbered(), stretch))
        self.next_block = max(self.next_block, self.now + 0.03)
        return True

    def stop(self, *, let_end: bool = False) -> None:
        if not let_end:
            self.deck.do(self.deck.silence)

    def place(self, now: float) -> float | None:
        sample = heard_at(self.outlet.anchors, self.number, now)
        return None if sample is None else sample * float(self.rate) / SAMPLE_RATE

    def will_be_heard(self, now: float) -> bool:
        return not self.gone

    # What happens in the room

    def run(self, seconds: float, turn: tuple[float, float] = (0.012, 0.02)) -> None:
        """Lets so much time pass; the window gets a turn each ``turn`` seconds, between these bounds."""
        until = self.now + seconds
        next_turn = self.now + self.dice.uniform(*turn)
        while self.now < until:
            self.now = min(next_turn, self.next_block, until)
            if self.now == self.next_block and not self.gone:
                jitter = self.dice.uniform(-0.002, 0.002)
                self.package.stream.play(BLOCK, at=self.now, ahead=LATENCY + jitter)
                self.package.stream.began[-1] = self.now + LATENCY
                self.next_block += BLOCK / SAMPLE_RATE / self.device_rate
            if self.gone:
                self.next_block = until
            if self.now == next_turn:
                self.deck.do(self.deck.feed)
                self.player.tick()
                self.shown.append((self.now, self.film.playhead.frame))
                next_turn += self.dice.uniform(*turn)

    def heard_frame(self, moment: float) -> float | None:
        """Which film frame really came out of the device at that moment; None for silence."""
        stream = self.package.stream
        for began, block in zip(reversed(stream.began), reversed(stream.heard), strict=True):
            if began <= moment < began + BLOCK / SAMPLE_RATE / self.device_rate:
                place = int((moment - began) * SAMPLE_RATE * self.device_rate)
                if block[place, 1] < 0.49:
                    return None
                return float(places(block[place : place + 1])[0] * self.rate / SAMPLE_RATE)
        return None

    def worst(self, since: float, slack: float) -> float:
        """By how many frames the picture was off what was heard at most; ``slack`` is the longest turn, in seconds.

        A frame is right from its beginning to its end, and as long as the window had no turn to show the next.
        """
        worst = 0.0
        for moment, frame in self.shown:
            heard = self.heard_frame(moment) if moment >= since else None
            if heard is not None:
                early, late = frame - heard, heard - (frame + 1)
                worst = max(worst, early, late - slack * float(self.rate))
        return worst


@pytest.fixture
def film(qtbot: QtBot, tmp_path: Path) -> Iterator[Parts]:
    parts = open_parts(numbered(CLIPS), tmp_path)
    parts.playhead.set_model(81, 24.0)
    yield parts
    parts.close()


@pytest.mark.parametrize("device_rate", [1.0, 1.0005, 0.9995])
def test_minutes_of_film_stay_with_the_sound_whatever_the_clock_of_the_device(film: Parts, device_rate: float) -> None:
    room = Room(film, device_rate=device_rate)
    room.player.toggle()
    room.run(150)
    assert film.playhead.frame > 145 * 24
    assert room.worst(room.shown[0][0], 0.0) <= 1 / 3
    assert room.outlet.starved == 0


def test_the_first_frame_stands_until_the_sound_is_heard(film: Parts) -> None:
    room = Room(film)
    film.playhead.set_frame(100)
    room.player.toggle()
    room.run(0.12)
    assert film.playhead.frame == 100
    room.run(0.3)
    assert 103 <= film.playhead.frame <= 108
    assert room.worst(0.0, 0.0) <= 1 / 3


def test_a_busy_window_shows_what_is_heard_whenever_it_gets_its_turn(film: Parts) -> None:
    room = Room(film, seed=5)
    room.player.toggle()
    room.run(60, turn=(0.02, 0.25))
    assert room.worst(room.shown[0][0], 0.0) <= 1 / 3
    assert room.outlet.starved == 0


def test_jumps_and_loops_stay_in_sync(film: Parts) -> None:
    room, dice = Room(film, seed=7), Random(3)
    room.player.set_loop(True)
    film.playhead.set_in(200)
    film.playhead.set_out(290)
    room.player.toggle()
    room.run(30)
    assert 200 <= film.playhead.frame <= 290
    film.playhead.clear_range()
    for _ in range(12):
        film.playhead.set_frame(dice.randrange(film.playhead.last_frame - 200))
        jumped = room.now
        room.run(2.0)
        assert room.worst(jumped + LATENCY + 0.05, 0.0) <= 1 / 3
    assert len(room.package.streams) == 1


def test_every_sample_of_a_loop_is_played_once_in_each_round(film: Parts) -> None:
    room = Room(film)
    room.player.set_loop(True)
    film.playhead.set_in(48)
    film.playhead.set_out(95)
    film.playhead.set_frame(48)
    room.player.toggle()
    room.run(11)
    heard = room.package.stream.sound[BLOCK * 2 :]
    found = places(heard[heard[:, 1] > 0.49])
    steps = found[1:] - found[:-1]
    assert set(steps.tolist()) == {1, 48 * 2000 - 96 * 2000 + 1}
    assert (steps != 1).sum() == 5


def test_no_frame_is_shown_again_while_it_plays(film: Parts) -> None:
    room = Room(film, seed=11, device_rate=0.998)
    room.player.toggle()
    room.run(60)
    frames = [frame for _moment, frame in room.shown]
    assert frames == sorted(frames)


def test_a_device_that_goes_away_leaves_the_film_playing_by_the_clock(film: Parts) -> None:
    room = Room(film)
    room.player.toggle()
    room.run(5)
    before = film.playhead.frame
    room.gone = True
    room.run(4)
    assert abs(film.playhead.frame - before - 4 * 24) <= 2
    room.deck.do(room.deck.watch)
    assert room.news[-1].state is SoundState.LOST


def test_at_the_end_of_the_film_the_last_frame_is_heard_out(film: Parts) -> None:
    room = Room(film)
    last = film.playhead.last_frame
    film.playhead.set_frame(last - 24)
    room.player.toggle()
    room.run(2.0)
    assert (film.playhead.frame, film.playhead.rate) == (last, 0)
    heard = room.package.stream.sound
    end = places(heard[heard[:, 1] > 0.49])[-1]
    assert abs(end - sample_of(last + 1, room.rate)) <= 2  # so far into the film a sample's own number is rounded
