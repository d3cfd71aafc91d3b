"""How films and LoRAs are made, as far as another way gives others: noted beside each of them, and never mixed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from filelock import FileLock

from svi_studio.disk.atomic import atomic_write
from svi_studio.domain.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

NOTE = "made.json"


def making(device: str, *, halves: bool) -> dict[str, str]:
    """``device`` is cpu or cuda; ``halves``: products of the transformer in bfloat16."""
    return {"device": device.partition(":")[0], "products": "bfloat16" if halves else "float32"}


def settle(folder: Path, made: Mapping[str, str]) -> None:
    """Notes in ``folder`` how all in it is made; raises BadInput where some of it was made in another way."""
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / NOTE
    with FileLock(note.with_suffix(".lock")):
        if not note.exists():
            atomic_write(note, json.dumps(made).encode() + b"\n")
    alike(made, [json.loads(note.read_text("utf-8"))], str(folder))


def alike(made: Mapping[str, str], others: Iterable[Mapping[str, str]], where: str) -> None:
    """Raises BadInput unless all were made in the same way."""
    for other in others:
        if dict(other) != dict(made):
            raise BadInput(
                f"What is in {where} was made with {_words(other)}, this with {_words(made)}. "
                "Go on in the same way, or use another folder."
            )


def _words(made: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in made.items()) or "nothing noted"
