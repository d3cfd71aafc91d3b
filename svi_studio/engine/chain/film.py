"""The chain: renders the clips of a plan that have no take yet, each from the tail of the one before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from svi_studio.domain.errors import (
    BadInput,
    BadProject,
    NotEnoughMemory,
    NotFinite,
    Stopped,
    StudioError,
    from_os_error,
)
from svi_studio.domain.film.family import family
from svi_studio.domain.render.events import (
    ClipDone,
    ClipReused,
    ClipStarted,
    MemoryPlanned,
    PreviewReady,
    RenderEvent,
    RenderFailed,
    RenderStarted,
    RenderStopped,
    SoundHeard,
    StepDone,
    Warned,
)
from svi_studio.domain.render.shortage_words import shortage_sentence
from svi_studio.domain.takes.arithmetic import mixed_arithmetic
from svi_studio.domain.takes.take import Take
from svi_studio.domain.takes.take_files import LATENTS
from svi_studio.engine.chain.clip_files import ClipFiles
from svi_studio.engine.chain.continuity import continuity_figures
from svi_studio.engine.chain.inputs import ClipInputs
from svi_studio.engine.chain.pace import Pace
from svi_studio.engine.chain.take_writer import write_pictures
from svi_studio.engine.denoising.carry import Carry, read_carry, save_latents
from svi_studio.engine.denoising.clip_renderer import ClipRenderer
from svi_studio.engine.denoising.clip_request import ClipRequest
from svi_studio.engine.denoising.kept_texts import UNWRITTEN
from svi_studio.engine.latents.picture_colours import colours_of_picture
from svi_studio.engine.latents.preview import preview_jpeg, read_preview_map
from svi_studio.engine.memory.model_memory import survive
from svi_studio.engine.numerics import arithmetic_of
from svi_studio.engine.out_of_memory import ran_out_of_memory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from svi_studio.domain.render.memory_needs import Stage
    from svi_studio.domain.render.memory_plan import MemoryPlan
    from svi_studio.domain.render.plan import RenderPlan
    from svi_studio.domain.takes.job import ClipJob
    from svi_studio.domain.takes.take import TakeDraft, TakeSink
    from svi_studio.engine.denoising.sampling import DenoisingStep
    from svi_studio.engine.loading.wan_models import WanModels
    from svi_studio.media.frames import Frames

LIBRARIES = ("torch", "diffusers", "transformers", "peft")


def render_film(
    plan: RenderPlan,
    models: WanModels,
    sink: TakeSink,
    *,
    emit: Callable[[RenderEvent], None],
    should_stop: Callable[[], bool],
    folder: Path = Path(),
    before_clip: Callable[[ClipJob], None] = lambda job: None,
) -> list[Take]:
    """Renders what is missing of `plan` into `sink`; returns the takes of all its clips in order.

    `before_clip` makes `models` ready for a job that is rendered next, as with its LoRAs; by default they are it for
    all of them. `folder` is where the plan's relative picture paths start. `emit` hears about every clip and step, from
    this thread; `should_stop` is asked before each step.

    Raises `Stopped` when asked to stop, `NotFinite` when a clip comes out as NaN or infinity twice, `BadInput` for a
    picture that cannot be read, `BadProject` for one outside of `folder`, `DiskFull` or another `StudioError` when a
    take cannot be written. A `RenderStopped` or `RenderFailed` with the clip's number is emitted first. Finished takes
    stay, and the same call goes on from them.
    """
    render = _FilmRender(plan, models, sink, emit=emit, should_stop=should_stop, folder=folder, before_clip=before_clip)
    return render.run()


class _FilmRender:
    """One run over a plan."""

    def __init__(
        self,
        plan: RenderPlan,
        models: WanModels,
        sink: TakeSink,
        *,
        emit: Callable[[RenderEvent], None],
        should_stop: Callable[[], bool],
        folder: Path,
        before_clip: Callable[[ClipJob], None],
    ) -> None:
        missing = plan.missing(sink.has)
        self._plan = plan
        self._sink = sink
        self._emit = emit
        self._folder = folder
        self._before_clip = before_clip
        self._profile = family(plan.family)
        self._models = models
        self._renderer = ClipRenderer(models, self._profile)
        self._vae = models.vae
        self._colours = read_preview_map(models.folder, models.vae.config.z_dim)
        self._pace = Pace(sum(job.num_inference_steps for job in missing), len(missing))
        self._should_stop = self._pace.not_counting(should_stop)
        self._inputs = ClipInputs(models, folder, should_stop)
        self._files = ClipFiles(models.vae, folder, self._should_stop)
        self._missing = missing
        self._made_by = {**library_versions(), **arithmetic_of(models.device, models.dtype)}
        self._has_begun = self._told_of_locks = self._told_of_texts = False

    def run(self) -> list[Take]:
        """See `render_film`."""
        total = len(self._plan.jobs)
        self._emit(RenderStarted(total, len(self._missing), total - len(self._missing)))
        takes: list[Take] = []
        for job in self._plan.jobs:
            with self._reported(job, len(takes)):
                takes.append(self._reuse(job) if self._sink.has(job.take_hash) else self._make(job, takes))
        return takes

    def _make(self, job: ClipJob, takes: Sequence[Take]) -> Take:
        """Renders the clip; at the first one, says so when the `takes` before it were computed in another way.

        Before the first one the texts of all are encoded, where the text encoder does not stay on the card.
        """
        if not self._has_begun:
            self._has_begun = True
            self._tell_of_memory(job)
            self._pace.not_counting(lambda: self._renderer.prepare(texts_of(self._missing)))()
            records = {each.index: take.library_versions for each, take in zip(self._plan.jobs, takes, strict=False)}
            if job.parent_hash is not None and not takes:
                records[job.index - 1] = self._sink.manifest(job.parent_hash).library_versions
            if (sentence := mixed_arithmetic(records | {job.index: self._made_by})) is not None:
                self._emit(Warned(sentence, job.index))
        return self._render(job)

    def _reuse(self, job: ClipJob) -> Take:
        try:
            take = self._sink.load(job.take_hash)
        except BadProject:
            if self._sink.has(job.take_hash):
                raise
            return self._render(job)  # it was damaged, and is made again
        self._emit(ClipReused(job.index, job.take_hash))
        return take

    def _render(self, job: ClipJob) -> Take:
        if job.kept:
            raise BadInput(f"The take that clip {job.index + 1} keeps was deleted meanwhile: start the render again.")

        def heard(part: float) -> None:
            self._emit(SoundHeard(job.index, part))

        self._emit(ClipStarted(job.index, self._plan.total, job.take_hash))
        self._tell_of_memory(job)
        self._pace.clip_started()
        self._pace.not_counting(lambda: survive(self._models, "denoising", lambda: self._before_clip(job)))()
        self._pace.not_counting(lambda: survive(self._models, "pictures", lambda: self._inputs.listen(job, heard)))()
        request = survive(self._models, "encoding", lambda: self._request(job))
        self._colours = self._colours or survive(
            self._models, "encoding", lambda: colours_of_picture(self._vae, request.anchor)
        )
        draft = self._sink.begin(job)
        try:
            frames = self._finite_frames(job, request, draft)
            write_pictures(frames, job, self._plan, draft)
            take = draft.commit(self._take(job, request, frames))
        except OSError as error:  # PIL does not say which file it was
            raise from_os_error(error, Path(error.filename or draft.path(LATENTS).parent)) from error
        finally:
            draft.discard()
        self._emit(ClipDone(job.index, job.take_hash, self._pace.clip_done()))
        return take

    def _tell_of_memory(self, job: ClipJob) -> None:
        """Whoever watches hears when memory runs out at that clip, and how it goes on."""
        if (memory := self._models.memory) is None:
            return

        def changed(before: MemoryPlan, stage: Stage) -> None:
            said = shortage_sentence(before, memory.plan, stage)
            self._emit(MemoryPlanned(memory.plan, said, smaller=True, index=job.index))

        memory.on_change = changed
        self._tell_of_locks(job)
        if UNWRITTEN.problem and memory.plan.text_encoder != "resident" and not self._told_of_texts:
            self._told_of_texts = True
            self._emit(Warned(UNWRITTEN.problem))

    def _tell_of_locks(self, job: ClipJob) -> None:
        """Whoever watches hears once that the system locked too little memory, whichever expert it was for."""
        memory = self._models.memory
        if memory is not None and memory.lacks_locks and not self._told_of_locks:
            self._told_of_locks = True
            self._emit(MemoryPlanned(memory.plan, memory.unlocked_words(memory.plan), index=job.index))

    def _request(self, job: ClipJob) -> ClipRequest:
        return ClipRequest(
            prompt=job.prompt,
            negative_prompt=job.negative_prompt,
            seed=job.seed,
            num_frames=job.num_frames,
            num_inference_steps=job.num_inference_steps,
            guidance_scale=job.guidance_scale,
            shift=job.shift,
            anchor=self._files.anchor(job),
            carry=self._carry(job),
            inputs=self._inputs.read(job),
            audio_guidance_scale=job.audio_guidance_scale,
            guidance_scale_low=job.guidance_scale_low,
            boundary=job.boundary,
            end=self._files.end(job),
            motion_amplitude=job.motion_amplitude,
        )

    def _carry(self, job: ClipJob) -> Carry | None:
        """Always from the disk, so that a film that goes on after a stop is the same film."""
        parent = job.parent_hash
        if parent is None:
            return self._files.carry(job)
        return read_carry(self._profile.num_motion_frames, lambda name: self._sink.file(parent, name))

    def _finite_frames(self, job: ClipJob, request: ClipRequest, draft: TakeDraft) -> Frames:
        """The clip's frames, its latents being on disk before they are decoded; NaN or infinity gets one more try."""
        for _ in range(2):
            try:
                latents = self._renderer.latents(
                    request,
                    on_start=self._pace.steps_started,
                    on_step=lambda step: self._step_done(job, step),
                    should_stop=self._should_stop,
                )
                save_latents(latents, draft.path)
                return self._renderer.frames(latents)
            except FloatingPointError:
                continue
        raise NotFinite(
            f"Clip {job.index + 1} came out as numbers that are not finite, twice: "
            "change its seed or prompt, or lower the weights of the LoRAs."
        )

    def _step_done(self, job: ClipJob, step: DenoisingStep) -> None:
        self._pace.step_done()
        self._tell_of_locks(job)
        self._emit(StepDone(job.index, step.step, step.steps, self._pace.seconds_left()))
        if self._colours is not None:
            self._emit(PreviewReady(job.index, step.step, preview_jpeg(step.clean_estimate(), self._colours)))

    def _take(self, job: ClipJob, request: ClipRequest, frames: Frames) -> Take:
        before = None if request.carry is None else request.carry.frames
        return Take(
            take_hash=job.take_hash,
            parent_hash=job.parent_hash,
            job=job,
            num_frames=len(frames),
            continuity=continuity_figures(frames, request.anchor, before, self._profile.known_frames, self._plan.fps),
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            render_seconds=self._pace.clip_seconds(),
            seconds_per_step=self._pace.seconds_per_step,
            library_versions=self._made_by,
        )

    @contextmanager
    def _reported(self, job: ClipJob, finished: int) -> Iterator[None]:
        """Says what ended the render, and at which clip, before the error goes on its way."""
        try:
            yield
        except Stopped:
            self._emit(RenderStopped(job.index, finished))
            raise
        except StudioError as error:
            self._emit(RenderFailed(str(error), job.index))
            raise
        except (OSError, MemoryError, RuntimeError) as error:
            if isinstance(error, RuntimeError) and not ran_out_of_memory(error):
                raise
            failure = _plain(error, job, self._folder)
            self._emit(RenderFailed(str(failure), job.index))
            raise failure from error


def _plain(error: Exception, job: ClipJob, folder: Path) -> StudioError:
    if isinstance(error, OSError):
        return from_os_error(error, Path(error.filename or folder))
    return NotEnoughMemory(
        f"There is not enough memory for clip {job.index + 1} of {job.width} x {job.height} pixels and "
        f"{job.num_frames} frames: choose a smaller size or fewer frames, or close other programs."
    )


def texts_of(jobs: Iterable[ClipJob]) -> tuple[str, ...]:
    """All that the text encoder is asked for when `jobs` are rendered, each once."""
    return tuple(dict.fromkeys(text for job in jobs for text in (job.prompt, job.negative_prompt)))


@cache
def library_versions() -> Mapping[str, str]:
    """The versions of the libraries that decide a take's pixels."""
    return {name: version(name) for name in LIBRARIES}
