"""A LoRA in training beside the weights, and a step of Error-Recycling Fine-Tuning, on the same random transformer."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import torch

from svi_studio.domain.training.recipe import ErrorRecycling, LoraRecipe, OptimizerRecipe
from tests.card.random_networks import Asked
from tests.card.row import Row, limited
from tests.card.size import CardSize, flops_of_forward
from tests.card.steps import STEPS, StepTimes, our_clip
from tests.card.stopwatch import peak_bytes, reset_peak, timed
from trainer.erft.batch import Batch
from trainer.erft.error_bank import SharedBank
from trainer.erft.step import ErftStep
from trainer.lora.adapter import add_adapter
from trainer.run.state.optimizer import build_optimizer
from trainer.run.transformer.learning_transformer import training_velocity

if TYPE_CHECKING:
    from tests.card.rates import Rates

MOST_OF_A_LORA = 1.05
SHARE_OF_PRODUCTS = 0.5
_WORK_OF_A_STEP = 4  # forwards: there, again from checkpoints, and back to the inputs, which costs as much as there
_ERRORS = ErrorRecycling(clean_probability=0.0, grids=2, capacity=4, warmup_steps=0)


def lora_rows(transformer: Any, size: CardSize, asked: Asked, device: torch.device) -> list[Row]:
    """A step with guidance without and with a LoRA that learns, by peft's adapter. The transformer keeps it."""
    bare = _step_seconds(transformer, asked, device)
    learning = add_adapter(transformer, LoraRecipe(rank=size.rank, alpha=size.rank), torch.Generator().manual_seed(3))
    for each in learning:
        each.data = each.data.to(asked.text.dtype)
    beside = _step_seconds(transformer, asked, device)
    return [
        limited(f"a step with a LoRA of rank {size.rank} in training / without", beside / bare, MOST_OF_A_LORA, "x")
    ]


def _step_seconds(transformer: Any, asked: Asked, device: torch.device) -> float:
    times = StepTimes(device)
    our_clip(transformer, asked, STEPS, times)
    return times.seconds


def training_rows(transformer: Any, size: CardSize, asked: Asked, device: torch.device, rates: Rates) -> list[Row]:
    """ERFT of the LoRA that is there already: one clip a step, blocks computed again on the way back."""
    learning = [each for each in transformer.parameters() if each.requires_grad]
    for each in learning:
        each.data = each.data.float()
    transformer.enable_gradient_checkpointing()
    transformer.train()
    optimizer = build_optimizer(learning, OptimizerRecipe())
    velocity = training_velocity(transformer)
    losses: list[float] = []
    with TemporaryDirectory() as name:
        step = ErftStep(_ERRORS, SharedBank.create(_ERRORS, Path(name), seed=0), seed=0)

        def train() -> None:
            loss = step.loss(velocity, _batch(asked, len(losses)), step=len(losses) + 1)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            losses.append(loss.item())

        reset_peak(device)
        seconds = timed(train, device, rounds=2).seconds
    share = _WORK_OF_A_STEP * flops_of_forward(size) / seconds / rates.product
    return [
        Row("a step of ERFT, one clip", f"{seconds:.3g} s, {peak_bytes(device) / 1e9:.3g} GB at most"),
        limited("its share of the rate of products", share, SHARE_OF_PRODUCTS, "", at_least=True),
        Row("its losses are numbers", f"{losses[0]:.3g} to {losses[-1]:.3g}", "finite", all(map(_finite, losses))),
    ]


def _batch(asked: Asked, number: int) -> Batch:
    latents = asked.noise.float() * 0.5
    return Batch(latents, asked.y.float(), asked.text, None, names=("random",), draws=(number,))


def _finite(value: float) -> bool:
    return value == value and abs(value) < float("inf")
