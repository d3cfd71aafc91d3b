"""One thread for torch, and a tiny random model folder shared by the tests of a run."""

from pathlib import Path

import pytest
import torch

from tests.engine.tiny_models import build_tiny_model

torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A diffusers-style model folder with random weights; read only, shared by all tests."""
    return build_tiny_model(tmp_path_factory.mktemp("models") / "tiny-random")
