"""The sigma schedule and the Euler step against what the authors' program computed."""

import re
from pathlib import Path

import pytest

from svi_studio.engine.denoising.sampling import euler_step, flow_sigmas
from tests.engine.golden_networks import Golden


@pytest.fixture(scope="module")
def golden(golden_dir: Path) -> Golden:
    return Golden(golden_dir, "scheduler")


def test_sigmas_are_the_authors_and_end_at_zero(golden: Golden) -> None:
    names = [name for name in golden.tensors if name.startswith("sigmas_n")]
    assert names
    for name in names:
        said = re.fullmatch(r"sigmas_n(\d+)_shift([\d.]+)", name)
        assert said is not None
        steps, shift = said.groups()
        sigmas = flow_sigmas(int(steps), float(shift))
        assert (sigmas[:-1] - golden[name]).abs().max() <= 1e-6
        assert sigmas[-1] == 0


def test_timesteps_are_a_thousand_sigmas(golden: Golden) -> None:
    for name in (name for name in golden.tensors if name.startswith("timesteps_n")):
        sigmas = golden[name.replace("timesteps", "sigmas")]
        assert (golden[name] - 1000 * sigmas).abs().max() <= 1e-3


def test_steps_to_data_noise_and_the_next_sigma_are_the_authors(golden: Golden) -> None:
    sigmas = [*golden["train_sigmas"].tolist(), 0.0]
    for i in golden["ids"].tolist():
        ends = {"step_to_data": 0.0, "step_to_noise": 1.0, "step_next": sigmas[i + 1]}
        for name, end in ends.items():
            reached = euler_step(golden["x"], golden["v"], sigmas[i], end)
            assert (reached - golden[f"{name}_{i}"]).abs().max() <= 1e-6, (name, i)
