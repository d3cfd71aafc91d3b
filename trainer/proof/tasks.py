"""The work of the proof as tasks: train an arm, film a benchmark; several processes share them, each can be stopped."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from filelock import FileLock, Timeout

from svi_studio.disk.atomic import atomic_write
from svi_studio.domain.film.family import family
from svi_studio.domain.training.events import StepTrained, TrainingEvent
from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.engine.lora.apply import apply_loras
from svi_studio.weights.lora_in_use import LoraInUse
from trainer.erft.error_bank import SharedBank
from trainer.erft.step import ErftStep
from trainer.lora.adapter import add_adapter
from trainer.lora.card import training_card
from trainer.lora.export import export_lora
from trainer.mini.short_texts import use_short_text
from trainer.proof.arms import TRUTH, Arm, Sizes, ablation_arms, look_arms, main_arms, strength_arms
from trainer.proof.films import Benchmark, Filmed, film, film_truth
from trainer.proof.roll_out import RollOut
from trainer.proof.theatre_batches import TheatreBatches
from trainer.proof.theatre_clips import TheatreClips
from trainer.run.loop import Hooks, TrainingLoop
from trainer.run.state.run_folder import RunFolder

SEED_OF_CLIPS = 7


@dataclass(frozen=True)
class Task:
    """``run`` makes the file ``makes``, going on where it was stopped, once all of ``needs`` are there.

    ``is_able``: whether they hold what it needs. ``hours``: of one core, from nothing; 0 where nobody has measured.
    """

    name: str
    makes: Path
    needs: tuple[Path, ...]
    is_done: Callable[[], bool]
    run: Callable[[], None]
    is_able: Callable[[], bool] = lambda: True
    hours: float = 0.0


class Proof:
    """All tasks of the proof in one folder, for the model folder ``model``."""

    def __init__(self, folder: Path, model: Path, sizes: Sizes, *, compiled: bool = False) -> None:
        self.folder, self.sizes = folder, sizes
        self._model, self._compiled = model, compiled

    def benchmarks(self) -> Iterator[tuple[Arm, Benchmark]]:
        """Every film of the proof, the most telling first."""
        s = self.sizes
        for kind, name in (("consistent", "film"), ("creative", "film"), ("consistent", "shot")):
            for arm in main_arms(name, s):
                yield arm, Benchmark(kind, s.boards, s.clips)
        for arm in look_arms(s):
            yield arm, Benchmark("consistent", s.boards, s.clips, arm.look)
        for arm in (*ablation_arms(s), *strength_arms(s)):
            yield arm, Benchmark("consistent", s.boards, s.ablation_clips)

    def tasks(self) -> Iterator[Task]:
        """Trainings and films in the order in which they should be done."""
        trained: set[str] = set()
        for arm, benchmark in self.benchmarks():
            if arm.lora and arm.lora not in trained:
                trained.add(arm.lora)
                yield self._training(arm)
            yield self._filming(arm, benchmark)

    def film_path(self, arm: Arm, benchmark: Benchmark) -> Path:
        """Where the figures of an arm's films lie."""
        return self.folder / "films" / f"{arm.family}-{benchmark.name}-{benchmark.clips}-{arm.name}.safetensors"

    def truth(self, benchmark: Benchmark) -> Path:
        """The truth's figures, made when they are not there."""
        path = self.folder / "films" / f"{TRUTH}-{benchmark.name}-{benchmark.clips}.safetensors"
        film_truth(benchmark, path)
        return path

    def lora_path(self, arm: Arm) -> Path:
        """The trained LoRA of an arm."""
        return RunFolder(self.folder / "runs" / arm.lora).lora(arm.lora)

    def training_mark(self, arm: Arm) -> Path:
        """A file that is there once the LoRA of an arm is trained to its end."""
        return self.folder / "runs" / arm.lora / "done.json"

    def _training(self, arm: Arm) -> Task:
        path = self.training_mark(arm)
        return Task(f"train {arm.lora}", path, (), path.exists, lambda: self._train(arm, path))

    def _filming(self, arm: Arm, benchmark: Benchmark) -> Task:
        path = self.film_path(arm, benchmark)
        needs = (self.training_mark(arm),) if arm.lora else ()

        return Task(
            f"film {path.stem}",
            path,
            needs,
            lambda: Filmed(path).done >= benchmark.clips,
            lambda: self._film(arm, benchmark, path),
        )

    def _train(self, arm: Arm, done: Path) -> None:
        assert arm.recipe is not None
        models = self._models()
        add_adapter(models.transformer, arm.recipe.lora, torch.Generator().manual_seed(arm.recipe.seed))
        use_short_text(models)
        models.transformer.train()
        batches = TheatreBatches(
            self._clips(models, arm.look),
            models,
            family(arm.family),
            arm.recipe.batch_size,
            handcrafted=arm.handcrafted,
            handed_off=arm.handed_off,
        )
        recipe, errors = arm.recipe, arm.recipe.errors
        bank = SharedBank(errors.grids, errors.capacity, errors.replacement) if errors.enabled else None
        step = ErftStep(errors, bank, seed=arm.recipe.seed)
        run = RunFolder(done.parent)

        def export(path: Path, at: int) -> None:
            card = training_card(recipe, self._model, steps=at, clips=self.sizes.training_clips)
            export_lora(path, models.transformer, card)

        loop = TrainingLoop(recipe, models.transformer, batches, step, run, tell=say, hooks=Hooks(export=export))
        with run.held():
            if loop.run():
                atomic_write(done, json.dumps({"steps": loop.step}).encode() + b"\n")

    def _film(self, arm: Arm, benchmark: Benchmark, path: Path) -> None:
        models = self._models()
        if arm.lora:
            apply_loras(models, [LoraInUse(self.lora_path(arm), arm.strength)])
        profile = family(arm.family)
        with torch.no_grad():
            film(
                RollOut(models, profile, compiled=self._compiled, look=benchmark.look),
                benchmark,
                path,
                motion_frames=profile.num_motion_frames,
            )

    def _models(self) -> WanModels:
        return load_models(self._model, device=torch.device("cpu"))

    def _clips(self, models: WanModels, look: str) -> TheatreClips:
        path = self.folder / ("-".join(filter(None, ("clips", look))) + ".safetensors")
        with FileLock(path.with_suffix(".lock")):
            return TheatreClips.load_or_encode(path, models, self.sizes.training_clips, SEED_OF_CLIPS, look)


def say(event: TrainingEvent) -> None:
    """Prints how far a training is, now and then."""
    if isinstance(event, StepTrained) and event.step % 50 == 0:
        left = (event.seconds_left or 0) / 60
        print(f"step {event.step} of {event.steps}, loss {event.loss:.4f}, {left:.1f} min left", flush=True)


def work(tasks: list[Task]) -> None:
    """Does what is left of ``tasks``; those that another process has in hand are left to it."""
    while True:
        left = [task for task in tasks if not task.is_done()]
        able = [task for task in left if all(need.exists() for need in task.needs) and task.is_able()]
        if not any(_do(task) for task in able):
            return


def _do(task: Task) -> bool:
    """Does a task unless another process does it; whether it was done here."""
    task.makes.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(task.makes.with_suffix(".lock"), timeout=0):
            if task.is_done():
                return False
            print(f"{task.name} ...", flush=True)
            task.run()
            return True
    except Timeout:
        return False
