"""The blocks of an expert that was read are laid side by side once, with what LoRAs have beside them."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import torch

from svi_studio.domain.film.family import FAMILIES
from svi_studio.domain.render.memory_plan import MemoryPlan, OtherExpert
from svi_studio.engine.chain.render_job import ready_models
from svi_studio.engine.loading.model_part import find_part
from svi_studio.engine.memory import block_stream
from svi_studio.engine.memory.pinned import host_room
from svi_studio.weights.lora_in_use import LoraInUse
from tests.builders.fake_card import FakeCard
from tests.builders.linked_models import link_to_comfy, round_weights
from tests.builders.tiny_models import build_tiny_model, build_two_experts
from tests.engine.lora_files import random_lora, write_lora
from tests.engine.memory.test_plans import CHAIN, TEXTS, alike, made

WIDE = {"attention_head_dim": 128, "ffn_dim": 256, "num_layers": 3}
RESIDENT, STREAMED = 1, 2
FP8 = {"transformer": "fp8-1", "transformer_2": "fp8-1"}


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("two")
    return link_to_comfy(round_weights(build_two_experts(place / "wide", **WIDE)), place, FP8)


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("one")
    wide = build_tiny_model(place / "wide", **WIDE, added_kv_proj_dim=256)
    return link_to_comfy(round_weights(wide), place, {"transformer": "fp8-1"})


@pytest.fixture
def rooms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Bytes of each piece of memory that blocks were packed into, in that order."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    asked: list[int] = []

    def counted(size: int, device: torch.device) -> torch.Tensor:
        asked.append(size)
        return host_room(size, device)

    monkeypatch.setattr(block_stream, "host_room", counted)
    return asked


def two_loras(folder: Path, place: Path) -> Sequence[LoraInUse]:
    outline = find_part(folder, "transformer").outline
    files = (write_lora(place / f"{seed}.safetensors", random_lora(outline, seed=seed)) for seed in (1, 2))
    return [LoraInUse(path, 0.5) for path in files]


@pytest.mark.parametrize(("other", "changes"), [("read_again", 4), ("waiting", 2)])
def test_each_expert_that_is_read_is_packed_once(
    two: Path, rooms: list[int], tmp_path: Path, other: OtherExpert, changes: int
) -> None:
    loras = two_loras(two, tmp_path)
    expected = made(ready_models(two, loras, "cpu"), FAMILIES["pro"], *CHAIN)
    assert not rooms, "nothing is streamed where all of it stays"
    plan = MemoryPlan(resident_blocks=RESIDENT, other_expert=other, text_encoder="while_working", vae="while_working")
    models = ready_models(two, loras, FakeCard(), plan=plan, texts=TEXTS)
    assert len(rooms) == STREAMED, "the first expert lies as its plan says before the first clip"
    assert alike(made(models, FAMILIES["pro"], *CHAIN), expected)
    assert len(rooms) == changes * STREAMED
    assert len(set(rooms)) == 1, "no block was packed without its LoRAs"


def test_the_only_transformer_is_packed_once(one: Path, rooms: list[int], tmp_path: Path) -> None:
    loras = two_loras(one, tmp_path)
    expected = made(ready_models(one, loras, "cpu"), FAMILIES["film"], *CHAIN)
    plan = MemoryPlan(resident_blocks=RESIDENT, text_encoder="while_working")
    models = ready_models(one, loras, FakeCard(), plan=plan, texts=TEXTS)
    assert alike(made(models, FAMILIES["film"], *CHAIN), expected)
    assert len(rooms) == STREAMED
