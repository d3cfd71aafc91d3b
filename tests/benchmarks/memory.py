"""How much the process grows over a film of 720 clips, an hour of film."""

import gc

import psutil

from svi_studio.domain.render.events import ClipDone, RenderEvent
from svi_studio.engine.chain.film import render_film
from tests.benchmarks.figure import Figure
from tests.benchmarks.films import free_renders
from tests.builders.small_film import plan_of, small_storyboard

CLIPS = 720
WARM_UP = 20


def measure() -> Figure:
    """Resident memory after the last clip less that after clip 20.

    Clips of 80 x 48 pixels and 21 frames, whose frames alone would be 174 MB; a denoiser that costs nothing, everything
    else real.
    """
    process = psutil.Process()
    resident: list[float] = []

    def listen(event: RenderEvent) -> None:
        if isinstance(event, ClipDone):
            gc.collect()
            resident.append(process.memory_info().rss / 1e6)

    storyboard = small_storyboard(f"the ball rolls, part {k}" for k in range(CLIPS))
    storyboard = storyboard.model_copy(update={"num_frames": 21})
    with free_renders() as renders:
        plan = plan_of(storyboard, renders.folder, size=(80, 48))
        render_film(plan, renders.models, renders.store, emit=listen, should_stop=lambda: False, folder=renders.folder)
    details = {f"after_clip_{k}_mb": round(resident[k - 1], 1) for k in (WARM_UP, 100, 360, CLIPS)}
    return Figure("growth of memory over 720 clips", resident[-1] - resident[WARM_UP - 1], 100.0, "MB", details)
