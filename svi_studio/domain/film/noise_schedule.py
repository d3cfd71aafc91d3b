"""How the noise of a clip falls from step to step, and which of a model's two experts takes each step.

Counted in single precision as the engine does (``flow_sigmas`` and ``by_sigma`` in ``engine/denoising/sampling.py``): a
schedule can meet a boundary exactly, and then the last bit decides which expert takes the step.
"""

from struct import pack, unpack


def noise_levels(num_inference_steps: int, shift: float) -> tuple[float, ...]:
    """The noise level (sigma) before each step, from 1 downwards.

    ``u = 1 - k / N`` for step k of N, ``sigma = shift * u / (1 + (shift - 1) * u)`` (the authors' flow_match.py).
    """
    evenly = [_falling(step, num_inference_steps) for step in range(num_inference_steps)]
    return tuple(_single(_single(shift * u) / _single(1 + _single((shift - 1) * u))) for u in evenly)


def noisy_steps(num_inference_steps: int, shift: float, boundary: float) -> int:
    """How many of the steps begin at ``boundary`` or above: those that the expert for noisy steps takes."""
    timesteps = (_single(1000 * level) for level in noise_levels(num_inference_steps, shift))
    return sum(timestep >= _single(1000 * boundary) for timestep in timesteps)


def _falling(step: int, steps: int) -> float:
    """``1 - step / steps`` as torch.linspace has it, which counts from 1 in its first half and from 0 in the other."""
    width = _single(1 / steps)
    return _single(1 - width * step) if step < (steps + 1) // 2 else _single(width * (steps - step))


def _single(number: float) -> float:
    """``number`` rounded to single precision."""
    return float(unpack("f", pack("f", number))[0])
