"""Error injection: which errors a clip gets, and the inputs that they make of clean ones (paper Eq. 3 and 5)."""

import random
from dataclasses import dataclass

from torch import Tensor

from svi_studio.domain.training.recipe import ErrorRecycling
from trainer.erft.memory import ErrorMemory

MASK_CHANNELS = 4  # the first channels of y say which frames are given; only the latents behind them carry errors


@dataclass(frozen=True)
class Gates:
    """The indicators of Eq. 3 for one clip: which inputs get an error, and whether its own error is kept."""

    noise: bool
    image: bool
    latent: bool
    keep: bool


def draw_gates(errors: ErrorRecycling, rng: random.Random) -> Gates:
    """Each error with its own probability; then, with ``clean_probability``, none at all (section 4.1).

    A clip with clean inputs adds its error to the bank only with ``clean_update_probability`` (the authors' script; not
    in the paper). The draws come in the order of the authors' program.
    """
    noise = rng.random() < errors.noise_probability
    image = rng.random() < errors.image_probability
    latent = rng.random() < errors.latent_probability
    if rng.random() < errors.clean_probability:
        return Gates(noise=False, image=False, latent=False, keep=rng.random() < errors.clean_update_probability)
    return Gates(noise, image, latent, keep=True)


@dataclass(frozen=True)
class Inputs:
    """What one clip is trained on: ``noise`` and ``latents [C, T, h, w]``, ``y [4 + C, T, h, w]``.

    ``null``: its ``y`` was taken away, so that nothing of it can be wrong either. ``given``: latents of the condition,
    from the first, that are handed on, an anchor and what follows it; the zeros behind them are never wrong. None where
    the condition is a whole video.
    """

    noise: Tensor
    latents: Tensor
    y: Tensor
    null: bool = False
    given: int | None = None


def inject(
    clean: Inputs, gates: Gates, memory: ErrorMemory, grid: int, errors: ErrorRecycling, *, rng: random.Random
) -> Inputs:
    """The inputs with errors added, Eq. 3: X~ = X + I * E, with E drawn as in Eq. 5. An empty bank adds nothing.

    E_noi and E_vid come from the bank of the clip's own ``grid``; E_img is a window of ``image_frames`` latent frames
    of an error from any grid, laid on the first frames of the condition, where motion frames lie at inference. Where
    latents are handed on, those are the anchor and the last latent of the take before: two neighbours of an error.
    """
    noise, latents, y = clean.noise, clean.latents, clean.y
    device = latents.device  # the bank lives in ordinary memory
    if gates.noise and (error := memory.noise_error(grid, rng)) is not None:
        noise = noise + modulated(error, errors, rng).to(device)
    if gates.image and not clean.null:
        anywhere = None if errors.image_from_all_grids else grid
        if (error := memory.image_error(anywhere, rng)) is not None:
            y = with_image_error(y, modulated(error, errors, rng).to(device), errors, rng, clean.given)
    if gates.latent and (error := memory.latent_error(grid, rng)) is not None:
        latents = latents + modulated(error, errors, rng).to(device)
    return Inputs(noise, latents, y, clean.null, clean.given)


def modulated(error: Tensor, errors: ErrorRecycling, rng: random.Random) -> Tensor:
    """The error times a factor of 1 +- ``modulation``; the authors' scripts leave that at 0."""
    spread = errors.modulation
    return error * rng.uniform(1 - spread, 1 + spread)


def with_image_error(
    y: Tensor, error: Tensor, errors: ErrorRecycling, rng: random.Random, given: int | None = None
) -> Tensor:
    """``y`` with Unif_T of an error (Eq. 4): K neighbouring latent frames, from a random place, on the first K.

    Of handed-on latents only the ``given`` ones get an error, the anchor with ``anchor_probability``. The authors' step
    for frames lays K = 3 on motion frame and padded anchor alike, which is 1. At inference the anchor is a picture,
    free of errors: below 1 it often is so in training, too.
    """
    count = min(errors.image_frames, error.shape[1])
    last = error.shape[1] - count
    start = last if errors.image_window == "last" else rng.randint(0, last)
    first = 0
    if given is not None:
        count = min(count, given)
        first = 0 if errors.anchor_probability == 1 or rng.random() < errors.anchor_probability else 1
    y = y.clone()
    y[MASK_CHANNELS:, first:count] += error[:, start + first : start + count]
    return y
