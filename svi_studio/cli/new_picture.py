"""The picture of a new project: checked, copied into it, and framed as the options say."""

from argparse import Namespace
from pathlib import Path

from svi_studio.domain.editing.framing_edits import with_framing
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.pictures.framing import Framing
from svi_studio.domain.pictures.picture_look import Size
from svi_studio.domain.value import with_fields
from svi_studio.media.images import look_at, note_words
from svi_studio.project.media.media_store import MediaStore

Crop = tuple[int, int, int, int]


def with_picture(storyboard: Storyboard, options: Namespace, folder: Path) -> Storyboard:
    """The storyboard with the picture that ``options`` name, which lies in the project ``folder`` then.

    What its owner should know of the picture is printed. Raises BadInput, DiskFull or StudioError.
    """
    if options.image is None:
        if options.crop is not None or options.fit is not None:
            raise BadInput("There is no picture to frame: name one with --image, or leave out --fit and --crop.")
        return storyboard
    facts = look_at(options.image)
    check_framing(options, facts.size)
    if facts.notes:
        print(f"About {options.image}: {note_words(facts.notes)}")
    image = MediaStore(folder).add(options.image)
    return with_framing(with_fields(storyboard, {"reference_image": image}), framing_of(options, image))


def framing_of(options: Namespace, image: str) -> Framing:
    """How ``options`` frame the picture ``image`` of a film."""
    return Framing(picture=image, fit=options.fit or "crop", crop=options.crop)


def check_framing(options: Namespace, picture: Size) -> None:
    """Raises BadInput for a frame that a picture of that (width, height) cannot have."""
    if options.crop is not None and options.fit == "squeeze":
        raise BadInput("A picture is either cropped or squeezed: leave out --crop or --fit squeeze.")
    if options.crop is not None:
        _check_inside(options.crop, picture)


def _check_inside(crop: Crop, picture: Size) -> None:
    left, top, width, height = crop
    if width < 1 or height < 1 or left + width > picture[0] or top + height > picture[1]:
        raise BadInput(
            f"The part {left},{top},{width},{height} does not lie in the picture, which has {picture[0]} x "
            f"{picture[1]} pixels: name its left edge, its top edge, its width and its height."
        )
