"""In which precision a file keeps its weights, and why some of them cannot be read here."""

import re

from svi_studio.weights.gguf_types import READABLE
from svi_studio.weights.scan.evidence import Evidence

_READABLE = READABLE | {"fp64", "fp32", "fp16", "bf16", "fp8", "fp8-scaled"}
_PLAIN = {"F64": "fp64", "F32": "fp32", "F16": "fp16", "BF16": "bf16", "F8_E4M3": "fp8", "F8_E5M2": "fp8", "I8": "int8"}
_FP8_FORMATS = ("float8_e4m3fn", "float8_e5m2")
_OWN_WAYS = ("bitsandbytes", "svdquant", "nvfp4", "fp8-awq")
_IN_NAME = re.compile(r"(?<![A-Za-z0-9])(I?Q\d(?:_[K01])?(?:_(?:XXS|XS|NL|S|M|L))?|BF16|F16|F32)(?![A-Za-z0-9])", re.I)
_FILE_TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K", 11: "Q3_K_S", 12: "Q3_K_M",
    13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS",
    21: "Q2_K_S", 23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 28: "IQ2_S", 30: "IQ4_XS", 31: "IQ1_M",
    32: "BF16",
}  # fmt: skip
"""What GGUF's field general.file_type means."""


def precision_of(evidence: Evidence, name: str) -> str | None:
    """The precision of most of the weights, as ``bf16`` or ``Q4_K_M``; ``name`` tells the variants of a GGUF apart."""
    if not evidence.types:
        return None
    most = max(evidence.types, key=lambda kind: (evidence.types[kind], kind))
    if evidence.form == "gguf":
        return _of_gguf(evidence, name, most)
    return _other_way(evidence, most) or _plain_or_scaled(evidence, most)


def _other_way(evidence: Evidence, most: str) -> str:
    """The name of a quantisation other than scaled fp8; empty for that and for plain weights."""
    if own := next((mark for mark in _OWN_WAYS if mark in evidence.marks), None):
        return own
    if "quanto" in evidence.marks:
        return "int8-quanto" if most == "I8" else "quanto"
    return next((form for form in evidence.quantised if form not in _FP8_FORMATS), "")


def _plain_or_scaled(evidence: Evidence, most: str) -> str:
    """Scaled where the file says so, or where scales lie beside weights of fp8."""
    plain = _PLAIN.get(most, most.lower())
    scaled = {"scaled", "scales", "comfy-quant"} & {*evidence.marks} or evidence.quantised
    return "fp8-scaled" if scaled and (plain == "fp8" or _has_fp8(evidence)) else plain


def unreadable(evidence: Evidence, precision: str | None, name: str) -> str:
    """Why weights in that precision cannot be used; empty when they can."""
    marks = {*evidence.marks}
    says_scaled = "scaled" in marks or "comfy-quant" in marks or bool(evidence.quantised)
    if says_scaled and "scales" not in marks:
        return (
            f"{name} says that its weights are scaled and has no scales, so they would give noise: get it again, or "
            "another version."
        )
    if precision is None or _base(precision) in _READABLE:
        odd = sorted(_odd_types(evidence) if evidence.form == "gguf" else evidence.odd)
        return _refused(name, odd[0]) if odd else ""
    return _refused(name, precision)


def _refused(name: str, precision: str) -> str:
    return (
        f"{name} is quantised as {precision}, which cannot be read here: get it as bf16, fp16, fp8 or a GGUF such as "
        "Q4_K_M or Q8_0."
    )


def _odd_types(evidence: Evidence) -> set[str]:
    """Types of tensors in a GGUF that are not read, even where most of it is."""
    return {kind for kind in evidence.types if kind not in _READABLE}


def _of_gguf(evidence: Evidence, name: str, most: str) -> str:
    told = [match.upper() for match in _IN_NAME.findall(name)]
    told += [
        _FILE_TYPES.get(int(number), "") for number in [evidence.notes.get("general.file_type", "")] if _small(number)
    ]
    return next((each for each in told if _base(each) in evidence.types and _base(each) == _base(most)), most)


def _small(number: str) -> bool:
    return number.isascii() and number.isdigit() and len(number) < 4


def _base(precision: str) -> str:
    """``Q4_K`` for ``Q4_K_M``: the variants differ in which tensors get more bits."""
    return re.sub(r"(Q\d_K)_[SML]$", r"\1", precision)


def _has_fp8(evidence: Evidence) -> bool:
    return bool({"F8_E4M3", "F8_E5M2"} & {*evidence.types})
