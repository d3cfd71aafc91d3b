"""An empty models folder of the user's, and a ComfyUI folder with all that models are made of."""

from pathlib import Path

import pytest

from svi_studio.weights import catalogue
from tests.builders.linkable_files import comfy


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty models folder of the user's, and no bundled models."""
    monkeypatch.setenv("SVI_MODELS", str(tmp_path / "models"))
    monkeypatch.setattr(catalogue, "resource_path", lambda *parts: tmp_path / "bundled")
    monkeypatch.setattr(catalogue, "user_data_path", lambda *_, **__: tmp_path / "data")
    return tmp_path / "models"


@pytest.fixture
def owned(tmp_path: Path) -> Path:
    """The models folder of a ComfyUI."""
    return comfy(tmp_path / "ComfyUI" / "models")
