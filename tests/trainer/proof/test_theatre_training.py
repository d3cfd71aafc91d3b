"""A LoRA of the proof from lessons to film, on svi-theatre itself, in a few steps."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from svi_studio.engine.conditions.files import load_skeleton_network
from svi_studio.resource_files import resource_path
from tests.trainer.theatre_lessons import dance
from trainer.proof import following
from trainer.proof.arms import BASE, CONTROL
from trainer.proof.theatre.arms import Sizes, recipe
from trainer.proof.theatre.training import train_lora
from trainer.run.state.run_folder import RunFolder
from trainer.svi_theatre.lessons import write_lessons

MODEL = resource_path("models", "svi-theatre")
SIZES = Sizes(steps=2, batch=4, rank=2)


@pytest.mark.slow
def test_a_dance_lora_brings_the_pose_encoder_that_learned_with_it_and_films_with_it(tmp_path: Path) -> None:
    wanted = recipe("dance", CONTROL, SIZES)
    write_lessons(tmp_path / "lessons", 0, [dance(seed) for seed in range(4)])
    assert train_lora(wanted, MODEL, tmp_path / "lessons", tmp_path / "run")
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
