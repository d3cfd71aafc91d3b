"""A tiny random model that the command line finds, a storyboard for it, and a way to run a command."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save_file

from svi_studio.cli import main
from tests.builders.tiny_models import build_tiny_model


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        """The lines of JSON on stdout."""
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Ended]


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder that holds ``tiny-random``; read only."""
    folder = tmp_path_factory.mktemp("models")
    build_tiny_model(folder / "tiny-random")
    return folder


@pytest.fixture(autouse=True)
def own_world(tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the user's folders, and each starts in a folder of its own."""
    for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home" / name))
    monkeypatch.setenv("SVI_MODELS", str(models))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``svi-studio`` with these words in this process."""

    def run_command(*words: object) -> Ended:
        capsys.readouterr()
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return Ended(code, said.out, said.err)

    return run_command


@pytest.fixture
def storyboard(own_world: None) -> Path:
    """A Film of three clips with its picture, for the tiny model."""
    return write_storyboard(Path("story.json"))


def write_storyboard(path: Path, clips: int | list[dict[str, Any]] = 3, **changes: Any) -> Path:
    """Write a storyboard of so many clips, or of these, for the tiny model, and its reference picture beside it."""
    if isinstance(clips, int):
        clips = [{"id": f"c{number}", "prompt": f"step {number}"} for number in range(1, clips + 1)]
    Image.linear_gradient("L").resize((48, 32)).convert("RGB").save(path.parent / "start.png")
    board = {
        "schema_version": 1,
        "title": "Three steps",
        "family": "film",
        "model": "tiny-random",
        "reference_image": "start.png",
        "clips": clips,
    }
    path.write_text(json.dumps(board | changes), encoding="utf-8")
    return path


def render_shared(folder: Path, models: Path, film: str) -> None:
    """Render ``story.json`` in ``folder`` to ``film``, for all tests of a file."""
    with pytest.MonkeyPatch.context() as world:
        world.setenv("SVI_MODELS", str(models))
        world.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        world.chdir(folder)
        assert main(["render", "story.json", "-o", film]) == 0


def write_small_lora(path: Path, model: Path, change: float = 0.1) -> Path:
    """Write a LoRA for the model folder ``model`` that adds ``change`` to every weight of one matrix."""
    size = json.loads((model / "transformer" / "config.json").read_text())
    width = size["num_attention_heads"] * size["attention_head_dim"]
    names = [f"diffusion_model.blocks.0.self_attn.q.lora_{side}.weight" for side in "AB"]
    down, up = np.full((1, width), change, np.float32), np.ones((width, 1), np.float32)
    save_file(dict(zip(names, (down, up), strict=True)), path)
    return path


def environment(**more: str) -> dict[str, str]:
    """For a command in a process of its own: one thread, this checkout importable."""
    house = str(Path(__file__).resolve().parents[2])
    return os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": house} | more
