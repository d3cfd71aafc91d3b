"""kill -9 at any moment of a render: the same command goes on, loses at most one clip, and makes the same film.

So does a film of Pro, whose clips go on from latents of the take before and not from its frames.
"""

import json
import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from svi_studio.cli import main
from svi_studio.domain.takes.take_files import LATENTS
from svi_studio.media.frames import Frames
from svi_studio.media.video_reader import stream_frames
from tests.builders.tiny_models import build_two_experts
from tests.cli.conftest import write_storyboard

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that are copies of this one")

FILM = Path("film.mkv")


@dataclass(frozen=True)
class Outcome:
    """What one run of the command did before it ended or was killed."""

    killed: bool
    events: int
    seconds: float
    started: list[str]
    done: list[str]
    reused: list[str]


def render(kill_after: float | None = None, pause: float = 0.0) -> Outcome:
    """Run the command in a process of its own, killed without mercy when it has told so many events, and a part.

    That part is of ``pause``, the seconds between two events; so a kill hits the render however quick it is.
    """
    log = Path("events.jsonl")
    log.unlink(missing_ok=True)
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        _become_the_command(log)
    status = None
    if kill_after is not None:
        while len(_whole_lines(log)) < int(kill_after) and (status := _ended(child)) is None:
            time.sleep(0.002)
        time.sleep(kill_after % 1 * pause)
    if status is None:
        if kill_after is not None:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status)
    assert killed or os.waitstatus_to_exitcode(status) == 0, Path("errors.txt").read_text()
    events = _whole_lines(log)
    hashes = {kind: [event["take_hash"] for event in events if event["kind"] == kind] for kind in _KINDS}
    return Outcome(killed, len(events), time.monotonic() - began, *hashes.values())


def _ended(child: int) -> int | None:
    """How the process ended; None while it runs."""
    number, status = os.waitpid(child, os.WNOHANG)
    return status if number else None


_KINDS = ("clip_started", "clip_done", "clip_reused")


def _become_the_command(log: Path) -> None:
    """In the copied process: never returns into the test."""
    code = 70
    try:
        torch.set_num_threads(1)
        for path, number in ((log, 1), (Path("errors.txt"), 2)):
            os.dup2(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC), number)
        sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
        code = main(["render", "story.json", "-o", str(FILM), "--json", "--device", "cpu"])
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _whole_lines(log: Path) -> list[dict[str, str]]:
    lines = log.read_text().split("\n")[:-1] if log.exists() else []
    return [json.loads(line) for line in lines]


def pixels() -> Frames:
    return np.concatenate(list(stream_frames(FILM)))


def start_over(number: int, **changes: Any) -> None:
    """A fresh folder with the storyboard in it."""
    folder = Path(f"../try{number}")
    folder.mkdir()
    os.chdir(folder)
    write_storyboard(Path("story.json"), **changes)


def pro(clips: int, model: str = "tiny-two-experts") -> dict[str, Any]:
    """What is different in a storyboard of Pro, some of whose clips end on a picture or move more widely."""
    cards: list[dict[str, Any]] = [{"id": f"c{number}", "prompt": f"step {number}"} for number in range(1, clips + 1)]
    for card in cards[1::3]:
        card["end_image"] = "start.png"
    for card in cards[2::3]:
        card["motion_amplitude"] = 1.15
    return {"schema_version": 5, "family": "pro", "model": model, "clips": cards}


@pytest.fixture
def two_experts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another models folder, with a tiny model of two experts."""
    build_two_experts(tmp_path / "experts" / "tiny-two-experts")
    monkeypatch.setenv("SVI_MODELS", str(tmp_path / "experts"))


def kill_at_many_points(points: int, **changes: Any) -> None:
    """Spread kills over a render's whole course; each broken render must come to the same end as an unbroken one."""
    write_storyboard(Path("story.json"), **changes)
    render()
    FILM.unlink()
    start_over(0, **changes)
    unbroken = render()
    expected = pixels()
    kills = 0
    for number in range(1, points + 1):
        start_over(number, **changes)
        first = render(unbroken.events * (number - 0.5) / points, unbroken.seconds / unbroken.events)
        kills += first.killed
        if first.killed and FILM.exists():
            assert np.array_equal(pixels(), expected), "a film under its final name is a whole film"
        second = render()
        assert len(set(first.started) - set(first.done)) <= 1
        assert set(first.done) <= set(second.reused), "a finished take is never rendered again"
        assert second.reused + second.done == unbroken.done
        assert np.array_equal(pixels(), expected)
        assert [path.name for path in Path.cwd().glob(".film*")] == []
    assert kills > points / 2, "most kills hit a render that was still at work"


def contents() -> dict[str, str]:
    """The SHA-256 of the latents of every take."""
    takes = [json.loads(path.read_text()) for path in Path("film.svi/takes").glob("*/manifest.json")]
    return {take["take_hash"]: each["sha256"] for take in takes for each in take["files"] if each["name"] == LATENTS}


def kill_again_and_again(clips: int, kills: int) -> None:
    """One film of Pro, whose render is killed so many times on its way, each time a little later in a clip."""
    start_over(0, **pro(clips))
    unbroken, expected, film = render(), contents(), pixels()
    start_over(1, **pro(clips))
    killed = 0
    done: list[str] = []
    for number in range(kills):
        outcome = render(len(done) + 1 + number % 8 + 0.5, 0.01)
        assert outcome.reused == done[: len(outcome.reused)]
        done += [each for each in outcome.done if each not in done]
        killed += outcome.killed
    last = render()
    assert last.reused + last.done == unbroken.done
    assert contents() == expected
    assert np.array_equal(pixels(), film)
    assert killed > kills / 2


def test_a_killed_render_goes_on() -> None:
    kill_at_many_points(6)


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_a_render_killed_at_many_points_goes_on() -> None:
    kill_at_many_points(200)


def test_a_render_of_pro_that_is_killed_again_and_again_makes_the_same_takes(two_experts: None) -> None:
    kill_again_and_again(2, 3)


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_a_render_of_pro_killed_at_many_points_goes_on(two_experts: None) -> None:
    kill_at_many_points(50, **pro(3))


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_fifty_clips_of_pro_killed_fifty_times_are_the_same_takes(two_experts: None) -> None:
    kill_again_and_again(50, 50)
