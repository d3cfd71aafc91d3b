"""The text that a clip is made from: what the film says of every clip around what the clip says itself."""

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.family import family
from svi_studio.domain.film.storyboard import Storyboard


def effective_prompt(storyboard: Storyboard, index: int) -> str:
    """The text that the clip at ``index`` is made from: the character, its prompt and the style.

    In a family of one prompt an empty one stands for the first clip's. Raises BadInput when there are no words.
    """
    one_prompt = family(storyboard.family).prompt_choice == "first"
    prompt = storyboard.clips[index].prompt.strip()
    if not prompt and one_prompt:
        prompt = storyboard.clips[0].prompt.strip()
    if not prompt:
        empty = 1 if one_prompt else index + 1
        raise BadInput(f"Clip {empty} has no prompt: say in a few words what happens in it.")
    return around(storyboard, prompt)


def around(storyboard: Storyboard, prompt: str) -> str:
    """``prompt`` between the character and the style of the film."""
    return " ".join(part for part in (storyboard.character.strip(), prompt, storyboard.style.strip()) if part)


def own_part(storyboard: Storyboard, effective: str) -> str | None:
    """The prompt that gives ``effective`` in this film, or None when its character or style are others."""
    character, style = storyboard.character.strip(), storyboard.style.strip()
    start = f"{character} " if character else ""
    end = f" {style}" if style else ""
    if not (effective.startswith(start) and effective.endswith(end) and len(effective) > len(start) + len(end)):
        return None
    return effective[len(start) : len(effective) - len(end)]
