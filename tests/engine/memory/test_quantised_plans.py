"""Quantised blocks are streamed as their files store them, with LoRAs beside them: the same bits by every plan."""

from pathlib import Path

import pytest
import torch

from svi_studio.domain.film.family import FAMILIES
from svi_studio.domain.render.memory_plan import MemoryPlan
from svi_studio.engine.chain.render_job import ready_models
from svi_studio.engine.loading.quantised_linear import QuantisedLinear
from svi_studio.engine.lora.apply import apply_loras
from svi_studio.engine.memory.packed import tensors
from svi_studio.weights.lora_in_use import LoraInUse
from tests.builders.fake_card import FakeCard
from tests.builders.linked_models import link_to_comfy, round_weights
from tests.builders.tiny_models import build_tiny_model
from tests.engine.lora_files import random_lora, write_lora
from tests.engine.memory.test_plans import TEXTS, alike, clip, made

WIDE = {"attention_head_dim": 128, "ffn_dim": 256, "added_kv_proj_dim": 256, "num_layers": 3}
SMALL = MemoryPlan(
    resident_blocks=0,
    text_encoder="while_working",
    image_encoder="processor",
    vae="while_working",
    branches_at_once=True,
)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return round_weights(build_tiny_model(tmp_path_factory.mktemp("models") / "wide", **WIDE))


@pytest.mark.parametrize("form", ["fp8-1", pytest.param("Q5_K", marks=pytest.mark.slow)])
def test_a_quantised_model_films_the_same_by_a_plan_that_streams_it(
    plain: Path, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = link_to_comfy(plain, tmp_path, {"transformer": form})
    card = FakeCard()
    resident = ready_models(folder, (), "cpu")
    streamed = ready_models(folder, (), card, plan=SMALL, texts=TEXTS)
    lora = LoraInUse(write_lora(tmp_path / "lora.safetensors", random_lora_of(plain)), 0.7)
    for loras in ([lora], []):
        for models in (resident, streamed):
            apply_loras(models, loras)
        assert alike(made(streamed, FAMILIES["film"], clip()), made(resident, FAMILIES["film"], clip()))
    block = streamed.transformer.blocks[0]
    assert any(isinstance(module, QuantisedLinear) for module in block.modules())
    wide = sum(tensor.nbytes for _, _, tensor in tensors(block) if tensor.ndim == 2)
    assert wide < 3 * 256 * 256, "all that is left in more than a byte a value is small"
    assert card.rooms[-1] < 1.2 * sum(tensor.nbytes for _, _, tensor in tensors(block))


def random_lora_of(folder: Path) -> dict[str, torch.Tensor]:
    return random_lora(ready_models(folder, (), "cpu").transformer, seed=3)
