"""A tiny random model, shared by the tests of a run."""

from pathlib import Path

import pytest
import torch

from tests.builders.tiny_inputs import add_inputs
from tests.builders.tiny_models import build_tiny_model

torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("models") / "tiny-random")


@pytest.fixture(scope="session")
def following_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with networks for sound and skeletons."""
    return add_inputs(build_tiny_model(tmp_path_factory.mktemp("models") / "tiny-following"))


@pytest.fixture(autouse=True)
def _own_hashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The remembered content hashes of models lie with the test, and sounds that are kept ready."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg-cache"))
    monkeypatch.setenv("SVI_SOUNDS", str(tmp_path / "sounds"))
    monkeypatch.setenv("SVI_FOOTAGE", str(tmp_path / "seen"))
