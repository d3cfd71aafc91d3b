"""The videos, the packages that they come in, and what was written down about them by hand, from ``videos.json``.

A trunk box is where a person's shoulders and hips are in one frame, drawn by eye without a skeleton in sight: left,
top, right and bottom in pixels. ``in_view`` is the frames, first and the one after the last, in which a person looking
at them sees the chosen person's trunk, or most of it.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from svi_studio.domain.poses.click import Click

LIST = Path(__file__).parent / "videos.json"

Box = tuple[float, float, float, float]
Track = dict[int, Box]
"""Boxes by frame, in order of the frames."""


@dataclass(frozen=True)
class Archive:
    """A package's file on the registry."""

    package: str
    version: str
    file: str
    bytes: int
    sha256: str
    licence: str
    author: str


@dataclass(frozen=True)
class Chosen:
    """Whose skeleton is looked for: where one clicks, or nowhere when there is nobody else to be taken for them."""

    who: str
    click: Click | None
    in_view: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class RealVideo:
    """A video in an archive; of a long one the first ``frames`` are taken."""

    name: str
    archive: Archive
    member: str
    bytes: int
    sha256: str
    frames: int | None
    shows: str
    trunks: dict[str, Track]
    chosen: tuple[Chosen, ...]


def real_videos(path: Path = LIST) -> list[RealVideo]:
    """All of them, in the order of the table."""
    listed = json.loads(path.read_text(encoding="utf-8"))
    archives = {each["file"]: Archive(**each) for each in listed["archives"]}
    return [_video(each, archives) for each in listed["videos"]]


def _video(listed: dict[str, Any], archives: dict[str, Archive]) -> RealVideo:
    trunks = {
        who: {int(frame): tuple(box) for frame, box in sorted(track.items(), key=lambda item: int(item[0]))}
        for who, track in listed["trunks"].items()
    }
    own = {"archive": archives[listed["archive"]], "trunks": trunks, "chosen": tuple(map(_chosen, listed["chosen"]))}
    return RealVideo(**{**listed, **own})


def _chosen(listed: dict[str, Any]) -> Chosen:
    click = Click(*listed["click"]) if listed["click"] else None
    return Chosen(listed["who"], click, tuple((first, stop) for first, stop in listed["in_view"]))
