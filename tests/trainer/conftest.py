"""A tiny random model, shared by the tests of a run."""

from pathlib import Path

import pytest
import torch

from tests.builders.tiny_models import build_tiny_model

torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("models") / "tiny-random")


@pytest.fixture(autouse=True)
def _own_hashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The remembered content hashes of models lie with the test."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg-cache"))
