"""What the preflight counts for test films is what filming takes: every storage, from its birth on."""

from pathlib import Path

import pytest
import torch

from svi_studio.domain.training.cost import training_cost
from svi_studio.domain.training.drift import read_drift
from svi_studio.domain.training.phases import CARD_LIBRARIES, PhaseName
from svi_studio.domain.training.recipe import EvaluationRecipe, LoraRecipe, MemoryRecipe
from svi_studio.engine.memory.card import Card
from svi_studio.weights.model_size import read_model_size
from tests.builders.counted_memory import CountedMemory
from tests.builders.tiny_models import build_tiny_model
from tests.trainer.evaluation.small_films import films_of, learning_transformer, recipe
from trainer.run.transformer.learning_transformer import load_for_training

MID = {"num_attention_heads": 8, "attention_head_dim": 64, "ffn_dim": 1408, "num_layers": 3, "added_kv_proj_dim": 512}


def test_a_test_film_takes_no_more_than_the_preflight_counts(tmp_path: Path) -> None:
    card = {"num_inference_steps": 1, "guidance_scale": 2.0}
    model = build_tiny_model(tmp_path / "mid", card=card, **MID)
    made = recipe(
        model=str(model),
        lora=LoraRecipe(rank=4, alpha=4.0),
        memory=MemoryRecipe(base_precision="float32", gradient_checkpointing=False),
        evaluation=EvaluationRecipe(clips=1, every=100),
    )
    cost = training_cost(made, read_model_size(model), clips=1)
    (filming,) = (phase for phase in cost.card_phases if phase.name == PhaseName.FILMING)
    counted = filming.bytes - next(part.bytes for part in filming.parts if part.name == CARD_LIBRARIES)
    films = films_of(model, tmp_path / "run", recipe=made)
    films.prepare()
    with CountedMemory("cpu") as memory:
        films.evaluate(load_for_training(made, model, torch.device("cpu")), 100)
    assert 0.5 * counted < memory.peak < counted


def test_clip_is_on_a_card_only_while_it_looks(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = films_of(tiny_model, tmp_path / "plain").evaluate(learning_transformer(tiny_model), 100)
    held: list[torch.Tensor] = []

    def hold(_card: Card, tensor: torch.Tensor) -> torch.Tensor:
        held.append(tensor)
        return tensor.clone()

    monkeypatch.setattr(Card, "is_apart", property(lambda _card: True))
    monkeypatch.setattr(Card, "hold", hold)
    apart = films_of(tiny_model, tmp_path / "apart").evaluate(learning_transformer(tiny_model), 100)
    assert held
    figures = [read_drift((folder / "drift.json").read_bytes()).arms for folder in (plain, apart)]
    assert figures[0] == figures[1]
