"""A file that the user names for a part of a model: what it is, or in one sentence why it cannot be that part."""

from pathlib import Path

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.filmable import KIND_OF_PART, PART_OF_EXPERT, WORDS_FOR_PART, Network
from svi_studio.domain.film.model_file import FileKind
from svi_studio.domain.film.model_parts import PartName
from svi_studio.weights.linking.experts_pairing import name_of
from svi_studio.weights.linking.filmable import architecture_of
from svi_studio.weights.linking.networks import network_at, tokenizer_inside
from svi_studio.weights.model_folder import SOUND_ENCODER, TOKENIZER, OneExpert
from svi_studio.weights.scan.answers import remember_expert
from svi_studio.weights.scan.judge import HEARS, TALK
from svi_studio.weights.scan.places import TOKENIZERS

_HEARING: dict[PartName, str] = {"sound": TALK, "audio_encoder": HEARS}
_KINDS: dict[FileKind, str] = {
    "transformer": "a transformer",
    "vae": "a VAE",
    "text_encoder": "a text encoder",
    "tokenizer": "a tokenizer",
    "picture_encoder": "a picture encoder",
    "lora": "a LoRA",
    "other": "something else",
}


def chosen_part(part: PartName, path: Path) -> Network:
    """The network in the file ``path``, which the user wants as ``part``; of one in shards, any of them.

    For a tokenizer, also its folder, or a text encoder with one inside; for a sound encoder its folder, too. Raises
    BadInput.
    """
    if part == TOKENIZER:
        return _tokenizer(path)
    network, _ = network_at(path / "model.safetensors" if part == SOUND_ENCODER and path.is_dir() else path)
    _require_kind(network, part)
    if part in _HEARING and network.architecture != _HEARING[part]:
        raise BadInput(f"{name_of(network)} is no {WORDS_FOR_PART[part]} of Talk: choose another file.")
    return network


def chosen_expert(expert: OneExpert, path: Path) -> Network:
    """The transformer in the file ``path``, which the user says is that one of two; an answer is kept.

    Raises BadInput when it is another kind of file, or says itself that it is the other one.
    """
    network, row = network_at(path)
    _require_kind(network, PART_OF_EXPERT[expert])
    architecture = architecture_of(network)
    if architecture is None or not architecture.two_experts:
        kind = architecture.title if architecture else "of another kind"
        raise BadInput(
            f"{name_of(network)} is {kind}, which has one transformer alone: it is no expert for the {expert} noise."
        )
    if network.expert not in (None, expert):
        raise BadInput(
            f"{name_of(network)} is the expert for the {network.expert} noise by its own name: choose the one for the "
            f"{expert} noise, or give the file another name if that one is wrong."
        )
    if row.asks == "expert":
        remember_expert([Path(name) for name in network.files], expert)
    return network.model_copy(update={"expert": expert})


def chosen_transformer(path: Path) -> tuple[PartName, Network]:
    """The transformer in the file ``path`` and the part that it is; raises BadInput when only the user can say that."""
    network, row = network_at(path)
    _require_kind(network, "transformer")
    if row.asks == "expert":
        raise BadInput(f"{row.why} Give it with --high or with --low.")
    return ("transformer_2" if network.expert == "low" else "transformer"), network


def _require_kind(network: Network, part: PartName) -> None:
    if network.kind != KIND_OF_PART[part]:
        wanted = "transformer" if part == "transformer_2" else WORDS_FOR_PART[part]
        raise BadInput(f"{name_of(network)} is {_KINDS[network.kind]}, not a {wanted}: choose another file.")


def _tokenizer(path: Path) -> Network:
    if path.is_dir():
        inner = next((path / name for name in sorted(TOKENIZERS, reverse=True) if (path / name).is_file()), None)
        if inner is None:
            raise BadInput(f"{path} holds neither a tokenizer.json nor a spiece.model: choose umt5-xxl's tokenizer.")
        path = inner
    network, _ = network_at(path)
    found = network if network.kind == "tokenizer" else tokenizer_inside(network)
    if found is None:
        raise BadInput(
            f"{name_of(network)} is {_KINDS[network.kind]} and has no tokenizer inside: choose a tokenizer.json, a "
            "spiece.model or a text encoder that has one."
        )
    return found
