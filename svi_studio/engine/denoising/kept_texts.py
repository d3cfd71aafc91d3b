"""Encoded texts on disk, by the text encoder's content and the text: so that a large encoder need not come back.

They lie in the user's cache folder: no film holds them, and what is deleted there is encoded again.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import torch
from platformdirs import user_cache_path
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch.nn.functional import pad

from svi_studio.disk.atomic import atomic_write
from svi_studio.disk.fs_ops import REAL_DISK
from svi_studio.disk.kept_within import keep_within
from svi_studio.disk.plain_file import read_plain
from svi_studio.domain.errors import StudioError
from svi_studio.weights.content_hash import parts_hash
from svi_studio.weights.model_folder import TOKENIZER

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

_VERSION: Final = 1
_NAME: Final = "text"
_MOST_KEPT: Final = 512 << 20
_MOST_BYTES: Final = 64 << 20


class UnwrittenTexts:
    """Features that could not be written: they stay in this process, or a large encoder would come back for them.

    ``problem``: why, in a sentence; empty since something could be written again.
    """

    def __init__(self) -> None:
        self.problem = ""
        self._features: OrderedDict[Path, Tensor] = OrderedDict()

    def find(self, path: Path) -> Tensor | None:
        """The features `[n, D]` that should lie at `path`, on the CPU."""
        return self._features.get(path)

    def hold(self, path: Path, features: Tensor, error: Exception) -> None:
        """Holds `features [n, D]`, on the CPU, that could not be written to `path`; lets the first go of too many."""
        self.problem = (
            f"The encoded prompts cannot be written to {path.parent} ({_reason(error)}), so they stay in memory until "
            "the program ends: they are encoded again the next time. Free space there, or allow writing."
        )
        self._features[path] = features
        while sum(each.nbytes for each in self._features.values()) > _MOST_KEPT and len(self._features) > 1:
            self._features.popitem(last=False)


UNWRITTEN = UnwrittenTexts()


class KeptTexts:
    """The features of the texts of one text encoder, as one kind of device computes them in one type of number."""

    def __init__(self, model: Path, dtype: torch.dtype, where: str, folder: Path | None = None) -> None:
        """For the text encoder of the folder `model`; `where` names the kind of device, `folder` is the cache's own."""
        self._model, self._dtype, self._where = model, dtype, where
        self._folder = folder or user_cache_path("svi-studio", appauthor=False) / "texts"
        self._encoder = ""

    def find(self, text: str, tokens: int) -> Tensor | None:
        """The features `[1, tokens, D]` of the cleaned `text`, on the CPU; None where they are not kept, or damaged."""
        path = self._path(text)
        with suppress(OSError, StudioError, SafetensorError, KeyError, RuntimeError):
            found = load(read_plain(path, _MOST_BYTES))[_NAME]
            if found.dtype == self._dtype and found.ndim == 2 and len(found) <= tokens and found.isfinite().all():
                path.touch()
                return _padded(found, tokens)
        held = UNWRITTEN.find(path)
        return None if held is None else _padded(held, tokens)

    def keep(self, text: str, features: Tensor) -> None:
        """Keeps the `features [1, tokens, D]` of the cleaned `text`, without what is zero at their end.

        Where the disk is full, or may not be written to, they stay in memory until the process ends: see `UNWRITTEN`.
        """
        used = features[0].ne(0).any(dim=1).nonzero()
        length = int(used[-1]) + 1 if len(used) else 0
        path = self._path(text)
        used_features = features[0, :length].cpu().clone()
        try:
            REAL_DISK.make_folder(path.parent)
            atomic_write(path, save({_NAME: used_features}), sync=False)
        except (OSError, StudioError) as error:
            if used_features.isfinite().all():
                UNWRITTEN.hold(path, used_features, error)
            return
        UNWRITTEN.problem = ""
        with suppress(OSError, StudioError):
            keep_within(path.parent, "*.safetensors", _MOST_KEPT)

    def _path(self, text: str) -> Path:
        self._encoder = self._encoder or parts_hash(self._model, ("text_encoder", TOKENIZER))
        said = f"{_VERSION}\0{self._encoder}\0{self._dtype}\0{self._where}\0{text}"
        return self._folder / f"{hashlib.sha256(said.encode('utf-8', 'surrogatepass')).hexdigest()[:40]}.safetensors"


def _padded(features: Tensor, tokens: int) -> Tensor:
    return pad(features, (0, 0, 0, tokens - len(features)))[None]


def _reason(error: Exception) -> str:
    return (error.strerror or "it does not work") if isinstance(error, OSError) else "the disk is full or does not work"
