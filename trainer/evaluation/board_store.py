"""Keeps a training's test storyboards in its run, the same to its end: their words, pictures and text features."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from pydantic import ValidationError
from safetensors import SafetensorError
from safetensors.torch import load_file, save

from svi_studio.disk.atomic import atomic_write, plain_errors
from svi_studio.domain.errors import BadInput
from svi_studio.domain.value import Value
from svi_studio.engine.denoising.prompt import clean_prompt
from svi_studio.media.images import open_reference
from trainer.dataset.encoders import padded
from trainer.evaluation.boards import AnchoredBoard, TestBoard

if TYPE_CHECKING:
    from torch import Tensor

    from svi_studio.domain.training.recipe import TrainingRecipe

_BOARDS, _TEXTS = "boards.json", "texts.safetensors"


class _Boards(Value):
    boards: tuple[TestBoard, ...]


class BoardStore:
    """The test storyboards of one recipe in the folder of a run. Other settings have a folder of their own."""

    def __init__(self, run: Path, recipe: TrainingRecipe) -> None:
        own = recipe.model_dump_json(include={"family", "model", "width", "height", "num_frames"})
        deciding = (
            own
            + recipe.memory.base_precision
            + recipe.evaluation.model_dump_json(exclude={"every", "naive", "control"})
        )
        self.folder = run / "evaluation" / hashlib.sha256(deciding.encode()).hexdigest()[:12]

    def boards(self, make: Callable[[], Sequence[AnchoredBoard]]) -> tuple[AnchoredBoard, ...]:
        """The boards as they were when the training began; made and kept the first time. Raises StudioError."""
        kept = self._kept()
        if kept is not None:
            return kept
        boards = tuple(make())
        with plain_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            for number, each in enumerate(boards):
                Image.fromarray(each.anchor[0]).save(self._picture(number))
        content = _Boards(boards=tuple(each.board for each in boards)).model_dump_json()
        atomic_write(self.folder / _BOARDS, content.encode("utf-8"))  # last: with it, all are there
        return boards

    def texts(self, boards: Sequence[AnchoredBoard], load: Callable[[], Callable[[str], Tensor]]) -> Texts:
        """Text features of every prompt of `boards`; `load` gives what makes those of one, `[n, D]` of its n tokens.

        They are kept, so that the text encoder is loaded only once in a training. Raises StudioError.
        """
        wanted = sorted({clean_prompt(text) for each in boards for clip in each.board.clips for text in clip.words})
        path = self.folder / _TEXTS
        kept = _load(path)
        if kept.keys() != {_key(text) for text in wanted}:
            encode = load()
            kept = {_key(text): encode(text) for text in wanted}
            atomic_write(path, save({name: tensor.cpu().contiguous() for name, tensor in kept.items()}))
        return Texts(kept)

    def _kept(self) -> tuple[AnchoredBoard, ...] | None:
        try:
            boards = _Boards.model_validate_json((self.folder / _BOARDS).read_bytes()).boards
            return tuple(AnchoredBoard(board, self._anchor(number)) for number, board in enumerate(boards))
        except (OSError, ValidationError, BadInput):
            return None  # not made yet, or damaged: then they are made again

    def _anchor(self, number: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        return np.asarray(open_reference(self._picture(number), "as stored"))[None]

    def _picture(self, number: int) -> Path:
        return self.folder / f"anchor-{number + 1}.png"


class Texts:
    """The text features of the test films' prompts."""

    def __init__(self, features: dict[str, Tensor]) -> None:
        self._features = features

    def __call__(self, text: str) -> Tensor:
        """Features `[1, 512, D]` of one of the prompts, on the CPU."""
        return padded(self._features[_key(clean_prompt(text))])[None]


def _key(cleaned: str) -> str:
    return hashlib.sha256(cleaned.encode("utf-8", "replace")).hexdigest()


def _load(path: Path) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except (OSError, SafetensorError):
        return {}
