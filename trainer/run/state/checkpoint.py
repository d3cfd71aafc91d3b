"""Checkpoints that are whole or not there: a draft, a manifest of hashes renamed in last, then the final name."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from torch import Tensor

from svi_studio.disk.atomic import atomic_write, plain_errors, write_new
from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.disk.plain_file import sha256_of
from svi_studio.domain.errors import StudioError
from svi_studio.engine.loading.safetensors_writer import safetensors_pieces
from trainer.run.state.run_folder import is_step_name, step_name

MANIFEST = "manifest.json"
_VERSION = 1
_DRAFT = ".draft-"
_OLD = ".old-"


class CheckpointDraft:
    """A checkpoint that is being written; ``folder`` is where others may add files of their own."""

    def __init__(self, folder: Path, disk: FsOps) -> None:
        self.folder = folder
        self._disk = disk
        self._hashes: dict[str, str] = {}

    def add_folder(self, name: str) -> None:
        """Makes a folder within the draft."""
        self._disk.make_folder(self.folder / name)

    def add_tensors(self, name: str, tensors: Mapping[str, Tensor]) -> None:
        """Writes the safetensors file ``name``; tensors of any device, one at a time through ordinary memory."""
        ordered = dict(sorted(tensors.items()))
        outline = {key: (tensor.dtype, tuple(tensor.shape)) for key, tensor in ordered.items()}
        pieces = safetensors_pieces(outline, (tensor.detach().cpu() for tensor in ordered.values()))
        self._add(name, pieces)

    def add_json(self, name: str, value: object) -> None:
        """Writes the JSON file ``name``."""
        self._add(name, [json.dumps(value, allow_nan=False).encode()])

    def add_written(self, folder: str, hashes: Mapping[str, str]) -> None:
        """Takes over files that are on the disk for good already, by their names in ``folder`` and SHA-256."""
        self._hashes |= {f"{folder}/{name}": digest for name, digest in hashes.items()}

    def finish(self, step: int) -> None:
        """Writes the manifest; what others have put into the folder is hashed now."""
        for path in sorted(self.folder.rglob("*")):
            name = path.relative_to(self.folder).as_posix()
            if path.is_file() and name not in self._hashes:
                self._disk.sync_file(path)
                self._hashes[name] = sha256_of(path)
            elif path.is_dir():
                self._disk.sync_folder(path)
        manifest = {"version": _VERSION, "step": step, "files": self._hashes}
        atomic_write(self.folder / MANIFEST, json.dumps(manifest, indent=1).encode(), self._disk)

    def _add(self, name: str, pieces: Iterable[bytes | memoryview]) -> None:
        digest = hashlib.sha256()

        def hashed() -> Iterator[bytes | memoryview]:
            for piece in pieces:
                digest.update(piece)
                yield piece

        write_new(self.folder / name, hashed(), self._disk)
        self._hashes[name] = digest.hexdigest()


class Checkpoint:
    """A whole checkpoint that can be read."""

    def __init__(self, folder: Path, step: int) -> None:
        self.folder = folder
        self.step = step

    def tensors(self, name: str) -> dict[str, Tensor]:
        """The tensors of a safetensors file, on the CPU. Read, not mapped: Windows could not remove the file then."""
        with safe_open(self.folder / name, framework="pt") as file:
            return {key: file.get_tensor(key).clone() for key in file.keys()}  # noqa: SIM118 (not a mapping)

    def json(self, name: str) -> Any:
        """The content of a JSON file."""
        return json.loads((self.folder / name).read_bytes())


class Checkpoints:
    """The checkpoints of one training, the newest ``keep`` of them."""

    def __init__(self, folder: Path, keep: int, disk: FsOps = REAL_DISK) -> None:
        self._folder = folder
        self._keep = keep
        self._disk = disk

    def begin(self) -> CheckpointDraft:
        """A new draft; raises StudioError or DiskFull like everything that writes."""
        draft = self._folder / f"{_DRAFT}{secrets.token_hex(4)}"
        with plain_errors(draft):
            self._disk.make_folder(draft)
        return CheckpointDraft(draft, self._disk)

    def commit(self, draft: CheckpointDraft, step: int) -> Path:
        """Finishes the draft and gives it its name; older checkpoints beyond ``keep`` are removed. Its folder."""
        final = self._folder / step_name(step)
        draft.finish(step)
        if final.exists():  # damaged, or this step would not have been trained again
            self._disk.rename_folder(final, self._folder / f"{_OLD}{secrets.token_hex(4)}")
        self._disk.rename_folder(draft.folder, final)
        self._disk.sync_folder(self._folder)
        self.tidy(final)
        return final

    def discard(self, draft: CheckpointDraft) -> None:
        """Removes a draft that failed."""
        with suppress(OSError):
            self._disk.remove_tree(draft.folder)

    def newest(self) -> Checkpoint | None:
        """The newest checkpoint that is whole; damaged ones are passed over. Every file is read and compared.

        None without any. Raises StudioError when none of them is whole: to begin anew is for people to decide.
        """
        folders = self._named()
        for folder in reversed(folders):
            if (checkpoint := whole_checkpoint(folder)) is not None:
                return checkpoint
        if folders:
            raise StudioError(
                f"No checkpoint in {self._folder} is whole: bring back an undamaged copy, "
                "or delete that folder to begin the training anew."
            )
        return None

    def tidy(self, newest: Path | None) -> None:
        """Removes what killed processes left, and all but ``keep`` checkpoints up to ``newest``, the manifest first.

        Later ones than ``newest`` are damaged, as the training went on before them: they must not count. What cannot go
        now, as on Windows a file that somebody reads, is no reason to end a training, and goes the next time.
        """
        spare = [entry for entry in self._folder.iterdir() if entry.name.startswith((_DRAFT, _OLD)) and entry.is_dir()]
        sound = [folder for folder in self._named() if newest is not None and folder.name <= newest.name]
        for folder in spare + sound[: -self._keep]:
            with suppress(OSError):
                self._disk.remove(folder / MANIFEST)
                self._disk.remove_tree(folder)

    def _named(self) -> list[Path]:
        return sorted(entry for entry in self._folder.iterdir() if is_step_name(entry.name) and entry.is_dir())


def whole_checkpoint(folder: Path) -> Checkpoint | None:
    """The checkpoint in ``folder`` if every file that its manifest names is there, unchanged; else None."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        if manifest["version"] != _VERSION:
            raise StudioError(f"The checkpoint {folder} is of a newer version of the program; update it to go on.")
        for name, digest in manifest["files"].items():
            if sha256_of(folder / name) != digest:
                return None
        return Checkpoint(folder, int(manifest["step"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def to_tensors(values: Mapping[str, Any]) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Splits a flat mapping into its tensors and the rest."""
    tensors = {name: value for name, value in values.items() if isinstance(value, torch.Tensor)}
    return tensors, {name: value for name, value in values.items() if name not in tensors}
