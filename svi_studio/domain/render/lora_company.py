"""What to say of LoRAs that were trained for another family, and of a style that lies on top of a stability LoRA."""

from collections.abc import Iterable, Sequence

from svi_studio.domain.film.family import family_to_show
from svi_studio.domain.film.lora_traits import SVI_2_WITHOUT_PRO, LoraTraits
from svi_studio.domain.film.storyboard import LoraUse

Told = Sequence[tuple[LoraUse, LoraTraits]]
"""LoRAs that count in a film, and what each says of itself."""


def other_family_words(name: str, traits: LoraTraits, family: str, where: str) -> str:
    """One sentence for the LoRA called ``name`` that was trained for another family; empty for any other.

    A style is for all of them. What a LoRA learned of errors belongs to the way in which its family goes on.
    """
    if traits.family is None or traits.family == family or traits.recycles is False:
        return ""
    now = _title(family)
    if traits.family == SVI_2_WITHOUT_PRO:
        return (
            f"The LoRA {name}{where} is of SVI 2.0 without Pro, and this film is {now}: clips go on in another way "
            'there, so that it may not keep this film from drifting. The file for Pro has "pro" in its name.'
        )
    own = _title(traits.family)
    return (
        f"The LoRA {name}{where} was trained for {own}, and this film is {now}: it learned how clips of {own} go on, "
        "and may not keep this film from drifting."
    )


def _title(family: str) -> str:
    return family_to_show(family).title.partition(":")[0]


def styles_on_top(told: Told, *, has_own: bool) -> tuple[LoraUse, ...]:
    """The styles among them, where a LoRA against drift is in the film, too; ``has_own``: the model's own is."""
    is_stable = has_own or any(traits.recycles or traits.svi for _, traits in told)
    return tuple(use for use, traits in told if traits.recycles is False) if is_stable else ()


def style_words(names: Iterable[str], where: str) -> str:
    """One sentence for these styles."""
    each = list(dict.fromkeys(names))
    styles = f"style {each[0]} lies" if len(each) == 1 else f"styles {' and '.join(each)} lie"
    return (
        f"The {styles} on top of the LoRA against drift{where}: nobody has measured whether a film stays steady then, "
        "so film a few clips first, or give it less weight."
    )
