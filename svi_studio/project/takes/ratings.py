"""What the user thinks of the takes of a film: one to five stars each, in a small file of the project."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError

from svi_studio.disk.atomic import atomic_write, plain_errors
from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.disk.lock import locked
from svi_studio.domain.errors import BadInput, BadProject, NewerVersion, NotAFile
from svi_studio.domain.value import Sha256, Value
from svi_studio.project.strict_json import parse_object, read_bytes

RATINGS: Final = "ratings.json"
DAMAGED: Final = "ratings.damaged.json"
MOST_STARS = 5
_VERSION = 1
_MAX_BYTES = 16 << 20

Stars = Annotated[int, Field(ge=1, le=MOST_STARS)]


class _RatingsFile(Value):
    schema_version: Literal[1] = 1
    stars: Mapping[Sha256, Stars] = Field(default_factory=dict)


class Ratings:
    """The ratings in the project folder ``folder``, shared with other processes."""

    def __init__(self, folder: Path, fs: FsOps = REAL_DISK) -> None:
        self._folder = folder
        self._fs = fs.below(folder)

    def all(self) -> dict[str, int]:
        """Stars by take hash, 1 to 5; empty when there are none or the file cannot be read."""
        try:
            return dict(self._read().stars)
        except BadProject:
            return {}

    def set(self, take_hash: str, stars: int) -> None:
        """Rate a take with 1 to 5 stars; 0 takes the rating away.

        A damaged file is put aside first. Raises BadInput, NewerVersion, DiskFull or StudioError; then the ratings are
        as they were.
        """
        with locked(self._folder, fs=self._fs):
            known = self._readable()
            rest = {name: count for name, count in known.items() if name != take_hash}
            try:
                file = _RatingsFile(stars=rest | ({take_hash: stars} if stars else {}))
            except ValidationError as error:
                raise BadInput(f"A take is rated with 0 to {MOST_STARS} stars, not with {stars}.") from error
            if dict(file.stars) != known:
                atomic_write(self._path, file.model_dump_json(indent=1).encode() + b"\n", self._fs)

    @property
    def _path(self) -> Path:
        return self._folder / RATINGS

    def _readable(self) -> dict[str, int]:
        try:
            return dict(self._read().stars)
        except (NewerVersion, NotAFile):
            raise
        except BadProject:
            with plain_errors(self._path):
                self._fs.replace(self._path, self._folder / DAMAGED)
            return {}

    def _read(self) -> _RatingsFile:
        if not os.path.lexists(self._path):
            return _RatingsFile()
        content = read_bytes(self._path, _MAX_BYTES, root=self._folder)
        version = parse_object(content, self._path).get("schema_version", _VERSION)
        if isinstance(version, int) and version > _VERSION:
            raise NewerVersion(f"{self._path} was made by a newer version of SVI Studio: update the program to rate.")
        try:
            return _RatingsFile.model_validate_json(content)
        except ValidationError as error:
            raise BadProject(f"{self._path} is damaged: the ratings in it cannot be read.") from error
