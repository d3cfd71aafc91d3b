"""Random clips of the fine theatre, of all that svi-theatre learns: actions, talks and dances, drawn."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

import torch

from trainer.mini.clips import Drawn, to_video, training_script
from trainer.mini.performances import Performance, Talk, drawn_performance, random_dancing, random_talks
from trainer.mini.principal_encoder import Sample
from trainer.mini.sounds import Sounds
from trainer.paper_theatre.render import render, subject_mask
from trainer.paper_theatre.script import Script
from trainer.paper_theatre.stage import FINE

Kind = Literal["action", "talk", "dance"]
KINDS: tuple[Kind, ...] = ("action", "talk", "dance")

SECONDS = (3.0, 6.0, 12.0)
TALKS_A_SOUND = 4
PUPPET_WEIGHT = 10.0
SHARES = (0.5, 0.15, 0.35)  # of the kinds: more dances than talks, which hardly move
DECODER_SHARES = (0.4, 0.1, 0.5)  # quick arms are the hardest to draw


def drawn_script(script: Script) -> Drawn:
    """Frames and where the subject is."""
    return render(script, FINE), subject_mask(script, FINE)


@dataclass
class Stage:
    """Draws clips one after the other, from one source of chance."""

    rng: random.Random
    sounds: Sounds

    @classmethod
    def of_seed(cls, seed: int | str) -> Stage:
        """With made-up voices only."""
        return cls(random.Random(f"clips {seed}"), Sounds(random.Random(f"sounds {seed}")))

    def talks(self) -> list[Talk]:
        """Some clips of one sound."""
        return random_talks(self.rng, self.sounds, self.rng.choice(SECONDS), TALKS_A_SOUND, FINE)

    def dance(self) -> Performance:
        """A clip of a random dance."""
        return random_dancing(self.rng, FINE)

    def drawn(self, kind: Kind) -> Drawn:
        """Frames ``[T, H, W, 3]`` of a random clip, and where its subject is."""
        if kind == "action":
            return drawn_script(training_script(self.rng))
        performance = self.dance() if kind == "dance" else self.talks()[0].performance
        return drawn_performance(performance, FINE)

    def any_drawn(self, _: random.Random, shares: tuple[float, ...] = SHARES) -> Drawn:
        """A clip of any kind; how often each comes is in ``shares``, in the order of `KINDS`."""
        return self.drawn(self.rng.choices(KINDS, shares)[0])


def component_sample(seed: int = 3, clips: int = 180) -> Sample:
    """What the components are measured on; pixels of a subject count more."""
    stage = Stage.of_seed(seed)
    drawn = [stage.any_drawn(stage.rng) for _ in range(clips)]
    video = torch.stack([to_video(frames) for frames, _ in drawn])
    return video, 1 + PUPPET_WEIGHT * torch.stack([torch.from_numpy(mask).float() for _, mask in drawn])
