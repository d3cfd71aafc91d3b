"""Draws and encodes clips without end, as files in a folder; the oldest of a kind make room for new ones."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from svi_studio.engine.conditions.files import load_sound_encoder
from svi_studio.engine.denoising.clip_vision import picture_tokens
from svi_studio.engine.loading.model_folder import load_models
from trainer.mini.clips import to_video, training_script
from trainer.mini.hearing import heard, heard_part, silence
from trainer.mini.latent_pool import SAME_ANCHOR
from trainer.mini.lessons import LIKE_OTHERS, drawings_of
from trainer.mini.performances import drawn_performance
from trainer.paper_theatre.render import render_still
from trainer.paper_theatre.script import Script, another_still
from trainer.paper_theatre.skeleton_truth import as_of_others, skeleton_of
from trainer.paper_theatre.stage import FINE
from trainer.svi_theatre.clips import Kind, Stage, drawn_script
from trainer.svi_theatre.configuration import CELL, DRAWING_HEIGHT, DRAWING_WIDTH
from trainer.svi_theatre.lessons import SUFFIX, Lesson, write_lessons

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

    from trainer.mini.clips import Drawn
    from trainer.mini.principal_encoder import PrincipalEncoder
    from trainer.paper_theatre.script import Still

A_FILE = 32  # lessons
ORDER: tuple[Kind, ...] = ("action", "talk", "action", "dance", "action", "dance")
SUBJECT_WEIGHT, MOVING_WEIGHT, FAINT_WEIGHT = 1.0, 3.0, 4.0


@dataclass(frozen=True)
class Kept:
    """How many files of each kind are kept."""

    action: int = 400
    talk: int = 160
    dance: int = 120


KEPT = Kept()
Share = tuple[int, int]


def make_lessons(
    folder: Path, principal: PrincipalEncoder, mini: Path, kept: Kept = KEPT, *, files: int = 0, share: Share = (0, 1)
) -> None:
    """Writes files until it is stopped, or so many. ``mini`` is svi-mini, whose picture encoder and hearing stay.

    ``share`` ``(k, n)``: this is process k, from 0, of n that write into the same folder.
    """
    models = load_models(mini, device=torch.device("cpu"))
    hearing = load_sound_encoder(mini, torch.device("cpu"))
    asked: list[bool] = []
    signal.signal(signal.SIGTERM, lambda *_: asked.append(True))
    own, processes = share
    turn = -(-_next_number(folder) // processes)
    end = turn + files if files else None
    while not asked and turn != end:
        number, kind = turn * processes + own, ORDER[turn % len(ORDER)]
        teacher = Teacher(Stage.of_seed(f"lessons {number}"), principal, models.image_encoder, hearing)
        write_lessons(folder, number, teacher.lessons(kind, A_FILE))
        for old in sorted(folder.glob(f"*-{kind}{SUFFIX}"))[: -getattr(kept, kind)]:
            old.unlink(missing_ok=True)
        turn += 1


def _next_number(folder: Path) -> int:
    """After the last that a file has."""
    return max((int(path.name[:6]) for path in folder.glob(f"*{SUFFIX}")), default=-1) + 1


@dataclass
class Teacher:
    """Makes lessons of random clips."""

    stage: Stage
    principal: PrincipalEncoder
    image_encoder: Any
    hearing: Any

    @torch.no_grad()
    def lessons(self, kind: Kind, count: int) -> list[Lesson]:
        """So many of one kind."""
        made = {"action": self._actions, "talk": self._talks, "dance": self._dances}[kind]
        return made(count)

    def _actions(self, count: int) -> list[Lesson]:
        scripts = [training_script(self.stage.rng) for _ in range(count)]
        return [self._encoded("action", script, drawn_script(script)) for script in scripts]

    def _dances(self, count: int) -> list[Lesson]:
        rng, lessons = self.stage.rng, []
        for _ in range(count):
            dance = self.stage.dance()
            lesson = self._encoded(
                "dance", Script(dance.stage, "dance"), drawn_performance(dance, FINE), starts=dance.starts
            )
            own = skeleton_of(dance.stage, dance.moments, FINE)
            skeleton = as_of_others(rng, own) if rng.random() < LIKE_OTHERS else own
            lesson.skeleton = drawings_of(skeleton, DRAWING_WIDTH, DRAWING_HEIGHT)
            lessons.append(lesson)
        return lessons

    def _talks(self, count: int) -> list[Lesson]:
        quiet = silence(self.hearing, FINE.fps).half()
        lessons: list[Lesson] = []
        while len(lessons) < count:
            talks = self.stage.talks()
            features = heard(self.hearing, talks[0].sound, FINE.fps).half()
            for talk in talks:
                shown = talk.performance
                lesson = self._encoded(
                    "talk", Script(shown.stage, "talk"), drawn_performance(shown, FINE), starts=shown.starts
                )
                lesson.sound = heard_part(features, quiet, talk.first, FINE.num_frames)
                lessons.append(lesson)
        return lessons[:count]

    def _encoded(self, kind: Kind, script: Script, drawn: Drawn, *, starts: bool = False) -> Lesson:
        frames, mask = drawn
        video = to_video(frames)[None]
        anchor = to_video(self._anchor(script.start, starts=starts)[None])[None]
        latents, still = self.principal.latents(video), self.principal.latents(anchor)
        pictures = torch.cat([video[:, :, 0], anchor[:, :, 0]]).contiguous()
        seen = picture_tokens(self.image_encoder, pictures).half()
        weight = cell_weights(latents[0], torch.from_numpy(mask))
        return Lesson(kind, script, latents[0].half(), still[0, :, 0].half(), seen[0], seen[1], weight)

    def _anchor(self, stage: Still, *, starts: bool) -> Any:
        rng = self.stage.rng
        same = starts or rng.random() < SAME_ANCHOR
        return render_still(stage if same else another_still(rng, stage), FINE)


def cell_weights(latents: Tensor, mask: Tensor) -> Tensor:
    """How much each latent cell counts ``[T, h, w]``: more on the subject, most where something changes."""
    cells = mask.unflatten(1, (-1, CELL)).unflatten(3, (-1, CELL)).any(4).any(2)  # [N, h, w]
    touched = torch.cat([cells[:1], cells[1:].unflatten(0, (-1, 4)).any(1)]).float()
    change = (latents - latents[:, :1]).square().mean(0)  # [T, h, w]
    moving = (change > 0.01).float()
    faint = (0.5 / (change + 0.05)).clamp(0.25, FAINT_WEIGHT)  # an arm changes a cell far less than a trunk does
    return (1 + SUBJECT_WEIGHT * touched + MOVING_WEIGHT * moving * faint * touched.amax(0)).half()
