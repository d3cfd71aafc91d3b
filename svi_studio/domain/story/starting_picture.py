"""A picture that ships with the program, to start a film from."""

from pathlib import Path

from svi_studio.domain.value import Name, Sha256, Value
from svi_studio.resource_files import resource_path


class StartingPicture(Value):
    """One picture and what it shows, in words that the model knows: ``lead`` in ``colour`` at ``place``.

    ``earlier`` is the content that it had when it was drawn smaller: films that began with it still have that one.
    """

    file: Name
    lead: Name
    colour: Name
    place: Name
    sha256: Sha256
    earlier: Sha256 | None = None

    @property
    def path(self) -> Path:
        """Where the picture lies."""
        return resource_path("storyline", "pictures", self.file)

    @property
    def title(self) -> str:
        """What it shows, as ``red boat, beach``."""
        return f"{self.colour} {self.lead}, {self.place}"
