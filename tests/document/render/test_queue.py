"""The render queue: order, pause, skip, stop, what every clip is told, and what is left after the program ended."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from svi_studio.document.render.queue import RenderQueue
from svi_studio.document.render.queue_state import QueueState
from svi_studio.domain.editing.edits import change_clip
from svi_studio.domain.render.clip_state import ClipState
from svi_studio.domain.render.request import QueuedRender, QueueStatus, RenderRequest
from svi_studio.jobs.render.render_turn import RenderTurn
from svi_studio.project.film.queue_file import read_queue, write_queue
from tests.document.render.conftest import MakeQueue
from tests.jobs.scripted import request
from tests.jobs.scripted_worker import JPEG, take_of


def statuses(queue: RenderQueue) -> list[str]:
    return [f"{item.request.id} {item.status}" for item in queue.items]


def wait(qtbot: QtBot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(condition, timeout=20_000)


def wait_until_over(qtbot: QtBot, queue: RenderQueue) -> None:
    wait(qtbot, lambda: all(item.status.is_over for item in queue.items))


def wait_for_clip(qtbot: QtBot, queue: RenderQueue, clip_id: str) -> None:
    wait(qtbot, lambda: queue.current_clip == clip_id)


def test_requests_are_rendered_in_their_order(qtbot: QtBot, make_queue: MakeQueue) -> None:
    queue = make_queue()
    done: list[str] = []
    queue.film_ended.connect(lambda end: done.append(end.request_id))
    for name in ("a", "b", "c"):
        queue.add(request(1, name))
    wait_until_over(qtbot, queue)
    assert done == ["a", "b", "c"]


def test_films_that_share_a_turn_are_rendered_one_after_the_other(
    qtbot: QtBot, make_queue: MakeQueue, tmp_path: Path
) -> None:
    turn = RenderTurn()
    one, two = make_queue(turn, tmp_path / "one", step_seconds=0.05), make_queue(turn, tmp_path / "two")
    one.add(request(1, "a"))
    two.add(request(1, "b"))
    assert two.items[0].message == "Another film is rendering; this one starts when it is done."
    wait(qtbot, lambda: two.current is not None)
    assert one.items[0].status.is_over and two.items[0].message == ""
    wait_until_over(qtbot, two)


def test_a_film_that_waits_for_a_training_says_so_and_begins_when_it_is_over(
    qtbot: QtBot, make_queue: MakeQueue
) -> None:
    turn, training = RenderTurn(), QObject()
    turn.take(training, "A training is under way.")
    queue = make_queue(turn)
    queue.add(request(1, "a"))
    assert queue.items[0].message == "A training is under way."
    turn.give_back(training)
    wait_until_over(qtbot, queue)
    assert queue.items[0].status is QueueStatus.DONE


def test_a_film_that_waited_for_another_one_does_not_say_so_after_a_start(
    qtbot: QtBot, make_queue: MakeQueue, tmp_path: Path
) -> None:
    write_queue(tmp_path, [QueuedRender(request=request(1, "a"), message="Another film is rendering")])
    queue = make_queue()
    wait(qtbot, lambda: bool(queue.items))
    assert queue.items[0].message == ""


def test_a_request_can_go_first_but_not_before_the_one_under_way(qtbot: QtBot, make_queue: MakeQueue) -> None:
    queue = make_queue(step_seconds=0.05)
    for name in ("a", "b"):
        queue.add(request(1, name))
    queue.add(request(1, "c"), first=True)
    assert [item.request.id for item in queue.items] == ["a", "c", "b"]


def test_waiting_requests_can_be_moved(qtbot: QtBot, make_queue: MakeQueue) -> None:
    queue = make_queue(step_seconds=0.05)
    for name in ("a", "b", "c"):
        queue.add(request(1, name))
    queue.move("c", 0)
    assert [item.request.id for item in queue.items] == ["a", "c", "b"]


def test_clips_are_queued_then_made_then_done(qtbot: QtBot, make_queue: MakeQueue) -> None:
    queue = make_queue(holds=["1.1"])
    queue.add(request(2))
    assert {clip: each.state for clip, each in queue.clip_activity.items()} == dict.fromkeys(
        ["c1", "c2"], ClipState.QUEUED
    )
    wait_for_clip(qtbot, queue, "c2")
    assert queue.clip_activity["c2"].state is ClipState.RENDERING
    assert "c1" not in queue.clip_activity
    queue.pause()
    queue.resume()
    wait_until_over(qtbot, queue)
    assert queue.clip_activity == {}


def test_a_clip_tells_its_progress(qtbot: QtBot, make_queue: MakeQueue) -> None:
    queue = make_queue(steps=4)
    seen: list[float] = []
    queue.clip_changed.connect(
        lambda clip_id: seen.append(queue.clip_activity[clip_id].progress if clip_id in queue.clip_activity else -1)
    )
    queue.add(request(1))
    wait_until_over(qtbot, queue)
    assert seen == [0, 0.25, 0.5, 0.75, 1, -1]


def test_previews_and_takes_come_with_the_clips_id(qtbot: QtBot, make_queue: MakeQueue) -> None:
    queue = make_queue(steps=1)
    previews: list[object] = []
    takes: list[object] = []
    queue.preview.connect(lambda *what: previews.append(what))
    queue.clip_done.connect(lambda *what: takes.append(what))
    queue.add(request(1))
    wait_until_over(qtbot, queue)
    assert previews == [("c1", 1, JPEG)]
    assert takes == [("c1", take_of({"id": "c1"}))]


def test_a_stop_holds_what_waits_until_the_user_goes_on(qtbot: QtBot, make_queue: MakeQueue) -> None:
    queue = make_queue(holds=["0.1"])
    queue.add(request(2, "a"))
    queue.add(request(1, "b"))
    wait_for_clip(qtbot, queue, "c1")
    queue.stop()
    wait(qtbot, lambda: queue.current is None)
    assert statuses(queue) == ["a stopped", "b waiting"]
    queue.resume()
    wait_until_over(qtbot, queue)
    assert statuses(queue) == ["a stopped", "b done"]


def test_a_pause_is_shown_when_it_is_one(qtbot: QtBot, make_queue: MakeQueue) -> None:
    queue = make_queue(holds=["0.1"])
    queue.add(request(2, "a"))
    wait_for_clip(qtbot, queue, "c1")
    queue.pause()
    wait(qtbot, lambda: statuses(queue) == ["a paused"])
    queue.resume()
    wait_until_over(qtbot, queue)
    assert statuses(queue) == ["a done"]


def test_nothing_begins_while_paused(qtbot: QtBot, make_queue: MakeQueue) -> None:
    queue = make_queue()
    queue.pause()
    queue.add(request(1, "a"))
    assert queue.current is None
    queue.resume()
    wait_until_over(qtbot, queue)


def test_a_skipped_clip_ends_its_chain_only(qtbot: QtBot, make_queue: MakeQueue) -> None:
    queue = make_queue(holds=["1.1"])
    done: list[str] = []
    queue.clip_done.connect(lambda clip_id, _: done.append(clip_id))
    queue.add(request(4, cuts=(3,)))
    wait_for_clip(qtbot, queue, "c2")
    queue.skip_clip()
    wait_until_over(qtbot, queue)
    assert done == ["c1", "c4"]
    assert statuses(queue) == ["r1 done"]


def test_removing_what_is_under_way_stops_it_and_goes_on(qtbot: QtBot, make_queue: MakeQueue) -> None:
    queue = make_queue(holds=["0.1"])
    queue.add(request(3, "a"))
    queue.add(request(1, "b"))
    wait_for_clip(qtbot, queue, "c1")
    queue.remove("a")
    wait_until_over(qtbot, queue)
    assert statuses(queue) == ["b done"]


def test_a_clip_that_failed_says_why_until_it_is_tried_again(qtbot: QtBot, make_queue: MakeQueue) -> None:
    queue = make_queue(fails={"1": "The picture is gone."}, step_seconds=0.02)
    queue.add(request(3))
    wait_until_over(qtbot, queue)
    assert queue.items[0].message == "The picture is gone."
    assert queue.clip_activity["c2"] == (ClipState.FAILED, 0.0, "The picture is gone.")
    queue.try_again("r1")
    assert queue.clip_activity["c2"].state is ClipState.QUEUED
    wait_until_over(qtbot, queue)


def test_a_clip_that_ends_every_worker_is_marked(qtbot: QtBot, make_queue: MakeQueue) -> None:
    queue = make_queue(faults={"1.1": ["kill", 99]})
    queue.add(request(3))
    wait_until_over(qtbot, queue)
    assert queue.clip_activity["c2"].state is ClipState.FAILED
    assert statuses(queue) == ["r1 failed"]


def test_clips_are_counted_once_however_often_the_worker_ends(qtbot: QtBot, make_queue: MakeQueue) -> None:
    queue = make_queue(faults={"1.1": ["kill", 1], "2.1": ["kill", 2]})
    queue.add(request(3))
    wait_until_over(qtbot, queue)
    assert queue.items[0].finished_clips == 3


def test_what_waits_is_there_after_a_restart_and_waits(qtbot: QtBot, tmp_path: Path, make_queue: MakeQueue) -> None:
    first = make_queue(holds=["0.1"])
    for name in ("a", "b"):
        first.add(request(2, name))
    wait_for_clip(qtbot, first, "c1")
    close(first)
    second = make_queue()
    wait(qtbot, lambda: len(second.items) == 2)
    assert statuses(second) == ["a paused", "b waiting"]
    assert second.current is None
    second.resume()
    wait_until_over(qtbot, second)
    assert statuses(second) == ["a done", "b done"]


def test_it_goes_on_at_the_next_start_if_the_user_said_so(qtbot: QtBot, make_queue: MakeQueue) -> None:
    first = make_queue(holds=["1.1"])
    first.add(request(2, "a"))
    wait_for_clip(qtbot, first, "c2")
    close(first, go_on=True)
    second = make_queue()
    wait(qtbot, lambda: bool(second.items))
    wait_until_over(qtbot, second)
    assert statuses(second) == ["a done"]


def test_a_killed_program_finds_its_queue_waiting(qtbot: QtBot, tmp_path: Path, make_queue: MakeQueue) -> None:
    queue = make_queue(holds=["0.1"])
    queue.add(request(2, "a"))
    wait_for_clip(qtbot, queue, "c1")
    wait(qtbot, lambda: [item.status for item in read_queue(tmp_path)] == [QueueStatus.PAUSED])


def test_an_unused_queue_leaves_no_file(qtbot: QtBot, tmp_path: Path, make_queue: MakeQueue) -> None:
    close(make_queue())
    assert not (tmp_path / "queue.json").exists()


def test_a_window_that_may_only_look_leaves_the_queue_of_the_other_alone(
    qtbot: QtBot, tmp_path: Path, make_queue: MakeQueue
) -> None:
    write_queue(tmp_path, [QueuedRender(request=request(1, "a"))])
    queue = RenderQueue(tmp_path, make_queue().service, read_only=True)
    queue.add(request(1, "b"))
    wait(qtbot, lambda: queue.items[0].status.is_over)
    assert queue.close()
    assert [item.request.id for item in read_queue(tmp_path)] == ["a"]


def test_what_was_added_before_the_file_was_read_is_not_lost(tmp_path: Path, make_queue: MakeQueue) -> None:
    queue = make_queue(step_seconds=0.2)
    queue.add(request(2, "a"))
    close(queue)
    assert [item.request.id for item in read_queue(tmp_path)] == ["a"]


def test_only_the_clips_that_are_asked_for_are_queued(make_queue: MakeQueue) -> None:
    queue = make_queue()
    queue.pause()
    film = request(5).storyboard
    queue.add(RenderRequest(id="r1", storyboard=film, first=2, last=3))
    assert list(queue.clip_activity) == ["c3", "c4"]


def close(queue: RenderQueue, *, go_on: bool = False) -> None:
    queue.close(go_on=go_on)
    queue.service.shutdown()


def test_a_damaged_queue_is_told_and_a_new_one_begins(qtbot: QtBot, tmp_path: Path, make_queue: MakeQueue) -> None:
    (tmp_path / "queue.json").write_text("{ half a que")
    queue = make_queue()
    with qtbot.waitSignal(queue.notice) as notice:
        queue.add(request(1, "a"))
    assert "damaged" in notice.args[0]
    wait_until_over(qtbot, queue)


def test_a_queue_that_cannot_be_kept_is_told_once_and_still_works(
    qtbot: QtBot, tmp_path: Path, make_queue: MakeQueue
) -> None:
    queue = make_queue()
    with qtbot.waitSignal(queue.changed):  # it was read
        pass
    (tmp_path / "queue.json").mkdir()
    notices: list[str] = []
    queue.notice.connect(notices.append)
    for name in ("a", "b", "c"):
        queue.add(request(2, name))
    wait_until_over(qtbot, queue)
    wait(qtbot, lambda: bool(notices))
    assert len(notices) == 1


def test_what_a_render_remarks_about_a_clip_is_told(qtbot: QtBot, make_queue: MakeQueue) -> None:
    queue = make_queue(notes={"1": "Clip 1 was computed elsewhere."})
    with qtbot.waitSignal(queue.notice) as notice:
        queue.add(request(2, "a"))
    assert notice.args == ["Clip 1 was computed elsewhere."]
    wait_until_over(qtbot, queue)
    assert queue.items[0].message == "Clip 1 was computed elsewhere."


@pytest.mark.parametrize("seed", range(4))
def test_whatever_the_user_does_in_whatever_order_the_queue_comes_to_its_end(
    qtbot: QtBot, make_queue: MakeQueue, seed: int
) -> None:
    choice = random.Random(seed)
    queue = make_queue(steps=2, step_seconds=0.005, faults={"1.1": ["kill", 1]})
    deeds: list[Callable[[], object]] = [
        queue.pause,
        queue.resume,
        queue.skip_clip,
        queue.stop,
        lambda: queue.stop(after_clip=True),
        queue.remove_ended,
        lambda: queue.remove(choice.choice(["a0", "a1", "a2"])),
        lambda: queue.move(choice.choice(["a0", "a1", "a2"]), choice.randrange(4)),
        lambda: queue.try_again(choice.choice(["a0", "a1", "a2"])),
        lambda: queue.follow(change_clip(request(3, cuts=(2,)).storyboard, "c3", prompt=choice.choice("xyz"))),
    ]
    names = iter(f"a{number}" for number in range(100))
    for _ in range(60):
        if choice.random() < 0.2:
            queue.add(request(3, next(names), cuts=(2,)), first=choice.random() < 0.5)
        choice.choice(deeds)()
        qtbot.wait(choice.randrange(15))
        under_way = [item for item in queue.items if item.status is QueueStatus.RENDERING]
        assert len(under_way) <= 1
    queue.resume()

    def is_over() -> bool:
        if queue.state is QueueState.HELD:
            queue.resume()  # a stop that was asked for before still holds the queue when it is obeyed
        return all(item.status.is_over for item in queue.items)

    wait(qtbot, is_over)
    assert queue.clip_activity == {}
    assert queue.current is None


def test_memory_that_ran_out_is_told_and_a_plan_that_holds_is_only_shown(qtbot: QtBot, make_queue: MakeQueue) -> None:
    fits = {"message": "It fits.", "smaller": False}
    ran_out = {"message": "Memory ran out: the clip goes on.", "smaller": True}
    queue = make_queue(plans={"0": fits, "1": ran_out})
    with qtbot.waitSignal(queue.notice) as notice:
        queue.add(request(2, "a"))
    assert notice.args == ["Memory ran out: the clip goes on."]
    wait_until_over(qtbot, queue)
    assert queue.items[0].message == "Memory ran out: the clip goes on."
