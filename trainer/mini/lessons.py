"""Clips in which the puppet follows a sound or a skeleton, as encoded training data: made once, used many times."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import torch

from svi_studio.engine.conditions.drawings import fit_drawings_by_area
from svi_studio.engine.denoising.clip_vision import picture_tokens
from svi_studio.engine.denoising.condition import with_mask
from svi_studio.media.poses.drawing import draw_skeleton
from trainer.erft.batch import Batch
from trainer.mini.clips import to_video
from trainer.mini.hearing import heard, heard_part, silence
from trainer.mini.latent_pool import SAME_ANCHOR
from trainer.mini.performances import Performance, drawn_performance, random_dancing, random_talks
from trainer.mini.principal_encoder import read_encoder
from trainer.mini.short_texts import encode_texts
from trainer.paper_theatre.prompts import prompt_for
from trainer.paper_theatre.render import render_still
from trainer.paper_theatre.script import Script, another_still
from trainer.paper_theatre.skeleton_truth import as_of_others, skeleton_of
from trainer.paper_theatre.stage import CELL, HEIGHT, NUM_FRAMES, WIDTH

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from svi_studio.domain.poses.skeleton import Skeleton
    from svi_studio.engine.loading.wan_models import WanModels
    from svi_studio.media.frames import Frames
    from trainer.mini.sounds import Sounds

Skill = Literal["sound", "skeleton"]

DROP_TEXT = 0.1
DROP_SOUND = 0.1
DROP_SKELETON = 1 - 0.95 * 0.9  # as the authors' program for Dance
OTHER_WORDS = 0.15  # share of clips whose sentence says nothing of talking or dancing: sound and skeleton decide
LIKE_OTHERS = 0.6  # share of dances whose skeleton is as of another dancer
SECONDS = (3.0, 6.0, 12.0)
TALKS_A_SOUND = 4
SUBJECT_WEIGHT, MOVING_WEIGHT = 2.0, 12.0


@dataclass
class Lesson:
    """One encoded clip: half precision, drawings in uint8."""

    performance: Performance
    latents: Tensor  # [C, T, h, w]
    anchor: Tensor  # [C, 1, h, w]
    picture: Tensor  # [N, D]
    weight: Tensor  # [1, T, h, w]
    sound: Tensor | None = None  # [NUM_FRAMES + 2 * AROUND, L, C]
    skeleton: Tensor | None = None  # what the pose encoder's first half makes of the drawings


@dataclass
class LessonPool:
    """Random lessons of one skill, renewed a few at a time; a batch is a `BatchSource`'s."""

    skill: Skill
    models: WanModels
    rng: random.Random
    prepared: Callable[[Tensor], Tensor]  # what a lesson keeps of its drawings
    sounds: Sounds | None = None
    encoder: Any = None  # the wav2vec2 that hears the sounds
    lessons: list[Lesson] = field(default_factory=list)
    texts: dict[str, Tensor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._encode = read_encoder(self.models.vae).latents
        self._oldest = 0
        self._draws = 0

    @torch.no_grad()
    def add(self, count: int, capacity: int) -> None:
        """Draws and encodes about ``count`` more clips; beyond ``capacity`` they take the oldest ones' places."""
        for lesson in self._talks(count) if self.skill == "sound" else self._dances(count):
            if len(self.lessons) < capacity:
                self.lessons.append(lesson)
            else:
                self.lessons[self._oldest % capacity] = lesson
                self._oldest += 1

    def batch(self, size: int) -> Batch:
        """A random batch; some of its texts, sounds and skeletons are left out."""
        chosen = [self.rng.choice(self.lessons) for _ in range(size)]
        return self.batch_of(chosen, [self._words(lesson) for lesson in chosen], drop=True)

    def batch_of(self, lessons: list[Lesson], texts: list[str], *, drop: bool = False) -> Batch:
        """A batch of these lessons, whole or with sounds and skeletons left out as in training."""
        latents = torch.stack([lesson.latents for lesson in lessons]).float()
        anchors = torch.stack([lesson.anchor for lesson in lessons]).float()
        y = torch.cat([latents[:, :, :1], anchors.expand(-1, -1, latents.shape[2] - 1, -1, -1)], dim=2)
        draws = tuple(range(self._draws, self._draws + len(lessons)))
        self._draws += len(lessons)
        sounds, drawings = ([getattr(each, name) for each in lessons] for name in ("sound", "skeleton"))
        gone = [drop and self.rng.random() < DROP_SKELETON for _ in lessons]
        return Batch(
            latents=latents,
            y=with_mask(y, NUM_FRAMES, 1),
            text=torch.stack([self._text(text) for text in texts]),
            picture=torch.stack([lesson.picture for lesson in lessons]).float(),
            names=tuple("lesson" for _ in lessons),
            draws=draws,
            weight=torch.stack([lesson.weight for lesson in lessons]).float(),
            sound=torch.stack([self._heard(s, drop) for s in sounds]) if self.skill == "sound" else None,
            skeleton=torch.stack(drawings) if self.skill == "skeleton" else None,
            unled=tuple(gone) if self.skill == "skeleton" else (),
        )

    def _heard(self, sound: Tensor, drop: bool) -> Tensor:
        return torch.zeros_like(sound).float() if drop and self.rng.random() < DROP_SOUND else sound.float()

    def _text(self, text: str) -> Tensor:
        if text not in self.texts:
            self.texts[text] = encode_texts(self.models, [text])[0]
        return self.texts[text]

    def _words(self, lesson: Lesson) -> str:
        if self.rng.random() < DROP_TEXT:
            return ""
        action = "talk" if self.skill == "sound" else "dance"
        return sentence(lesson.performance, "rest" if self.rng.random() < OTHER_WORDS else action, self.rng)

    def _talks(self, count: int) -> list[Lesson]:
        assert self.sounds is not None
        quiet = silence(self.encoder).half()
        lessons: list[Lesson] = []
        while len(lessons) < count:
            talks = random_talks(self.rng, self.sounds, self.rng.choice(SECONDS), TALKS_A_SOUND)
            features = heard(self.encoder, talks[0].sound).half()
            for lesson, talk in zip(self._encoded([t.performance for t in talks]), talks, strict=True):
                lesson.sound = heard_part(features, quiet, talk.first)
                lessons.append(lesson)
        return lessons

    def _dances(self, count: int) -> list[Lesson]:
        lessons = self._encoded([random_dancing(self.rng) for _ in range(count)])
        for lesson in lessons:
            own = skeleton_of(lesson.performance.stage, lesson.performance.moments)
            skeleton = as_of_others(self.rng, own) if self.rng.random() < LIKE_OTHERS else own
            lesson.skeleton = self.prepared(drawings_of(skeleton))
        return lessons

    def _encoded(self, performances: list[Performance]) -> list[Lesson]:
        drawn = [drawn_performance(performance) for performance in performances]
        videos = torch.stack([to_video(frames) for frames, _ in drawn])
        anchors = torch.stack([to_video(self._anchor(performance)[None]) for performance in performances])
        latents, stills = self._encode(videos), self._encode(anchors)
        pictures = picture_tokens(self.models.image_encoder, videos[:, :, 0].contiguous())
        weights = [cell_weights(z, torch.from_numpy(mask)) for z, (_, mask) in zip(latents, drawn, strict=True)]
        parts = zip(performances, latents.half(), stills.half(), pictures.half(), weights, strict=True)
        return [Lesson(part[0], *(tensor.clone() for tensor in part[1:])) for part in parts]

    def _anchor(self, performance: Performance) -> Frames:
        stage = performance.stage
        same = performance.starts or self.rng.random() < SAME_ANCHOR
        return render_still(stage if same else another_still(self.rng, stage))


def sentence(performance: Performance, action: str, rng: random.Random | None = None) -> str:
    """What is asked for, in one sentence."""
    return prompt_for(Script(performance.stage, action), rng)


def drawings_of(skeleton: Skeleton, width: int = WIDTH, height: int = HEIGHT) -> Tensor:
    """The skeleton as the engine draws it for a bundled model, at the film's size: uint8 ``[3, N, height, width]``."""
    small = fit_drawings_by_area(draw_skeleton(skeleton), width, height)
    return torch.from_numpy(small).permute(3, 0, 1, 2).contiguous()


def cell_weights(latents: Tensor, mask: Tensor) -> Tensor:
    """How much each latent cell counts ``[1, T, h, w]``: more on the puppet, most where something changes."""
    cells = mask.unflatten(1, (-1, CELL)).unflatten(3, (-1, CELL)).any(4).any(2)  # [N, h, w]
    touched = torch.cat([cells[:1], cells[1:].unflatten(0, (-1, 4)).any(1)])
    change = (latents - latents[:, :1]).square().mean(0)  # [T, h, w]
    moving = ((change > 0.01).float() * touched).amax(0)  # [h, w], at any time
    faint = (0.8 / (change.mean(0) + 0.05)).clamp(0.5, 4)  # an arm changes a cell far less than a trunk does
    return (1 + SUBJECT_WEIGHT * touched + MOVING_WEIGHT * faint * moving)[None].half()
