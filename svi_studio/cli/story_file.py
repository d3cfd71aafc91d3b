"""Writes a proposal as a bare storyboard file, with copies of its pictures beside it."""

import hashlib
import json
from pathlib import Path

from svi_studio.cli.story_pictures import StoryPictures
from svi_studio.disk.atomic import atomic_write, plain_errors
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.story.proposal import Proposal
from svi_studio.domain.story.proposal_edits import accept
from svi_studio.domain.value import with_fields

_MOST_COPIES = 1000


class StoryFile:
    """A storyboard file that is to be written at ``path``."""

    def __init__(self, path: Path, *, may_replace: bool) -> None:
        """Raises BadInput when there is a file already, which a user may have worked on, or the name is none."""
        if path.suffix.lower() != ".json":
            raise BadInput(f'"{path}" is no name for a storyboard: choose one that ends in .json.')
        if path.is_dir() or (path.exists() and not may_replace):
            raise BadInput(f"There is a file at {path} already: choose another name, or add --overwrite.")
        if not path.parent.is_dir():
            raise BadInput(f"There is no folder {path.parent}: make it first, or choose another name.")
        self._path = path

    def write(self, proposal: Proposal, pictures: StoryPictures, *, family: str, model: str, title: str) -> None:
        """Copies the pictures, then writes the file. Raises BadInput, DiskFull or StudioError."""
        names = {str(file): self._beside(file) for file in pictures.files}
        credits = [with_fields(credit, {"picture": names[str(file)]}) for file, credit in pictures.credits.items()]
        empty = Storyboard(title=" ".join(title.split())[:500], family=family, model=model)
        cards = range(len(proposal.cards))
        board = accept(empty, proposal, cards, pictures=names, credits=credits)
        if board.reference_image is None and names:
            board = board.model_copy(update={"reference_image": next(iter(names.values()))})
        always = {name: getattr(board, name) for name in ("schema_version", "title", "family", "model")}
        fields = always | board.model_dump(mode="json", exclude_defaults=True)
        atomic_write(self._path, json.dumps(fields, ensure_ascii=False, indent=2).encode() + b"\n")

    def _beside(self, picture: Path) -> str:
        """The name of ``picture`` in the storyboard's folder: its own when it lies there, else that of a copy."""
        if picture.parent.resolve() == self._path.parent.resolve():
            return picture.name
        with plain_errors(picture):
            content = picture.read_bytes()
            return self._copied(content, picture.suffix.lower())

    def _copied(self, content: bytes, suffix: str) -> str:
        endings = ("", *(f"-{number}" for number in range(2, _MOST_COPIES)), f"-{hashlib.sha256(content).hexdigest()}")
        for ending in endings:
            copy = self._path.with_name(f"{self._path.stem}{ending}{suffix}")
            if not copy.exists():
                atomic_write(copy, content)
                break
            if copy.is_file() and copy.read_bytes() == content:
                break
        return copy.name
