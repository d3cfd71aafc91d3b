"""Asks svi-mini for the clip of a script, through the engine that every film goes through."""

from svi_studio.domain.film.family import family
from svi_studio.engine.denoising.carry import Carry
from svi_studio.engine.denoising.clip_request import ClipRequest
from svi_studio.engine.loading.wan_models import WanModels
from trainer.paper_theatre.prompts import prompt_for
from trainer.paper_theatre.render import render_still
from trainer.paper_theatre.script import Script
from trainer.paper_theatre.stage import staging_of

SHOT = family("shot")


def clip_request(models: WanModels, script: Script, seed: int, carry: Carry | None = None) -> ClipRequest:
    """The request for a script's prompt, from its first picture or, with ``carry``, from the take before."""
    steps, guidance = models.card.num_inference_steps, models.card.guidance_scale
    assert steps is not None and guidance is not None
    return ClipRequest(
        prompt=prompt_for(script),
        negative_prompt="",
        seed=seed,
        num_frames=models.card.num_frames,
        num_inference_steps=steps,
        guidance_scale=guidance,
        shift=SHOT.shift,
        anchor=render_still(script.start, staging_of(models.card.width))[None],
        carry=carry,
    )
