"""One thread for torch, and a tiny random model folder shared by the tests of a run."""

from pathlib import Path

import pytest
import torch

from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.loading.wan_models import WanModels
from tests.builders.small_film import Renders, write_picture
from tests.builders.tiny_models import build_tiny_model

torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A diffusers-style model folder with random weights; read only, shared by all tests."""
    return build_tiny_model(tmp_path_factory.mktemp("models") / "tiny-random")


@pytest.fixture(scope="module")
def models(tiny_model: Path) -> WanModels:
    """That model, loaded once for the tests of a file."""
    return load_models(tiny_model, device="cpu")


@pytest.fixture
def renders(tmp_path: Path, models: WanModels) -> Renders:
    """Films of that model in the folder of the test."""
    write_picture(tmp_path / "first.png")
    return Renders(tmp_path, models)
