"""What programs put before the names of a network's tensors: one table for who recognises, links and loads a file."""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

TRANSFORMER_PREFIXES = ("model.diffusion_model.", "diffusion_model.", "model.", "transformer.", "dit.")
VAE_PREFIXES = ("first_stage_model.", "vae.", "model.")
PICTURE_PREFIXES = ("clip_vision.", "model.")


class _Outer(NamedTuple):
    """How all names of a network may begin, and how some of its own begin behind that."""

    prefixes: tuple[str, ...]
    own: tuple[str, ...]


_TRANSFORMER = _Outer(TRANSFORMER_PREFIXES, ("blocks.", "patch_embedding.", "head.", "proj_out.", "scale_shift_table"))
_OUTER: Mapping[str, _Outer] = {
    "transformer": _TRANSFORMER,
    "transformer_2": _TRANSFORMER,
    "vae": _Outer(VAE_PREFIXES, ("encoder.", "decoder.")),
    "text_encoder": _Outer(
        ("text_encoders.umt5xxl.transformer.", "text_encoders.umt5xxl.", "text_encoder.", "model.", "transformer."),
        ("encoder.block.", "shared.", "token_embedding.", "enc.blk.", "token_embd."),
    ),
    "image_encoder": _Outer(PICTURE_PREFIXES, ("visual.", "vision_model.", "encoder.layers.")),
}


def outer_prefix(part: str, names: Iterable[str]) -> str:
    """What stands before the ``names`` of the network that is ``part`` of a model; empty where nothing does.

    Where some of its names stand there bare, what others begin with is of another part in the same file.
    """
    known, names = _OUTER[part], tuple(names)
    for prefix in ("", *known.prefixes):
        starts = tuple(prefix + own for own in known.own)
        if any(name.startswith(starts) for name in names):
            return prefix
    return ""


def with_prefixes(part: str, name: str) -> tuple[str, ...]:
    """Every name under which the tensor ``name`` of ``part`` may stand in a file."""
    return tuple(prefix + name for prefix in ("", *_OUTER[part].prefixes))


def pattern_of(prefixes: Iterable[str]) -> str:
    """A regular expression for one of ``prefixes`` or none, the longest first."""
    return f"(?:{'|'.join(map(re.escape, sorted(prefixes, key=len, reverse=True)))})?"
