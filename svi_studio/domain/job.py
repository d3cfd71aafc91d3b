"""One clip's job: everything that decides the pixels of its take, and the hash over all of it."""

import hashlib
import json
from collections.abc import Mapping
from json.encoder import encode_basestring_ascii
from typing import Any, ClassVar, NamedTuple

from pydantic import Field

from svi_studio.domain.family import family
from svi_studio.domain.model_card import Dtype
from svi_studio.domain.value import Sha256, ShortText, Value

ENGINE_VERSION = "1"
"""Raised whenever the engine starts to make other pixels from the same job, so that old takes become stale."""


class JobLora(NamedTuple):
    """One LoRA of a job: its file as the storyboard names it, the SHA-256 of its content, its weight."""

    file: str
    sha256: str
    weight: float


class ClipJob(Value):
    """Everything that the engine needs to render one clip. Sizes in pixels; ``seed`` None = noise without a seed.

    ``prompt`` is the effective text, style included. ``image`` is the path of the chain's reference image and
    ``image_hash`` the SHA-256 of its content. ``parent_hash`` None = the clip starts a chain. ``kept``: the clip is the
    take ``take_hash``, which exists, whatever the other fields say; such a job is never rendered.
    """

    index: int = Field(ge=0)
    clip_id: str
    take_hash: Sha256
    parent_hash: Sha256 | None
    prompt: str
    negative_prompt: str
    seed: int | None = Field(ge=0, le=2**63 - 1)
    width: int = Field(ge=16, le=8192)
    height: int = Field(ge=16, le=8192)
    num_frames: int = Field(ge=5, le=1025)
    num_inference_steps: int = Field(ge=1, le=1000)
    guidance_scale: float = Field(ge=0, le=100)
    shift: float = Field(gt=0, le=100)
    family: str
    image: str
    image_hash: Sha256
    model: ShortText
    model_hash: Sha256
    dtype: Dtype | None = None
    loras: tuple[JobLora, ...] = ()
    engine_version: str = ENGINE_VERSION
    kept: bool = False


_NAMES_ONLY = {"index", "clip_id", "take_hash", "image", "model", "loras", "family", "kept"}
_CONDITIONING = ("num_motion_frames", "ref_pad_num", "ref_pad_cfg", "hand_off", "tiled_decode")


def take_hash(job: ClipJob) -> str:
    """SHA-256 over everything that decides a take's pixels, its parent's hash included.

    Left out: the place in the film, the clip's id, and the names of files whose content is hashed.
    """
    return _digest(_text(_deciding(job)))


class TakeHasher:
    """``take_hash`` for the many jobs of one film, which differ only in what each clip says; several times as fast.

    The text that is hashed has its fields in the order of the alphabet. What comes before the parent's hash is the same
    for most clips, and is hashed once.
    """

    STEADY: ClassVar = ("guidance_scale", "image_hash", "negative_prompt", "num_inference_steps")
    VARYING: ClassVar = ("parent_hash", "prompt", "seed")

    def __init__(self, film: ClipJob) -> None:
        """For the jobs that are like ``film`` in everything but these fields and what is not hashed."""
        names = (*self.STEADY, *self.VARYING)
        rest = _text(_deciding(film) | {name: f"<{name}>" for name in names})
        self._before: list[str] = []
        for name in names:
            before, _, rest = rest.partition(f'"<{name}>"')
            self._before.append(before)
        self._end = rest
        self._starts: dict[tuple[object, ...], hashlib._Hash] = {}

    def __call__(self, fields: Mapping[str, Any]) -> str:
        """The hash of a job with these ``STEADY`` and ``VARYING`` fields, of the types that they have there."""
        steady = (
            fields["guidance_scale"],
            fields["image_hash"],
            fields["negative_prompt"],
            fields["num_inference_steps"],
        )
        start = self._starts.get(steady)
        if start is None:
            parts = zip(self._before, map(_encoded, steady), strict=False)
            text = "".join(before + value for before, value in parts)
            start = self._starts[steady] = hashlib.sha256(text.encode("ascii"))
        _, _, _, _, to_parent, to_prompt, to_seed = self._before
        parent, seed = _encoded(fields["parent_hash"]), _encoded(fields["seed"])
        prompt = encode_basestring_ascii(fields["prompt"])
        digest = start.copy()
        digest.update(f"{to_parent}{parent}{to_prompt}{prompt}{to_seed}{seed}{self._end}".encode("ascii"))
        return digest.hexdigest()


def _deciding(job: ClipJob) -> dict[str, object]:
    profile = family(job.family)
    decides: dict[str, object] = job.model_dump(exclude=_NAMES_ONLY)
    decides["guidance_scale"] = float(job.guidance_scale)
    decides["shift"] = float(job.shift)
    decides["loras"] = [[lora.sha256, float(lora.weight)] for lora in job.loras]
    decides["conditioning"] = {name: getattr(profile, name) for name in _CONDITIONING}
    return decides


def _text(content: Mapping[str, object]) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def _encoded(value: str | float | None) -> str:
    """``value`` as ``_text`` writes it."""
    if isinstance(value, str):
        return encode_basestring_ascii(value)
    return "null" if value is None else repr(value)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()
