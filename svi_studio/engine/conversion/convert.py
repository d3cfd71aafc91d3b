"""Converts a Wan model from its authors' original layout into a diffusers-style model folder, once and explicitly."""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch

from svi_studio.disk.publish import make_part_folder, publish_part_folder, remove
from svi_studio.domain.errors import BadInput, BadWeights, DiskFull, from_os_error
from svi_studio.engine.conversion.conversion_plan import Piece, plan_pieces, write_pieces
from svi_studio.engine.conversion.convert_inputs import convert_inputs
from svi_studio.engine.conversion.original_layout import OriginalLayout, find_original, shards_in
from svi_studio.engine.conversion.original_vae import vae_names
from svi_studio.engine.conversion.pth_process import pth_to_safetensors
from svi_studio.engine.loading.model_part import kept_dtype
from svi_studio.engine.loading.networks import build_network
from svi_studio.engine.loading.streamed_weights import saved_shapes
from svi_studio.engine.loading.tokenizer import load_tokenizer
from svi_studio.weights import network_config
from svi_studio.weights.architecture import read_architecture
from svi_studio.weights.key_names import (
    DIT,
    IMAGE_ENCODER,
    TEXT_ENCODER,
    NameTable,
    is_of_skeleton,
    is_of_sound,
)
from svi_studio.weights.model_folder import CARD_FILE, PARTS, read_card, read_json
from svi_studio.weights.network_config import Shapes
from svi_studio.weights.safetensors_header import SafetensorsHeader, read_header
from svi_studio.weights.vae_config import vae_config

Say = Callable[[str], None]

_TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json")


def convert_folder(
    source: Path,
    target: Path,
    *,
    dtype: torch.dtype | None = None,
    image_heads: int | None = None,
    say: Say = lambda _: None,
) -> Path:
    """Writes the model in `source` (see `original_layout`) as the model folder `target`.

    What lies beside them for Talk and Dance comes along, see `convert_inputs`. `.pth` files are opened with
    `weights_only` in a process of their own; everything is streamed, so memory stays at about one tensor. Tensors keep
    their type, or the transformer's go to `dtype` as loading would keep them. `say` gets a line for each step.
    `image_heads` is for an image encoder of a width that open-clip has not published. `target` appears only when it is
    whole. Raises BadInput, BadWeights or DiskFull; `source` is never changed.
    """
    original = find_original(source)
    _check_places(original, target)
    part = make_part_folder(target)
    try:
        for name, folder in original.transformers.items():
            _convert_transformer(name, folder, part, dtype, say)
        for recipe, file in _encoders(original, image_heads):
            _convert_pth(file, part, recipe, say)
        _copy_tokenizer(original.tokenizer, part / "tokenizer")
        inputs = convert_inputs(source, part, say)
        follows = {"inputs": [str(kind) for kind in inputs]} if inputs else {}
        _write_json(part / CARD_FILE, {"name": target.name, "title": target.name, **follows})
        read_architecture(part, read_card(part))  # refuses what could not be filmed with
        publish_part_folder(part, target)
    except OSError as error:
        raise from_os_error(error, target) from error
    finally:
        remove(part)
    return target


@dataclass(frozen=True)
class _Recipe:
    """How one network is converted: its part of the folder, its configuration, its names and their types."""

    part: str
    configure: Callable[[Shapes], dict[str, Any]]
    names: Callable[[Shapes], NameTable]
    kept: Callable[[torch.nn.Module, str, torch.dtype], torch.dtype] = lambda _network, _name, original: original


def _encoders(original: OriginalLayout, image_heads: int | None) -> Iterator[tuple[_Recipe, Path]]:
    """The networks beside the transformers, each with its original file."""
    yield _Recipe("vae", vae_config, vae_names), original.vae
    yield _Recipe("text_encoder", network_config.text_config, lambda _: TEXT_ENCODER), original.text_encoder
    if original.image_encoder is not None:
        configure = partial(network_config.image_config, heads=image_heads)
        yield _Recipe("image_encoder", configure, lambda _: IMAGE_ENCODER), original.image_encoder


def _check_places(original: OriginalLayout, target: Path) -> None:
    if target.exists():
        raise BadInput(f"{target} is there already: give the name of a new folder.")
    if not target.parent.is_dir():
        raise BadInput(f"There is no folder {target.parent}: create it or choose another place.")
    shards, encoders = ([file.stat().st_size for file in files] for files in (original.shards, original.encoders))
    needed = sum(shards) + sum(encoders) + max(encoders)
    free = shutil.disk_usage(target.parent).free
    if free < needed:
        raise DiskFull(
            f"Converting needs {needed // 1024**3 + 1} GB at {target.parent} and {free // 1024**3} GB are free: "
            "free some space or choose another place."
        )


def _convert_transformer(part: str, source: Path, folder: Path, dtype: torch.dtype | None, say: Say) -> None:
    own = read_json(source / "config.json") if (source / "config.json").is_file() else {}
    recipe = _Recipe(
        part,
        lambda shapes: network_config.transformer_config(shapes, own),
        lambda _: DIT,
        lambda network, name, original: kept_dtype(network, name, dtype) if dtype else original,
    )
    _convert(recipe, [_of_transformer(read_header(shard)) for shard in shards_in(source)], folder, say)


def _of_transformer(header: SafetensorsHeader) -> SafetensorsHeader:
    """Without what the authors of Talk and Dance keep in the same files; that has files of its own here."""
    own = {name: entry for name, entry in header.tensors.items() if not (is_of_sound(name) or is_of_skeleton(name))}
    return replace(header, tensors=own)


def _convert_pth(file: Path, folder: Path, recipe: _Recipe, say: Say) -> None:
    if file.suffix == ".safetensors":
        _convert(recipe, [read_header(file)], folder, say)
        return
    plain = folder / f"{recipe.part}.original.safetensors"
    say(f"Opening {file.name} in a process of its own.")
    pth_to_safetensors(file, plain)
    _convert(recipe, [read_header(plain)], folder, say)
    plain.unlink()


def _convert(recipe: _Recipe, headers: Sequence[SafetensorsHeader], folder: Path, say: Say) -> None:
    shapes = {name: entry.shape for header in headers for name, entry in header.tensors.items()}
    try:
        config, names = recipe.configure(shapes), recipe.names(shapes)
    except (KeyError, IndexError, ValueError, ZeroDivisionError) as error:
        why = f"it lacks {str(error.args[0])[:80]}" if isinstance(error, KeyError) else "its sizes do not fit"
        raise BadWeights(
            f"The original {recipe.part} is not of a Wan image-to-video model ({why}); use another model."
        ) from error
    network = build_network(recipe.part, config)
    plan = plan_pieces(
        headers, names.new, saved_shapes(network), lambda name, original: recipe.kept(network, name, original)
    )
    _write_part(folder / recipe.part, config, plan, say)


def _write_part(folder: Path, config: dict[str, Any], plan: dict[Path, list[Piece]], say: Say) -> None:
    folder.mkdir()
    _write_json(folder / "config.json", config)
    stem = PARTS[folder.name]
    weight_map: dict[str, str] = {}
    for number, (source, pieces) in enumerate(plan.items(), start=1):
        say(f"Converting the {folder.name}, file {number} of {len(plan)}.")
        file = f"{stem}.safetensors" if len(plan) == 1 else _shard_name(stem, number, len(plan))
        write_pieces(source, folder / file, pieces)
        weight_map |= {piece.target: file for piece in pieces}
    if len(plan) > 1:
        size = sum(file.stat().st_size for file in folder.glob("*.safetensors"))
        index = {"metadata": {"total_size": size}, "weight_map": weight_map}
        _write_json(folder / f"{stem}.safetensors.index.json", index)


def _shard_name(stem: str, number: int, count: int) -> str:
    return f"{stem}-{number:05d}-of-{count:05d}.safetensors"


def _copy_tokenizer(folder: Path, target: Path) -> None:
    load_tokenizer(folder)
    target.mkdir()
    for name in _TOKENIZER_FILES:
        if (folder / name).is_file():
            shutil.copyfile(folder / name, target / name)


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8", newline="\n")  # its bytes are hashed
