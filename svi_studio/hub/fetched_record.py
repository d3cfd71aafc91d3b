"""What was fetched into a folder, kept beside it: from where, which version, and the checksum of every file."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from svi_studio.disk.atomic import atomic_write, plain_errors
from svi_studio.disk.fs_ops import FsOps
from svi_studio.disk.plain_file import read_plain
from svi_studio.domain.errors import BadWeights
from svi_studio.domain.fetching.known_model import Repository, Revision
from svi_studio.domain.value import Name, RelativePath, Value

RECORD_ENDING = ".fetched.json"
_MOST = 8 << 20


class FetchedFile(Value):
    """A file as it was checked: ``path`` in the repository, ``save_as`` here; ``changed_ns`` is when it was written."""

    path: Annotated[str, Field(max_length=1000)]
    save_as: RelativePath
    size: Annotated[int, Field(ge=0, le=1 << 43)]
    checksum: Annotated[str, Field(pattern=r"^([0-9a-f]{40}|[0-9a-f]{64})$")]
    changed_ns: int


class FetchedRecord(Value):
    """The files of one entry."""

    version: Literal[1] = 1
    name: Name
    repository: Repository
    revision: Revision
    commit: Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")]
    files: Annotated[tuple[FetchedFile, ...], Field(max_length=10_000)]


def record_path(folder: Path, name: str) -> Path:
    """Where the record of the entry ``name`` lies."""
    return folder / f".{name}{RECORD_ENDING}"


def read_record(folder: Path, name: str) -> FetchedRecord | None:
    """None where nothing was fetched. Raises BadWeights for one that is damaged, StudioError."""
    path = record_path(folder, name)
    if not path.is_file():
        return None
    with plain_errors(path):
        content = read_plain(path, _MOST)
    try:
        return FetchedRecord.model_validate_json(content)
    except (ValidationError, RecursionError):
        raise BadWeights(f"{path} is damaged: remove it, and fetch {name} again, which keeps what is whole.") from None


def write_record(folder: Path, record: FetchedRecord, fs: FsOps) -> None:
    """Replaces the record. Raises DiskFull, StudioError."""
    atomic_write(record_path(folder, record.name), record.model_dump_json(indent=1).encode(), fs)
