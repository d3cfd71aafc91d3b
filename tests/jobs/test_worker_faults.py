"""A worker that dies, hangs or raves costs at most the clip under way: the window says so and goes on there."""

import os
import signal
from pathlib import Path

import pytest

from svi_studio.crash_log import crash_folder
from svi_studio.jobs.worker import patience
from svi_studio.jobs.worker.film_under_way import MAX_RESTARTS
from svi_studio.jobs.worker.patience import Limits
from svi_studio.jobs.worker.process_state import ProcessState
from svi_studio.jobs.worker.task import Outcome
from tests.jobs.conftest import Script
from tests.jobs.scripted import request

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs signals that stop a process")

PLACES = ["load", "0.1", "1.3", "2.1"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("fault", ["kill", "exit", "garbage", "oversized"])
def test_a_worker_that_ends_is_started_again_at_the_same_clip(script: Script, fault: str, place: str) -> None:
    worker = script(faults={place: [fault, 1]})
    assert worker.render().outcome is Outcome.DONE
    assert worker.words.count("restarting") == 1
    assert [word for word in worker.words if "done" in word] == ["clip_done 0", "clip_done 1", "clip_done 2"]


@pytest.mark.parametrize(("fault", "place"), [("stop", "load"), ("stop", "1.2"), ("silence", "1.2")])
def test_a_silent_worker_is_told_and_started_again(script: Script, impatient: None, fault: str, place: str) -> None:
    worker = script(faults={place: [fault, 1]}, beat_seconds=0.05)
    assert worker.render().outcome is Outcome.DONE
    assert worker.words.index("not_answering") < worker.words.index("restarting")
    assert [word for word in worker.words if "done" in word] == ["clip_done 0", "clip_done 1", "clip_done 2"]


def test_a_step_that_never_ends_is_noticed_while_the_heart_beats(script: Script, impatient: None) -> None:
    worker = script(faults={"1.3": ["hang", 1]})
    assert worker.render().outcome is Outcome.DONE
    assert worker.notices == [
        "The renderer is not responding; if this goes on, it is restarted.",
        "The renderer did not answer at clip 2. It is started again, and the film goes on from there.",
    ]


def test_a_worker_that_was_late_and_comes_back_is_left_alone(
    script: Script, impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "BEATS", Limits(late=0.5, lost=20))
    worker = script(faults={"1.2": ["nap", 1]})
    assert worker.render().outcome is Outcome.DONE
    assert "not_answering" in worker.words
    assert "restarting" not in worker.words


def test_the_notice_says_where(script: Script) -> None:
    worker = script(faults={"1.2": ["kill", 1]})
    worker.render()
    assert worker.notices == [
        "The renderer ended unexpectedly at clip 2. It is started again, and the film goes on from there."
    ]


def test_a_clip_that_always_ends_the_worker_is_given_up(script: Script) -> None:
    worker = script(faults={"1.2": ["kill", 99]})
    end = worker.render()
    assert end.outcome is Outcome.FAILED
    assert "at clip 2, 4 times now" in end.sentence
    assert worker.words.count("restarting") == MAX_RESTARTS
    assert worker.service.state is ProcessState.FAILED


def test_restarts_are_counted_for_each_clip(script: Script) -> None:
    worker = script(faults={f"{clip}.1": ["kill", 2] for clip in range(3)})
    assert worker.render().outcome is Outcome.DONE
    assert worker.words.count("restarting") == 6


def test_a_worker_that_cannot_even_start_says_why(script: Script) -> None:
    worker = script(faults={"start": ["exit", 99]})
    assert "no graphics today" in worker.render().sentence


def test_the_last_words_of_a_worker_are_kept_in_a_crash_log(script: Script) -> None:
    script(faults={"start": ["exit", 1]}).render()
    logs = [log.read_text() for log in crash_folder().glob("*.log")]
    assert any("no graphics today" in log for log in logs)


def test_a_program_that_is_not_there_says_so(script: Script) -> None:
    worker = script()
    worker.service._client._thread._supervisor._command = ("/nowhere/python",)
    assert "does not start" in worker.render().sentence


def test_a_film_can_be_rendered_after_the_worker_was_given_up(script: Script) -> None:
    worker = script(faults={"start": ["exit", 4]})
    worker.render()
    worker.ends.clear()
    assert worker.render(request(1, "r2")).outcome is Outcome.DONE


def test_a_worker_of_another_version_is_refused(script: Script) -> None:
    assert "another version" in script(protocol=99).render().sentence


def test_a_worker_that_dies_while_paused_stays_paused_and_goes_on(script: Script) -> None:
    worker = script(holds=["1.1"])
    worker.submit()
    worker.wait("clip_started 1")
    worker.service.pause()
    worker.wait_for_state(ProcessState.PAUSED)
    kill_children_of(worker.folder)
    worker.wait("restarting")
    worker.wait_for_state(ProcessState.PAUSED)
    worker.service.resume()
    assert worker.wait_for_end().outcome is Outcome.DONE


def test_a_clip_that_was_given_up_stays_so_in_the_next_worker(script: Script) -> None:
    worker = script(holds=["1.1"], faults={"2.1": ["kill", 1]})
    worker.submit(request(3, cuts=(2,)))
    worker.wait("clip_started 1")
    worker.service.skip_clip(1)
    assert worker.wait_for_end().outcome is Outcome.DONE
    assert [word for word in worker.words if "done" in word] == ["clip_done 0", "clip_done 2"]
    assert worker.asked()[-1]["skipped"] == [1]


def test_an_idle_worker_that_ends_is_only_missed_by_the_next_film(script: Script) -> None:
    worker = script()
    worker.render(request(1))
    kill_children_of(worker.folder)
    worker.wait("off")
    assert len(worker.notices) == 1
    worker.ends.clear()
    assert worker.render(request(2, "r2")).outcome is Outcome.DONE


def test_a_worker_that_dies_when_it_was_asked_to_stop_is_not_started_again(script: Script) -> None:
    worker = script(step_seconds=0.05, faults={"1.2": ["hang", 1]})
    worker.submit()
    worker.wait("clip_started 1")
    worker.qtbot.waitUntil((worker.folder / "worker" / "faults at 1.2").exists)
    worker.service.stop()
    kill_children_of(worker.folder)
    assert worker.wait_for_end().outcome is Outcome.STOPPED
    assert "restarting" not in worker.words


def kill_children_of(folder: Path) -> None:
    """Kill the scripted worker that keeps its notes in ``folder``."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if str(folder / "worker").encode() in words:
            os.kill(int(process.name), signal.SIGKILL)
