"""One training from its recipe to its LoRA: the footage, the cache, the model, the bank, the loop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.events import PreparationStage, Preparing, Tell, VideosCame
from svi_studio.domain.training.footage import FOOTAGE_FILE, is_cut_for
from svi_studio.media.footage_file import read_footage
from svi_studio.weights.catalogue import find_model
from svi_studio.weights.lora_start import check_starts
from svi_studio.weights.model_folder import read_card
from svi_studio.weights.trainable import check_trainable
from trainer.dataset.fill_cache import Share, release_memory
from trainer.dataset.held_out import ClipSets, clip_sets
from trainer.dataset.prepare import Dataset
from trainer.erft.error_bank import SharedBank
from trainer.erft.sized_banks import SizedBanks
from trainer.erft.step import ErftStep
from trainer.evaluation.test_film import TestFilms
from trainer.evaluation.validation import Validation, prepare_validation
from trainer.footage.scan import scan
from trainer.footage.videos.shape import Shape
from trainer.footage.videos.video_folder import came_since
from trainer.run.control import TrainingControl
from trainer.run.control_part import control_part
from trainer.run.loop import Hooks, TrainingLoop
from trainer.run.parts import Part, parts_of
from trainer.run.state.processes import Processes
from trainer.run.state.run_folder import RunFolder
from trainer.run.state.run_log import RunLog
from trainer.run.transformer.learning_transformer import load_for_training, velocity_for_training
from trainer.run.transformer.waiting_expert import other_expert
from trainer.run.written_lora import write_lora

if TYPE_CHECKING:
    from svi_studio.domain.film.architecture import Expert
    from svi_studio.domain.training.recipe import TrainingRecipe
    from trainer.dataset.clip_source import ClipSource

CACHE = "cache"
BANK = "bank"


@dataclass(frozen=True)
class _Checks:
    """What says how the training goes, where the recipe wants it."""

    validation: Validation | None
    films: TestFilms | None


@dataclass(frozen=True)
class Session:
    """A training of ``recipe`` (its paths absolute) in the folder ``run``, on ``device``."""

    recipe: TrainingRecipe
    run: RunFolder
    device: torch.device
    processes: Processes
    tell: Tell
    control: TrainingControl

    def train(self) -> bool:
        """Does everything that is missing; False when it was stopped. Raises StudioError, Stopped while preparing."""
        recipe, processes = self.recipe, self.processes
        if processes.is_main:
            self._begin()
        model = find_model(recipe.model)
        check_trainable(model, recipe)
        check_starts(model, recipe, self._begun())
        clips = self._clips(model)
        dataset = Dataset(clips.learned, recipe, model, self.device, Share(processes.rank, processes.count))
        if recipe.has_control and not self._train_control(dataset, clips, model):
            return False
        for part in parts_of(recipe, self.run, self.tell, is_main=processes.is_main):
            if processes.from_main(recipe.parts and part.is_over):
                continue
            if not self._train_part(part, dataset, clips, model):
                return False
            release_memory()  # one expert is gone before the next one comes
        return True

    def _begin(self) -> None:
        """Makes the folder, or goes on in it; its log keeps what was changed, before that counts."""
        changed = self.run.change_to(self.recipe)
        self.run.check_footage(self.recipe)
        if changed is not None:
            RunLog(self.run.log, self.run.disk).write(changed)
            self.tell(changed)
        self.run.move_footage(self.recipe)
        self.run.begin(self.recipe)

    def _begun(self) -> list[Expert]:
        """The parts that have a checkpoint, so that what they started from may be gone."""
        if not self.recipe.parts:
            return ["both"] if self.run.has_checkpoints else []
        return [expert for expert in self.recipe.parts if self.run.part(expert).has_checkpoints]

    def _train_control(self, dataset: Dataset, clips: ClipSets, model: Path) -> bool:
        """Trains the LoRA without errors that this one is compared with; False when it was stopped."""
        part = control_part(self.recipe, self.run, self.tell)
        if self.processes.from_main(part.is_over):
            return True
        without = replace(dataset, recipe=part.recipe)
        is_done = self._train_part(part, without, clips, model)
        release_memory()
        return is_done

    def _train_part(self, part: Part, dataset: Dataset, clips: ClipSets, model: Path) -> bool:
        """Trains one transformer; False when it was stopped."""
        recipe = part.recipe
        checks = self._checks(part, model, clips)
        batches = dataset.batches(self.run.folder / CACHE, self.tell, lambda: self.control.ends)
        which = "" if recipe.expert == "both" else f", {recipe.expert}-noise expert"
        self.tell(Preparing(PreparationStage.MODEL, name=f"{recipe.model}{which}"))
        transformer = load_for_training(recipe, model, self.device, is_new=not part.run.has_checkpoints)
        loop = TrainingLoop(
            recipe,
            transformer,
            batches,
            ErftStep(recipe.errors, self._memory(part), seed=recipe.seed, noise=recipe.noise),
            part.run,
            tell=part.tell,
            control=self.control,
            velocity=velocity_for_training(recipe, transformer),
            hooks=self._hooks(part, transformer, model, checks, len(clips.learned)),
            clips=len(clips.learned),
            processes=self.processes,
        )
        return loop.run()

    def _clips(self, model: Path) -> ClipSets:
        """The footage of the run, scanned now if nobody has done it."""
        if self.processes.is_main and not self._is_scanned():
            if not self.recipe.footage:
                raise BadInput("The recipe names no footage: set footage to the folder with your videos.")
            scan(Path(self.recipe.footage), Shape.of(self.recipe), self.run.folder, self.tell)
        elif self.processes.is_main:
            self._tell_of_new_videos()
        resize = read_card(model).skeleton_resize
        if self.processes.is_main:
            clip_sets(read_footage(self.run.folder), self.recipe, self.run.folder, resize, keep=True)
        self.processes.all_of(None)  # the others read what the first has written
        return clip_sets(read_footage(self.run.folder), self.recipe, self.run.folder, resize)

    def _tell_of_new_videos(self) -> None:
        """A training keeps the clips that it began with: videos that came later are worth a word."""
        footage, folder = read_footage(self.run.folder), Path(self.recipe.footage)
        if count := came_since(folder, footage):
            known = len({clip.source for clip in footage.clips if clip.is_used})
            self.tell(VideosCame(folder, count, known))

    def _is_scanned(self) -> bool:
        """Whether the run has footage that was cut for this recipe."""
        if not (self.run.folder / FOOTAGE_FILE).exists():
            return False
        return is_cut_for(read_footage(self.run.folder), self.recipe)

    def _checks(self, part: Part, model: Path, clips: ClipSets) -> _Checks:
        """What looks at the training from outside, made ready before the transformer fills the memory."""
        if not self.processes.is_main:
            return _Checks(None, None)
        held_out = Dataset(clips.held_out, part.recipe, model, self.device)
        validation = prepare_validation(held_out, self.run.folder / CACHE, self.tell, lambda: self.control.ends)
        return _Checks(validation, self._test_films(part, model, clips.shown))

    def _test_films(self, part: Part, model: Path, clips: Sequence[ClipSource]) -> TestFilms:
        films = TestFilms(
            part.recipe,
            model,
            part.run,
            clips,
            device=self.device,
            tell=self.tell,
            should_stop=lambda: self.control.ends,
            other=other_expert(part.recipe, model, self.device, part.trained_before),
            arm=part.arm,
        )
        if part.recipe.evaluation.every:  # else they may be asked for all the same, while the training goes on
            films.prepare()
        return films

    def _memory(self, part: Part) -> SharedBank | SizedBanks | None:
        errors = part.recipe.errors
        if not errors.has_bank:
            return None
        folder = part.run.folder / BANK / f"process-{self.processes.rank}"
        kind = SharedBank if part.recipe.data.shapes == "one" else SizedBanks
        return kind.create(errors, folder, seed=part.recipe.seed)

    def _hooks(self, part: Part, transformer: Any, model: Path, checks: _Checks, clips: int) -> Hooks:
        def export(_path: Path, step: int) -> None:
            write_lora(part, transformer, model, step=step, clips=clips)

        films = checks.films
        evaluate = None if films is None else lambda step: films.evaluate(transformer, step)
        return Hooks(export, evaluate, checks.validation)
