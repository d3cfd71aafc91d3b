"""The size of a film in pixels: the authors' resize rule, a model's fixed size, or the storyboard's own."""

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.storyboard import Storyboard

SIZE_STEP = 16  # VAE 8x, then patches of 2


def resize_rule(width: int, height: int, max_width: int) -> tuple[int, int]:
    """Size ``(width, height)`` in pixels at which a picture of ``width`` x ``height`` is rendered.

    Only the width is limited; both sides are floored to a multiple of 16. Source: ``calculate_dimensions`` in the
    authors' program. Raises BadInput when nothing would be left.
    """
    if width > max_width:
        width, height = max_width, int(max_width * (height / width))
    fitted = (width // SIZE_STEP * SIZE_STEP, height // SIZE_STEP * SIZE_STEP)
    if min(fitted) < SIZE_STEP:
        raise BadInput(f"The picture is too small or too narrow ({width} x {height}): use one of at least 16 x 16.")
    return fitted


def film_size(storyboard: Storyboard, card: ModelCard, picture: tuple[int, int], max_width: int) -> tuple[int, int]:
    """Size ``(width, height)`` of a film: the model's fixed size, else the storyboard's, else the rule on ``picture``.

    ``picture`` is ``(width, height)`` of the first reference image. Raises BadInput when the storyboard asks for
    another size than the only one that the model can make.
    """
    asked, fixed = storyboard.size, card.size
    if asked is not None and fixed is not None and asked != fixed:
        raise BadInput(
            f"The model {card.name} makes films of {fixed[0]} x {fixed[1]} only, not {asked[0]} x {asked[1]}: "
            "remove the size from the storyboard or choose another model."
        )
    if fixed is not None:
        return fixed
    return asked if asked is not None else resize_rule(*picture, max_width)
