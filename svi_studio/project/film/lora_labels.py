"""Calls the LoRAs of a film what people call them, in sentences that know only where their files lie."""

from pathlib import Path

from svi_studio.domain.film.clip_loras import all_loras
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.media.inside import is_file_inside, resolve_inside


def by_label(sentence: str, storyboard: Storyboard, folder: Path) -> str:
    """``sentence`` with the labels of the film's LoRAs in the place of their paths below ``folder``."""
    for use in all_loras(storyboard):
        if use.label and is_file_inside(folder, use.file):
            sentence = sentence.replace(str(resolve_inside(folder, use.file)), f'"{use.label}"')
    return sentence
