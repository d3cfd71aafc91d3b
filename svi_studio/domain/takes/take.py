"""A take: the manifest of one rendered clip, and the store that the engine hands finished takes to."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal, Protocol

from pydantic import Field, StringConstraints

from svi_studio.domain.takes.job import ClipJob
from svi_studio.domain.value import Name, Sha256, Value

TAKE_VERSION: Final = 1
MANIFEST = "manifest.json"

LibraryName = Annotated[str, StringConstraints(min_length=1, max_length=128)]


class TakeFile(Value):
    """One file of a take: its name, the SHA-256 of its content, its size in bytes."""

    name: Name
    sha256: Sha256
    size: int = Field(ge=0)


class Take(Value):
    """The manifest of one finished take.

    ``files`` is filled in by the store at commit. ``continuity`` holds drift figures by name. ``created_at`` is an ISO
    8601 time in UTC; seconds are wall-clock; ``library_versions`` says what rendered it, and
    how that rounds (see ``arithmetic``).
    """

    schema_version: Literal[1] = TAKE_VERSION
    take_hash: Sha256
    parent_hash: Sha256 | None
    job: ClipJob
    num_frames: int = Field(ge=1)
    files: tuple[TakeFile, ...] = Field(default=(), max_length=4096)
    continuity: Mapping[LibraryName, float] = Field(default_factory=dict)
    created_at: str = Field(default="", max_length=64)
    render_seconds: float = Field(default=0.0, ge=0)
    seconds_per_step: float = Field(default=0.0, ge=0)
    library_versions: Mapping[LibraryName, str] = Field(default_factory=dict)


class TakeDraft(Protocol):
    """A take in the making: a folder that nobody else sees until ``commit``."""

    def path(self, name: str) -> Path:
        """Where the file ``name`` of this take is to be written; its folder exists."""

    def commit(self, take: Take) -> Take:
        """Makes the take exist, with the files written so far; returns it with ``files`` filled in."""

    def discard(self) -> None:
        """Throws the draft away; nothing happens when it was committed."""


class TakeSink(Protocol):
    """Where takes lie. A take exists if and only if it was committed."""

    def has(self, take_hash: str) -> bool:
        """Whether the take exists with all its files."""

    def load(self, take_hash: str) -> Take:
        """The manifest, after checking every file against it. Raises BadProject when it is missing or damaged."""

    def manifest(self, take_hash: str) -> Take:
        """The manifest as it is, its files unread. Raises BadProject when it is missing or damaged."""

    def begin(self, job: ClipJob) -> TakeDraft:
        """A new draft for ``job``."""

    def file(self, take_hash: str, name: str) -> Path:
        """Path of one file of a take that exists."""
