"""The difference between two storyboards as a small value: other settings, and one run of clips replaced by another."""

import json
from collections.abc import Mapping
from operator import is_
from typing import Any

from pydantic import Field

from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.value import Value


class Change(Value):
    """Settings that differ, as JSON values, and ``removed`` clips from ``start`` on replaced by ``inserted``."""

    settings: Mapping[str, Any] = Field(default_factory=dict)
    start: int = Field(default=0, ge=0)
    removed: int = Field(default=0, ge=0)
    inserted: tuple[Clip, ...] = ()


def change_between(old: Storyboard, new: Storyboard) -> Change:
    """What turns ``old`` into ``new``; as long as the clips that differ, not as the film."""
    names = [name for name in Storyboard.model_fields if name != "clips" and getattr(old, name) != getattr(new, name)]
    written = new.model_dump(mode="json", include=set(names))
    start = common_start(old.clips, new.clips)
    end = common_start(old.clips[start:][::-1], new.clips[start:][::-1])
    return Change(
        settings={name: written.get(name, []) for name in names},  # no tracks are not written at all
        start=start,
        removed=len(old.clips) - start - end,
        inserted=new.clips[start : len(new.clips) - end],
    )


def apply_change(storyboard: Storyboard, change: Change) -> Storyboard:
    """The storyboard after ``change``. Raises ValueError when the change does not fit it."""
    stop = change.start + change.removed
    if stop > len(storyboard.clips) or "clips" in change.settings:
        raise ValueError("the change belongs to another storyboard")
    clips = storyboard.clips[: change.start] + change.inserted + storyboard.clips[stop:]
    settings = storyboard.model_dump(mode="json", exclude={"clips"}) | dict(change.settings)
    checked = Storyboard.model_validate_json(json.dumps(settings))
    return Storyboard.model_validate({**dict(checked), "clips": clips})


def common_start(old: tuple[Clip, ...], new: tuple[Clip, ...]) -> int:
    """How many clips at the start are the same; most are the very same objects, which is quick to see."""
    shorter = min(len(old), len(new))
    same = list(map(is_, old, new))
    place = same.index(False) if False in same else shorter
    while place < shorter and (same[place] or old[place] == new[place]):
        place += 1
    return place
