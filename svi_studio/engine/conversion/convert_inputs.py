"""Converts what lies beside an original model for Talk and Dance: found by the names of tensors, not of files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.text.command_name import command_line
from svi_studio.engine.conversion.conversion_plan import Piece, write_pieces
from svi_studio.engine.conversion.pth_process import pth_to_safetensors
from svi_studio.engine.loading.safetensors_writer import DTYPES, write_safetensors
from svi_studio.engine.loading.streamed_weights import read_tensors
from svi_studio.weights.key_names import is_of_skeleton, is_of_sound
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

_INDEX = ".safetensors.index.json"
_SHARD = re.compile(r"-\d{5}-of-\d{5}$")
_PICKLED = "pytorch_model.bin"
_OF_A_BLOCK = ("norm_x", "audio_cross_attn.q_linear", "audio_cross_attn.kv_linear", "audio_cross_attn.proj")


def convert_inputs(source: Path, folder: Path, say: Say) -> tuple[InputKind, ...]:
    """Writes what the original files in `source` and its folders have for Talk and Dance; returns what is followed.

    Talk needs its own 330 tensors and a wav2vec2 folder. Raises BadWeights for a damaged file, OSError, DiskFull.
    """
    found = []
    sets = [[read_header(path) for path in files] for files in _weights(source)]
    hears = next(_wav2vec2_folders(source), None)
    if _write(sets, is_of_sound, folder / SOUND_FILE):
        if hears is None:
            (folder / SOUND_FILE).unlink()
            say(
                "The weights of Talk are there, but no folder of a wav2vec2 network, so they are left out and this "
                f'model will follow no sound: bring one with "{command_line("models", "fetch", "talk-wav2vec2")}", put '
                "its folder beside them, and convert again."
            )
        else:
            say("Converting what hears for Talk.")
            _write_encoder(hears, folder / SOUND_ENCODER)
            found.append(InputKind.SOUND)
    if _write(sets, is_of_skeleton, folder / SKELETON_FILE):
        found.append(InputKind.SKELETON)
    return tuple(found)


def _weights(source: Path) -> Iterator[tuple[Path, ...]]:
    """The weights in `source` and its folders: each file alone, but the shards of one network together.

    Shards are those that an index names, or that are numbered. Raises BadWeights when an index names one that is not
    there.
    """
    for place in (source, *sorted(path for path in source.iterdir() if path.is_dir())):
        left = set(place.glob("*.safetensors"))
        for index in sorted(place.glob(f"*{_INDEX}")):
            shards = safetensors_files(place, index.name.removesuffix(_INDEX))
            yield shards
            left.difference_update(shards)
        numbered: dict[str, list[Path]] = {}
        for path in sorted(left):
            numbered.setdefault(_SHARD.sub("", path.stem), []).append(path)
        yield from map(tuple, numbered.values())


def _write(sets: Sequence[Sequence[SafetensorsHeader]], wanted: Callable[[str], bool], target: Path) -> bool:
    """Writes the tensors with a wanted name under that name; the first set of files that has any of them counts."""
    for headers in sets:
        found = {_bare(name): (header, name) for header in headers for name in header.tensors if wanted(_bare(name))}
        if found:
            _check_whole(headers[0].path, sorted(found))
            places = {bare: found[bare] for bare in sorted(found)}
            entries = {bare: header.tensors[name] for bare, (header, name) in places.items()}
            outline = {
                bare: (_dtype(places[bare][0].path, entry.dtype), entry.shape) for bare, entry in entries.items()
            }
            write_safetensors(target, outline, _read(places.values()))
            return True
    return False


def _read(places: Iterable[tuple[SafetensorsHeader, str]]) -> Iterator[torch.Tensor]:
    for header, name in places:
        ((_, tensor),) = read_tensors(header.path, {name: name})
        yield tensor


def _check_whole(path: Path, names: list[str]) -> None:
    """Raises BadWeights unless exactly all tensors of one of both are there, for as many blocks as any is for."""
    blocks = {name.split(".")[1] for name in names if name.startswith("blocks.")}
    parts = [f"dwpose_embedding.{number}" for number in range(0, 13, 2)]
    if not is_of_skeleton(names[0]):
        parts = [f"audio_proj.{part}" for part in ("proj1", "proj1_vf", "proj2", "proj3", "norm")]
        parts += [f"blocks.{number}.{part}" for number in range(max(1, len(blocks))) for part in _OF_A_BLOCK]
    wanted = {f"{part}.{leaf}" for part in parts for leaf in ("weight", "bias")}
    if odd := sorted(wanted.symmetric_difference(names)):
        raise BadWeights(
            f"{path} holds {names[-1][:80]}, but not all that belongs to it ({len(odd)} tensors differ, for example "
            f"{odd[0][:80]}): get the whole file, or take it out."
        )


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
