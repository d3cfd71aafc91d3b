"""The size of a film in pixels: the authors' resize rule, a model's fixed size, or the storyboard's own."""

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.architecture import Architecture
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.storyboard import Storyboard

SIZE_STEP = 16  # VAE 8x, then patches of 2


def size_step(architecture: Architecture | None) -> int:
    """Pixels of which both sides of a film are multiples: those of one token, which is two latents wide and high."""
    return SIZE_STEP if architecture is None else 2 * architecture.latent_space


def resize_rule(width: int, height: int, max_width: int, step: int = SIZE_STEP) -> tuple[int, int]:
    """Size ``(width, height)`` in pixels at which a picture of ``width`` x ``height`` is rendered.

    Only the width is limited; both sides are floored to a multiple of ``step``. Source: ``calculate_dimensions`` in the
    authors' program. Raises BadInput when nothing would be left.
    """
    if width > max_width:
        width, height = max_width, int(max_width * (height / width))
    fitted = (width // step * step, height // step * step)
    if min(fitted) < step:
        raise BadInput(
            f"The picture is too small or too narrow ({width} x {height}): use one of at least {step} x {step}."
        )
    return fitted


def film_size(
    storyboard: Storyboard, card: ModelCard, picture: tuple[int, int], max_width: int, step: int = SIZE_STEP
) -> tuple[int, int]:
    """Size ``(width, height)`` of a film: the model's fixed size, else the storyboard's, else the rule on ``picture``.

    ``picture`` is ``(width, height)`` of the first reference image, ``step`` what both sides are multiples of. Raises
    BadInput when the storyboard asks for a size that the model cannot make.
    """
    asked, fixed = storyboard.size, card.size
    if asked is not None and fixed is not None and asked != fixed:
        raise BadInput(
            f"The model {card.name} makes films of {fixed[0]} x {fixed[1]} only, not {asked[0]} x {asked[1]}: "
            "remove the size from the storyboard or choose another model."
        )
    if fixed is not None:
        return fixed
    if asked is None:
        return resize_rule(*picture, max_width, step)
    if asked[0] % step or asked[1] % step:
        raise BadInput(
            f"The model {card.name} makes films whose sides are multiples of {step}, and {asked[0]} x {asked[1]} is "
            f"none: use {max(step, asked[0] // step * step)} x {max(step, asked[1] // step * step)}."
        )
    return asked
