"""The render service: a film goes in, signals come out, and the user can pause, skip and stop."""

import pytest

from svi_studio.domain.render.events import PreviewReady
from svi_studio.jobs.worker.film_under_way import FilmEnded
from svi_studio.jobs.worker.process_state import ProcessState
from svi_studio.jobs.worker.task import Outcome
from tests.jobs.conftest import Script
from tests.jobs.scripted import request
from tests.jobs.scripted_worker import JPEG
from tests.patience import felt_time


def test_a_film_is_rendered_clip_by_clip(script: Script) -> None:
    worker = script()
    assert worker.render(request(2)) == FilmEnded("r1", Outcome.DONE)
    assert worker.words == [
        "starting",
        "loading",
        "rendering",
        "clip_started 0",
        "clip_done 0",
        "clip_started 1",
        "clip_done 1",
        "idle",
    ]


def test_previews_arrive_as_the_bytes_of_a_picture(script: Script) -> None:
    worker = script()
    worker.render()
    assert [event.jpeg for event in worker.events if isinstance(event, PreviewReady)] == [JPEG] * 9


def test_the_worker_stays_for_the_next_film(script: Script) -> None:
    worker = script()
    worker.render(request(1))
    worker.ends.clear()
    worker.render(request(2, "r2"))
    assert worker.words.count("starting") == 1


def test_only_one_film_at_a_time(script: Script) -> None:
    worker = script()
    worker.submit()
    with pytest.raises(ValueError, match="one film"):
        worker.submit()


def test_a_pause_holds_the_next_step_until_it_ends(script: Script) -> None:
    worker = script(holds=["0.1"])
    worker.submit()
    worker.wait("clip_started 0")
    worker.service.pause()
    worker.wait_for_state(ProcessState.PAUSED)
    before = len(worker.events)
    worker.qtbot.wait(150)
    assert len(worker.events) == before
    worker.service.resume()
    assert worker.wait_for_end().outcome is Outcome.DONE


def test_a_stop_ends_the_film_and_keeps_the_worker(script: Script) -> None:
    worker = script(holds=["1.1"])
    worker.submit()
    worker.wait("clip_done 0")
    worker.service.stop()
    assert worker.wait_for_end() == FilmEnded("r1", Outcome.STOPPED)
    assert worker.service.state is ProcessState.IDLE
    assert "clip_done 2" not in worker.words


def test_a_stop_ends_a_pause(script: Script) -> None:
    worker = script(holds=["0.1"])
    worker.submit()
    worker.wait("clip_started 0")
    worker.service.pause()
    worker.wait_for_state(ProcessState.PAUSED)
    worker.service.stop()
    assert worker.wait_for_end().outcome is Outcome.STOPPED


def test_a_stop_after_the_clip_finishes_that_clip(script: Script) -> None:
    worker = script(holds=["1.1"])
    worker.submit()
    worker.wait("clip_started 1")
    worker.service.stop(after_clip=True)
    assert worker.wait_for_end().outcome is Outcome.STOPPED
    assert "clip_done 1" in worker.words
    assert "clip_started 2" not in worker.words


def test_a_stop_within_a_step_that_does_not_end_kills_the_worker(script: Script, impatient: None) -> None:
    worker = script(faults={"0.2": ["hang", 1]})
    worker.submit()
    worker.wait("clip_started 0")
    worker.service.stop()
    assert worker.wait_for_end().outcome is Outcome.STOPPED
    assert worker.service.state is ProcessState.OFF


def test_a_skipped_clip_takes_along_what_continues_from_it(script: Script) -> None:
    worker = script(holds=["1.1"])
    worker.submit(request(4, cuts=(3,)))
    worker.wait("clip_started 1")
    worker.service.skip_clip(1)
    assert worker.wait_for_end().outcome is Outcome.DONE
    done = [word for word in worker.words if word.startswith("clip_done")]
    assert done == ["clip_done 0", "clip_done 3"]
    assert {"skipped [1]", "skipped [2]"} <= set(worker.words)


def test_a_film_that_cannot_go_on_says_why(script: Script) -> None:
    worker = script(fails={"1": "The picture is gone."})
    assert worker.render() == FilmEnded("r1", Outcome.FAILED, "The picture is gone.")
    assert worker.service.state is ProcessState.IDLE


@pytest.mark.parametrize("after", ["starting", "loading", "clip_started 0", "clip_done 1", "idle"])
def test_a_shutdown_at_any_moment_is_quick_and_the_last_word(script: Script, after: str) -> None:
    worker = script(step_seconds=0.02, start_seconds=0.1)
    worker.submit()
    worker.wait(after)
    with felt_time() as seconds:
        assert worker.service.shutdown()
        assert seconds() < 5
    said = len(worker.words)
    worker.qtbot.wait(50)
    assert len(worker.words) == said


@pytest.mark.parametrize("fault", ["stop", "hang"])
def test_a_shutdown_does_not_wait_for_a_worker_that_hangs(script: Script, fault: str) -> None:
    worker = script(faults={"0.1": [fault, 1]})
    worker.submit()
    worker.wait("clip_started 0")
    with felt_time() as seconds:
        assert worker.service.shutdown()
        assert seconds() < 5


def test_nothing_starts_before_it_is_needed(script: Script) -> None:
    worker = script()
    assert worker.service.shutdown()
    assert worker.words == []


def test_an_idle_worker_can_be_let_go_and_comes_back_with_the_next_film(script: Script) -> None:
    worker = script()
    worker.render(request(1))
    worker.service.rest()
    worker.wait_for_state(ProcessState.OFF)
    worker.ends.clear()
    assert worker.render(request(1, "r2")).outcome is Outcome.DONE


def test_a_worker_with_a_film_is_not_let_go(script: Script) -> None:
    worker = script(step_seconds=0.1)
    worker.submit(request(1))
    worker.wait("clip_started 0")
    worker.service.rest()
    assert worker.wait_for_end().outcome is Outcome.DONE
