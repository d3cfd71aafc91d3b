"""Renders one request after the other with the engine, and tells the window what happens."""

from __future__ import annotations

import traceback
from dataclasses import replace
from typing import TYPE_CHECKING

import torch

from svi_studio.crash_log import write_crash_log
from svi_studio.domain.errors import Stopped, as_studio_error
from svi_studio.domain.events import ClipReused, ClipStarted, RenderEvent, RenderStarted, RenderStopped
from svi_studio.engine.render_job import render_jobs
from svi_studio.worker.loaded_models import LoadedModels
from svi_studio.worker.own_process import end_now
from svi_studio.worker.protocol import (
    Cancelled,
    Failed,
    Finished,
    Loading,
    LoadingStep,
    Paused,
    Render,
    RenderMessage,
    Skipped,
    shortened,
)
from svi_studio.worker.wanted_clips import wanted_clips, without_skipped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svi_studio.domain.job import ClipJob
    from svi_studio.worker.control import Control
    from svi_studio.worker.outbox import Outbox
    from svi_studio.worker.protocol import WorkerMessage
    from svi_studio.worker.wanted_clips import WantedClips

DRIVER_FAULT = 70


class Renderer:
    """Renders the requests of one worker; models stay in memory from one to the next."""

    def __init__(self, control: Control, outbox: Outbox[WorkerMessage]) -> None:
        self._control = control
        self._outbox = outbox
        self._models = LoadedModels()

    def render(self, render: Render) -> None:
        """Render until the request is over, and say how it ended."""
        request_id = render.request.id
        try:
            self._outbox.send(Loading(LoadingStep.FILM))
            wanted = wanted_clips(render.request, render.project)
            finished = _OneRender(render, wanted, self._control, self._outbox, self._models).run()
            self._outbox.send(Finished(request_id) if finished else Cancelled(request_id))
        except Exception as error:
            self._outbox.send(Failed(request_id, shortened(self._sentence(error))))

    def _sentence(self, error: Exception) -> str:
        if (plain := as_studio_error(error)) is not None:
            return str(plain)
        traceback.print_exception(error)
        if _has_broken_the_driver(error):
            end_now(DRIVER_FAULT)
        log = write_crash_log(error)
        self._models.forget()
        return f"Something unexpected went wrong, everything finished is kept; the details are in {log}."


class _OneRender:
    """One request: its clips, without those that the user gives up meanwhile."""

    def __init__(
        self, render: Render, wanted: WantedClips, control: Control, outbox: Outbox[WorkerMessage], models: LoadedModels
    ) -> None:
        self._request_id = render.request.id
        self._device = render.device
        self._wanted = wanted
        self._control = control
        self._outbox = outbox
        self._models = models
        self._clip = -1
        self._has_begun = False

    def run(self) -> bool:
        """Render what is wanted; returns False when the user stopped it. Raises StudioError of any kind."""
        jobs = self._without_skipped(self._wanted.plan.jobs)
        while jobs:
            try:
                self._render(jobs)
                return True
            except Stopped:
                if self._control.stops(between_clips=True) or not self._control.skips(self._clip):
                    return False
            jobs = self._without_skipped([job for job in jobs if job.index >= self._clip])
        return True

    def _without_skipped(self, jobs: Sequence[ClipJob]) -> tuple[ClipJob, ...]:
        left, given_up = without_skipped(jobs, self._control.skips)
        if given_up:
            self._outbox.send(Skipped(self._request_id, given_up))
        return left

    def _render(self, jobs: Sequence[ClipJob]) -> None:
        wanted = self._wanted
        if all(wanted.takes.has(job.take_hash) for job in jobs):
            self._reuse(jobs)
            return
        if not self._models.has(wanted, self._device):
            self._outbox.send(Loading(LoadingStep.MODEL, jobs[0].model))
        models = self._models.get(wanted, self._device)
        render_jobs(
            wanted.plan,
            jobs,
            models,
            wanted.takes,
            folder=wanted.folder,
            emit=self._emit,
            should_stop=self._should_stop,
        )

    def _reuse(self, jobs: Sequence[ClipJob]) -> None:
        """Nothing is to be rendered, so nothing is loaded."""
        self._emit(RenderStarted(total=len(jobs), to_render=0, reused=len(jobs)))
        for job in jobs:
            self._emit(ClipReused(job.index, job.take_hash))

    def _emit(self, event: RenderEvent) -> None:
        if isinstance(event, ClipStarted):
            self._clip = event.index
            event = replace(event, total=self._wanted.total)
            self._give_up_before_it()
        if isinstance(event, RenderStarted) and self._has_begun:
            return  # it goes on behind a clip that was given up
        if isinstance(event, RenderStopped) and not self._control.stops(between_clips=True):
            return  # only a clip was given up
        self._has_begun = True
        self._outbox.send(RenderMessage(self._request_id, event))

    def _should_stop(self) -> bool:
        self._control.wait_while_paused(lambda: self._outbox.send(Paused(self._request_id)))
        return self._control.stops() or self._control.skips(self._clip)

    def _give_up_before_it(self) -> None:
        if self._control.stops(between_clips=True) or self._control.skips(self._clip):
            raise Stopped("The render was stopped before this clip; finished clips are kept.")


def _has_broken_the_driver(error: Exception) -> bool:
    """After a fault on the graphics card nothing works in this process any more, and only another one helps."""
    return isinstance(error, torch.AcceleratorError) or "CUDA error" in str(error)
