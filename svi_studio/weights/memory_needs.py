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
from svi_studio.domain.film.work_sizes import dequantised_work
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
from svi_studio.domain.takes.job import ClipJob
from svi_studio.weights.lora_in_use import LoraInUse, uses_of_expert
from svi_studio.weights.lora_memory import beside_bytes, read_bytes
from svi_studio.weights.model_folder import (
    EXPERT_PARTS,
    input_files,
    read_card,
    read_json,
    sound_encoder_files,
    weights_files,
)
from svi_studio.weights.safetensors_header import read_header
from svi_studio.weights.shared_file import tensors_of_part
from svi_studio.weights.stored_file import StoredFile, StoredTensor, precision_of, read_stored_file

_OF_A_BLOCK: Final = re.compile(r"^blocks\.(\d+)\.")
_TEXT_DISTANCES: Final = re.compile(r"relative_attention_bias|attn_rel_b|pos_embedding")
"""What a text encoder holds of distances between words, by the names that files give it: never kept as stored."""
_IN_32_BITS: Final = re.compile(r"time_emb|modulation|scale_shift_table|norm[123]\.|img_emb\.proj\.[04]\.")
"""Weights that the transformer keeps in 32 bits, by the names that its files give them."""


@dataclass(frozen=True)
class _Transformer:
    """Bytes of each block as it is kept, of each with nothing quantised, and of the rest."""

    kept: tuple[int, ...]
    computed: tuple[int, ...]
    rest: int


class ModelNeeds:
    """What the model in a folder takes, its headers read once, for clips of any size."""

    def __init__(
        self,
        folder: Path,
        job: ClipJob,
        loras: Sequence[LoraInUse] = (),
        inputs: Collection[InputKind] = (),
        *,
        on_card: bool = True,
    ) -> None:
        """``job`` is a clip as it is to be made. For the rest, and what it raises, see ``read_memory_needs``."""
        self.clip = ClipSize(job.width, job.height, job.num_frames)
        self._calls, self._steps = transformer_calls(job), job.num_inference_steps
        self._read = _Read(folder, loras, inputs, on_card=on_card)

    def of(self, clip: ClipSize) -> MemoryNeeds:
        """For clips of that size, which are made like the job."""
        branches = max(1, -(-self._calls // self._steps))
        return replace(self._read.needs(clip), calls=self._calls, branches=branches)


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
    return _Read(folder, loras, inputs, on_card=on_card).needs(clip)


class _Read:
    """All that a model's files say."""

    def __init__(
        self, folder: Path, loras: Sequence[LoraInUse], inputs: Collection[InputKind], *, on_card: bool
    ) -> None:
        self._values = values = _value_bytes(folder, on_card=on_card)
        self._shape = shape = _shape(folder)
        parts = {part: _stored(folder, part) for part in EXPERT_PARTS.values() if (folder / part).is_dir()}
        self._experts = [_transformer(_tensors(part, files), shape.blocks, values) for part, files in parts.items()]
        self._precision = precision_of(parts[EXPERT_PARTS["high"]])
        self._text = _tensors("text_encoder", _stored(folder, "text_encoder"))
        self._picture = _whole_values(folder, "image_encoder", 4) if shape.picture else 0
        uses = [uses_of_expert(loras, expert) for expert in ("high", "low")]
        self._beside = max(beside_bytes(each, values) for each in uses) if self._quantised else 0
        self._loras = max(map(read_bytes, uses))
        self._listening = _listening(folder, inputs, values)

    @property
    def _quantised(self) -> bool:
        return any(each.kept != each.computed for each in self._experts)

    def needs(self, clip: ClipSize) -> MemoryNeeds:
        """For clips of that size."""
        shape, experts = self._shape, self._experts
        text, largest_text = _text_encoder(self._text, self._values)
        return MemoryNeeds(
            blocks=_largest([each.kept for each in experts], self._beside // shape.blocks),
            blocks_computed=_largest([each.computed for each in experts], 0) if self._quantised else (),
            rest=max(each.rest for each in experts) + self._listening,
            text_encoder=text,
            image_encoder=self._picture,
            vae=4 * shape.vae.values,
            work=self._work(clip),
            experts=len(experts),
            frames=frame_bytes(clip),
            loras=self._loras,
            largest_text=largest_text,
            precision=self._precision,
            call_flops=call_flops(shape, clip),
            picture_flops=picture_flops(shape, clip),
        )

    def _work(self, clip: ClipSize) -> StageWork:
        """The work, with that on quantised weights where there are any."""
        work = stage_work(self._shape, clip, value_bytes=self._values)
        matrices = [math.prod(each.shape) for each in self._text.values() if each.quantised]
        texts = work.texts + (dequantised_work(max(matrices), value_bytes=self._values) if matrices else 0)
        return replace(work, texts=texts, kept=work.kept if self._quantised else 0)


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


def _tensors(part: str, files: Iterable[StoredFile]) -> dict[str, StoredTensor]:
    """Those of the part alone, whose files may hold the whole model."""
    return tensors_of_part(part, {name: tensor for file in files for name, tensor in file.tensors.items()})


def _transformer(tensors: Mapping[str, StoredTensor], blocks: int, values: int) -> _Transformer:
    kept: Counter[int] = Counter()
    computed: Counter[int] = Counter()
    rest = 0
    for name, tensor in tensors.items():
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


def _text_encoder(tensors: Mapping[str, StoredTensor], values: int) -> tuple[int, int]:
    """Bytes in memory, and of its largest tensor: its quantised matrices stay as they are stored."""
    whole = largest = 0
    for name, tensor in tensors.items():
        stays = tensor.quantised and len(tensor.shape) == 2 and not _TEXT_DISTANCES.search(name)
        size = _as_stored(tensor) if stays else math.prod(tensor.shape) * values
        whole, largest = whole + size, max(largest, size)
    return whole, largest


def _as_stored(tensor: StoredTensor) -> int:
    scale = 4 * math.prod(tensor.scale.shape) if tensor.scale else 0  # kept in 32 bits
    return tensor.end - tensor.start + scale


def _largest(experts: Sequence[tuple[int, ...]], more: int) -> tuple[int, ...]:
    """Of each block the larger of the experts', and ``more`` bytes each."""
    return tuple(max(sizes) + more for sizes in zip(*experts, strict=True))


def _whole_values(folder: Path, part: str, value_bytes: int) -> int:
    return value_bytes * sum(math.prod(each.shape) for each in _tensors(part, _stored(folder, part)).values())


def _listening(folder: Path, inputs: Collection[InputKind], values: int) -> int:
    """Bytes of what follows a film's tracks: layers in the transformer, and the network that listens."""
    files = [file for kind in inputs for file in input_files(folder, kind)]
    hearing = sound_encoder_files(folder) if InputKind.SOUND in inputs else ()
    return _header_bytes(files, values) + _header_bytes(hearing, 4)


def _header_bytes(files: Iterable[Path], value_bytes: int) -> int:
    return value_bytes * sum(math.prod(each.shape) for file in files for each in read_header(file).tensors.values())
