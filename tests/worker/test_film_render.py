"""What the worker says when something goes wrong that nobody thought of, and when clips are given up."""

from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from wakepy import modecount

from svi_studio.domain.errors import DiskFull, Stopped
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.render.events import ClipStarted, RenderEvent
from svi_studio.domain.render.request import RenderRequest
from svi_studio.pipes.outbox import Outbox
from svi_studio.pipes.render_messages import (
    WORKER_MESSAGES,
    Cancelled,
    Failed,
    Loading,
    LoadingStep,
    Paused,
    Render,
    Skipped,
    WorkerMessage,
)
from svi_studio.settings import MAY_SLEEP
from svi_studio.worker import failures, film_render
from svi_studio.worker.control import Control
from svi_studio.worker.failures import DRIVER_FAULT
from svi_studio.worker.film_render import Renderer

FILM = Render(RenderRequest(id="r1", storyboard=Storyboard(clips=(Clip(id="c1"),)), first=0, last=0), Path("film.svi"))


class Recorder(Outbox[WorkerMessage]):
    """Keeps the messages as they come out of a pipe."""

    def __init__(self) -> None:
        super().__init__(-1, WORKER_MESSAGES.encode)
        self.messages: list[WorkerMessage] = []

    def send(self, message: WorkerMessage) -> None:
        self.messages += WORKER_MESSAGES.reader().feed(WORKER_MESSAGES.encode(message))


class EndedError(Exception):
    """Stands for the end of the process."""


def said(error: Exception, monkeypatch: pytest.MonkeyPatch) -> list[WorkerMessage]:
    """What the worker says when ``error`` comes out of planning the film."""

    def fail(*_: object) -> None:
        raise error

    def end(status: int) -> None:
        raise EndedError(status)

    monkeypatch.setattr(film_render, "wanted_clips", fail)
    monkeypatch.setattr(failures, "end_now", end)
    outbox = Recorder()
    Renderer(Control(), outbox).render(FILM)
    return outbox.messages


def test_what_a_user_can_act_on_is_said_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    messages = said(DiskFull("The disk is full."), monkeypatch)
    assert messages == [Loading(LoadingStep.FILM), Failed("r1", "The disk is full.")]


def test_anything_else_is_kept_in_a_log_and_told_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    end = said(RuntimeError("tensor soup"), monkeypatch)[-1]
    assert isinstance(end, Failed)
    assert "tensor soup" not in end.sentence
    log = Path(end.sentence.removesuffix(".").rsplit(" ", 1)[1])
    assert "tensor soup" in log.read_text()


@pytest.mark.parametrize("error", [RuntimeError("CUDA error: an illegal access"), torch.AcceleratorError("it broke")])
def test_after_a_fault_of_the_graphics_card_the_process_ends(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EndedError, match=str(DRIVER_FAULT)):
        said(error, monkeypatch)


def test_a_sentence_of_any_length_fits_into_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    end = said(DiskFull("very " * 100_000), monkeypatch)[-1]
    assert isinstance(end, Failed)
    assert len(end.sentence) == 4000


def _three_clips() -> SimpleNamespace:
    """The second clip goes on from the first; the third is cut off."""
    parents = (None, "0" * 64, None)
    jobs = tuple(
        SimpleNamespace(index=index, parent_hash=parent, kept=False, take_hash=f"{index}" * 64, model="")
        for index, parent in enumerate(parents)
    )
    takes = SimpleNamespace(has=lambda _take: False)
    return SimpleNamespace(plan=SimpleNamespace(jobs=jobs), takes=takes, folder=Path(), lora_files={})


def _render_by(jobs: Callable[..., None], control: Control, outbox: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Renders three clips with ``jobs`` in the engine's place."""
    monkeypatch.setattr(film_render, "wanted_clips", lambda *_: _three_clips())
    monkeypatch.setattr(film_render, "render_jobs", jobs)
    monkeypatch.setattr(film_render.LoadedModels, "has", lambda *_: True)
    monkeypatch.setattr(film_render.LoadedModels, "get", lambda *_: None)
    Renderer(control, outbox).render(FILM)


def test_a_clip_that_is_skipped_after_an_edit_is_told_before_the_film_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    control, outbox = Control(), Recorder()

    def edit_and_skip(
        _plan: object,
        jobs: Sequence[Any],
        *_: object,
        emit: Callable[[RenderEvent], None],
        should_stop: Callable[[], bool],
        **_more: object,
    ) -> None:
        emit(ClipStarted(jobs[0].index, 3, jobs[0].take_hash))
        control.stop(after_clip=True)  # the film goes on as it is edited, in another request
        control.skip(jobs[0].index)
        assert should_stop()
        raise Stopped("")

    _render_by(edit_and_skip, control, outbox, monkeypatch)
    assert outbox.messages[-2:] == [Skipped("r1", (0, 1)), Cancelled("r1")]


def test_the_computer_stays_awake_while_it_renders_and_may_sleep_in_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MAY_SLEEP.name, "")
    monkeypatch.setenv("WAKEPY_FAKE_SUCCESS", "1")
    control, asked = Control(), []

    class Resuming(Recorder):
        def send(self, message: WorkerMessage) -> None:
            super().send(message)
            if isinstance(message, Paused):
                asked.append(modecount())
                control._paused = False  # as from the other thread, which waits for the one that tells of the pause

    def pause(*_: object, should_stop: Callable[[], bool], **_more: object) -> None:
        asked.append(modecount())
        control.pause()
        assert not should_stop()
        asked.append(modecount())

    _render_by(pause, control, Resuming(), monkeypatch)
    assert [*asked, modecount()] == [1, 0, 1, 0]
