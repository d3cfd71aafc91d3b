"""Whatever is wrong with the input: one plain sentence on stderr, its exit code, no traceback, nothing half-written."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.cli.conftest import Ended, Run, environment, write_small_lora, write_storyboard


def told(ended: Ended, code: int, *words: str) -> None:
    """The command ended with ``code`` and a last line on stderr that holds ``words``; nothing was left behind."""
    assert ended.code == code, ended.err
    assert "Traceback" not in ended.err
    last = ended.err.strip().splitlines()[-1]
    for word in words:
        assert word in last
    assert not list(Path.cwd().glob("*.mp4"))
    assert not list(Path.cwd().glob(".*"))


def render(run: Run, *more: object, **changes: Any) -> Ended:
    return run("render", write_storyboard(Path("story.json"), **changes), "-o", "film.mp4", *more)


def test_a_missing_storyboard(run: Run) -> None:
    told(run("render", "gone.json", "-o", "film.mp4"), 2, "gone.json")


def test_a_missing_project(run: Run) -> None:
    told(run("render", "gone.svi", "-o", "film.mp4"), 2, "gone.svi")


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"clips": 3}', '{"titel": "x"}', "\udcff"])
def test_a_broken_storyboard(run: Run, content: str) -> None:
    Path("story.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    told(run("render", "story.json", "-o", "film.mp4"), 2, "story.json")


def test_a_storyboard_from_a_newer_version(run: Run) -> None:
    told(render(run, schema_version=99), 2, "newer version")


def test_a_project_from_a_newer_version(run: Run) -> None:
    run("new", "holiday")
    file = Path("holiday.svi/project.json")
    file.write_text(json.dumps(json.loads(file.read_text()) | {"schema_version": 99}))
    told(run("render", "holiday.svi", "-o", "film.mp4"), 2, "newer version")


LONG = "n" * 256


@pytest.mark.parametrize(
    "words",
    [
        ["render", f"{LONG}.json", "-o", "film.mp4"],
        ["render", f"{LONG}.svi", "-o", "film.mp4"],
        ["render", "story.json", "-o", f"{LONG}.mp4"],
        ["render", "story.json", "-o", f"{LONG[:250]}.mp4"],  # fits, but not while it is being written
        ["render", "story.json", "-o", f"{LONG}/film.mp4"],
        ["render", "story.json", "-o", "film.mp4", "--project", LONG],
        ["render", "story.json", "-o", "film.mp4", "--project", f"{LONG}/takes"],
        ["render", "story.json", "-o", "film.mp4", "--sound", LONG],
        ["info", f"{LONG}.json"],
        ["new", LONG],
        ["new", "holiday", "--image", f"{LONG}.png"],
        ["new", "holiday", "--prompts", f"{LONG}.txt"],
        ["models", "convert", LONG, "-o", "model"],
    ],
)
def test_a_name_that_is_too_long_for_the_disk(run: Run, storyboard: Path, words: list[str]) -> None:
    ended = run(*words)
    told(ended, 2, LONG[:250])
    assert {path.name for path in Path.cwd().iterdir()} == {"story.json", "start.png"}


def test_a_picture_with_a_name_that_is_too_long(run: Run) -> None:
    told(render(run, reference_image=f"{LONG}.png"), 2, LONG)


@pytest.mark.parametrize("name", [".", "..", "/"])
def test_a_film_without_a_name(run: Run, storyboard: Path, name: str) -> None:
    told(run("render", storyboard, "-o", name), 2, name)


def test_a_project_without_a_name(run: Run, storyboard: Path) -> None:
    told(run("render", storyboard, "-o", "film.mp4", "--project", "."), 2, "name")
    told(run("new", "."), 2, "name")


def test_a_folder_of_something_else_in_the_place_of_the_pictures_is_told_before_anything_is_rendered(
    run: Run, storyboard: Path
) -> None:
    Path("film").mkdir()
    Path("film/letter.txt").write_text("dear reader")
    told(run("render", storyboard, "-o", "film"), 2, "film", "already exists")
    assert [path.name for path in Path("film").iterdir()] == ["letter.txt"]
    assert not Path("film.svi").exists()


def test_an_empty_storyboard(run: Run) -> None:
    told(render(run, clips=0), 2, "no clips")


def test_an_empty_prompt(run: Run) -> None:
    clips = [{"id": "a", "prompt": "one"}, {"id": "b", "prompt": "  "}]
    path = write_storyboard(Path("story.json"))
    path.write_text(json.dumps(json.loads(path.read_text()) | {"clips": clips}))
    told(run("render", path, "-o", "film.mp4"), 2, "Clip 2 has no prompt")


def test_an_unknown_family(run: Run) -> None:
    told(render(run, family="opera"), 2, "opera", "film")


def test_a_family_that_cannot_render_yet(run: Run) -> None:
    told(render(run, family="talk"), 2, "Talk needs a model that follows a sound", "tiny-random")


def test_an_unknown_model(run: Run) -> None:
    told(render(run, model="huge"), 3, "huge", "tiny-random")


def test_a_model_name_on_the_command_line_that_does_not_exist(run: Run) -> None:
    told(render(run, "--model", "huge"), 3, "huge")


@pytest.mark.parametrize(("width", "height"), [(64, 64), (50, 32), (0, 32), (48, None), (-16, 32)])
def test_a_wrong_size(run: Run, width: int, height: int | None) -> None:
    told(render(run, width=width, height=height), 2)


@pytest.mark.parametrize("frames", [10, 1, -1, 10**9])
def test_a_wrong_number_of_frames(run: Run, frames: int) -> None:
    told(render(run, num_frames=frames), 2, "num_frames")


def test_no_picture_at_all(run: Run) -> None:
    told(render(run, reference_image=None), 2, "picture")


def test_a_missing_picture(run: Run) -> None:
    told(render(run, reference_image="gone.png"), 2, "gone.png")


@pytest.mark.parametrize("path", ["../start.png", "/etc/passwd", "C:/x.png", "//server/x.png"])
def test_a_picture_outside_of_the_folder(run: Run, path: str) -> None:
    told(render(run, reference_image=path), 2)


def test_a_broken_picture(run: Run, storyboard: Path) -> None:
    whole = Path("start.png").read_bytes()
    Path("start.png").write_bytes(whole[: len(whole) // 2])
    told(run("render", storyboard, "-o", "film.mp4"), 2, "start.png", "broken")


def test_a_picture_that_is_something_else(run: Run, storyboard: Path) -> None:
    Path("start.png").write_text("<svg/>")
    told(run("render", storyboard, "-o", "film.mp4"), 2, "start.png")


def test_a_picture_over_fifty_megapixels(run: Run, storyboard: Path) -> None:
    Image.new("1", (7200, 7000)).save("start.png")
    told(run("render", storyboard, "-o", "film.mp4"), 2, "50 megapixels")


def test_a_broken_picture_at_a_later_cut_is_told_before_anything_is_rendered(run: Run) -> None:
    path = write_storyboard(Path("story.json"))
    board = json.loads(path.read_text())
    board["clips"][2] |= {"cut": True, "image": "late.png"}
    path.write_text(json.dumps(board))
    Path("late.png").write_bytes(b"\x89PNG")
    told(run("render", path, "-o", "film.mp4"), 2, "late.png")
    assert not Path("film.svi").exists()


def test_a_missing_lora(run: Run) -> None:
    told(render(run, loras=[{"file": "style.safetensors"}]), 3, "style.safetensors")


@pytest.mark.parametrize("content", [b"", b"\x80\x04K\x01.", b"PK\x03\x04" + bytes(60), b"\xff" * 40, bytes(8)])
def test_a_lora_that_is_no_safetensors_file(run: Run, content: bytes) -> None:
    Path("style.safetensors").write_bytes(content)
    ended = render(run, loras=[{"file": "style.safetensors"}])
    told(ended, 3, "style.safetensors")
    assert "Loading the model" not in ended.err


def test_a_truncated_lora_is_told_before_the_model_is_loaded(run: Run, models: Path) -> None:
    lora = write_small_lora(Path("style.safetensors"), models / "tiny-random")
    lora.write_bytes(lora.read_bytes()[:-100])
    ended = render(run, loras=[{"file": lora.name}])
    told(ended, 3, "style.safetensors", "cut short")
    assert "Loading the model" not in ended.err
    assert not Path("film.svi").exists()


def test_a_lora_for_another_architecture(run: Run, tmp_path: Path) -> None:
    wide = tmp_path / "wide" / "transformer"
    wide.mkdir(parents=True)
    (wide / "config.json").write_text(json.dumps({"num_attention_heads": 12, "attention_head_dim": 128}))
    write_small_lora(Path("style.safetensors"), wide.parent)
    told(render(run, loras=[{"file": "style.safetensors"}]), 3, "style.safetensors")


def test_a_truncated_model(run: Run, models: Path) -> None:
    shutil.copytree(models / "tiny-random", "half")
    weights = Path("half/transformer/diffusion_pytorch_model.safetensors")
    weights.write_bytes(weights.read_bytes()[:-100])
    told(render(run, "--model", "half"), 3, "diffusion_pytorch_model.safetensors", "cut short")


def test_a_clip_that_is_not_finite_keeps_what_is_finished(run: Run, models: Path) -> None:
    board = write_storyboard(Path("story.json"))
    assert run("render", board, "-o", "film.mkv", "--clips", "1").code == 0
    Path("film.mkv").unlink()
    takes = sorted(Path("film.svi/takes").iterdir())
    write_small_lora(Path("style.safetensors"), models / "tiny-random", change=3e38)
    told(render(run, "--project", "film.svi", loras=[{"file": "style.safetensors", "weight": 10.0}]), 5, "Clip 1")
    assert sorted(Path("film.svi/takes").iterdir()) == takes


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="a folder that nobody can write to")
def test_a_place_for_the_takes_that_cannot_be_written(run: Run, storyboard: Path) -> None:
    told(run("render", storyboard, "-o", "film.mp4", "--project", "/proc/film"), 1, "/proc/film.svi")


@pytest.mark.parametrize("name", ["film.avi", "film.gif", "film"])
def test_an_ending_that_fits_no_format(run: Run, storyboard: Path, name: str) -> None:
    told(run("render", storyboard, "-o", name, "--format", "mp4"), 2, name)


def test_an_output_folder_that_does_not_exist(run: Run, storyboard: Path) -> None:
    told(run("render", storyboard, "-o", "nowhere/film.mp4"), 2, "nowhere")


def test_an_output_that_is_a_folder(run: Run, storyboard: Path) -> None:
    Path("film.mov").mkdir()
    told(run("render", storyboard, "-o", "film.mov"), 2, "film.mov")


def test_an_output_under_a_file(run: Run, storyboard: Path) -> None:
    Path("file").write_text("")
    told(run("render", storyboard, "-o", "file/film.mp4"), 2, "file")


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="a folder that nobody can write to")
def test_an_output_that_cannot_be_written(run: Run, storyboard: Path) -> None:
    told(run("render", storyboard, "-o", "/proc/film.mp4"), 1, "/proc")


@pytest.mark.parametrize("clips", ["0-2", "3-2", "a-b", "2-1", "x", "1-2-3"])
def test_a_range_of_clips_that_is_none(run: Run, storyboard: Path, clips: str) -> None:
    told(run("render", storyboard, "-o", "film.mp4", f"--clips={clips}"), 2, "--clips")


@pytest.mark.parametrize("clips", ["4", "2-9", "7-"])
def test_a_range_of_clips_outside_of_the_film(run: Run, storyboard: Path, clips: str) -> None:
    told(run("render", storyboard, "-o", "film.mp4", "--clips", clips), 2, "3 clips")


@pytest.mark.parametrize("seed", ["-1", "x", "1.5", "99999999999999999999"])
def test_a_seed_that_is_none(run: Run, storyboard: Path, seed: str) -> None:
    told(run("render", storyboard, "-o", "film.mp4", f"--seed={seed}"), 2, "seed")


@pytest.mark.parametrize("device", ["gpu", "cuda:77", "vulkan"])
def test_a_device_that_is_not_there(run: Run, storyboard: Path, device: str) -> None:
    told(run("render", storyboard, "-o", "film.mp4", "--device", device), 2, device)


def test_a_missing_sound(run: Run, storyboard: Path) -> None:
    told(run("render", storyboard, "-o", "film.mp4", "--sound", "gone.wav"), 2, "gone.wav")


def test_a_sound_that_is_none_is_told_before_anything_is_rendered(run: Run, storyboard: Path) -> None:
    told(run("render", storyboard, "-o", "film.mp4", "--sound", "start.png"), 2, "start.png", "sound")
    assert not Path("film.svi").exists()


def test_a_film_too_large_to_be_written_is_told_before_anything_is_rendered(run: Run, models: Path) -> None:
    shutil.copytree(models / "tiny-random", "wide")
    card = json.loads(Path("wide/svi_model.json").read_text())
    Path("wide/svi_model.json").write_text(json.dumps(card | {"name": "wide", "width": 1024}))
    told(render(run, "--model", "wide", "--enlarge", "32"), 2, "1024 x 32 pixels, enlarged 32 times")
    assert not Path("film.svi").exists()


def test_an_export_of_what_is_not_rendered(run: Run, storyboard: Path) -> None:
    told(run("export", storyboard, "-o", "film.mp4"), 2, "Clips 1-3", "not rendered yet")


def test_a_project_folder_for_a_project(run: Run) -> None:
    run("new", "holiday")
    told(run("render", "holiday.svi", "-o", "film.mp4", "--project", "other.svi"), 2, "keeps its own takes")


def test_with_json_the_failure_is_an_event_too(run: Run) -> None:
    ended = render(run, "--json", family="opera")
    told(ended, 2, "opera")
    assert [event["kind"] for event in ended.events] == ["render_failed"]


def test_an_unknown_command_is_one_line(run: Run) -> None:
    ended = run("rendr")
    assert (ended.code, ended.err.count("\n")) == (2, 1)


def test_something_unexpected_is_one_sentence_and_a_log_file(
    run: Run, storyboard: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("svi_studio.cli.info.prepare", lambda *_: 1 / 0)
    ended = run("info", storyboard)
    told(ended, 1, "unexpected")
    log = Path(ended.err.strip().split(" are in ")[1].removesuffix("."))
    assert "ZeroDivisionError" in log.read_text()


def test_the_real_process_says_the_same(own_world: None) -> None:
    write_storyboard(Path("story.json"), family="opera")
    command = [sys.executable, "-m", "svi_studio", "render", "story.json", "-o", "film.mp4"]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "opera" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_name_that_would_turn_the_terminal_round_is_shown_with_a_mark(run: Run) -> None:
    ended = run("info", "film\u202egnp.svi")
    told(ended, 2, "film\ufffdgnp.svi")
    assert "\u202e" not in ended.err
