"""A training step on latents from the cache against one that encodes its clips, as the authors' program does."""

import random
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import torch

from svi_studio.domain.training.events import StepTrained, TrainingEvent
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.engine.loading.model_part import load_part
from svi_studio.resource_files import resource_path
from tests.benchmarks.figure import Figure
from trainer.dataset.batches import SampleBatches
from trainer.dataset.clip_source import ClipSource
from trainer.dataset.prepare import Dataset
from trainer.erft.error_bank import SharedBank
from trainer.erft.step import ErftStep
from trainer.lora.adapter import add_adapter
from trainer.mini.clips import training_script
from trainer.paper_theatre.prompts import prompt_for
from trainer.paper_theatre.render import render
from trainer.run.loop import TrainingLoop
from trainer.run.state.run_folder import RunFolder

CLIPS = 4
STEPS = 9
CPU = torch.device("cpu")
GOAL = 1 / 1.2


def measure() -> list[Figure]:
    """The bundled model, one clip a step as the authors train: Shot and Film. Processor seconds, the median of a step.

    The clips lie in memory as frames: what decoding them would add is left out, in favour of the way without a cache.
    """
    return [figure for family in ("shot", "film") for figure in _compared(family)]


def _compared(family: str) -> list[Figure]:
    data = Dataset(_clips(), _recipe(family), resource_path("models", "svi-mini"), CPU)
    with TemporaryDirectory() as name:
        folder = Path(name)
        cached = _trained(data, data.cached(folder / "latents", _silent), folder / "cached")
    with TemporaryDirectory() as name:
        live = _trained(data, data.live(Path(name) / "inputs", _silent), Path(name))
    ratio = cached.seconds / live.seconds
    difference = max(abs(a - b) for a, b in zip(cached.losses, live.losses, strict=True))
    details = {
        "cached_ms": round(1000 * cached.seconds, 1),
        "encoding_ms": round(1000 * live.seconds, 1),
        "faster": round(1 / ratio, 2),
    }
    losses = {"cached": cached.losses, "encoding": live.losses}
    return [
        Figure(f"{family}: training step with cache / without", ratio, GOAL, "x", details),
        Figure(f"{family}: difference of the losses with cache and without", difference, 0.0, "", losses),
    ]


class _Clock:
    """Hears the training, and notes losses and the processor time between steps."""

    def __init__(self) -> None:
        self.losses: list[float] = []
        self._times = [time.process_time()]

    def __call__(self, event: TrainingEvent) -> None:
        if isinstance(event, StepTrained):
            self.losses.append(event.loss)
            self._times.append(time.process_time())

    @property
    def seconds(self) -> float:
        """The median of a step after the first, in which everything starts."""
        return statistics.median(b - a for a, b in zip(self._times[1:], self._times[2:], strict=False))


def _trained(data: Dataset, batches: SampleBatches, folder: Path) -> _Clock:
    transformer = load_part(data.model, "transformer", CPU, torch.float32)
    recipe = data.recipe
    add_adapter(transformer, recipe.lora, torch.Generator().manual_seed(recipe.seed))
    bank = SharedBank.create(recipe.errors, folder / "bank", seed=recipe.seed)
    step = ErftStep(recipe.errors, bank, seed=recipe.seed)
    clock = _Clock()
    TrainingLoop(recipe, transformer, batches, step, RunFolder(folder), tell=clock).run()
    return clock


def _recipe(family: str) -> TrainingRecipe:
    preset = resource_path("training", f"{family}-mini.json")
    recipe = TrainingRecipe.model_validate_json(preset.read_bytes())
    data = recipe.data.model_copy(update={"variants": STEPS // CLIPS + 1})  # enough that nothing comes twice
    return recipe.model_copy(update={"data": data, "steps": STEPS, "save_every": STEPS, "batch_size": 1})


def _clips() -> list[ClipSource]:
    rng = random.Random(0)
    return [_clip(number, rng) for number in range(CLIPS)]


def _clip(number: int, rng: random.Random) -> ClipSource:
    script = training_script(rng)
    frames = render(script)
    return ClipSource(f"clip {number}", f"clip {number}", len(frames), prompt_for(script, rng), lambda _rng: frames)


def _silent(_event: object) -> None:
    pass
