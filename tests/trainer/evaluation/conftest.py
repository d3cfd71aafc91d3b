"""A tiny random model, shared by the tests of a run."""

from pathlib import Path

import pytest
import torch

from tests.trainer.evaluation.small_films import quick_model

torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return quick_model(tmp_path_factory.mktemp("models"))
