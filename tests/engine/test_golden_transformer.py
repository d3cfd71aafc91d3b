"""The transformer under the converted original names computes what the authors' computes."""

from pathlib import Path

import pytest
import torch

from tests.engine.golden_networks import Golden, golden_transformer


@pytest.fixture(scope="module")
def golden(golden_dir: Path) -> Golden:
    return Golden(golden_dir, "dit_i2v")


def test_the_velocity_is_the_authors_at_every_timestep(golden: Golden) -> None:
    transformer = golden_transformer(golden.weights(), golden.facts["config"])
    inputs = torch.cat([golden["x"], golden["y"]], dim=1)
    for index in range(len(golden.facts["timesteps"])):
        with torch.no_grad():
            velocity = transformer(
                inputs, golden[f"timestep_{index}"], golden["context"], golden["clip_feature"]
            ).sample
        assert (velocity - golden[f"out_{index}"]).abs().max() <= 1e-4
