"""A picture that a story shall start from: a file, and where it was found when it was searched for."""

from dataclasses import dataclass
from pathlib import Path

from svi_studio.domain.credit import Credit


@dataclass(frozen=True, slots=True)
class StoryPicture:
    """``credit`` names its author, None = the user's own; its path in the film is put in once it is copied there."""

    path: Path
    credit: Credit | None = None

    @property
    def words(self) -> str:
        """Whose it is, as a line."""
        if self.credit is None:
            return self.path.name
        parts = (self.credit.title or self.path.name, self.credit.author, self.credit.licence)
        return ", ".join(part for part in parts if part)
