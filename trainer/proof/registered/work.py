"""What has to be done, as tasks: train a LoRA, film a section with it, heal; several processes share them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from filelock import FileLock

from svi_studio.disk.atomic import atomic_write
from svi_studio.domain.film.family import family
from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.lora.apply import apply_loras
from svi_studio.weights.lora_in_use import LoraInUse
from trainer.erft.error_bank import SharedBank
from trainer.erft.step import ErftStep
from trainer.lora.adapter import add_adapter
from trainer.lora.card import training_card
from trainer.lora.export import export_lora
from trainer.mini.short_texts import use_short_text
from trainer.paper_theatre.looks import LOOKS
from trainer.paper_theatre.render import render_still
from trainer.proof.halves import in_halves
from trainer.proof.registered.autoencoder import AUTOENCODER, AutoencoderAlone, resting
from trainer.proof.registered.costs import SECONDS_A_COPY, SECONDS_A_TRIP, filming_hours, training_hours
from trainer.proof.registered.filming import BESIDE, Filming, filmings, healing_name, heals
from trainer.proof.registered.films import HANDED, Films, figures_of
from trainer.proof.registered.making import making, settle
from trainer.proof.registered.naive import naive_clips
from trainer.proof.registered.sections import BASE, Section, sections
from trainer.proof.registered.storyboards import FILMED, KINDS, NOISE, TRIED_BOARDS
from trainer.proof.roll_out import RollOut
from trainer.proof.tasks import Task, say
from trainer.proof.theatre_batches import TheatreBatches
from trainer.proof.theatre_clips import TheatreClips
from trainer.run.loop import Hooks, TrainingLoop
from trainer.run.state.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from svi_studio.engine.loading.wan_models import WanModels
    from trainer.paper_theatre.scenes import Pixels
    from trainer.proof.boards import Board
    from trainer.proof.registered.settings import Sizes, Training

SEED_OF_CLIPS = 70


class RegisteredProof:
    """All tasks of the proof in one ``folder``, for the model folder ``model``."""

    def __init__(
        self,
        folder: Path,
        model: Path,
        sizes: Sizes,
        *,
        device: str = "cpu",
        compiled: bool = False,
        halves: bool = False,
        which: str = FILMED,
    ) -> None:
        """``which`` storyboards: `FILMED`, or `TRIED` to try something on. ``halves``: products in bfloat16."""
        self.folder, self.sizes, self.which, self.model = folder, sizes, which, model
        self._device, self._compiled, self._halves = torch.device(device), compiled, halves
        self.made = making(device, halves=halves)

    def tasks(self, sections: Sequence[Section] | None = None) -> Iterator[Task]:
        """In the order in which they should be done: a section's films as soon as its trainings are there.

        Only of ``sections`` where they are given, with all the trainings that these need.
        """
        trained: set[str] = set()
        for section in self.sections() if sections is None else sections:
            for filming in filmings(section):
                if filming.training and filming.training.name not in trained:
                    trained.add(filming.training.name)
                    yield self._training(filming.training)
                yield self._filming(filming)
            yield from self._beside(section)
            yield from self._healing(section)

    def sections(self) -> tuple[Section, ...]:
        """Of the page; of fewer storyboards where something is only tried."""
        made = sections(self.sizes)
        if self.which == FILMED:
            return made
        return tuple(replace(section, boards=min(section.boards, TRIED_BOARDS)) for section in made)

    def boards(self, section: Section) -> tuple[Board, ...]:
        """A section's storyboards, always the same."""
        return KINDS[section.kind](self.which, section.boards, section.clips)

    def films(self, name: str) -> Path:
        """Where the figures of a `Filming`, of naive films or of healed ones lie."""
        return self.folder / self.which / f"{name}.safetensors"

    def lora(self, training: Training) -> Path:
        """Where a trained LoRA lies."""
        return RunFolder(self.run(training)).lora(training.name)

    def run(self, training: Training) -> Path:
        """The folder of a training."""
        return self.folder / "runs" / training.name

    def begin(self) -> None:
        """Before any work: raises BadInput where the folder holds what was made in another way."""
        settle(self.folder, self.made)

    def _training(self, training: Training) -> Task:
        done = self.run(training) / "done.json"
        hours = training_hours(training)
        return Task(f"train {training.name}", done, (), done.exists, lambda: self._train(training, done), hours=hours)

    def _filming(self, filming: Filming) -> Task:
        path, section = self.films(filming.name), filming.section
        return Task(
            f"film {filming.name}",
            path,
            self._needs(filming),
            lambda: Films(path).done >= section.clips,
            lambda: self._film(filming, path),
            hours=filming_hours(section.boards, section.clips),
        )

    def _needs(self, filming: Filming) -> tuple[Path, ...]:
        return () if filming.training is None else (self.run(filming.training) / "done.json",)

    def _beside(self, section: Section) -> Iterator[Task]:
        """Films that need no model after their first clip, and those of the autoencoder alone."""
        for name in BESIDE if section.naive else ():
            path = self.films(f"{section.name}/{name}")
            film = self._film_stills if name == AUTOENCODER else self._film_naively

            def run(name: str = name, path: Path = path, film: Callable[..., None] = film) -> None:
                film(section, name, path)

            def done(path: Path = path) -> bool:
                return Films(path).done >= section.clips

            seconds = SECONDS_A_TRIP if name == AUTOENCODER else SECONDS_A_COPY
            hours = filming_hours(section.boards, section.clips, seconds)
            yield Task(f"film {section.name}/{name}", path, (), done, run, hours=hours)

    def _healing(self, section: Section) -> Iterator[Task]:
        """The base's own last frames, handed to every arm of Shot."""
        source = self.films(f"{section.name}/{BASE}")
        for filming in heals(section):
            for clip in HANDED:
                if clip + self.sizes.healing_clips <= section.clips:
                    yield self._heal_task(filming, clip, source)

    def _heal_task(self, filming: Filming, clip: int, source: Path) -> Task:
        path, clips = self.films(healing_name(filming, clip)), self.sizes.healing_clips
        return Task(
            f"heal {path.parent.name}/{path.stem}",
            path,
            (source, *self._needs(filming)),
            lambda: Films(path).done >= clips,
            lambda: self._heal(filming, clip, source, path),
            lambda: clip in Films(source).shown,
            filming_hours(self._healed_boards(filming.section), clips),
        )

    def _healed_boards(self, section: Section) -> int:
        return min(self.sizes.healed_boards, section.boards)

    def _train(self, training: Training, done: Path) -> None:
        models, rules = self._models(), training.recipe
        add_adapter(models.transformer, rules.lora, torch.Generator().manual_seed(rules.seed))
        use_short_text(models)
        models.transformer.train()
        batches = TheatreBatches(
            self._clips(training.look),
            models,
            family(rules.family),
            rules.batch_size,
            handcrafted=training.handcrafted,
            any_anchor=training.any_anchor,
            order=f"{rules.seed} ",
        )
        errors = rules.errors
        bank = SharedBank(errors.grids, errors.capacity, errors.replacement) if errors.has_bank else None
        run = RunFolder(done.parent)

        def export(path: Path, at: int) -> None:
            card = training_card(rules, self.model, steps=at, clips=self.sizes.training_clips)
            export_lora(path, models.transformer, card)

        step = ErftStep(errors, bank, seed=rules.seed)
        loop = TrainingLoop(rules, models.transformer, batches, step, run, tell=say, hooks=Hooks(export=export))
        with run.held():
            if loop.run():
                atomic_write(done, json.dumps({"steps": loop.step} | self.made).encode() + b"\n")

    @torch.no_grad()
    def _film(self, filming: Filming, path: Path) -> None:
        section, films = filming.section, Films(path, self.made)
        boards, roll_out = self.boards(section), self._roll_out(filming)
        for clip in roll_out.clips(boards, section.clips, first=films.done, tail=films.tail):
            self._keep(films, section, boards, clip.frames, motion=filming.profile.num_motion_frames)
            print(f"{filming.name}: clip {films.done} of {section.clips}", flush=True)

    def _keep(self, films: Films, section: Section, boards: Sequence[Board], frames: Pixels, motion: int = 1) -> None:
        """Measures and keeps the next clip, and all frames of the last one."""
        clip = films.done + 1
        rows = figures_of(boards, clip, frames, films.tail, section.look)
        films.add(rows, frames, frames[:, -motion:], whole=clip == section.clips)

    @torch.no_grad()
    def _film_naively(self, section: Section, name: str, path: Path) -> None:
        films, boards = Films(path, self.made), self.boards(section)
        first = next(iter(self._roll_out(Filming(section, section.arms[0], None)).clips(boards, 1))).frames
        for clip in range(films.done + 1, section.clips + 1):
            self._keep(films, section, boards, naive_clips(name, first, clip, boards, section.look))

    @torch.no_grad()
    def _film_stills(self, section: Section, _name: str, path: Path) -> None:
        """What the autoencoder alone makes of the start pictures, which are the truth of these films."""
        films, boards = Films(path, self.made), resting(self.boards(section))
        alone, show = AutoencoderAlone(self._models()), LOOKS[section.look]
        stills = np.stack([show(render_still(board.scripts[0].start)) for board in boards])
        while films.done < section.clips:
            self._keep(films, section, boards, alone.clip(stills if films.tail is None else films.tail[:, -1]))

    @torch.no_grad()
    def _heal(self, filming: Filming, clip: int, source: Path, path: Path) -> None:
        """Films some clips after clip ``clip`` of the base's films, from its last frames."""
        count = self._healed_boards(filming.section)
        boards = self.boards(filming.section)[:count]
        films = Films(path, self.made)
        handed = Films(source).shown[clip][:count, None]
        tail = handed if films.tail is None else films.tail
        for made in self._roll_out(filming).clips(
            boards, clip + self.sizes.healing_clips, first=clip + films.done, tail=tail
        ):
            rows = figures_of(boards, made.number + 1, made.frames, tail, filming.section.look)
            tail = np.ascontiguousarray(made.frames[:, -1:])
            films.add(rows, made.frames, tail)

    def _roll_out(self, filming: Filming) -> RollOut:
        models = self._models()
        if filming.training:
            apply_loras(models, [LoraInUse(self.lora(filming.training), filming.arm.strength)])
        return RollOut(
            models,
            filming.profile,
            compiled=self._compiled,
            look=filming.section.look,
            noise=NOISE[self.which],
        )

    def _models(self) -> WanModels:
        models = load_models(self.model, device=self._device)
        if self._halves:
            in_halves(models.transformer)
        return models

    def _clips(self, look: str) -> TheatreClips:
        path = self.folder / f"clips-{look or 'plain'}.safetensors"
        models = load_models(self.model, device=torch.device("cpu"))
        with FileLock(path.with_suffix(".lock")):
            return TheatreClips.load_or_encode(path, models, self.sizes.training_clips, SEED_OF_CLIPS, look)
