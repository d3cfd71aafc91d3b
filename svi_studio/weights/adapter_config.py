"""How strong a LoRA is meant, as peft and diffusers write it: into the file's header or into a file beside it."""

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from svi_studio.domain.errors import BadWeights
from svi_studio.weights.safetensors_header import SafetensorsHeader

CONFIG_FILE: Final = "adapter_config.json"
METADATA: Final = "lora_adapter_metadata"
MOST_ALPHA: Final = 1e6
_MAX_BYTES: Final = 1 << 20
_MAX_PATTERNS: Final = 4096
_MAX_EXPRESSIONS: Final = 32
_OTHER_BASES = ("pissa", "olora", "corda", "loftq")  # ways to begin that also change the model's own weights
_PLAIN = re.compile(r"\^?[\w.\-]+\$?")
_EXPRESSION = re.compile(r"\^?(?:[\w.\-|()]|\\[.d]|\[0-9\]|\.\*|\\d\+|\[0-9\]\+)+\$?")


@dataclass(frozen=True, slots=True)
class AdapterConfig:
    """What decides a LoRA's strength beside its matrices. ``alpha`` None: nobody says, and the factor is 1.

    ``alphas`` are those of single layers, by a name or an expression that the end of the layer's name matches.
    ``rank`` is that of every layer, None where it is not said or not the same; ``is_dora``: magnitudes belong to it.
    """

    alpha: float | None = None
    rank_stabilized: bool = False
    rank: int | None = None
    is_dora: bool = False
    alphas: Mapping[str, float] = field(default_factory=dict)

    def scale(self, names: Iterable[str], rank: int) -> float | None:
        """The factor of a layer, which goes by these ``names``, of ``rank``; None when nobody says."""
        alpha = self._alpha_of(tuple(names))
        return None if alpha is None else alpha / (math.sqrt(rank) if self.rank_stabilized else rank)

    @staticmethod
    def matches(pattern: str, name: str) -> bool:
        """Whether the layer ``name`` is one of those that ``pattern`` names, as peft does it."""
        return _matches(pattern, name)

    def _alpha_of(self, names: tuple[str, ...]) -> float | None:
        for pattern, alpha in self.alphas.items():
            if any(_matches(pattern, name) for name in names):
                return alpha
        return self.alpha


def read_adapter_config(path: Path, header: SafetensorsHeader) -> AdapterConfig:
    """The configuration of the LoRA file ``path``: its header's, else that of the file which peft saves beside it.

    Raises BadWeights when it cannot be understood wholly, or asks for something that a merge here cannot do.
    """
    if METADATA in header.metadata:
        content = _parsed(path, header.metadata[METADATA])
        return _checked(path, {key.removeprefix("transformer."): value for key, value in content.items()})
    beside = config_beside(path)
    return AdapterConfig() if beside is None else _checked(beside, _parsed(beside, _text_of(beside)))


def config_beside(path: Path) -> Path | None:
    """The configuration that peft saved with ``path``; None for a file that merely lies beside one."""
    config = path.with_name(CONFIG_FILE)
    return config if path.stem.startswith("adapter_model") and config.is_file() else None


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
        if len(content) > _MAX_BYTES:
            raise _damaged(path)
        return content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _damaged(path) from error


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        content = json.loads(text) if len(text) <= _MAX_BYTES else None
    except (ValueError, RecursionError) as error:
        raise _damaged(path) from error
    if not isinstance(content, dict):
        raise _damaged(path)
    return content


def _checked(path: Path, content: Mapping[str, Any]) -> AdapterConfig:
    if content.get("fan_in_fan_out"):
        raise BadWeights(
            f"{path} describes a LoRA of turned layers (fan_in_fan_out), which Wan has not: use another one."
        )
    if content.get("modules_to_save"):
        raise BadWeights(f"{path} describes whole layers beside the LoRA (modules_to_save): use a plain LoRA.")
    start = str(content.get("init_lora_weights"))
    if start.startswith(_OTHER_BASES):
        raise BadWeights(
            f"{path} describes a LoRA for changed weights of its model ({start[:20]}), which are not in the file: "
            "convert it to a plain LoRA, or use another one."
        )
    rank = _number(path, "r", content.get("r"), least=1)
    chosen = content.get("lora_alpha", content.get("alpha"))
    patterns = content.get("alpha_pattern") or {}
    ranks = content.get("rank_pattern") or {}
    if not isinstance(patterns, dict) or not isinstance(ranks, dict) or len(patterns) > _MAX_PATTERNS:
        raise _damaged(path)
    for name, rank in ranks.items():
        _number(path, f"rank_pattern {name[:60]}", rank, least=1)
    alphas = {name: _number(path, f"alpha_pattern {name[:60]}", alpha) or 0.0 for name, alpha in patterns.items()}
    _check_patterns(path, alphas)
    return AdapterConfig(
        _number(path, "lora_alpha", chosen),
        _truth(path, "use_rslora", content),
        int(rank) if rank is not None and not ranks else None,
        _truth(path, "use_dora", content),
        alphas,
    )


def _truth(path: Path, name: str, content: Mapping[str, Any]) -> bool:
    value = content.get(name)
    if value not in (None, True, False):  # "false" is a word, and no word is untrue
        raise BadWeights(f"{path} says that {name} is {str(value)[:20]}, not true or false: get the LoRA again.")
    return bool(value)


def _number(path: Path, name: str, value: object, least: float = 0.0) -> float | None:
    if value is None:
        return None
    if (
        isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= MOST_ALPHA
    ):  # NaN is neither
        raise BadWeights(f"{path} says that {name} is {str(value)[:20]}, which is no strength: get the LoRA again.")
    return float(value)


def _check_patterns(path: Path, patterns: Iterable[str]) -> None:
    """Expressions come from a file: only those whose matching takes no time are let in."""
    expressions = [pattern for pattern in patterns if not _PLAIN.fullmatch(pattern[:200])]
    odd = [each for each in patterns if len(each) > 200]
    odd += [each for each in expressions if not _is_tame(each)] if len(expressions) <= _MAX_EXPRESSIONS else expressions
    if odd:
        raise BadWeights(
            f"{path} names layers by an expression that is not understood ({odd[0][:60]}): use another LoRA."
        )


def _is_tame(pattern: str) -> bool:
    """Names, dots, numbers, choices; at most two stretches of any length, and none within another."""
    if not _EXPRESSION.fullmatch(pattern) or pattern.count("*") + pattern.count("+") > 2 or ")*" in pattern:
        return False
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError):
        return False
    return True


def _matches(pattern: str, name: str) -> bool:
    """As peft does it: the expression matches the end of the name, from a dot on."""
    if _PLAIN.fullmatch(pattern) and "." not in pattern.strip("^$"):
        return name == pattern.strip("^$") or name.endswith(f".{pattern.strip('^$')}")
    return re.match(rf"(?:.*\.)?(?:{pattern})$", name) is not None


def _damaged(path: Path) -> BadWeights:
    return BadWeights(f"{path} is damaged: the description of its adapter is not valid; get the file again.")
