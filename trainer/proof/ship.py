"""Puts the ERFT LoRAs that help into the model's own folder, where films of their family find them."""

import json
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import safe_open

from svi_studio.disk.atomic import atomic_write
from svi_studio.domain.training.confidence import estimate
from svi_studio.engine.loading.safetensors_writer import safetensors_pieces
from svi_studio.weights.model_folder import CARD_FILE
from trainer.proof.arms import Arm, main_arms
from trainer.proof.films import Benchmark, Filmed
from trainer.proof.tables import gains
from trainer.proof.tasks import Proof

FOLDER = "loras"


def ship(proof: Proof, model: Path) -> tuple[str, ...]:
    """Copies the LoRAs that help into ``model``, in half precision, and names them in its card; gives their
    families.
    """
    shipped = {}
    for family in ("film", "shot"):
        base, _, erft, *_ = main_arms(family, proof.sizes)
        if helps(_films(proof, erft), _films(proof, base)):
            shipped[family] = proof.lora_path(erft)
    return put_into(model, shipped)


def put_into(model: Path, loras: Mapping[str, Path]) -> tuple[str, ...]:
    """Copies LoRAs, by family, into ``model`` in half precision, and names them in its card; gives their families."""
    shipped = {family: f"{FOLDER}/svi-{family}.safetensors" for family in loras}
    for family, relative in shipped.items():
        _copy_half(loras[family], model / relative)
    card = json.loads((model / CARD_FILE).read_text("utf-8"))
    card["family_loras"] = card.get("family_loras", {}) | shipped
    atomic_write(model / CARD_FILE, json.dumps(card, indent=2).encode() + b"\n")
    return tuple(shipped)


def helps(films: Filmed | None, base: Filmed | None) -> bool:
    """Whether the last clips of ``films`` are nearer to the truth than the model's alone, the whole 95 % interval."""
    if films is None or base is None:
        return False
    gain = estimate(gains(films, base, -1))
    return gain is not None and gain.low > 0


def _films(proof: Proof, arm: Arm) -> Filmed | None:
    """The films of one prompt that an arm has made to their end."""
    benchmark = Benchmark("consistent", proof.sizes.boards, proof.sizes.clips)
    filmed = Filmed(proof.film_path(arm, benchmark))
    return filmed if filmed.done >= benchmark.clips else None


def _copy_half(source: Path, target: Path) -> None:
    with safe_open(source, "pt") as file:
        tensors = {name: file.get_tensor(name).half() for name in file.keys()}  # noqa: SIM118 (not a dict)
        metadata = {name: text for name, text in file.metadata().items() if name != "format"}
    target.parent.mkdir(exist_ok=True)
    outline = {name: (torch.float16, tuple(tensor.shape)) for name, tensor in tensors.items()}
    atomic_write(target, safetensors_pieces(outline, tensors.values(), metadata))
