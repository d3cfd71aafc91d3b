"""One clip's job: everything that decides the pixels of its take, and the hash over all of it."""

import hashlib
import json
from collections.abc import Mapping
from typing import NamedTuple

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
    ``image_hash`` the SHA-256 of its content. ``parent_hash`` None = the clip starts a chain.
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


_NAMES_ONLY = {"index", "clip_id", "take_hash", "image", "model", "loras", "family"}
_CONDITIONING = ("num_motion_frames", "ref_pad_num", "ref_pad_cfg", "hand_off", "tiled_decode")


def take_hash(job: ClipJob) -> str:
    """SHA-256 over everything that decides a take's pixels, its parent's hash included.

    Left out: the place in the film, the clip's id, and the names of files whose content is hashed.
    """
    profile = family(job.family)
    decides: dict[str, object] = job.model_dump(exclude=_NAMES_ONLY)
    decides["guidance_scale"] = float(job.guidance_scale)
    decides["shift"] = float(job.shift)
    decides["loras"] = [[lora.sha256, float(lora.weight)] for lora in job.loras]
    decides["conditioning"] = {name: getattr(profile, name) for name in _CONDITIONING}
    return _digest(decides)


def _digest(content: Mapping[str, object]) -> str:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()
