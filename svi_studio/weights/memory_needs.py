"""Reads what the model in a folder takes in memory, from its configurations and the headers of its files alone."""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.render.measured_pace import transformer_calls
from svi_studio.domain.render.memory_needs import MemoryNeeds, StageWork
from svi_studio.domain.render.model_shape import (
    ClipSize,
    ModelShape,
    PictureShape,
    TextShape,
    VaeShape,
    call_flops,
    frame_bytes,
    picture_flops,
    stage_work,
)
from svi_studio.domain.render.work_sizes import dequantised_work
from svi_studio.domain.takes.job import ClipJob
from svi_studio.weights.lora_in_use import LoraInUse, uses_of_expert
from svi_studio.weights.model_folder import (
    EXPERT_PARTS,
    SOUND_ENCODER,
    SOUND_ENCODER_STEM,
    input_files,
    read_card,
    read_json,
    safetensors_files,
    weights_files,
)
from svi_studio.weights.safetensors_header import read_header
from svi_studio.weights.stored_file import StoredFile, StoredTensor, precision_of, read_stored_file

_OF_A_BLOCK: Final = re.compile(r"^blocks\.(\d+)\.")
_OF_A_TEXT_BLOCK: Final = re.compile(r"(?:^|\.)(?:blocks?|blk)\.\d+\.")
_IN_32_BITS: Final = re.compile(r"time_emb|modulation|scale_shift_table|norm[123]\.")
"""Weights that the transformer keeps in 32 bits, by the names that its files give them."""


@dataclass(frozen=True)
class _Transformer:
    """Bytes of each block as it is kept, of each with nothing quantised, and of the rest."""

    kept: tuple[int, ...]
    computed: tuple[int, ...]
    rest: int


def needs_of_job(
    folder: Path,
    job: ClipJob,
    loras: Sequence[LoraInUse] = (),
    inputs: Collection[InputKind] = (),
    *,
    on_card: bool = True,
) -> MemoryNeeds:
    """What the clip of ``job`` takes with the model in ``folder``; as ``read_memory_needs``."""
    calls = transformer_calls(job)
    needs = read_memory_needs(
        folder, ClipSize(job.width, job.height, job.num_frames), loras=loras, inputs=inputs, on_card=on_card
    )
    return replace(needs, calls=calls, branches=max(1, -(-calls // job.num_inference_steps)))


def read_memory_needs(
    folder: Path,
    clip: ClipSize,
    *,
    loras: Sequence[LoraInUse] = (),
    inputs: Collection[InputKind] = (),
    on_card: bool = True,
) -> MemoryNeeds:
    """What the model in ``folder`` takes to make clips of the size ``clip`` with these ``loras``.

    ``inputs``: what its family follows. ``on_card`` False: the processor computes, in 32 bits unless the model's card
    says otherwise. Raises BadWeights when a part is missing, damaged or says nothing about itself.
    """
    values = _value_bytes(folder, on_card=on_card)
    shape, files = _shape(folder), _stored(folder, EXPERT_PARTS["high"])
    experts = [part for part in EXPERT_PARTS.values() if (folder / part).is_dir()]
    found = [_transformer(_stored(folder, part), shape.blocks, values) for part in experts]
    text_files = _stored(folder, "text_encoder")
    quantised = any(kept < computed for kept, computed in zip(found[0].kept, found[0].computed, strict=True))
    beside = _beside(loras, values) if quantised else 0
    work = stage_work(shape, clip, value_bytes=values, beside=beside > 0)
    text, largest_text = _text_encoder(text_files, values)
    return MemoryNeeds(
        blocks=_largest([each.kept for each in found], beside // shape.blocks),
        blocks_computed=_largest([each.computed for each in found], 0) if quantised else (),
        rest=max(each.rest for each in found) + _listening(folder, inputs, values),
        text_encoder=text,
        image_encoder=_whole_values(folder, "image_encoder", 4) if shape.picture else 0,
        vae=4 * shape.vae.values,
        work=_work_as_kept(work, text_files, values, quantised=quantised),
        experts=len(found),
        frames=frame_bytes(clip),
        largest_text=largest_text,
        precision=precision_of(files),
        call_flops=call_flops(shape, clip),
        picture_flops=picture_flops(shape, clip),
    )


def _work_as_kept(work: StageWork, text: Sequence[StoredFile], values: int, *, quantised: bool) -> StageWork:
    """The work with that on quantised weights, where there are any."""
    matrices = [math.prod(each.shape) for each in _tensors(text).values() if each.quantised]
    texts = work.texts + (dequantised_work(max(matrices), value_bytes=values) if matrices else 0)
    return replace(work, texts=texts, kept=work.kept if quantised else 0)


def _value_bytes(folder: Path, *, on_card: bool) -> int:
    """Bytes of a number in which the transformer computes, as the engine chooses its type."""
    dtype = read_card(folder).dtype
    return 4 if dtype == "float32" or (dtype is None and not on_card) else 2


def _shape(folder: Path) -> ModelShape:
    config = _Config(folder / "transformer" / "config.json")
    width = config.whole("num_attention_heads") * config.whole("attention_head_dim")
    sees = config.get("image_dim") is not None
    taken, made = config.whole("in_channels", 16), config.whole("out_channels", 16)
    return ModelShape(
        blocks=config.whole("num_layers"),
        width=width,
        feed_forward=config.whole("ffn_dim"),
        vae=_vae(folder),
        text=_text(folder),
        picture=_picture(folder) if sees else None,
        time_of_each=taken == made,
    )


def _vae(folder: Path) -> VaeShape:
    config = _Config(folder / "vae" / "config.json")
    width = config.whole("base_dim", 96)
    return VaeShape(
        width=width,
        decoder_width=config.whole("decoder_base_dim", width) if config.get("decoder_base_dim") else width,
        spatial=config.whole("scale_factor_spatial", 8),
        temporal=config.whole("scale_factor_temporal", 4),
        residual=config.get("is_residual") is True,
        values=_whole_values(folder, "vae", 1),
    )


def _text(folder: Path) -> TextShape:
    config = _Config(folder / "text_encoder" / "config.json")
    return TextShape(config.whole("d_model", 4096), config.whole("d_ff", 10240), config.whole("num_heads", 64))


def _picture(folder: Path) -> PictureShape:
    config = _Config(folder / "image_encoder" / "config.json")
    side = config.whole("image_size", 224) // config.whole("patch_size", 14)
    return PictureShape(
        side**2 + 1,
        config.whole("hidden_size", 1280),
        config.whole("intermediate_size", 5120),
        config.whole("num_hidden_layers", 32),
    )


class _Config:
    """The numbers of one configuration file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._said = read_json(file)

    def get(self, name: str) -> Any:
        """What stands there under ``name``, None without."""
        return self._said.get(name)

    def whole(self, name: str, default: int | None = None) -> int:
        """A whole number above 0; raises BadWeights for anything else."""
        value = self._said.get(name, default)
        if type(value) is not int or not 0 < value <= 1_000_000:
            raise BadWeights(f"{self._file} gives no usable {name}: download or copy the model again.")
        return value


def _stored(folder: Path, part: str) -> list[StoredFile]:
    return [read_stored_file(file) for file in weights_files(folder, part)]


def _tensors(files: Iterable[StoredFile]) -> dict[str, StoredTensor]:
    return {name: tensor for file in files for name, tensor in file.tensors.items()}


def _transformer(files: Sequence[StoredFile], blocks: int, values: int) -> _Transformer:
    kept: Counter[int] = Counter()
    computed: Counter[int] = Counter()
    rest = 0
    for name, tensor in _tensors(files).items():
        size = math.prod(tensor.shape) * (4 if _IN_32_BITS.search(name) else values)
        place = _OF_A_BLOCK.match(name)
        if place is None:
            rest += size
        else:
            kept[int(place[1])] += _as_stored(tensor) if tensor.quantised and len(tensor.shape) == 2 else size
            computed[int(place[1])] += size
    return _Transformer(
        tuple(kept[index] for index in range(blocks)), tuple(computed[index] for index in range(blocks)), rest
    )


def _text_encoder(files: Sequence[StoredFile], values: int) -> tuple[int, int]:
    """Bytes in memory, and of its largest tensor: the matrices of its blocks stay as they are stored."""
    whole = largest = 0
    for name, tensor in _tensors(files).items():
        stays = tensor.quantised and len(tensor.shape) == 2 and _OF_A_TEXT_BLOCK.search(name)
        size = _as_stored(tensor) if stays else math.prod(tensor.shape) * values
        whole, largest = whole + size, max(largest, size)
    return whole, largest


def _as_stored(tensor: StoredTensor) -> int:
    scale = 4 * math.prod(tensor.scale.shape) if tensor.scale else 0  # kept in 32 bits
    return tensor.end - tensor.start + scale


def _largest(experts: Sequence[tuple[int, ...]], more: int) -> tuple[int, ...]:
    """Of each block the larger of the experts', and ``more`` bytes each."""
    return tuple(max(sizes) + more for sizes in zip(*experts, strict=True))


def _beside(loras: Sequence[LoraInUse], values: int) -> int:
    """Bytes of the LoRAs that stand beside the weights of one transformer; of two experts, of the one with more."""
    experts = [uses_of_expert(loras, expert) for expert in ("high", "low")]
    return max(sum(_lora_bytes(use.path, values) for use in uses if use.weight) for uses in experts)


def _lora_bytes(path: Path, values: int) -> int:
    return values * sum(math.prod(entry.shape) for entry in read_header(path).tensors.values())


def _whole_values(folder: Path, part: str, value_bytes: int) -> int:
    return value_bytes * sum(math.prod(each.shape) for each in _tensors(_stored(folder, part)).values())


def _listening(folder: Path, inputs: Collection[InputKind], values: int) -> int:
    """Bytes of what follows a film's tracks: layers in the transformer, and the network that listens."""
    files = [file for kind in inputs for file in input_files(folder, kind)]
    hearing = safetensors_files(folder / SOUND_ENCODER, SOUND_ENCODER_STEM) if InputKind.SOUND in inputs else ()
    return _header_bytes(files, values) + _header_bytes(hearing, 4)


def _header_bytes(files: Iterable[Path], value_bytes: int) -> int:
    entries: Iterable[Mapping[str, Any]] = (read_header(file).tensors for file in files)
    return value_bytes * sum(math.prod(entry.shape) for tensors in entries for entry in tensors.values())
