"""What all tests share: the folder of golden tensors, and quick, repeatable property tests."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("house", max_examples=25, deadline=None, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))


@pytest.fixture(scope="session")
def golden_dir() -> Path:
    """The folder with what the authors' program computed; the variable SVI_GOLDEN names another of the same format."""
    return Path(os.environ.get("SVI_GOLDEN") or Path(__file__).parent / "golden")
