"""Renders one request after the other with the engine, and tells the window what happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from svi_studio.awake import Awake, awake
from svi_studio.domain.errors import Stopped
from svi_studio.domain.render.events import ClipReused, ClipStarted, RenderEvent, RenderStarted, RenderStopped
from svi_studio.engine.chain.render_job import render_jobs
from svi_studio.pipes.render_messages import (
    Cancelled,
    Failed,
    Finished,
    Loading,
    LoadingStep,
    Paused,
    Render,
    RenderMessage,
    Skipped,
)
from svi_studio.project.film.lora_labels import by_label
from svi_studio.worker.failures import report_failure
from svi_studio.worker.loaded_models import LoadedModels
from svi_studio.worker.wanted_clips import wanted_clips, without_skipped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from svi_studio.domain.takes.job import ClipJob
    from svi_studio.pipes.outbox import Outbox
    from svi_studio.pipes.render_messages import WorkerMessage
    from svi_studio.worker.control import Control
    from svi_studio.worker.wanted_clips import WantedClips


class Renderer:
    """Renders the requests of one worker; models stay in memory from one to the next."""

    def __init__(self, control: Control, outbox: Outbox[WorkerMessage]) -> None:
        self._control = control
        self._outbox = outbox
        self._models = LoadedModels()

    def render(self, render: Render) -> None:
        """Renders until the request is over, and says how it ended."""
        end = self._rendered(render)
        self._control.film_over()  # first, because a question may follow at once
        self._outbox.send(end)

    def _rendered(self, render: Render) -> Finished | Cancelled | Failed:
        request_id = render.request.id
        try:
            self._outbox.send(Loading(LoadingStep.FILM))
            wanted = wanted_clips(render.request, render.project)
            finished = _OneRender(render, wanted, self._control, self._outbox, self._models).run()
            return Finished(request_id) if finished else Cancelled(request_id)
        except Exception as error:
            sentence = report_failure(error, self.forget)
            return Failed(request_id, by_label(sentence, render.request.storyboard, render.project))
        finally:
            self._models.render_over()

    def forget(self) -> None:
        """Gives the memory of the last film's models back."""
        self._models.forget()


class _OneRender:
    """One request: its clips, without those that the user gives up meanwhile."""

    def __init__(
        self, render: Render, wanted: WantedClips, control: Control, outbox: Outbox[WorkerMessage], models: LoadedModels
    ) -> None:
        self._request_id = render.request.id
        self._device, self._memory_plan = render.device, render.memory_plan
        self._wanted = wanted
        self._control = control
        self._outbox = outbox
        self._models = models
        self._awake = Awake()
        self._clip = -1
        self._has_begun = False

    def run(self) -> bool:
        """Renders what is wanted; returns False when the user stopped it. Raises StudioError of any kind."""
        with awake() as self._awake:
            return self._run()

    def _run(self) -> bool:
        jobs = self._without_skipped(self._wanted.plan.jobs)
        while jobs:
            try:
                self._render(jobs)
                return True
            except Stopped:
                if self._control.stops() or not self._control.skips(self._clip):
                    return False
            jobs = self._without_skipped([job for job in jobs if job.index >= self._clip])
            if jobs and self._control.stops(between_clips=True):
                return False  # only now: whoever goes on with the film has to know what was given up
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
        if not self._models.has(wanted, self._device, self._memory_plan):
            self._outbox.send(Loading(LoadingStep.MODEL, jobs[0].model))
        models = self._models.get(wanted, self._device, self._memory_plan)
        if (planned := self._models.planned) is not None and not self._has_begun:
            self._outbox.send(RenderMessage(self._request_id, planned))
        render_jobs(
            wanted.plan,
            jobs,
            models,
            wanted.takes,
            folder=wanted.folder,
            lora_files=wanted.lora_files,
            emit=self._emit,
            should_stop=self._should_stop,
        )

    def _reuse(self, jobs: Sequence[ClipJob]) -> None:
        """Reports the takes of a request that has nothing to render, so nothing is loaded."""
        self._emit(RenderStarted(total=len(jobs), to_render=0, reused=len(jobs)))
        for job in jobs:
            self._emit(ClipReused(job.index, job.take_hash))

    def _emit(self, event: RenderEvent) -> None:
        if isinstance(event, ClipStarted):
            self._clip = event.index
            self._give_up_before_it()
        if isinstance(event, RenderStarted) and self._has_begun:
            return  # it goes on behind a clip that was given up
        if isinstance(event, RenderStopped) and not self._control.stops(between_clips=True):
            return  # only a clip was given up
        self._has_begun = True
        self._outbox.send(RenderMessage(self._request_id, event))

    def _should_stop(self) -> bool:
        self._control.wait_while_paused(self._pause)
        self._awake.hold()
        return self._control.stops() or self._control.skips(self._clip)

    def _pause(self) -> None:
        self._awake.let_go()
        self._outbox.send(Paused(self._request_id))

    def _give_up_before_it(self) -> None:
        if self._control.stops(between_clips=True) or self._control.skips(self._clip):
            raise Stopped("The render was stopped before this clip; finished clips are kept.")
