"""What the command line says of LoRA files, and how it gives them to films, clips and experts."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from svi_studio.domain.film.storyboard import LoraUse
from svi_studio.project.film.film_source import open_film
from tests.builders.tiny_models import build_two_experts
from tests.cli.conftest import Run, write_small_lora, write_storyboard

HIGH = "SVI_v2_PRO_Wan2.2-I2V-A14B_HIGH_lora_rank_128_fp16.safetensors"
LOW = HIGH.replace("HIGH", "LOW")


@pytest.fixture(scope="session")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_two_experts(tmp_path_factory.mktemp("two") / "tiny-two")


@pytest.fixture
def film(two: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Pro film of three clips for a model of two experts, with a pair of LoRAs beside it."""
    monkeypatch.setenv("SVI_MODELS", str(two.parent))
    for number, name in enumerate((HIGH, LOW), start=1):
        write_small_lora(Path(name), two, change=0.1 * number)
    return write_storyboard(Path("story.json"), model="tiny-two", family="pro")


def loras(film: Path, clip: int | None = None) -> list[tuple[str, float, str]]:
    board = open_film(film).storyboard
    uses: tuple[LoraUse, ...] = board.loras if clip is None else board.clips[clip - 1].loras
    return [(use.label, use.weight, use.expert) for use in uses]


def test_a_file_is_described(run: Run, two: Path) -> None:
    write_small_lora(Path(HIGH), two)
    ended = run("lora", HIGH)
    assert ended.code == 0
    assert ended.out.splitlines() == [
        f"{HIGH}: LoRA of 1 layer, rank 1, factor 1",
        "Made for Wan 2.2 I2V A14B, the high-noise expert.",
    ]


def test_a_distilled_file_with_its_factor_is_described(run: Run) -> None:
    name = "diffusion_model.blocks.0.self_attn.q"
    content: dict[str, Any] = {f"{name}.lora_down.weight": np.ones((64, 48), np.float32)}
    content |= {f"{name}.lora_up.weight": np.ones((48, 64), np.float32), f"{name}.alpha": np.int64(8)}
    content["diffusion_model.blocks.0.cross_attn.norm_k_img.diff"] = np.ones(48, np.float32)
    content = {key: np.asarray(value) for key, value in content.items()}
    file = Path("lightx2v_I2V_14B_480p_cfg_step_distill_rank64.safetensors")
    save_file(content, file)
    lines = run("lora", file).out.splitlines()
    assert lines == [
        f"{file}: LoRA of 2 layers, rank 64, factor 0.125, 1 whole difference",
        "Made for Wan 2.1 I2V; no expert is named.",
        "Made for few steps: use 4 to 8 steps and a guidance of 1 with it, on a model that is not so itself.",
        "1 layer for the pictures that Wan 2.1 looks at; on Wan 2.2 they have no place and are left out.",
    ]
    told = json.loads(run("lora", file, "--json").out)
    assert (told["base"], told["distilled"], told["factors"]) == ("wan2.1-i2v", True, [0.125])


def test_each_file_goes_to_the_expert_that_it_names(run: Run, film: Path) -> None:
    run("lora", film, "--add", HIGH)
    ended = run("lora", film, "--add", LOW, "--weight", "0.8")
    assert [use[1:] for use in loras(film)] == [(1.0, "high"), (0.8, "low")]
    assert ended.out.splitlines() == [
        f"film, LoRA 1: {Path(HIGH).stem} at 1, for the high-noise expert",
        f"film, LoRA 2: {Path(LOW).stem} at 0.8, for the low-noise expert",
    ]


def test_a_clip_has_its_own_another_weight_or_goes_without(run: Run, film: Path) -> None:
    run("lora", film, "--add", HIGH)
    run("lora", film, "--clip", 2, "--without", 1)
    run("lora", film, "--clip", 3, "--add", LOW, "--weight", "0.5", "--expert", "both")
    run("lora", film, "--clip", 3, "--change", 1, "--weight", "-0.5")
    assert loras(film, 2) == [(Path(HIGH).stem, 0.0, "high")]
    ended = run("lora", film)
    assert ended.out.splitlines()[1:] == [
        f"clip 2, LoRA 1: {Path(HIGH).stem}, off, for the high-noise expert",
        f"clip 3, LoRA 1: {Path(LOW).stem} at -0.5",
    ]
    run("lora", film, "--clip", 3, "--remove", 1)
    assert loras(film, 3) == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--change", 2], "There is no LoRA 2, there are 1"),
        (["--clip", 9, "--add", HIGH], "There is no clip 9: the film has 3 clips."),
        (["--without", 1], "--without is for one clip"),
        (["--clip", 2, "--remove", 1], "There is no LoRA 1, there is none"),
        (["--add", "nothing.safetensors"], "missing"),
        (["--add", "start.png"], "start.png"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_changes_nothing(
    run: Run, film: Path, words: list[object], sentence: str
) -> None:
    run("lora", film, "--add", HIGH)
    before = film.read_bytes()
    ended = run("lora", film, *words)
    assert ended.code != 0 and sentence in ended.err and len(ended.err.splitlines()) == 1
    assert film.read_bytes() == before


def test_a_lora_is_no_film(run: Run, two: Path) -> None:
    write_small_lora(Path(HIGH), two)
    assert "is a LoRA, and no film" in run("lora", HIGH, "--add", HIGH).err


def test_a_render_stops_at_a_question_until_it_is_answered_or_wanted_so(run: Run, film: Path) -> None:
    run("lora", film, "--add", HIGH, "--expert", "low")
    run("lora", film, "--add", LOW, "--expert", "high")
    assert "seem to be exchanged" in run("info", film).out
    ended = run("render", film, "-o", "film.mkv", "--clips", "1")
    assert (ended.code, len(ended.err.splitlines()[-1:])) == (2, 1)
    assert "The LoRAs of the two experts seem to be exchanged" in ended.err.splitlines()[-1]
    assert "add --as-it-is to render it so" in ended.err
    assert not list(Path().glob("*.svi")) and not Path("film.mkv").exists(), "nothing was begun"
    ended = run("render", film, "-o", "film.mkv", "--clips", "1", "--as-it-is")
    assert (ended.code, "seem to be exchanged" in ended.err) == (0, True)
    assert run("render", film, "-o", "again.mkv", "--project", "film.svi", "--clips", "1").code == 0, "it is made"


def test_a_question_about_another_clip_or_mere_advice_stops_no_render(run: Run, film: Path) -> None:
    run("lora", film, "--add", HIGH)
    run("lora", film, "--clip", 2, "--add", LOW, "--expert", "high")
    ended = run("render", film, "-o", "film.mkv", "--clips", "1")
    assert (ended.code, "Only the high-noise expert has the LoRA" in ended.err) == (0, True)
    assert "in clip 2" not in ended.err


def test_a_project_has_the_files_of_its_clips_too(run: Run, film: Path) -> None:
    run("lora", film, "--clip", 2, "--add", HIGH)
    open_film(film).make_project()
    shutil.rmtree("media", ignore_errors=True)
    project = open_film(Path("story.svi"))
    (use,) = project.storyboard.clips[1].loras
    assert project.file(use.file).is_file()
