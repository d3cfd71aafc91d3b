"""What happens while files are fetched, as small frozen messages that any front end can show or print."""

import dataclasses
import json
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class _Event:
    def to_json(self) -> str:
        """One line of JSON: ``kind`` and the fields."""
        return json.dumps(dataclasses.asdict(self), ensure_ascii=True)


@dataclass(frozen=True, slots=True)
class FetchStarted(_Event):
    """``to_fetch`` of ``total`` bytes in ``files`` files are still to come; ``commit`` is the version of them."""

    kind: Literal["fetch_started"] = field(default="fetch_started", kw_only=True)
    files: int
    total: int
    to_fetch: int
    commit: str


@dataclass(frozen=True, slots=True)
class FetchProgress(_Event):
    """``done`` of ``total`` bytes are here; ``seconds_left`` once a speed, in bytes a second, is known."""

    kind: Literal["fetch_progress"] = field(default="fetch_progress", kw_only=True)
    done: int
    total: int
    speed: float | None = None
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class FileChecking(_Event):
    """All of a file is here, and its checksum is computed."""

    kind: Literal["file_checking"] = field(default="file_checking", kw_only=True)
    file: str


@dataclass(frozen=True, slots=True)
class FileFetched(_Event):
    """A file is whole, checked and under its own name."""

    kind: Literal["file_fetched"] = field(default="file_fetched", kw_only=True)
    file: str


@dataclass(frozen=True, slots=True)
class FileAnew(_Event):
    """What had come of a file cannot be used, for ``why`` (a sentence), and it begins anew."""

    kind: Literal["file_anew"] = field(default="file_anew", kw_only=True)
    file: str
    why: str


@dataclass(frozen=True, slots=True)
class FetchWaiting(_Event):
    """The server is not asked for ``seconds``, for ``why`` (one or two sentences, which say how long)."""

    kind: Literal["fetch_waiting"] = field(default="fetch_waiting", kw_only=True)
    seconds: float
    why: str


@dataclass(frozen=True, slots=True)
class FetchDone(_Event):
    """All files are here, in ``folder``; ``received`` bytes came over the network."""

    kind: Literal["fetch_done"] = field(default="fetch_done", kw_only=True)
    folder: str
    received: int


@dataclass(frozen=True, slots=True)
class FetchFailed(_Event):
    """Nothing more comes, for the reason in ``message``; what came is kept."""

    kind: Literal["fetch_failed"] = field(default="fetch_failed", kw_only=True)
    message: str


FetchEvent = (
    FetchStarted | FetchProgress | FileChecking | FileFetched | FileAnew | FetchWaiting | FetchDone | FetchFailed
)
