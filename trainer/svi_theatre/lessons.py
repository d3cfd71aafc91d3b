"""Encoded clips of svi-theatre, many of one kind to a file: written by one process, read by the one that trains."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, get_args

import torch
from safetensors import safe_open
from safetensors.torch import save

from svi_studio.disk.atomic import atomic_write
from trainer.paper_theatre.script import Script, Still
from trainer.svi_theatre.clips import Kind

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

SUFFIX: Final = ".lessons.safetensors"


@dataclass
class Lesson:
    """One encoded clip, in half precision; drawings in bytes, at the size that the pose encoder looks at."""

    kind: Kind
    script: Script  # what may be said of it
    latents: Tensor  # [C, T, h, w]
    anchor: Tensor  # [C, h, w]
    picture: Tensor  # [N, D], of its first frame
    anchor_picture: Tensor  # [N, D]
    weight: Tensor  # [T, h, w]
    sound: Tensor | None = None  # [num_frames + 4, L, C]
    skeleton: Tensor | None = None  # drawings, uint8 [3, num_frames, H, W]


_TENSORS: Final = ("latents", "anchor", "picture", "anchor_picture", "weight", "sound", "skeleton")


def write_lessons(folder: Path, number: int, lessons: list[Lesson]) -> Path:
    """Writes lessons of one kind as the file of that number; returns its path."""
    kinds = {lesson.kind for lesson in lessons}
    if len(kinds) != 1:
        raise ValueError("lessons of several kinds in one file")
    tensors = {}
    for name in _TENSORS:
        parts = [getattr(lesson, name) for lesson in lessons]
        if parts[0] is not None:
            tensors[name] = torch.stack(parts).contiguous()
    scripts = json.dumps([asdict(lesson.script) for lesson in lessons])
    path = folder / f"{number:06d}-{kinds.pop()}{SUFFIX}"
    folder.mkdir(parents=True, exist_ok=True)
    atomic_write(path, save(tensors, {"scripts": scripts}))
    return path


def read_lessons(path: Path) -> list[Lesson]:
    """The lessons of a file that `write_lessons` wrote."""
    kind: Any = path.name.removesuffix(SUFFIX).partition("-")[2]
    if kind not in get_args(Kind):
        raise ValueError(f"no lessons: {path}")
    with safe_open(path, framework="pt") as file:
        scripts = json.loads(file.metadata()["scripts"])
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a mapping)
    return [
        Lesson(kind, _script(facts), **{name: tensor[number].clone() for name, tensor in tensors.items()})
        for number, facts in enumerate(scripts)
    ]


def _script(facts: dict[str, Any]) -> Script:
    return Script(**{**facts, "start": Still(**facts["start"]), "syllables": tuple(facts["syllables"])})
