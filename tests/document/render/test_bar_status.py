"""What the bar says in every state of queue and worker, from plain values."""

import pytest

from svi_studio.document.render.bar_status import BarStatus, ClipNow, QueueNow, bar_status
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.render.request import QueuedRender, QueueStatus, RenderRequest
from svi_studio.jobs.worker.process_state import ProcessState

BOARD = Storyboard(clips=tuple(Clip(id=f"c{number}", prompt="x") for number in range(1, 11)))


def item(status: QueueStatus = QueueStatus.RENDERING, done: int = 2, message: str = "") -> QueuedRender:
    request = RenderRequest(id="a", storyboard=BOARD, first=2, last=5, quality="final")
    return QueuedRender(request=request, status=status, finished_clips=done, message=message)


def said(now: QueueNow) -> BarStatus:
    status = bar_status(now)
    assert status is not None
    return status


def test_nothing_is_said_while_nothing_is_rendered() -> None:
    assert bar_status(QueueNow(worker=ProcessState.IDLE)) is None


@pytest.mark.parametrize(
    ("now", "headline", "detail"),
    [
        (QueueNow(ProcessState.STARTING, item()), "Starting the renderer", ""),
        (QueueNow(ProcessState.LOADING, item(), loading="Checking the film"), "Checking the film", ""),
        (QueueNow(ProcessState.LOADING, item()), "Getting ready", ""),
        (QueueNow(ProcessState.IDLE, item()), "Getting ready", ""),
        (
            QueueNow(ProcessState.RENDERING, item(), ClipNow(4, 3, 20), waiting=2, seconds_left=240),
            "Clip 5 of 10 · step 3 of 20",
            "About 4 min left · 2 more are waiting",
        ),
        (QueueNow(ProcessState.RENDERING, item(), ClipNow(4, 20, 20)), "Clip 5 of 10 · finishing", ""),
        (QueueNow(ProcessState.RENDERING, item(), ClipNow(4), waiting=1), "Clip 5 of 10", "1 more is waiting"),
        (QueueNow(ProcessState.STOPPING, item(), ClipNow(4, 3, 20)), "Stopping", "Finished clips are kept."),
        (
            QueueNow(ProcessState.PAUSED, item(QueueStatus.PAUSED), ClipNow(4, 3, 20)),
            "Paused at clip 5",
            "2 of 4 clips done. It goes on where it stopped.",
        ),
        (
            QueueNow(ProcessState.OFF, item(QueueStatus.WAITING, message="Another film is.")),
            "Waits",
            "Another film is.",
        ),
        (
            QueueNow(ProcessState.OFF, item(QueueStatus.PAUSED, message="Waiting since the program was closed.")),
            "Paused",
            "Waiting since the program was closed.",
        ),
    ],
)
def test_every_state_has_its_words(now: QueueNow, headline: str, detail: str) -> None:
    assert (said(now).headline, said(now).detail) == (headline, detail)


def test_progress_counts_finished_clips_and_the_steps_of_this_one() -> None:
    assert said(QueueNow(ProcessState.RENDERING, item(), ClipNow(4, 10, 20))).progress == pytest.approx(2.5 / 4)


def test_only_a_clip_under_way_can_be_skipped() -> None:
    assert not said(QueueNow(ProcessState.LOADING, item())).can_skip
    assert said(QueueNow(ProcessState.RENDERING, item(), ClipNow(4, 1, 20))).can_skip
    assert not said(QueueNow(ProcessState.NOT_ANSWERING, item(), ClipNow(4, 1, 20))).can_skip
