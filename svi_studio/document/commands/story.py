"""The command that brings a story into the film: its pictures first, then cards, credits and start picture at once."""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject

from svi_studio.document.commands.edits import Edits, counted
from svi_studio.document.commands.story_picture import StoryPicture
from svi_studio.document.film.picture_import import PictureImport
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.story.proposal import Proposal
from svi_studio.domain.story.proposal_edits import accept
from svi_studio.domain.value import with_fields


class StoryCommands(QObject):
    """What the story's desk does to the film."""

    def __init__(self, edits: Edits, pictures: PictureImport) -> None:
        super().__init__(edits)
        self._edits, self._document, self._pictures = edits, edits.document, pictures

    def accept(
        self,
        proposal: Proposal,
        chosen: Collection[int],
        pictures: Sequence[StoryPicture],
        done: Callable[[], object],
    ) -> bool:
        """Puts the ``chosen`` cards (from 0) into the film; ``done`` is called when they are there.

        ``pictures`` are those that the story starts from: copied into the film before, credited in it. Returns False
        when it cannot be done; why is told by ``document.refused``.
        """
        if not self._edits.may_edit():
            return False
        wanted = _files(proposal, chosen)
        if not wanted:
            return self._accept(proposal, chosen, pictures, {}, done)
        self._pictures.bring_in(
            [Path(file) for file in wanted],
            lambda names: self._accept(proposal, chosen, pictures, dict(zip(wanted, names, strict=True)), done),
        )
        return True

    def _accept(
        self,
        proposal: Proposal,
        chosen: Collection[int],
        pictures: Sequence[StoryPicture],
        names: Mapping[str, str],
        done: Callable[[], object],
    ) -> bool:
        credits = [
            with_fields(picture.credit, {"picture": names[str(picture.path)]})
            for picture in pictures
            if picture.credit is not None and str(picture.path) in names
        ]

        def change(board: Storyboard) -> Storyboard:
            return accept(board, proposal, chosen, pictures=names, credits=credits)

        text = counted(self.tr("Accept 1 card"), self.tr("Accept {} cards"), len(chosen))
        before = self._document.storyboard
        accepted = self._edits.reorder(text, change)
        if accepted:
            self._go_to_first(before)
            done()
        return accepted

    def _go_to_first(self, before: Storyboard) -> None:
        """Selects the first clip that has changed."""
        known = {clip.id: clip for clip in before.clips}
        changed = (clip.id for clip in self._document.storyboard.clips if known.get(clip.id) != clip)
        first = next(changed, None)
        if first is not None:
            self._edits.selection.select([first])


def _files(proposal: Proposal, chosen: Collection[int]) -> list[str]:
    """The pictures of the chosen cards that the film has not yet."""
    used = [card.image for place, card in enumerate(proposal.cards) if place in chosen and card.image is not None]
    return list(dict.fromkeys(name for name in used if Path(name).is_absolute()))
