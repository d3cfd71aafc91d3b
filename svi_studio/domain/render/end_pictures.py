"""What a film does to the pictures that its clips end on, where they have another shape than the film."""

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.pictures.picture_fit import filmed_part, fit_words
from svi_studio.domain.text.wording import as_ranges

if TYPE_CHECKING:
    from svi_studio.domain.render.planner import FilmFacts

HOW_TO_FRAME: Final = 'choose another part of it, in the window or with "ends --clip N --crop"'


def end_fit(storyboard: Storyboard, facts: "FilmFacts", index: int) -> str:
    """What is done to the picture that the clip at ``index`` ends on, in a few words; empty where nothing is lost."""
    image = storyboard.end_image(index)
    size = facts.image_sizes.get(image or "")
    return "" if image is None or size is None else fit_words(size, storyboard.framing(image).look(facts.size))


def cropped_ends(storyboard: Storyboard, facts: "FilmFacts") -> tuple[str, ...]:
    """One fact for each such picture that loses its edges though nobody chose its frame; begins in small letters."""
    clips: defaultdict[str, list[int]] = defaultdict(list)
    for index in range(len(storyboard.clips)):
        image = storyboard.end_image(index)
        if image is not None and _is_cropped(storyboard, facts, image):
            clips[image].append(index)
    return tuple(
        f"{'clip' if len(found) == 1 else 'clips'} {as_ranges(found)} {'ends' if len(found) == 1 else 'end'} on a "
        f"picture of {end_fit(storyboard, facts, found[0])}"
        for found in clips.values()
    )


def _is_cropped(storyboard: Storyboard, facts: "FilmFacts", image: str) -> bool:
    size, look = facts.image_sizes.get(image), storyboard.framing(image).look(facts.size)
    if size is None or look.crop is not None or look.squeeze:
        return False
    return filmed_part(size, look) != size
