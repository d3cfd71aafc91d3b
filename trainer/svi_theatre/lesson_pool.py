"""Training batches of svi-theatre: lessons in memory, each time with another condition, in other words."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import Tensor

from svi_studio.engine.denoising.condition import with_mask
from trainer.mini.latent_pool import TEXT_TOKENS
from trainer.mini.tokenizer import PAD, UNKNOWN, build_tokenizer
from trainer.paper_theatre.prompts import prompt_for
from trainer.paper_theatre.stage import FINE
from trainer.svi_theatre.clips import KINDS, Kind
from trainer.svi_theatre.lessons import SUFFIX, Lesson, read_lessons
from trainer.svi_theatre.networks import short_texts

if TYPE_CHECKING:
    from pathlib import Path

DROP_TEXT: Final = 0.1
UNKNOWN_WORD: Final = 0.1
OTHER_WORDS: Final = 0.15  # share of talks and dances whose sentence says nothing of them: sound and skeleton decide
DROP_SOUND: Final = 0.15
DROP_SKELETON: Final = 0.25
SHOT, FILM, FILM_START, PRO, PRO_START = range(5)
CONDITIONS: Final[dict[Kind, tuple[float, ...]]] = {
    "action": (0.4, 0.2, 0.1, 0.2, 0.1),
    "talk": (0.8, 0.2, 0.0, 0.0, 0.0),
    "dance": (0.8, 0.2, 0.0, 0.0, 0.0),
}
END_PICTURE: Final = 0.1  # of the clips of Pro


@dataclass
class Batch:
    """Samples that go through the transformer together; latents are normalised and [B, C, T, h, w]."""

    latents: Tensor
    condition: Tensor  # y, [B, 4 + C, T, h, w]
    picture: Tensor  # [B, N, D]
    text: Tensor  # [B, L + 1, D]
    weight: Tensor  # [B, 1, T, h, w]
    sound: Tensor | None = None  # [B, num_frames + 4, L, C]
    skeleton: Tensor | None = None  # drawings, uint8 [led, 3, num_frames, H, W]
    led: Tensor | None = None  # which samples have a skeleton, [B]

    def to(self, device: str) -> Batch:
        """On a device."""
        moved: dict[str, Any] = {k: None if v is None else v.to(device) for k, v in vars(self).items()}
        return Batch(**moved)


@dataclass
class LessonPool:
    """The lessons in a folder, renewed as its files are."""

    folder: Path
    text_encoder: Any
    grey: Tensor  # what a latent of grey frames is, [C]
    rng: random.Random = field(default_factory=random.Random)
    _files: dict[str, list[Lesson]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._tokenizer = build_tokenizer()
        self._texts: dict[tuple[int, ...], Tensor] = {}

    def refresh(self, most: int = 1_000_000, kinds: tuple[Kind, ...] = KINDS) -> None:
        """Reads up to ``most`` new files of these ``kinds`` and forgets those that are no longer there."""
        found = (path for kind in kinds for path in self.folder.glob(f"*-{kind}{SUFFIX}"))
        there = {path.name: path for path in sorted(found)}
        for gone in set(self._files) - set(there):
            del self._files[gone]
        for name in [name for name in there if name not in self._files][:most]:
            self._files[name] = read_lessons(there[name])

    @property
    def files(self) -> int:
        """How many files of lessons were read and are still there."""
        return len(self._files)

    def __len__(self) -> int:
        return sum(len(found) for found in self._files.values())

    def batch(self, counts: dict[Kind, int]) -> Batch:
        """A random batch of so many of each kind; talks go alone, since each call hears sound for all or for none."""
        by_kind = {kind: [n for n in self._files if f"-{kind}." in n] for kind in KINDS}
        chosen = [self._any(by_kind[kind]) for kind, count in counts.items() for _ in range(count)]
        return self.batch_of(chosen)

    def of_kind(self, kind: Kind) -> list[Lesson]:
        """All lessons of a kind that were read, in the order of their files."""
        return [lesson for name in sorted(self._files) if f"-{kind}." in name for lesson in self._files[name]]

    def batch_of(self, chosen: list[Lesson], kinds: list[int] | None = None) -> Batch:
        """These lessons under conditions of these ``kinds``, by default random ones."""
        kinds = kinds or [self.rng.choices(range(5), CONDITIONS[lesson.kind])[0] for lesson in chosen]
        conditioned = [self._conditioned(lesson, kind) for lesson, kind in zip(chosen, kinds, strict=True)]
        batch = Batch(
            latents=torch.stack([x for x, _, _ in conditioned]),
            condition=torch.stack([y for _, y, _ in conditioned]),
            picture=torch.stack([picture for _, _, picture in conditioned]).float(),
            text=self._text(chosen),
            weight=torch.stack([lesson.weight[None].float() for lesson in chosen]),
        )
        self._add_sound(batch, chosen)
        self._add_skeletons(batch, chosen)
        return batch

    def _any(self, names: list[str]) -> Lesson:
        return self.rng.choice(self._files[self.rng.choice(names)])

    def _conditioned(self, lesson: Lesson, kind: int) -> tuple[Tensor, Tensor, Tensor]:
        """The latents to make [C, T, h, w], y [4 + C, T, h, w], and the picture that CLIP sees, [N, D]."""
        x, anchor = lesson.latents.float(), lesson.anchor.float()
        if kind == PRO:
            x = torch.cat([anchor[:, None], x[:, 1:]], 1)  # the first frame is the anchor's, the next four lead on
        y = known_latents(kind, x, anchor, self.grey)
        marked = with_mask(y[None], FINE.num_frames, 1)[0]
        if kind >= PRO and self.rng.random() < END_PICTURE:
            marked[4:, -1] = x[:, -1]
            marked[:4, -1] = 1
        return x, marked, lesson.anchor_picture if kind == PRO else lesson.picture

    def _add_sound(self, batch: Batch, chosen: list[Lesson]) -> None:
        sounds = [lesson.sound for lesson in chosen if lesson.sound is not None]
        if len(sounds) < len(chosen):
            return
        sounds = [torch.zeros_like(sound) if self.rng.random() < DROP_SOUND else sound for sound in sounds]
        batch.sound = torch.stack(sounds).float()

    def _add_skeletons(self, batch: Batch, chosen: list[Lesson]) -> None:
        led = [
            (number, lesson.skeleton)
            for number, lesson in enumerate(chosen)
            if lesson.skeleton is not None and self.rng.random() >= DROP_SKELETON
        ]
        if led:
            numbers, drawings = zip(*led, strict=True)
            batch.skeleton, batch.led = torch.stack(drawings), torch.tensor(numbers)

    def _text(self, lessons: list[Lesson]) -> Tensor:
        ids = [tuple(self._ids(lesson)) for lesson in lessons]
        missing = sorted(set(ids) - set(self._texts))
        if missing:
            with torch.no_grad():
                found = short_texts(self.text_encoder, torch.tensor(missing), PAD)
            self._texts.update(zip(missing, found, strict=True))
        return torch.stack([self._texts[each] for each in ids])

    def _ids(self, lesson: Lesson) -> list[int]:
        """Token ids of one wording; dropped texts are empty or, as foreign negative prompts are, unknown words."""
        rng, script = self.rng, lesson.script
        if lesson.kind != "action" and rng.random() < OTHER_WORDS:
            script = type(script)(script.start, "rest")
        ids: list[int] = self._tokenizer.encode(prompt_for(script, rng)).ids
        if rng.random() < DROP_TEXT:
            ids = [*[UNKNOWN] * rng.choice((0, rng.randrange(TEXT_TOKENS - 1))), ids[-1]]
        elif rng.random() < UNKNOWN_WORD:
            ids[rng.randrange(len(ids) - 1)] = UNKNOWN
        return ids[:TEXT_TOKENS] + [PAD] * (TEXT_TOKENS - len(ids))


def known_latents(kind: int, x: Tensor, anchor: Tensor, grey: Tensor) -> Tensor:
    """What a condition of that kind shows of latents ``x [C, T, h, w]``, and what stands after it.

    Shot: the first frame, then the anchor. Film: five frames, or at the start of a chain one, then grey. Pro: the
    anchor, then the last latent of the clip before, or at the start of a chain nothing, then zeros.
    """
    after = {SHOT: anchor, FILM: grey, FILM_START: grey}.get(kind)
    rest = torch.zeros_like(x) if after is None else after.view(len(x), 1, *after.shape[1:] or (1, 1)).expand_as(x)
    known = {SHOT: 1, FILM: 2, FILM_START: 1, PRO: 2, PRO_START: 1}[kind]
    return torch.cat([x[:, :known], rest[:, known:]], 1)
