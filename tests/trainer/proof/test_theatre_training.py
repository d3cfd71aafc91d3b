"""A LoRA of the proof from lessons to film, on svi-theatre itself, in a few steps."""

from pathlib import Path

import torch
from safetensors.torch import load_file

from svi_studio.engine.conditions.files import load_skeleton_network
from svi_studio.resource_files import resource_path
from trainer.mini.configuration import VISION_WIDTH
from trainer.mini.lessons import drawings_of
from trainer.paper_theatre.performance import STILL
from trainer.paper_theatre.script import Script, Still
from trainer.paper_theatre.skeleton_truth import skeleton_of
from trainer.paper_theatre.stage import FINE
from trainer.proof import following
from trainer.proof.arms import BASE, CONTROL
from trainer.proof.theatre.arms import Sizes, recipe
from trainer.proof.theatre.training import train_lora
from trainer.run.state.run_folder import RunFolder
from trainer.svi_theatre.configuration import (
    DRAWING_HEIGHT,
    DRAWING_WIDTH,
    LATENT_CHANNELS,
    LATENT_FRAMES,
    LATENT_HEIGHT,
    LATENT_WIDTH,
    PICTURE_TOKENS,
)
from trainer.svi_theatre.lessons import Lesson, write_lessons

MODEL = resource_path("models", "svi-theatre")
PUPPET = Still("beach", "puppet", "red", 24)
SIZES = Sizes(steps=2, batch=4, rank=2)


def dances(folder: Path) -> Path:
    """Lessons of noise under a skeleton that stands still."""
    make = torch.Generator().manual_seed(4)
    skeleton = drawings_of(skeleton_of(PUPPET, (STILL,) * FINE.num_frames, FINE), DRAWING_WIDTH, DRAWING_HEIGHT)

    def some(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=make).half()

    cells = (LATENT_FRAMES, LATENT_HEIGHT, LATENT_WIDTH)
    picture = some(PICTURE_TOKENS, VISION_WIDTH)
    weight = torch.ones(cells).half()
    lessons = [
        Lesson("dance", Script(PUPPET, "dance"), latents, latents[:, 0], picture, picture, weight, skeleton=skeleton)
        for latents in (some(LATENT_CHANNELS, *cells) for _ in range(4))
    ]
    write_lessons(folder, 0, lessons)
    return folder


def test_a_dance_lora_brings_the_pose_encoder_that_learned_with_it_and_films_with_it(tmp_path: Path) -> None:
    wanted = recipe("dance", CONTROL, SIZES)
    assert train_lora(wanted, MODEL, dances(tmp_path / "lessons"), tmp_path / "run")
    lora = RunFolder(tmp_path / "run").lora(wanted.lora_name)
    learned = {name: value for name, value in load_file(lora).items() if "dwpose_embedding" in name}
    began = load_skeleton_network(MODEL, torch.device("cpu")).state_dict()
    assert len(learned) == len(began) == 14
    for name, value in began.items():
        (now,) = (each for key, each in learned.items() if key.endswith(name))
        assert not torch.equal(now.float(), value.float()), name
    counts = following.Sizes(films=1, clips=1, clips_alone=1)
    filmed = {
        arm: following.film_arm(MODEL, "skeleton", arm, counts, path=tmp_path / arm, lora=own).arrays
        for arm, own in ((BASE, None), (CONTROL, lora))
    }
    assert not torch.equal(*(torch.from_numpy(each["tail"].astype("uint8")) for each in filmed.values()))
