"""A tiny random model, shared by the tests of a run."""

from pathlib import Path

import pytest
import torch

from tests.engine.tiny_models import build_tiny_model

torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One step without guidance: what is tested here is the same with more of them."""
    quick = {"num_inference_steps": 1, "guidance_scale": 1.0}
    return build_tiny_model(tmp_path_factory.mktemp("models") / "tiny-random", card=quick)
