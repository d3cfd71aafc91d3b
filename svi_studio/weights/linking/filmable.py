"""Says what can be filmed with the weights files of a scan: which of them make a model, and what each one lacks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from svi_studio.domain.film.architecture import ARCHITECTURES, WAN_2_1_I2V, Architecture
from svi_studio.domain.film.filmable import KIND_OF_PART, Filmable, LinkQuestion, MissingPart, Network
from svi_studio.domain.film.model_file import FileKind, ModelFile
from svi_studio.domain.film.model_parts import PartName
from svi_studio.domain.text.command_name import command_name
from svi_studio.weights.linking.experts_pairing import pairs_of, without_expert
from svi_studio.weights.linking.networks import networks_of, stems, tokenizer_inside
from svi_studio.weights.scan.judge import HEARS, TALK

_BITS: Mapping[str, float] = {
    "fp32": 32, "F32": 32, "bf16": 16, "fp16": 16, "BF16": 16, "F16": 16, "fp8": 8, "fp8-scaled": 8.1, "Q8_0": 8.5,
}  # fmt: skip
_FULL = 16
_PLAIN_NAMES = ("diffusion_pytorch_model", "model")
_MOST_NAME = 80


@dataclass(frozen=True)
class _Need:
    """A part beside the transformers: what it must be, in words, and what it is called among the known models."""

    part: PartName
    architecture: str
    words: str
    fetch: str


_TEXT = _Need("text_encoder", "umt5-xxl", "the text encoder umt5-xxl", "umt5-xxl-fp8")
_TOKENIZER = _Need("tokenizer", "umt5-xxl", "umt5-xxl's tokenizer", "umt5-tokenizer")
_PICTURES = _Need("image_encoder", "clip-vit-h", "the picture encoder clip_vision_h", "clip-vision-h")
_VAES = {
    16: _Need("vae", "wan2.1-vae", "the VAE wan_2.1_vae", "wan2.1-vae"),
    48: _Need("vae", "wan2.2-vae", "the VAE wan2.2_vae", "wan2.2-vae"),
}
_HEARING = (
    _Need("sound", TALK, "", ""),
    _Need("audio_encoder", HEARS, "", ""),
)
"""What a model of Wan 2.1 can do without, both or none: with it, it follows a sound."""
_EXPERTS = {
    "transformer": _Need("transformer", "", "the expert for the high noise", "wan2.2-i2v-high-fp8"),
    "transformer_2": _Need("transformer_2", "", "the expert for the low noise", "wan2.2-i2v-low-fp8"),
}


def what_can_be_filmed(
    rows: Iterable[ModelFile], more: Iterable[ModelFile] = (), chosen: Mapping[PartName, Network] | None = None
) -> tuple[Filmable, ...]:
    """The models that the files of ``rows`` make, one for each transformer or pair of experts; whole ones first.

    ``more``: files from elsewhere that fill gaps and start no model of their own. ``chosen``: networks that the user
    named for parts, which come before all others. Reads the headers of text encoders that may hold a tokenizer.
    """
    own, fillers, named = networks_of(rows), networks_of(more), dict(chosen or {})
    found = [
        _with_parts(start, own, fillers, named)
        for starts in (_starts(own, named), _pairs(own, fillers, named))
        for start in starts
    ]
    distinct = _named_apart(sorted(found, key=lambda each: (not each.ready, len(each.missing), each.name)))
    return tuple(distinct)


def parts_found(rows: Iterable[ModelFile]) -> frozenset[str]:
    """What the parts beside transformers among ``rows`` are called among the known models, whatever their files are.

    A tokenizer counts that the text encoder carries which a model in 8 bits would get.
    """
    networks = networks_of(rows)
    small = Network(kind="transformer", precision="fp8", files=("",))
    found = {need.fetch for need in (*_VAES.values(), _TEXT, _TOKENIZER, _PICTURES) if _best(need, networks, small)}
    return frozenset(found | ({_TOKENIZER.fetch} if _inside([_best(_TEXT, networks, small)]) else set()))


@dataclass(frozen=True)
class _Start:
    """The transformers of a model to be."""

    architecture: Architecture
    parts: Mapping[PartName, Network]
    questions: tuple[LinkQuestion, ...] = ()


def architecture_of(network: Network) -> Architecture | None:
    """What kind of model a transformer is for; None for one that cannot film here."""
    names = (name for name in ARCHITECTURES if (network.architecture or "").startswith(name))
    return next((ARCHITECTURES[name] for name in names), None)


def _starts(own: Sequence[Network], named: Mapping[PartName, Network]) -> Iterator[_Start]:
    if "transformer_2" in named:
        return
    for network in [named["transformer"]] if "transformer" in named else own:
        architecture = architecture_of(network) if network.kind == "transformer" else None
        if architecture is not None and not architecture.two_experts:
            yield _Start(architecture, {"transformer": network})


def _pairs(own: Sequence[Network], fillers: Sequence[Network], named: Mapping[PartName, Network]) -> Iterator[_Start]:
    """Models of two experts; where the user named one of them, those with it, and where both, that alone."""
    high, low = named.get("transformer"), named.get("transformer_2")
    said = [each for each in (high, low) if each is not None]
    if any((kind := architecture_of(each)) is None or not kind.two_experts for each in said):
        return
    known = [*said, *(each for each in own if all(each.files != one.files for one in said))]
    for name in dict.fromkeys(kind.name for each in known if (kind := _two_experts(each)) is not None):
        networks = [each for each in known if (kind := _two_experts(each)) is not None and kind.name == name]
        for one, other, questions in pairs_of([*networks, *_other_experts(networks, fillers)], high, low):
            found: dict[PartName, Network] = {}
            if one is not None:
                found["transformer"] = one
            if other is not None:
                found["transformer_2"] = other
            yield _Start(ARCHITECTURES[name], found, questions)


def _two_experts(network: Network) -> Architecture | None:
    """The architecture of one expert of two; None for all else."""
    architecture = architecture_of(network) if network.kind == "transformer" else None
    return architecture if architecture is not None and architecture.two_experts else None


def _other_experts(networks: Sequence[Network], fillers: Sequence[Network]) -> list[Network]:
    """From elsewhere, where all ``networks`` are one expert: those that are the other one."""
    there = {each.expert for each in networks}
    if there not in ({"high"}, {"low"}):
        return []
    kinds = {each.architecture for each in networks}
    return [each for each in fillers if each.expert and each.expert not in there and each.architecture in kinds]


def _with_parts(
    start: _Start, own: Sequence[Network], fillers: Sequence[Network], named: Mapping[PartName, Network]
) -> Filmable:
    parts: dict[PartName, Network] = dict(start.parts)
    missing = list(_missing_experts(start))
    first = next(iter(parts.values()), None) or start.questions[0].choices[0]
    for need in _needs(start.architecture):
        found = named.get(need.part) or _best(need, own, first)
        if found is None and need is _TOKENIZER:
            found = _inside([parts.get("text_encoder"), *own])
        found = found or _best(need, fillers, first)
        if found is not None:
            parts[need.part] = found
        else:
            missing.append(_lacks(need))
    if start.architecture.picture_tokens:
        parts |= _hearing(own, fillers, named, first)
    title = start.architecture.title
    return Filmable(
        name=_name(start, first),
        title=f"{title}, {first.precision}" if first.precision else title,
        architecture=start.architecture.name,
        parts=parts,
        missing=tuple(missing),
        questions=start.questions,
    )


def _needs(architecture: Architecture) -> Iterator[_Need]:
    yield _VAES[architecture.latent_channels]
    yield _TEXT
    yield _TOKENIZER
    if architecture.picture_tokens:
        yield _PICTURES


def _hearing(
    own: Sequence[Network], fillers: Sequence[Network], named: Mapping[PartName, Network], first: Network
) -> dict[PartName, Network]:
    found = {
        need.part: named.get(need.part) or _best(need, own, first) or _best(need, fillers, first) for need in _HEARING
    }
    return {part: each for part, each in found.items() if each is not None and None not in found.values()}


def _missing_experts(start: _Start) -> Iterator[MissingPart]:
    """An expert that is nowhere; of one that is asked about, nobody knows that it is missing."""
    if start.architecture.two_experts:
        asked = {part for question in start.questions for part in (question.part, *question.either)}
        yield from (_lacks(need) for part, need in _EXPERTS.items() if part not in start.parts and part not in asked)


def _lacks(need: _Need) -> MissingPart:
    option = {"transformer": "--high", "transformer_2": "--low", "image_encoder": "--picture-encoder"}.get(
        need.part, f"--{need.part.replace('_', '-')}"
    )
    words = (
        f'It lacks {need.words}: fetch it with "{command_name()} models fetch {need.fetch}", or name the file that you '
        f"have with {option}."
    )
    return MissingPart(part=need.part, words=words, fetch=need.fetch)


def _best(need: _Need, networks: Sequence[Network], transformer: Network) -> Network | None:
    """The file that fits best: a quantised text encoder beside a quantised transformer, else as exact as can be."""
    kind: FileKind = KIND_OF_PART[need.part]
    fitting = [each for each in networks if each.kind == kind and each.architecture == need.architecture]
    if need.part == "tokenizer":
        return min(fitting, key=lambda each: not each.files[0].endswith(".json"), default=None)
    small = need.part == "text_encoder" and _bits(transformer) < _FULL

    def order(network: Network) -> tuple[bool, float]:
        bits = _bits(network)
        return (bits < _FULL / 2, bits) if small else (False, -bits)

    return min(fitting, key=order, default=None)


def _inside(networks: Iterable[Network | None]) -> Network | None:
    """The tokenizer that the first text encoder with one carries; a second encoder may lie there for it."""
    encoders = (each for each in networks if each is not None and each.architecture == _TEXT.architecture)
    return next((found for each in encoders if (found := tokenizer_inside(each)) is not None), None)


def _bits(network: Network) -> float:
    precision = network.precision or ""
    told = next((float(char) for char in precision if char.isdigit()), 0.0) if precision[:1] in ("Q", "I") else 0.0
    return _BITS.get(precision, told)


def _name(start: _Start, first: Network) -> str:
    """As the transformer's file, without its expert; of a file with a name that says nothing, by kind and precision."""
    (stem,) = stems([first])
    name = without_expert(stem) if start.architecture.two_experts else stem
    if name in _PLAIN_NAMES or len(name) < len("wan"):
        size = "-14b" if start.architecture.name == WAN_2_1_I2V else ""
        name = "-".join(filter(None, (start.architecture.name + size, first.precision)))
    return name[:_MOST_NAME]


def _named_apart(found: Iterable[Filmable]) -> Iterator[Filmable]:
    """Two that would be called alike get numbers."""
    taken: dict[str, int] = {}
    for each in found:
        count = taken[each.name] = taken.get(each.name, 0) + 1
        yield each if count == 1 else each.model_copy(update={"name": f"{each.name}-{count}"})
