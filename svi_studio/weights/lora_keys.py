"""Understands the tensor names of LoRA files: to which weight of the transformer a tensor belongs, in which role."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from svi_studio.weights.key_names import DIT
from svi_studio.weights.picture_layers import looks_at_pictures

Role = Literal["down", "up", "up_bias", "alpha", "diff", "diff_bias", "magnitude", "composed"]
ROLES: tuple[Role, ...] = get_args(Role)

_PREFIXES = ("pipe.", "dit.", "diffusion_model.", "base_model.", "transformer.", "model.", "module.")
_UNDERSCORED = ("lora_unet_", "lora_transformer_", "lycoris_")
_COMPILED = "_orig_mod."
_LOW_RANK = re.compile(
    r"(?P<module>.+)\.(?P<side>lora_A|lora_B|lora_down|lora_up|lora\.down|lora\.up)(?P<adapter>\.\w+)?\.(?P<leaf>weight|bias)"
)
_SIDES: dict[str, Role] = {
    "lora_A": "down", "lora_down": "down", "lora.down": "down", "lora_B": "up", "lora_up": "up", "lora.up": "up",
}  # fmt: skip
_MAGNITUDE = re.compile(r"(?P<module>.+)\.(?:dora_scale|lora_magnitude_vector(?:\.\w+)??(?:\.weight)?)")
_COMPOSED = re.compile(r"(?P<module>.+)\.(?P<part>hada_w[12]_[ab]|lokr_w[12](?:_[ab])?)(?:\.default)?")
_FULL_SIZE = re.compile(r"(?P<module>.+)\.(?P<role>alpha|diff|diff_b|diff_m)")


@dataclass(frozen=True)
class LoraKey:
    """Where one tensor of a LoRA file belongs: `parameter` of the transformer (diffusers' name) and its `role`.

    `adapter` is true for names that peft's own saving leaves behind (`.default.`), the form of the authors' files.
    `part` says which matrix of a LoHa or LoKr a "composed" one is.
    """

    parameter: str
    role: Role
    adapter: bool = False
    part: str = ""


class LoraKeyReader:
    """Reads LoRA names for a transformer with the given parameter names (diffusers' names)."""

    def __init__(self, parameters: Iterable[str]) -> None:
        self._flat: dict[str, str] = {}
        self._sees_pictures = False
        for name in parameters:
            self._sees_pictures = self._sees_pictures or looks_at_pictures(name)
            module = name.removesuffix(".weight").removesuffix(".bias")
            for spelling in (module, DIT.original(module) or module, _half_original(module)):
                self._flat[spelling.replace(".", "_")] = module

    def read(self, key: str) -> LoraKey | None:
        """What `key` means, or None when it is of no known form."""
        if match := _LOW_RANK.fullmatch(key):
            role = _SIDES[match["side"]]
            module = self._module(match["module"])
            adapter = match["adapter"] is not None
            if match["leaf"] == "bias":
                return LoraKey(f"{module}.bias", "up_bias", adapter) if role == "up" else None
            return LoraKey(f"{module}.weight", role, adapter)
        if match := _MAGNITUDE.fullmatch(key):
            return LoraKey(f"{self._module(match['module'])}.weight", "magnitude")
        if match := _COMPOSED.fullmatch(key):
            return LoraKey(f"{self._module(match['module'])}.weight", "composed", part=match["part"])
        if match := _FULL_SIZE.fullmatch(key):
            return self._full_size(match["module"], match["role"])
        return None

    def is_for_pictures_it_lacks(self, parameter: str) -> bool:
        """Whether `parameter` looks at picture tokens, and the transformer is one that takes none, as Wan 2.2's."""
        return not self._sees_pictures and looks_at_pictures(parameter)

    def _full_size(self, written: str, role: str) -> LoraKey:
        if role == "diff_m":  # the modulation of a block or of the head
            return LoraKey(self._module(f"{written}.modulation"), "diff")
        module = self._module(written)
        if role == "diff_b":
            return LoraKey(f"{module}.bias", "diff_bias")
        if role == "alpha":
            return LoraKey(f"{module}.weight", "alpha")
        return LoraKey(module if module.endswith("scale_shift_table") else f"{module}.weight", "diff")

    def _module(self, written: str) -> str:
        for prefix in _UNDERSCORED:
            if written.startswith(prefix):
                flat = written.removeprefix(prefix).lstrip("_")
                return self._flat.get(flat, flat)
        module = bare_name(written)
        return DIT.new(module) or module


def _half_original(module: str) -> str:
    """As older LoKr of ai-toolkit have it: the authors' attentions, with diffusers' layers where a dot was missed."""
    return module.replace(".attn1.", ".self_attn.").replace(".attn2.", ".cross_attn.")


def bare_name(key: str) -> str:
    """`key` without what trainers put before the transformer's own names (`pipe.dit.`, `diffusion_model.`, ...)."""
    key = key.replace(_COMPILED, "")
    while prefix := next((prefix for prefix in _PREFIXES if key.startswith(prefix)), None):
        key = key.removeprefix(prefix)
    return key
