"""How the noise of a clip falls from step to step, and which of a model's two experts takes each step."""


def noise_levels(num_inference_steps: int, shift: float) -> tuple[float, ...]:
    """The noise level (sigma) before each step, from 1 downwards.

    ``u = 1 - k / N`` for step k of N, ``sigma = shift * u / (1 + (shift - 1) * u)`` (the authors' flow_match.py).
    """
    rest = (1 - step / num_inference_steps for step in range(num_inference_steps))
    return tuple(shift * u / (1 + (shift - 1) * u) for u in rest)


def noisy_steps(num_inference_steps: int, shift: float, boundary: float) -> int:
    """How many of the steps begin at ``boundary`` or above: those that the expert for noisy steps takes."""
    return sum(level >= boundary for level in noise_levels(num_inference_steps, shift))
