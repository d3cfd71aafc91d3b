"""Edits of the credits of a film's pictures, and which of them the film has to show."""

from collections.abc import Collection, Iterable

from svi_studio.domain.editing.edit_check import checked
from svi_studio.domain.editing.film_files import named_pictures
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.pictures.credit import MOST_CREDITS, Credit


def add_credit(storyboard: Storyboard, credit: Credit) -> Storyboard:
    """The film credits its picture so, instead of any earlier credit of that picture; ``add_credits`` says the rest."""
    return add_credits(storyboard, (credit,))


def add_credits(storyboard: Storyboard, added: Iterable[Credit]) -> Storyboard:
    """The film has these credits too; the last one for a picture counts.

    Credits stay, also of a picture that no clip shows now, so that undo and a later use find them. Beyond 1000 those of
    pictures that the film no longer names make room. Raises BadInput when there are still too many.
    """
    added = tuple(added)
    if not added:
        return storyboard
    by_picture = {credit.picture: credit for credit in (*storyboard.credits, *added)}
    credits = tuple(by_picture.values())
    if len(credits) > MOST_CREDITS:
        named = {*named_pictures(storyboard)} | {credit.picture for credit in added}
        credits = tuple(credit for credit in credits if credit.picture in named)
    if len(credits) > MOST_CREDITS:
        raise BadInput(f"The film has {len(credits)} pictures with credits, more than {MOST_CREDITS}: use fewer.")
    return checked(storyboard, credits=credits)


def credits_to_show(storyboard: Storyboard, shown: Collection[int] | None = None) -> tuple[Credit, ...]:
    """The credits of the pictures that the clips ``shown`` (indexes from 0; None = all) were made from.

    A clip is also made from the pictures of the clips that its chain comes from. Each credit once, in film order.
    """
    of_picture = {credit.picture: credit for credit in storyboard.credits}
    if not of_picture:
        return ()
    wanted = None if shown is None else set(shown)
    found: dict[str, None] = {}
    chain: dict[str, None] = {}
    for index, image in enumerate(storyboard.chain_images()):
        if storyboard.starts_chain(index):
            chain = {}
        for each in (image, storyboard.end_image(index)):
            if each is not None:
                chain[each] = None
        if wanted is None or index in wanted:
            found |= chain
    return tuple(of_picture[image] for image in found if image in of_picture)
