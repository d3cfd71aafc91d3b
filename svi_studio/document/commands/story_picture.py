"""A picture that a story shall start from: a file, and where it was found when it was searched for."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from svi_studio.document.pictures.dropped import tell_kind
from svi_studio.domain.pictures.credit import Credit
from svi_studio.media.pictures.kinds import kind_words


@dataclass(frozen=True, slots=True)
class StoryPicture:
    """``credit`` names its author, None = the user's own; its path in the film is put in once it is copied there."""

    path: Path
    credit: Credit | None = None

    @property
    def words(self) -> str:
        """The title, author and licence of the picture as one line; the file's name for a picture of the user's own."""
        if self.credit is None:
            return self.path.name
        parts = (self.credit.title or self.path.name, self.credit.author, self.credit.licence)
        return ", ".join(part for part in parts if part)


def dropped_pictures(paths: Sequence[Path]) -> tuple[tuple[StoryPicture, ...], str]:
    """The pictures in what was dropped or chosen; when it is anything else, none and a sentence that says so."""
    found = tell_kind(paths)
    if found.kind == "pictures":
        return tuple(StoryPicture(path) for path in found.paths), ""
    words = QCoreApplication.translate("PicturePart", "Only pictures can be used here: {kinds}.")
    return (), found.sentence or words.format(kinds=kind_words())
