"""From the evidence in a file's header and from its names to what the file is, and whether it can be used."""

import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import NamedTuple

from svi_studio.domain.film.architecture import WAN_2_1_I2V, WAN_2_2_I2V_A14B, WAN_2_2_TI2V_5B
from svi_studio.domain.film.model_file import FileKind, ModelFile
from svi_studio.weights.model_folder import EXPERT_PARTS
from svi_studio.weights.name_marks import base_in, expert_in, is_from_words, names_of
from svi_studio.weights.scan.evidence import Evidence
from svi_studio.weights.scan.precision import precision_of, unreadable

TALK, HEARS = "wan2.1-talk", "wav2vec2"
"""Architectures of what a transformer gets to follow a sound, and of the network that hears it."""

_CONDITION, _SMALL_LATENTS, _WIDE_LATENTS = 36, 16, 48
_OWN_PARTS = ("vae", "text_encoder", "picture_encoder")
_EXPERT_FOLDERS = {part: expert for expert, part in EXPERT_PARTS.items()}
"""Which expert each folder of a whole model holds."""
_SIZES = {5120: "14b", 1536: "1.3b", 3072: "5b"}
_OTHER_WANS = {
    "vace": "VACE", "s2v": "S2V (sound to video)", "animate": "Animate", "flf2v": "FLF2V (first and last picture)",
    "control": "Fun Control", "skyreels-df": "SkyReels DF",
}  # fmt: skip
_MERGED_IN = {"talk": "a sound", "dance": "a skeleton"}
"""What layers of a transformer follow that plain ones have not."""
_FOREIGN = {
    "controlnet": "a ControlNet", "embedding": "an embedding", "hunyuan-video": "a HunyuanVideo model",
    "flux": "a Flux model", "stable-diffusion": "a Stable Diffusion model",
    "another model": "a model of another kind",
}  # fmt: skip
_MULTILINGUAL = 256_000  # umT5's vocabulary has 256,384 words; T5's has 32,128
_SIGHT = 1280  # values of a token in the picture encoder that Wan 2.1 was trained with
_QUARTER = 24
"""Channels that lightx2v's small copy of Wan 2.1's VAE begins with: a quarter of them in every layer, and blurred."""
_MERGED = re.compile(r"(?i)(?:^|[^a-z])(?:rapid|aio|all[-_ ]?in[-_ ]?one)(?:[^a-z]|$)")


class _Verdict(NamedTuple):
    kind: FileKind
    architecture: str | None = None
    why: str = ""
    asks: bool = False
    expert: str | None = None


def judged(path: PurePath, size: int, evidence: Evidence, *, is_own: bool = False) -> ModelFile:
    """What the file at ``path`` is, of ``size`` bytes; the names of its folders count too, after its own.

    ``is_own``: it is a part of a whole model folder, so it belongs to the transformer there, whatever its size.
    """
    name = path.name
    if evidence.form == "pickle":
        return ModelFile(path=str(path), kind=_kind_by_name(name), usable=False, why=pickle_words(name), bytes=size)
    if evidence.form == "damaged":
        return ModelFile(path=str(path), kind="other", usable=False, why=evidence.flaw, bytes=size)
    verdict = _verdict(name, evidence, names_of(path, evidence.notes))
    if is_own and verdict.asks and (told := _EXPERT_FOLDERS.get(path.parent.name)):
        verdict = _Verdict(verdict.kind, verdict.architecture, expert=told)
    precision = precision_of(evidence, name)
    why = "" if is_own and verdict.kind in _OWN_PARTS else verdict.why
    if not why or verdict.asks:
        unread = unreadable(evidence, precision, name)
        why, verdict = (unread, verdict._replace(asks=False)) if unread else (why, verdict)
    expert = verdict.expert if verdict.expert in ("high", "low") else None
    return ModelFile(
        path=str(path),
        kind=verdict.kind,
        architecture=verdict.architecture,
        expert="high" if expert == "high" else "low" if expert == "low" else None,
        precision=precision,
        usable=not why or verdict.asks,
        why=why,
        asks="expert" if verdict.asks else None,
        bytes=size,
    )


def pickle_words(name: str) -> str:
    """Why a pickle is no use."""
    return (
        f"{name} cannot be used: it may hold a program, which would run when the file is opened. Get the same weights "
        "as .safetensors or .gguf."
    )


def _kind_by_name(name: str) -> FileKind:
    """The makers' own files have names that everyone knows; nothing else of a pickle can be told unopened."""
    words = name.casefold()
    if re.match(r"wan2\.[12]_vae", words):
        return "vae"
    if re.match(r"models_t5_|umt5", words):
        return "text_encoder"
    return "picture_encoder" if re.match(r"models_clip_", words) else "other"


def _verdict(name: str, evidence: Evidence, names: Sequence[str]) -> _Verdict:
    marks = {*evidence.marks}
    if "lora" in marks:
        return _lora(name, evidence, names)
    if "wan" in marks:
        return _transformer(name, evidence, names)
    if foreign := next((what for mark, what in _FOREIGN.items() if mark in marks), None):
        return _Verdict("other", None, f"{name} is {foreign}, which has no use here: leave it where it is.")
    return _beside_the_transformer(name, evidence, marks)


def _beside_the_transformer(name: str, evidence: Evidence, marks: set[str]) -> _Verdict:
    if "vae" in marks:
        return _vae(name, evidence)
    if {"umt5", "t5"} & marks and "clip-text" not in marks:
        return _text_encoder(name, evidence)
    if "clip-vision" in marks and "sight" in evidence.numbers:
        return _picture_encoder(name, evidence)
    return _unknown(name, marks)


def _unknown(name: str, marks: set[str]) -> _Verdict:
    if {"talk", "dance"} & marks:
        return _Verdict("other", TALK if "talk" in marks else "wan2.1-dance")
    if "hears" in marks:
        return _Verdict("other", HEARS)
    if {"clip-text", "llm"} & marks:
        return _Verdict("text_encoder", None, f"{name} is the text encoder of another model: Wan needs umt5-xxl.")
    return _Verdict("other", None, f"{name} holds weights of a kind that is not known here.")


def _transformer(name: str, evidence: Evidence, names: Sequence[str]) -> _Verdict:
    marks, size = {*evidence.marks}, _size(evidence, names)
    if other := next((mark for mark in _OTHER_WANS if mark in marks), None):
        architecture = "-".join(filter(None, ("wan", other, size)))
        return _Verdict("transformer", architecture, f"{name} is a Wan for {_OTHER_WANS[other]}, not known here.")
    if other := next((mark for mark in _MERGED_IN if mark in marks), None):
        return _merged_in(name, other, size)
    taken = evidence.numbers.get("taken")
    if taken == _CONDITION:
        seeing = _Verdict("transformer", "-".join(filter(None, (WAN_2_1_I2V, size))))
        return seeing if "sees" in marks else _expert(name, evidence, names)
    if taken == _WIDE_LATENTS and "sees" not in marks:
        return _Verdict("transformer", WAN_2_2_TI2V_5B)
    if taken == _SMALL_LATENTS:
        return _of_words_alone(name, evidence, names, size)
    why = "is only a part of a transformer: the files beside it are missing"
    if taken is not None:
        why = f"is a Wan that takes {taken} channels, which is not known here"
    return _Verdict("transformer", None, f"{name} {why}.")


def _merged_in(name: str, other: str, size: str) -> _Verdict:
    why = (
        f"{name} has layers inside that follow {_MERGED_IN[other]}, which cannot be used from there: get the I2V model "
        "without them."
    )
    return _Verdict("transformer", "-".join(filter(None, ("wan", other, size))), why)


def _expert(name: str, evidence: Evidence, names: Sequence[str]) -> _Verdict:
    if any(map(_MERGED.search, names)):
        why = f"{name} is both experts merged into one, which cannot be filmed with here: get the two experts."
        return _Verdict("transformer", WAN_2_2_I2V_A14B, why)
    expert = expert_in(names)
    noted, named = expert_in(evidence.notes.values()), expert_in([name])
    differ = noted is not None and named is not None and noted != named
    if expert is not None and not differ:
        return _Verdict("transformer", WAN_2_2_I2V_A14B, expert=expert)
    reason = "Its name and its notes disagree" if differ else "Neither its name nor its folder says it"
    asked = f"Is {name} the expert for the high noise or for the low noise? {reason}."
    return _Verdict("transformer", WAN_2_2_I2V_A14B, asked, asks=True)


def _of_words_alone(name: str, evidence: Evidence, names: Sequence[str], size: str) -> _Verdict:
    expert = expert_in(names)
    two = size != "1.3b" and (expert is not None or base_in(names) == WAN_2_2_I2V_A14B)
    why = f"{name} makes videos from words alone (T2V) and cannot start from a picture: get the I2V model."
    return _Verdict("transformer", "wan2.2-t2v-a14b" if two else f"wan2.1-t2v-{size or '14b'}", why, expert=expert)


def _size(evidence: Evidence, names: Sequence[str]) -> str:
    width = evidence.numbers.get("width") or evidence.numbers.get("lora-width") or 0
    told = next((match[1] for name in names if (match := re.search(r"(?i)(?<![\d.])a?(14|1[._]3)b", name))), "")
    return _SIZES.get(width) or {"14": "14b", "1.3": "1.3b", "1_3": "1.3b"}.get(told, "")


def _vae(name: str, evidence: Evidence) -> _Verdict:
    latents, colours = evidence.numbers.get("latents"), evidence.numbers.get("colours", 0)
    known = {(_SMALL_LATENTS, 3): "wan2.1-vae", (_WIDE_LATENTS, 12): "wan2.2-vae"}.get((latents or 0, colours))
    if not evidence.numbers.get("video") or known is None or re.search(r"(?i)qwen", name):
        return _Verdict("vae", None, f"{name} is the VAE of another model: get wan_2.1_vae, or wan2.2_vae for TI2V 5B.")
    if "vae-encoder" not in evidence.marks:
        return _Verdict("vae", known, f"{name} lacks the half of the VAE that reads pictures: get the whole one.")
    is_light = known == "wan2.1-vae" and evidence.numbers.get("base") == _QUARTER
    return _Verdict("vae", "wan2.1-lightvae" if is_light else known)


def _text_encoder(name: str, evidence: Evidence) -> _Verdict:
    if evidence.numbers.get("words", 0) >= _MULTILINGUAL:
        return _Verdict("text_encoder", "umt5-xxl")
    if "words" not in evidence.numbers:
        why = f"{name} is only a part of a text encoder: the files beside it are missing."
        return _Verdict("text_encoder", None, why)
    return _Verdict("text_encoder", "t5", f"{name} is the text encoder of another model: Wan needs umt5-xxl.")


def _picture_encoder(name: str, evidence: Evidence) -> _Verdict:
    if evidence.numbers.get("sight") == _SIGHT:
        return _Verdict("picture_encoder", "clip-vit-h")
    why = f"{name} is a picture encoder of another kind: Wan 2.1 needs clip_vision_h."
    return _Verdict("picture_encoder", None, why)


def _lora(name: str, evidence: Evidence, names: Sequence[str]) -> _Verdict:
    marks = {*evidence.marks}
    if foreign := next((what for mark, what in _FOREIGN.items() if mark in marks), None):
        return _Verdict("lora", None, f"{name} is a LoRA for {foreign}: choose one made for Wan.")
    expert, size = expert_in(names), _size(evidence, names)
    base = base_in(names) or (WAN_2_1_I2V if "sees" in marks else WAN_2_2_I2V_A14B if expert else None)
    of_words = is_from_words(names)
    if size == "5b":
        return _Verdict("lora", WAN_2_2_TI2V_5B)
    if base == WAN_2_1_I2V:
        return _Verdict("lora", f"wan2.1-{'t2v' if of_words else 'i2v'}-{size or '14b'}", expert=expert)
    if base == WAN_2_2_I2V_A14B and of_words:
        return _Verdict("lora", "wan2.2-t2v-a14b", expert=expert)
    return _Verdict("lora", base, expert=expert)
