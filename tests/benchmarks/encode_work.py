"""What encoding costs a film of 100 clips against one of 10: conditions, prompts, takes and the film itself."""

import os
import statistics
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

from svi_studio.domain.film.family import family
from svi_studio.domain.film.film_time import film_time
from svi_studio.domain.render.plan import RenderPlan
from svi_studio.domain.takes.take_files import LOSSLESS_VIDEO
from svi_studio.engine.chain import film
from svi_studio.engine.denoising import clip_renderer, condition
from svi_studio.engine.denoising.prompt import PromptEncoder
from svi_studio.media.assemble import FilmPart, assemble_film
from svi_studio.media.video_writer import VideoWriter
from tests.benchmarks.figure import Figure
from tests.benchmarks.films import free_renders
from tests.builders.small_film import Renders, plan_of, small_storyboard


class Stopwatch:
    """Adds up the processor seconds, of this process and of the ffmpegs that it waits for, in what it wraps."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.video_frames = 0

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **kwargs: Any) -> Any:
            start = _processor_seconds()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds += _processor_seconds() - start

        return timed

    def counting(self, write: Callable[..., None]) -> Callable[..., None]:
        def counted(writer: VideoWriter, frames: Any) -> None:
            self.video_frames += len(frames)
            write(writer, frames)

        return counted


def measure() -> Figure:
    """Films with a prompt of its own a clip. Those of 10 clips are rendered before and after the one of 100, and their
    mean is taken, because the machine may be busier at one time than at another."""
    _encode(2)  # the first calls of a process are slower
    tens = [_encode(10), _encode(10)]
    hundred = _encode(100)
    tens += [_encode(10), _encode(10)]
    ten_seconds = statistics.fmean(ten.seconds for ten in tens)
    details = {
        "seconds_10": round(ten_seconds, 3),
        "seconds_100": round(hundred.seconds, 3),
        "video_frames_10": tens[0].video_frames,
        "video_frames_100": hundred.video_frames,
    }
    return Figure("encode work of 100 clips / 10 clips", hundred.seconds / ten_seconds, 11.0, "x", details)


def _encode(clips: int) -> Stopwatch:
    watch = Stopwatch()
    work = [
        (condition, "encode_video"),
        (clip_renderer, "picture_tokens"),
        (PromptEncoder, "_encode"),
        (film, "write_pictures"),
    ]
    with ExitStack() as stack:
        for place, name in work:
            stack.enter_context(patch.object(place, name, watch.around(getattr(place, name))))
        stack.enter_context(patch.object(VideoWriter, "write", watch.counting(VideoWriter.write)))
        renders = stack.enter_context(free_renders())
        plan = plan_of(small_storyboard(f"the ball rolls, part {k}" for k in range(clips)), renders.folder)
        renders(plan)
        watch.around(_assemble)(plan, renders)
    return watch


def _assemble(plan: RenderPlan, renders: Renders) -> None:
    starts = [job.parent_hash is None for job in plan.jobs]
    time = film_time(starts, plan.num_frames, family(plan.family), plan.fps)
    parts = [
        FilmPart(renders.store.file(job.take_hash, LOSSLESS_VIDEO), job.num_frames, shown.first, shown.stop)
        for job, shown in zip(plan.jobs, time.clips, strict=True)
    ]
    assemble_film(parts, renders.folder / "film.mp4", fps=plan.fps)


def _processor_seconds() -> float:
    return sum(os.times()[:4])
