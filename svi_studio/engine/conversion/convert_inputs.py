"""Converts what lies beside an original model for Talk and Dance: found by the names of tensors, not of files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import torch

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.track import InputKind
from svi_studio.engine.conversion.conversion_plan import Piece, write_pieces
from svi_studio.engine.conversion.pth_process import pth_to_safetensors
from svi_studio.engine.loading.key_names import is_of_skeleton, is_of_sound
from svi_studio.engine.loading.safetensors_writer import DTYPES
from svi_studio.weights.model_folder import (
    SKELETON_FILE,
    SOUND_ENCODER,
    SOUND_ENCODER_STEM,
    SOUND_FILE,
    read_json,
    safetensors_files,
)
from svi_studio.weights.safetensors_header import SafetensorsHeader, read_header

Say = Callable[[str], None]

_PICKLED = "pytorch_model.bin"


def convert_inputs(source: Path, folder: Path, say: Say) -> tuple[InputKind, ...]:
    """Writes what the original files in `source` and its folders have for Talk and Dance; returns what is followed.

    Talk needs its own 330 tensors and a wav2vec2 folder. Raises BadWeights for a damaged file, OSError, DiskFull.
    """
    found = []
    headers = [read_header(path) for path in _safetensors(source)]
    hears = next(_wav2vec2_folders(source), None)
    if _write(headers, is_of_sound, folder / SOUND_FILE):
        if hears is None:
            (folder / SOUND_FILE).unlink()
            say("The weights of Talk are there, but no folder of a wav2vec2 network: this model will follow no sound.")
        else:
            say("Converting what hears for Talk.")
            _write_encoder(hears, folder / SOUND_ENCODER)
            found.append(InputKind.SOUND)
    if _write(headers, is_of_skeleton, folder / SKELETON_FILE):
        found.append(InputKind.SKELETON)
    return tuple(found)


def _safetensors(source: Path) -> Iterator[Path]:
    for place in (source, *sorted(path for path in source.iterdir() if path.is_dir())):
        yield from sorted(place.glob("*.safetensors"))


def _write(headers: list[SafetensorsHeader], wanted: Callable[[str], bool], target: Path) -> bool:
    """Writes the tensors with a wanted name under that name; the first file that has any of them counts."""
    for header in headers:
        names = {_bare(name): name for name in header.tensors if wanted(_bare(name))}
        if names:
            entries = {bare: header.tensors[name] for bare, name in names.items()}
            pieces = [
                Piece(names[bare], bare, _dtype(header.path, entry.dtype), entry.shape)
                for bare, entry in sorted(entries.items())
            ]
            write_pieces(header.path, target, pieces)
            return True
    return False


def _bare(name: str) -> str:
    """Without what a LoRA's trainer puts before: a Dance LoRA has its pose encoder in it."""
    return name.rpartition("dit.")[2]


def _dtype(path: Path, name: str) -> torch.dtype:
    if name not in DTYPES:
        raise BadWeights(f"{path} holds tensors of the type {name[:20]}, which cannot be used; get another file.")
    return DTYPES[name]


def _wav2vec2_folders(source: Path) -> Iterator[Path]:
    for config in sorted(source.glob("*/config.json")):
        if read_json(config).get("model_type") == "wav2vec2":
            yield config.parent


def _write_encoder(source: Path, target: Path) -> None:
    target.mkdir()
    (target / "config.json").write_bytes((source / "config.json").read_bytes())
    plain = target / "original.safetensors"
    files = list(safetensors_files(source, SOUND_ENCODER_STEM))
    if not files:
        if not (source / _PICKLED).is_file():
            raise BadWeights(f"{source} has neither {SOUND_ENCODER_STEM}.safetensors nor {_PICKLED}: get it whole.")
        pth_to_safetensors(source / _PICKLED, plain)
        files = [plain]
    for number, file in enumerate(files):
        entries: Mapping[str, Any] = read_header(file).tensors
        pieces = [Piece(name, name, _dtype(file, entry.dtype), entry.shape) for name, entry in sorted(entries.items())]
        stem = SOUND_ENCODER_STEM if len(files) == 1 else f"{SOUND_ENCODER_STEM}-{number + 1:05d}-of-{len(files):05d}"
        write_pieces(file, target / f"{stem}.safetensors", pieces)
    plain.unlink(missing_ok=True)
