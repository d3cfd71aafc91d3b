"""The hash of a take: over everything in its job that decides the pixels, the same in every version of the program."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from json.encoder import encode_basestring_ascii
from operator import itemgetter
from typing import Any, Final

from svi_studio.domain.film.family import family
from svi_studio.domain.takes.job import ClipInput, ClipJob, JobLora
from svi_studio.domain.value import Value, of_fields

FIRST_FIELDS: Final = (
    "dtype",
    "engine_version",
    "guidance_scale",
    "height",
    "image_hash",
    "loras",
    "model_hash",
    "negative_prompt",
    "num_frames",
    "num_inference_steps",
    "parent_hash",
    "prompt",
    "seed",
    "shift",
    "width",
)
"""What version 1 hashed of a job, whatever it holds. Never change it: every take that there is lies under such a hash.

A field that a later version adds to a job is hashed only when it is not at its default. So it needs a default, one that
means what the engine did before there was such a field, and that never changes.
"""

_NAMES_ONLY: Final = ("index", "clip_id", "take_hash", "image", "model", "family", "kept", "end_image", "start_video")
_FIRST_CONDITIONING: Final = ("hand_off", "num_motion_frames", "ref_pad_cfg", "ref_pad_num", "tiled_decode")
_LATER_CONDITIONING: tuple[str, ...] = ("num_anchors",)
"""Fields of a family that decide pixels and that version 1 did not have: the rule for later fields holds for them."""

_INPUTS: Final = "inputs"
_VARYING: Final = (_INPUTS, "parent_hash", "prompt", "seed")
_WRITER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def take_hash(job: ClipJob) -> str:
    """SHA-256 over everything that decides a take's pixels, its parent's hash included.

    Left out: the place in the film, the clip's id, and the names of files whose content is hashed.
    """
    return hashlib.sha256(_text(_deciding(job)).encode("ascii")).hexdigest()


class TakeHasher:
    """``take_hash`` for the jobs of one film, which mostly differ only in what each clip says; several times as fast.

    The text that is hashed has its fields in the order of the alphabet. What lies between those that every clip has of
    its own is written once, by the rule of ``take_hash``; what comes before the first of them is also hashed once.
    """

    def __init__(self, kind: type[ClipJob] = ClipJob) -> None:
        """For jobs of the type ``kind``."""
        self._kind = kind
        self._alike = itemgetter(*sorted(set(kind.model_fields) - {*_VARYING, *_NAMES_ONLY}), "family")
        self._written: dict[Any, tuple[hashlib._Hash, str, str, str, str]] = {}

    def __call__(self, fields: Mapping[str, Any]) -> str:
        """The hash of the job with these ``fields``: all that it has, of the types that they have there."""
        alike = self._alike(fields)
        written = self._written.get(alike)
        if written is None:
            written = self._written[alike] = _between(_deciding(of_fields(self._kind, {**fields, _INPUTS: ()})))
        start, to_parent, to_prompt, to_seed, end = written
        parent, prompt, seed = fields["parent_hash"], fields["prompt"], fields["seed"]
        parent = "null" if parent is None else encode_basestring_ascii(parent)
        seed = "null" if seed is None else seed
        inputs = f'"{_INPUTS}":{_text([_input(each) for each in fields[_INPUTS]])},' if fields[_INPUTS] else ""
        words = encode_basestring_ascii(prompt)
        digest = start.copy()
        digest.update(f"{inputs}{to_parent}{parent}{to_prompt}{words}{to_seed}{seed}{end}".encode("ascii"))
        return digest.hexdigest()


def _deciding(job: ClipJob) -> dict[str, object]:
    profile = family(job.family)
    decides: dict[str, object] = {name: getattr(job, name) for name in FIRST_FIELDS}
    decides["guidance_scale"] = float(job.guidance_scale)
    decides["shift"] = float(job.shift)
    decides["loras"] = [_lora(lora) for lora in job.loras]
    conditioning = {name: getattr(profile, name) for name in _FIRST_CONDITIONING}
    decides["conditioning"] = conditioning | _later(profile, _LATER_CONDITIONING)
    decides |= _later(job, set(type(job).model_fields) - {*FIRST_FIELDS, *_NAMES_ONLY, _INPUTS})
    return decides | ({_INPUTS: [_input(each) for each in job.inputs]} if job.inputs else {})


def _lora(lora: JobLora) -> list[object]:
    """As version 1 wrote it; what a later version adds to it comes behind, unless it is at its default."""
    sha256, weight = lora[1:3]
    names: tuple[str, ...] = lora._fields[3:]
    later = {name: getattr(lora, name) for name in names if getattr(lora, name) != lora._field_defaults[name]}
    return [sha256, float(weight), *([later] if later else [])]


def _input(each: ClipInput) -> dict[str, object]:
    """Without the name of its file; what has a default is written only where it is another."""
    return each.model_dump(mode="json", exclude={"file"}, exclude_defaults=True)


def _later(value: Value, names: Iterable[str]) -> dict[str, object]:
    """Those of the fields ``names`` that are not at their default, as JSON has them."""
    fields = type(value).model_fields
    changed = {name for name in names if getattr(value, name) != fields[name].get_default(call_default_factory=True)}
    return value.model_dump(mode="json", include=changed) if changed else {}


def _between(decides: Mapping[str, object]) -> tuple["hashlib._Hash", str, str, str, str]:
    """The text of ``decides``, which has no inputs, around the varying fields; its start as the beginning of a hash."""
    texts, text = [], "{"
    for name in sorted({*decides, _INPUTS}):
        if name in _VARYING:
            texts.append(text if name == _INPUTS else f'{text}"{name}":')
            text = "" if name == _INPUTS else ","
        else:
            text += f'"{name}":{_text(decides[name])},'
    start, to_parent, to_prompt, to_seed = texts
    return hashlib.sha256(start.encode("ascii")), to_parent, to_prompt, to_seed, text.removesuffix(",") + "}"


def _text(content: object) -> str:
    return _WRITER.encode(content)
