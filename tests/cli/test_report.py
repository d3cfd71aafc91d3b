"""What the user sees during a render: clip k of n, step, time left."""

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress

from svi_studio.cli.report import BarReport, JsonReport, PlainReport, open_report
from svi_studio.domain.render.events import (
    ClipDone,
    ClipReused,
    ClipStarted,
    MemoryPlanned,
    RenderStarted,
    SoundHeard,
    StepDone,
    Warned,
)
from svi_studio.domain.render.memory_plan import MemoryPlan
from tests.cli.conftest import environment
from tests.patience import SECONDS, felt_time


@pytest.fixture
def progress() -> Progress:
    return Progress(console=Console(file=io.StringIO(), force_terminal=True), auto_refresh=False)


def test_the_bar_shows_clip_step_and_time_left(progress: Progress) -> None:
    report = BarReport(progress)
    report.emit(RenderStarted(10, 9, 1))
    report.emit(ClipReused(0, "a"))
    report.emit(ClipStarted(1, 10, "b"))
    report.emit(StepDone(1, 5, 20, 75.0))
    task = progress.tasks[0]
    assert (task.description, task.completed, task.total) == ("Clip 2 of 10", 1.25, 10)
    assert task.fields["detail"] == "step 5 of 20 · 1 min 15 s left"


def test_the_bar_says_that_a_sound_is_listened_to(progress: Progress) -> None:
    report = BarReport(progress)
    for event in (RenderStarted(10, 10, 0), ClipStarted(0, 10, "b"), SoundHeard(0, 0.25)):
        report.emit(event)
    assert progress.tasks[0].fields["detail"] == "listening to the sound, 25%"


@pytest.mark.parametrize("make", [JsonReport, PlainReport])
def test_a_name_in_a_sentence_does_nothing_to_the_terminal(
    make: type[JsonReport | PlainReport], capsys: pytest.CaptureFixture[str]
) -> None:
    make().emit(Warned("Good\x1b]0;owned\x07 is warned of."))
    assert "Good\ufffd]0;owned\ufffd is warned of." in capsys.readouterr().err


def test_nor_does_one_above_the_bar(progress: Progress) -> None:
    BarReport(progress).say("Good\x1b]0;owned\x07")
    file = progress.console.file
    assert isinstance(file, io.StringIO)
    assert "]0;owned\ufffd" in file.getvalue()
    assert "\x1b]0;" not in file.getvalue()


def test_the_bar_is_full_when_all_clips_are_done(progress: Progress) -> None:
    report = BarReport(progress)
    report.emit(RenderStarted(2, 2, 0))
    for index in range(2):
        report.emit(ClipStarted(index, 2, "a"))
        report.emit(ClipDone(index, "a", 1.0))
    assert progress.tasks[0].finished


def test_a_remark_about_a_clip_is_a_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    PlainReport().emit(Warned("Clip 1 was computed elsewhere.", 1))
    assert capsys.readouterr().err == "Clip 1 was computed elsewhere.\n"


def test_memory_that_ran_out_is_a_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    PlainReport().emit(MemoryPlanned(MemoryPlan(), "Memory ran out: the clip goes on.", smaller=True))
    assert capsys.readouterr().err == "Memory ran out: the clip goes on.\n"


def test_plain_lines_say_what_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    report = PlainReport()
    report.emit(RenderStarted(2, 1, 1))
    report.emit(StepDone(1, 1, 20))
    report.emit(ClipDone(1, "a", 61.0))
    assert capsys.readouterr().err == "1 of 2 clips are ready; 1 to render.\nClip 2 is done after 1 min 1 s.\n"
    report.film_clip(1, 1)
    assert capsys.readouterr().err == "Writing the film of 1 clip.\n"


_WAIT_FOR_STOP = """
import sys, time
from svi_studio.cli.stop import stop_request
with stop_request() as stop:
    print("ready", flush=True)
    while not stop():
        time.sleep(0.01)
    print("asked", flush=True)
    if "hang" in sys.argv:
        time.sleep(60)
"""


def _press(times: int, *words: str) -> tuple[int, str]:
    command = [sys.executable, "-c", _WAIT_FOR_STOP, *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.stdout.readline()
        if times == 2:
            process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=SECONDS)
        return process.returncode, said.decode()


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_the_first_ctrl_c_asks_and_says_so() -> None:
    code, said = _press(1)
    assert (code, "press Ctrl-C again to stop at once" in said) == (0, True)


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_the_second_ctrl_c_ends_the_program_at_once() -> None:
    with felt_time() as seconds:
        code, _ = _press(2, "hang")
        assert (code, seconds() < 20) == (130, True)


def test_a_film_is_not_ended_by_the_terminals_ctrl_c(tmp_path: Path) -> None:
    """ffmpeg runs in a process group of its own, so the signal of the terminal's group does not reach it."""
    from svi_studio.media.ffmpeg import Ffmpeg

    ffmpeg = Ffmpeg(["-f", "rawvideo", "-s", "2x2", "-pix_fmt", "rgb24", "-i", "pipe:0", "-f", "null", "-"], feed=True)
    try:
        if os.name != "nt":
            assert os.getpgid(ffmpeg._process.pid) != os.getpgid(0)
    finally:
        ffmpeg.kill()


def test_a_warning_is_an_event_for_programs_and_a_line_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    with open_report(json=True) as report:
        report.emit(Warned("Your picture would fall apart."))
    said = capsys.readouterr()
    assert said.out == '{"kind": "warning", "message": "Your picture would fall apart.", "index": null}\n'
    assert said.err == "Your picture would fall apart.\n"
    with open_report(json=False) as report:
        report.emit(Warned("Your picture would fall apart."))
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "Your picture would fall apart.\n")
