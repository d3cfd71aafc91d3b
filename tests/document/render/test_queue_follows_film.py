"""What waits is made as the film is when it begins, the clip under way stays, and what was skipped is told."""

from pytestqt.qtbot import QtBot

from svi_studio.document.render.queue import RenderQueue
from svi_studio.document.render.queue_state import AfterThis
from svi_studio.domain.editing.edits import change_clip, change_film, move_clips
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.render.request import QueueStatus, RenderRequest
from svi_studio.jobs.worker.film_under_way import FilmEnded
from svi_studio.jobs.worker.task import Outcome
from tests.document.render.conftest import MakeQueue
from tests.document.render.test_queue import statuses, wait, wait_for_clip, wait_until_over
from tests.domain.short_edits import delete_clip
from tests.jobs.scripted import request
from tests.jobs.scripted_worker import take_of


def edited(film: RenderRequest, **prompts: str) -> Storyboard:
    """The film of a request with other words for some clips."""
    board = film.storyboard
    for clip_id, prompt in prompts.items():
        board = change_clip(board, clip_id, prompt=prompt)
    return board


def made(queue: RenderQueue) -> list[str]:
    """The takes that the scripted worker has made."""
    return [path.name for path in queue._folder.joinpath("worker").iterdir()]


def test_clips_that_have_not_begun_take_the_new_words_and_none_is_made_twice(
    qtbot: QtBot, make_queue: MakeQueue
) -> None:
    queue, film = make_queue(step_seconds=0.1), request(3)
    done: list[str] = []
    ends: list[object] = []
    queue.clip_done.connect(lambda clip_id, _take: done.append(clip_id))
    queue.film_ended.connect(ends.append)
    queue.add(film)
    wait_for_clip(qtbot, queue, "c1")
    new = edited(film, c2="a cube falls")
    queue.follow(new)
    assert queue.after_this is AfterThis.RENEWED
    wait_until_over(qtbot, queue)
    assert done == ["c1", "c2", "c3"]
    assert take_of({"id": "c2", "prompt": "a cube falls"}) in made(queue)
    assert take_of(film.storyboard.clips[1].model_dump(mode="json")) not in made(queue)
    assert statuses(queue) == ["r1 done"]
    assert len(ends) == 1
    assert queue.clip_activity == {}


def test_a_clip_edited_while_it_is_made_is_made_again_with_the_new_words(qtbot: QtBot, make_queue: MakeQueue) -> None:
    queue, film = make_queue(step_seconds=0.1), request(2)
    queue.add(film)
    wait_for_clip(qtbot, queue, "c2")
    queue.follow(edited(film, c2="a cube falls"))
    wait_until_over(qtbot, queue)
    assert take_of({"id": "c2", "prompt": "a cube falls"}) in made(queue)


def test_edits_that_change_no_pixel_leave_the_render_alone(qtbot: QtBot, make_queue: MakeQueue) -> None:
    queue, film = make_queue(step_seconds=0.05), request(2)
    queue.add(film)
    wait_for_clip(qtbot, queue, "c1")
    queue.follow(change_film(change_clip(film.storyboard, "c2", note="later", end=9), title="Other"))
    assert queue.after_this is AfterThis.NEXT
    wait_until_over(qtbot, queue)


def test_a_request_that_waits_follows_its_clips_to_where_they_are_now(qtbot: QtBot, make_queue: MakeQueue) -> None:
    queue, film = make_queue(step_seconds=0.1), request(1, "a")
    waiting = RenderRequest(id="b", storyboard=request(5).storyboard, first=1, last=3)
    queue.add(film)
    queue.add(waiting)
    wait_for_clip(qtbot, queue, "c1")
    queue.follow(move_clips(delete_clip(waiting.storyboard, "c3"), ["c2"], 4))
    wait(qtbot, lambda: queue.items[1].request.storyboard is not waiting.storyboard)
    assert [(item.request.first, item.request.last) for item in queue.items[1:]] == [(1, 1), (3, 3)]


def test_a_pause_stays_a_pause_when_the_film_is_edited(qtbot: QtBot, make_queue: MakeQueue) -> None:
    queue, film = make_queue(step_seconds=0.05), request(2)
    queue.add(film)
    wait_for_clip(qtbot, queue, "c1")
    queue.pause()
    wait(qtbot, lambda: queue.items[0].status is QueueStatus.PAUSED)
    queue.follow(edited(film, c2="a cube falls"))
    wait(qtbot, lambda: not queue._film.is_edited)
    assert queue.items[0].status is QueueStatus.PAUSED
    queue.resume()
    wait_until_over(qtbot, queue)
    assert take_of({"id": "c2", "prompt": "a cube falls"}) in made(queue)


def test_a_skip_that_ends_a_pause_takes_up_the_edits_made_meanwhile(qtbot: QtBot, make_queue: MakeQueue) -> None:
    queue, film = make_queue(step_seconds=0.05), request(3, cuts=(1,))
    queue.add(film)
    wait_for_clip(qtbot, queue, "c1")
    queue.pause()
    wait(qtbot, lambda: queue.items[0].status is QueueStatus.PAUSED)
    queue.follow(edited(film, c2="a cube falls"))
    queue.skip_clip()
    wait_until_over(qtbot, queue)
    assert take_of({"id": "c2", "prompt": "a cube falls"}) in made(queue)
    assert take_of(film.storyboard.clips[1].model_dump(mode="json")) not in made(queue)


def test_a_stop_is_a_stop_also_when_the_film_was_edited(qtbot: QtBot, make_queue: MakeQueue) -> None:
    queue, film = make_queue(step_seconds=0.1), request(2)
    queue.add(film)
    wait_for_clip(qtbot, queue, "c1")
    queue.follow(edited(film, c2="a cube falls"))
    queue.stop()
    wait_until_over(qtbot, queue)
    wait(qtbot, lambda: not queue._film.is_edited)
    assert statuses(queue) == ["r1 stopped"]


def test_what_was_skipped_stays_skipped_when_the_film_is_edited(qtbot: QtBot, make_queue: MakeQueue) -> None:
    queue, film = make_queue(step_seconds=0.1), request(4, cuts=(2,))
    done: list[str] = []
    queue.clip_done.connect(lambda clip_id, _take: done.append(clip_id))
    queue.add(film)
    wait_for_clip(qtbot, queue, "c1")
    queue.skip_clip()
    wait_for_clip(qtbot, queue, "c3")
    queue.follow(edited(film, c4="a cube falls"))
    wait_until_over(qtbot, queue)
    assert done == ["c3", "c4"]
    assert queue.items[0].message == "Done; 2 clips were skipped."


def test_nothing_is_done_where_everything_was_skipped(qtbot: QtBot, make_queue: MakeQueue) -> None:
    queue = make_queue(step_seconds=0.1)
    ends: list[FilmEnded] = []
    queue.film_ended.connect(ends.append)
    queue.add(request(3))
    wait_for_clip(qtbot, queue, "c1")
    queue.skip_clip()
    wait_until_over(qtbot, queue)
    assert statuses(queue) == ["r1 stopped"]
    assert queue.items[0].message == "Nothing was made: 3 clips were skipped."
    assert [end.outcome for end in ends] == [Outcome.STOPPED]
