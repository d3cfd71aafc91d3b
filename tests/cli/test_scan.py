"""``svi-studio models scan``: a row a file, for people and for scripts."""

import sys
from pathlib import Path

import pytest

from tests.builders.weights_trees import lora, safetensors, wan
from tests.cli.conftest import Run

KEYS = {"path", "kind", "architecture", "expert", "precision", "usable", "why", "asks", "bytes"}


def test_a_folder_is_told_file_by_file(run: Run) -> None:
    safetensors(Path("m/unet/wan2.2_i2v_high_noise_14B_fp16.safetensors"), wan(36))
    safetensors(Path("m/loras/dancer.safetensors"), lora())
    ended = run("models", "scan", "m", "--json")
    high = next(row for row in ended.events if row["kind"] == "transformer")
    assert ended.code == 0 and len(ended.events) == 2 and set(high) == KEYS
    assert (high["architecture"], high["expert"], high["usable"]) == ("wan2.2-i2v-a14b", "high", True)
    assert "transformer, wan2.2-i2v-a14b, high-noise expert, fp16" in run("models", "scan", "m").out


@pytest.mark.skipif(sys.platform == "win32", reason="no file there can have such a name")
def test_a_name_makes_no_line_of_its_own_and_moves_no_cursor(run: Run) -> None:
    safetensors(Path("m/a\nwan_2.1_vae.safetensors: VAE\x1b[2J\u2028.safetensors"), lora())
    ended = run("models", "scan", "m")
    assert ended.code == 0 and len(ended.out.splitlines()) == 1
    assert "a\ufffdwan_2.1_vae.safetensors: VAE\ufffd[2J\ufffd.safetensors: LoRA" in ended.out


def test_an_empty_and_a_missing_folder_are_said(run: Run) -> None:
    Path("empty").mkdir()
    assert "There are no weights files" in run("models", "scan", "empty").out
    ended = run("models", "scan", "none")
    assert ended.code == 2 and "There is no folder" in ended.err


def test_one_file_alone_is_told_too(run: Run) -> None:
    safetensors(Path("m/dancer.safetensors"), lora())
    ended = run("models", "scan", "m/dancer.safetensors")
    assert ended.code == 0 and "LoRA" in ended.out


def test_a_pickle_of_the_makers_is_told_the_way_to_a_model_and_another_one_is_not(run: Run) -> None:
    for name in ("Wan2.1_VAE.pth", "style.pt"):
        Path(name).write_bytes(b"PK\x03\x04")
    out = run("models", "scan", ".").out.splitlines()
    ways = {Path(line.partition(":")[0]).name: "models convert" in line for line in out}
    assert ways == {"Wan2.1_VAE.pth": True, "style.pt": False}
