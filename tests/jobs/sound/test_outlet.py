"""What comes out of the device, sample by sample, and when it says that each is heard."""

import numpy as np

from svi_studio.jobs.sound.feeder import Feeder, Stretch, grain
from svi_studio.jobs.sound.outlet import FADE, Outlet, heard_at
from svi_studio.jobs.sound.run import Block, Run, Samples
from tests.jobs.sound.films import Numbered, places


def block(outlet: Outlet, frames: int = 480, ahead: float = 0.1) -> Samples:
    out = np.full((frames, 2), 9.0, np.float32)
    outlet.fill(out, frames, ahead)
    return out


def fed(number: int, stretch: Stretch, mix: Numbered) -> Run:
    feeder = Feeder(Run(number), stretch, mix)
    feeder.feed(2**20)
    return feeder.run


def test_nothing_to_play_is_silence() -> None:
    assert not block(Outlet()).any()


def test_every_sample_comes_once_and_in_order() -> None:
    outlet = Outlet()
    outlet.run = fed(1, Stretch(1000, 11_000), Numbered())
    sound = np.concatenate([block(outlet, frames) for frames in (480, 37, 4096, 512, 3000)])
    assert (places(sound)[FADE:] == np.arange(1000 + FADE, 1000 + len(sound))).all()


def test_it_begins_and_ends_without_a_click() -> None:
    outlet = Outlet()
    outlet.run = fed(1, Stretch(0, 48_000), Numbered())
    first = block(outlet)
    assert first[0, 1] == 0
    assert (np.diff(first[: FADE + 1, 1]) > 0).all()
    block(outlet)
    outlet.run = None
    last = block(outlet)
    assert last[0, 1] == 0.5
    assert (np.diff(last[: FADE + 1, 1]) < 0).all()
    assert not last[FADE:].any()


def test_a_loop_wraps_at_its_sample_within_a_block() -> None:
    outlet = Outlet()
    feeder = Feeder(Run(1), Stretch(5000, 5777, loop=2000), Numbered())
    feeder.feed(40_000)
    outlet.run = feeder.run
    sound = np.concatenate([block(outlet, 500) for _ in range(20)])
    expected = np.concatenate([np.arange(5000, 5777), *[np.arange(2000, 5777)] * 3])[: len(sound)]
    assert (places(sound)[FADE:] == expected[FADE:]).all()


def test_a_loop_is_published_for_the_moment_at_which_it_is_heard() -> None:
    now = [10.0]
    outlet = Outlet(lambda: now[0])
    feeder = Feeder(Run(1), Stretch(0, 720, loop=0), Numbered())
    feeder.feed(9600)
    outlet.run = feeder.run
    block(outlet)  # samples 0 to 480, heard from 10.1 on
    now[0] += 0.01
    block(outlet)  # samples 480 to 720 and 0 to 240; the wrap is heard at 10.115
    assert heard_at(outlet.anchors, 1, 10.05) is None
    assert round(heard_at(outlet.anchors, 1, 10.1) or 0.0) == 0
    assert round(heard_at(outlet.anchors, 1, 10.1149) or 0.0) == 715
    assert round(heard_at(outlet.anchors, 1, 10.1151) or 0.0) == 5


def test_another_mix_goes_on_at_the_same_sample() -> None:
    outlet = Outlet()
    first = Feeder(Run(1), Stretch(0, 480_000), Numbered())
    first.feed()
    outlet.run = first.run
    block(outlet, 1000)
    joined = first.joined(outlet.at, Numbered(right=0.25))
    joined.feed()
    block(outlet, 1000)  # the device goes on while the other mix is made ready
    outlet.run = joined.run
    sound = block(outlet, 1000)
    assert (places(sound)[FADE:] == np.arange(2000 + FADE, 3000)).all()
    assert abs(sound[0, 1] - 0.5) < 1e-3
    assert (sound[FADE:, 1] == 0.25).all()


def test_a_dry_run_is_silent_and_says_that_it_stands() -> None:
    now = [10.0]
    outlet = Outlet(lambda: now[0])
    feeder = Feeder(Run(1), Stretch(0, 480_000), Numbered())
    feeder.feed(4800)
    outlet.run = feeder.run
    block(outlet, 4800, ahead=0.0)
    now[0] = 10.1
    assert not block(outlet, 4800, ahead=0.0).any()
    assert outlet.starved == 1
    assert heard_at(outlet.anchors, 1, 10.15) == 4800
    now[0] = 10.2
    feeder.feed(9600)
    block(outlet, 4800, ahead=0.0)
    assert heard_at(outlet.anchors, 1, 10.2) == 4800


def test_the_volume_changes_without_a_step() -> None:
    outlet = Outlet()
    outlet.run = fed(1, Stretch(0, 48_000), Numbered())
    block(outlet)
    outlet.volume = 0.0
    sound = block(outlet)
    assert abs(np.diff(sound[:, 1])).max() < 0.01
    assert sound[-1, 1] == 0
    assert not block(outlet).any()


def test_an_error_is_silence_and_is_counted() -> None:
    outlet = Outlet()
    run = Run(1)
    run.blocks.append(Block(0, None))  # type: ignore[arg-type]
    outlet.run = run
    assert not block(outlet).any()
    assert outlet.errors == 1


def test_a_grain_of_scrubbing_has_soft_ends_and_tells_no_time() -> None:
    outlet = Outlet()
    outlet.run = grain(Numbered(), 96_000, 3360)
    sound = block(outlet, 4800)
    assert sound[0, 1] == 0
    assert sound[3359, 1] == 0
    assert not sound[3360:].any()
    assert (places(sound)[FADE:3000] == np.arange(96_000 + FADE, 99_000)).all()
    assert outlet.anchors == ()
