"""``svi-studio models convert``: the authors' original files become a model that renders."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run, write_storyboard
from tests.engine.original_layout import write_original_layout


@pytest.fixture
def original(own_world: None, models: Path) -> Path:
    """The tiny model in the authors' layout, in the folder ``wan``."""
    return write_original_layout(models / "tiny-random", Path("wan"), shards=2)


def test_a_converted_model_renders(run: Run, original: Path) -> None:
    ended = run("models", "convert", original, "-o", "tiny-wan", "--image-heads", "2")
    assert (ended.code, "The model is ready in tiny-wan" in ended.out) == (0, True), ended.err
    small = {"num_frames": 9, "num_inference_steps": 2, "width": 48, "height": 32}
    board = write_storyboard(Path("story.json"), clips=1, **small)
    ended = run("render", board, "-o", "film.mkv", "--model", "tiny-wan", "--json")
    assert ended.events[-1]["frames"] == 9, ended.err


def test_an_original_that_is_named_as_a_model_is_told_how_to_convert(run: Run, original: Path) -> None:
    ended = run("render", write_storyboard(Path("story.json")), "-o", "film.mp4", "--model", "./wan")
    assert ended.code == 3
    assert "svi-studio models convert wan -o NEW_FOLDER" in ended.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["gone", "-o", "new"], 2, "gone"),
        (["wan", "-o", "nowhere/new"], 2, "nowhere"),
        (["wan", "-o", "wan"], 2, "there already"),
        (["wan", "-o", "n" * 256], 2, "too long"),
        pytest.param(["wan", "-o", "new"], 2, "--image-heads", marks=pytest.mark.slow),  # known when all else is done
        (["wan", "-o", "new", "--image-heads", "0"], 2, "--image-heads"),
        (["wan/google", "-o", "new"], 3, "diffusion_pytorch_model"),
    ],
)
def test_a_conversion_that_is_not_possible_is_one_sentence_and_leaves_nothing(
    run: Run, original: Path, words: list[str], code: int, said: str
) -> None:
    ended = run("models", "convert", *words)
    assert ended.code == code
    assert said in ended.err.splitlines()[-1]
    assert "Traceback" not in ended.err
    assert [path.name for path in Path.cwd().iterdir()] == ["wan"]


def test_a_damaged_original_is_one_sentence_and_leaves_nothing(run: Run, original: Path) -> None:
    file = original / "Wan2.1_VAE.pth"
    file.write_bytes(file.read_bytes()[:1000])
    ended = run("models", "convert", original, "-o", "new", "--image-heads", "2")
    assert (ended.code, "Wan2.1_VAE.pth" in ended.err.splitlines()[-1]) == (3, True)
    assert [path.name for path in Path.cwd().iterdir()] == ["wan"]
