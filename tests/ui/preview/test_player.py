"""Playing: by the clock and not by ticks, within its limits, in loops, and from wherever somebody goes meanwhile."""

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.preview.player import Player
from tests.builders.film_parts import Parts, numbered, open_parts

LAST = 4 * 16 + 20  # five clips of 21 frames, four of which give up 5


class Now:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def film(qtbot: QtBot, tmp_path: Path) -> Iterator[Parts]:
    parts = open_parts(numbered(5), tmp_path)
    yield parts
    parts.close()


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def player(film: Parts, now: Now) -> Player:
    return Player(film.playhead, film.owner, now)


def pass_time(player: Player, now: Now, seconds: float) -> None:
    """One late tick after ``seconds``."""
    now.seconds += seconds
    player.tick()


def test_playing_goes_by_the_clock_and_drops_frames_when_it_is_late(film: Parts, player: Player, now: Now) -> None:
    player.toggle()
    pass_time(player, now, 0.5)
    assert film.playhead.frame == 4
    pass_time(player, now, 2.0)
    assert film.playhead.frame == 20


def test_thousands_of_late_ticks_do_not_add_up(film: Parts, player: Player, now: Now) -> None:
    player.set_loop(True)
    player.toggle()
    for _ in range(5000):
        pass_time(player, now, 0.0371)
    assert film.playhead.frame == int(5000 * 0.0371 * 8 + 1e-6) % (LAST + 1)


def test_it_stops_on_the_last_frame_and_plays_again_from_the_start(film: Parts, player: Player, now: Now) -> None:
    film.playhead.set_frame(LAST - 2)
    player.toggle()
    pass_time(player, now, 60)
    assert (film.playhead.frame, film.playhead.rate) == (LAST, 0)
    player.toggle()
    assert (film.playhead.frame, film.playhead.rate) == (0, 1)


def test_backwards_it_stops_on_the_first_frame(film: Parts, player: Player, now: Now) -> None:
    film.playhead.set_frame(10)
    player.shuttle(-1)
    pass_time(player, now, 0.5)
    assert film.playhead.frame == 6
    pass_time(player, now, 60)
    assert (film.playhead.frame, film.playhead.rate) == (0, 0)


def test_repeated_presses_are_faster(film: Parts, player: Player, now: Now) -> None:
    for _ in range(3):
        player.shuttle(1)
    pass_time(player, now, 1.0)
    assert film.playhead.frame == 32


def test_a_loop_plays_the_range_between_in_and_out(film: Parts, player: Player, now: Now) -> None:
    film.playhead.set_in(10)
    film.playhead.set_out(17)
    player.set_loop(True)
    player.toggle()
    seen = set()
    for _ in range(100):
        pass_time(player, now, 0.125)
        seen.add(film.playhead.frame)
    assert seen == set(range(10, 18))


def test_without_a_loop_the_range_is_played_past(film: Parts, player: Player, now: Now) -> None:
    film.playhead.set_out(4)
    player.toggle()
    pass_time(player, now, 2)
    assert film.playhead.frame == 16


def test_limits_hold_play_steps_and_jumps(film: Parts, player: Player, now: Now) -> None:
    player.set_limits((16, 31))
    player.jump(2)
    assert film.playhead.frame == 16
    player.jump(99)
    assert film.playhead.frame == 31
    player.toggle()
    assert film.playhead.frame == 16
    pass_time(player, now, 60)
    assert (film.playhead.frame, film.playhead.rate) == (31, 0)


def test_who_goes_elsewhere_while_it_plays_is_followed(film: Parts, player: Player, now: Now) -> None:
    player.toggle()
    pass_time(player, now, 1)
    film.playhead.set_frame(50)
    pass_time(player, now, 0.5)
    assert film.playhead.frame == 54


def test_another_speed_of_the_film_counts_from_then_on(film: Parts, player: Player, now: Now) -> None:
    player.toggle()
    pass_time(player, now, 1)
    film.playhead.set_model(21, 16.0)
    pass_time(player, now, 1)
    assert film.playhead.frame == 24


def test_a_film_without_clips_does_not_play(film: Parts, player: Player) -> None:
    film.selection.select_all()
    film.commands.clips.delete()
    player.toggle()
    assert (player.is_playing, film.playhead.rate) == (False, 0)


def test_real_time_is_kept(film: Parts, qtbot: QtBot) -> None:
    player = Player(film.playhead, film.owner)
    began = perf_counter()
    player.shuttle(1)
    qtbot.waitUntil(lambda: film.playhead.frame >= 4)
    assert film.playhead.frame <= 8.0 * (perf_counter() - began) + 1, "it runs ahead of the clock"
    player.stop()


def test_a_film_plays_as_far_as_it_is_rendered(film: Parts, now: Now) -> None:
    rendered = [31]
    player = Player(film.playhead, film.owner, now, lambda: rendered[0])
    player.toggle()
    pass_time(player, now, 60)
    assert (film.playhead.frame, film.playhead.rate) == (31, 0)
    player.toggle()
    assert film.playhead.frame == 0
    pass_time(player, now, 3)
    rendered[0] = 47
    pass_time(player, now, 2)
    assert film.playhead.frame == 40


def test_behind_what_is_rendered_it_plays_to_the_end(film: Parts, now: Now) -> None:
    player = Player(film.playhead, film.owner, now, lambda: 31)
    film.playhead.set_frame(40)
    player.shuttle(1)
    pass_time(player, now, 60)
    assert film.playhead.frame == LAST
