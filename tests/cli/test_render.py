"""Rendering from the command line: the film comes out, finished takes are used again, a stop loses nothing."""

import hashlib
import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file, save_file

from svi_studio.cli import render as render_module
from svi_studio.cli.stop import StopRequest
from svi_studio.domain.takes.take_files import LOSSLESS_VIDEO
from svi_studio.media.frames import Frames
from svi_studio.media.video_reader import count_frames, probe_video, stream_frames
from svi_studio.project.export import film_export
from svi_studio.project.film.film_source import open_film
from svi_studio.project.film.prepare import prepare
from tests.builders.tags import read_tags
from tests.cli.conftest import Ended, Run, write_small_lora, write_storyboard

FRAMES = (9 - 5) * 2 + 9  # Film: a clip that is continued gives up five of its nine frames


def kinds(ended: Ended) -> list[str]:
    return [event["kind"] for event in ended.events if event["kind"] not in ("step_done", "preview_ready")]


def pixels(path: Path) -> Frames:
    return np.concatenate(list(stream_frames(path)))


def take_hashes(project: str = "film.svi") -> set[str]:
    return {folder.name for folder in (Path(project) / "takes").iterdir() if len(folder.name) == 64}


def test_a_storyboard_becomes_a_film(run: Run, storyboard: Path) -> None:
    ended = run("render", storyboard, "-o", "film.mp4")
    assert ended.code == 0, ended.err
    assert ended.out == f"The film is at film.mp4 (2.1 s, {FRAMES} frames); 3 clips rendered, 0 reused.\n"
    assert count_frames(Path("film.mp4")) == FRAMES
    facts = probe_video(Path("film.mp4"))
    assert (facts.width, facts.height, facts.fps) == (96, 64, 8), "the model card asks for twice the size"


def test_a_clip_that_was_led_to_the_next_one_is_shown_to_its_end(run: Run) -> None:
    clips = [{"id": f"c{number}", "prompt": f"step {number}", "meets_next": number == 1} for number in (1, 2, 3)]
    story = write_storyboard(Path("story.json"), clips, schema_version=5, num_frames=13)
    ended = run("render", story, "-o", "film.mkv")
    assert ended.code == 0, ended.err
    film = open_film(story, Path("film.svi"))
    made = [pixels(film.takes.file(job.take_hash, LOSSLESS_VIDEO)) for job in prepare(film).plan.jobs]
    assert np.array_equal(pixels(Path("film.mkv")), np.concatenate([made[0], made[1][5:8], made[2]]))


def test_the_film_knows_its_title_seeds_and_takes(run: Run, storyboard: Path) -> None:
    run("render", storyboard, "-o", "film.mp4", "--seed", "7")
    tags = read_tags(Path("film.mp4"))
    made = json.loads(tags["comment"])
    assert tags["title"] == "Three steps"
    assert made["seeds"] == [7, 49, 91]
    assert set(made["takes"]) == take_hashes()


def test_the_same_command_again_renders_nothing_and_writes_the_same_film(run: Run, storyboard: Path) -> None:
    run("render", storyboard, "-o", "film.mp4")
    before = hashlib.sha256(Path("film.mp4").read_bytes()).hexdigest()
    ended = run("render", storyboard, "-o", "film.mp4")
    assert "0 clips rendered, 3 reused" in ended.out
    assert hashlib.sha256(Path("film.mp4").read_bytes()).hexdigest() == before


def test_an_edit_renders_only_what_comes_after_it(run: Run) -> None:
    board = write_storyboard(Path("story.json"), clips=4)
    run("render", board, "-o", "film.mp4")
    text = board.read_text().replace("step 3", "another step")
    board.write_text(text)
    ended = run("render", board, "-o", "film.mp4", "--json")
    assert kinds(ended) == [
        "render_started",
        "clip_reused",
        "clip_reused",
        "clip_started",
        "clip_done",
        "clip_started",
        "clip_done",
        "film_written",
    ]


def test_json_has_a_line_for_every_event_and_nothing_else(run: Run, storyboard: Path) -> None:
    ended = run("render", storyboard, "-o", "film.mkv", "--json")
    assert kinds(ended) == ["render_started", *["clip_started", "clip_done"] * 3, "film_written"]
    steps = [event for event in ended.events if event["kind"] == "step_done"]
    assert [(step["index"], step["step"]) for step in steps] == [(i, s) for i in range(3) for s in (1, 2)]
    assert ended.events[-1] == {
        "kind": "film_written",
        "path": "film.mkv",
        "frames": FRAMES,
        "seconds": pytest.approx(FRAMES / 8),
    }


def test_json_of_a_finished_film_tells_the_reuse(run: Run, storyboard: Path) -> None:
    run("render", storyboard, "-o", "film.mkv")
    ended = run("render", storyboard, "-o", "film.mkv", "--json")
    assert kinds(ended) == ["render_started", *["clip_reused"] * 3, "film_written"]


def test_the_lossless_film_is_the_shown_frames_of_the_takes(run: Run, storyboard: Path) -> None:
    ended = run("render", storyboard, "-o", "film.mkv", "--json")
    hashes = [event["take_hash"] for event in ended.events if event["kind"] == "clip_done"]
    takes = [pixels(Path("film.svi/takes") / name / LOSSLESS_VIDEO) for name in hashes]
    assert np.array_equal(pixels(Path("film.mkv")), np.concatenate([takes[0][:4], takes[1][:4], takes[2]]))


def test_some_clips_make_a_film_of_their_own_and_render_only_what_they_need(run: Run) -> None:
    board = json.loads(write_storyboard(Path("story.json"), clips=5).read_text())
    board["clips"][2]["cut"] = True
    Path("story.json").write_text(json.dumps(board))
    ended = run("render", "story.json", "-o", "part.mkv", "--clips", "4-5", "--json")
    done = [event["index"] for event in ended.events if event["kind"] == "clip_done"]
    assert (done, ended.events[-1]["frames"]) == ([2, 3, 4], 4 + 9)
    assert {event["total"] for event in ended.events if event["kind"] == "clip_started"} == {5}


def test_after_some_clips_the_rest_is_told_rendered_and_exported_right(run: Run) -> None:
    board = write_storyboard(Path("story.json"), clips=5)
    some = run("render", board, "-o", "film.mkv", "--clips", "2-3")
    assert some.out == "The film is at film.mkv (1.6 s, 13 frames); 3 clips rendered, 0 reused.\n", some.err
    facts = run("info", board, "-o", "film.mkv", "--json").events[0]
    assert (facts["ready"], facts["unrendered"], facts["frames"]) == ([0, 1, 2], [3, 4], 4 * 4 + 9)
    assert "Clips 4-5 of this film are not rendered yet" in run("export", board, "-o", "film.mkv").err
    assert run("export", board, "-o", "film.mkv", "--clips", "1-3", "--json").events[-1]["frames"] == 4 + 4 + 9
    rest = run("render", board, "-o", "film.mkv", "--json")
    started = [event for event in rest.events if event["kind"] in ("render_started", "clip_started")]
    assert [(event.get("index"), event["total"]) for event in started] == [(None, 5), (3, 5), (4, 5)]
    assert (started[0]["to_render"], started[0]["reused"]) == (2, 3)
    assert rest.events[-1]["frames"] == 4 * 4 + 9


def test_a_film_of_some_clips_shows_the_same_frames_as_the_whole_film(run: Run) -> None:
    board = write_storyboard(Path("story.json"), clips=4)
    run("render", board, "-o", "film.mkv")
    run("export", board, "-o", "part.mkv", "--project", "film.svi", "--clips", "2-3")
    assert np.array_equal(pixels(Path("part.mkv"))[:8], pixels(Path("film.mkv"))[4:12])


def test_the_project_beside_the_film_can_be_used_on_its_own(run: Run, storyboard: Path) -> None:
    run("render", storyboard, "-o", "film.mkv")
    before = pixels(Path("film.mkv"))
    storyboard.unlink()
    Path("start.png").unlink()
    ended = run("export", "film.svi", "-o", "again.mkv")
    assert ended.code == 0, ended.err
    assert np.array_equal(pixels(Path("again.mkv")), before)


def test_the_same_film_in_another_folder_has_the_same_takes(run: Run, models: Path) -> None:
    for folder, lora in (("here", "style.safetensors"), ("there", "renamed.safetensors")):
        Path(folder).mkdir()
        write_small_lora(Path(folder, lora), models / "tiny-random")
        write_storyboard(Path(folder, "story.json"), clips=2, loras=[{"file": lora}])
    run("render", "here/story.json", "-o", "film.mkv")
    ended = run("render", "there/story.json", "-o", "again.mkv", "--project", "film.svi", "--device", "cpu")
    assert "0 clips rendered, 2 reused" in ended.out, ended.err


def test_the_project_beside_the_film_has_its_own_copy_of_the_lora(run: Run, models: Path) -> None:
    lora = write_small_lora(Path("style.safetensors"), models / "tiny-random")
    board = write_storyboard(Path("story.json"), clips=2, loras=[{"file": lora.name, "weight": 0.5}])
    run("render", board, "-o", "film.mkv")
    for file in (board, lora, Path("start.png")):
        file.unlink()
    ended = run("render", "film.svi", "-o", "again.mkv")
    assert (ended.code, ended.out.rpartition("; ")[2]) == (0, "0 clips rendered, 2 reused.\n"), ended.err


def test_a_lora_that_is_damaged_inside_is_called_what_people_call_it(run: Run, models: Path) -> None:
    lora = write_small_lora(Path("3f9a.safetensors"), models / "tiny-random")
    tensors = load_file(lora)
    next(iter(tensors.values())).fill_(float("nan"))
    save_file(tensors, lora)
    board = write_storyboard(Path("story.json"), clips=1, loras=[{"file": lora.name, "label": "Dusk"}])
    ended = run("render", board, "-o", "film.mkv")
    assert ended.code == 3
    assert '"Dusk" is damaged' in ended.err
    assert "3f9a" not in ended.err


def test_the_project_beside_the_film_remembers_the_model_and_seed_of_the_command(run: Run) -> None:
    board = write_storyboard(Path("story.json"), clips=2, model="another")
    run("render", board, "-o", "film.mkv", "--model", "tiny-random", "--seed", "5")
    ended = run("render", "film.svi", "-o", "again.mkv")
    assert (ended.code, ended.out.rpartition("; ")[2]) == (0, "0 clips rendered, 2 reused.\n"), ended.err


def test_a_model_in_a_folder_anywhere_can_render(run: Run, storyboard: Path, models: Path) -> None:
    assert run("render", storyboard, "-o", "film.mkv", "--model", models / "tiny-random").code == 0


def test_takes_go_where_the_user_says(run: Run, storyboard: Path) -> None:
    run("render", storyboard, "-o", "film.mkv", "--project", "elsewhere")
    assert len(take_hashes("elsewhere.svi")) == 3
    assert not Path("film.svi").exists()


def test_export_changes_the_format_and_the_size(run: Run, storyboard: Path) -> None:
    run("render", storyboard, "-o", "film.mp4")
    ended = run("export", storyboard, "-o", "film.mov", "--enlarge", "4")
    assert ended.code == 0, ended.err
    facts = probe_video(Path("film.mov"))
    assert (facts.codec, facts.width, facts.height) == ("prores", 192, 128)


def test_export_as_pictures(run: Run, storyboard: Path) -> None:
    run("render", storyboard, "-o", "film.mp4")
    assert run("export", storyboard, "-o", "film", "--project", "film.svi").code == 0
    assert len(list(Path("film").glob("*.png"))) == FRAMES


def test_a_damaged_take_is_told_and_not_shown(run: Run, storyboard: Path) -> None:
    run("render", storyboard, "-o", "film.mkv")
    Path("film.mkv").unlink()
    video = next(Path("film.svi/takes").glob(f"*/{LOSSLESS_VIDEO}"))
    content = bytearray(video.read_bytes())
    content[len(content) // 2] ^= 0xFF
    video.write_bytes(content)
    ended = run("export", storyboard, "-o", "film.mkv")
    assert (ended.code, Path("film.mkv").exists()) == (2, False)
    assert "damaged" in ended.err


class _AfterSteps(StopRequest):
    """Presses Ctrl-C in the step of this number."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        self._steps = steps

    def __call__(self) -> bool:
        self._steps -= 1
        if self._steps == 0:
            os.kill(os.getpid(), signal.SIGINT)
        return super().__call__()


@pytest.fixture
def ctrl_c_in_step(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Arrange for one Ctrl-C, in the step of this number."""

    def arrange(number: int) -> None:
        monkeypatch.setattr("svi_studio.cli.stop.StopRequest", lambda: _AfterSteps(number))

    before = signal.getsignal(signal.SIGINT)  # a shell that runs tests in the background has it ignored
    yield arrange
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_keeps_finished_takes_and_says_how_to_go_on(
    run: Run, storyboard: Path, ctrl_c_in_step: Callable[[int], None]
) -> None:
    ctrl_c_in_step(4)
    ended = run("render", storyboard, "-o", "film.mp4")
    assert ended.code == 130
    assert "1 of 3 clips are finished and kept in film.svi" in ended.err
    assert "Run the same command again to go on" in ended.err
    assert (len(take_hashes()), Path("film.mp4").exists()) == (1, False)


def test_the_same_command_goes_on_after_ctrl_c_and_makes_the_same_film(
    run: Run, storyboard: Path, ctrl_c_in_step: Callable[[int], None]
) -> None:
    run("render", storyboard, "-o", "whole.mkv")
    ctrl_c_in_step(4)
    run("render", storyboard, "-o", "film.mkv")
    ctrl_c_in_step(1000)
    assert "2 clips rendered, 1 reused" in run("render", storyboard, "-o", "film.mkv").out
    assert take_hashes("film.svi") == take_hashes("whole.svi")
    assert np.array_equal(pixels(Path("film.mkv")), pixels(Path("whole.mkv")))


def test_ctrl_c_with_json_is_an_event(run: Run, storyboard: Path, ctrl_c_in_step: Callable[[int], None]) -> None:
    ctrl_c_in_step(3)
    ended = run("render", storyboard, "-o", "film.mp4", "--json")
    assert (ended.code, kinds(ended)[-1], ended.events[-1]["finished"]) == (130, "render_stopped", 1)


def test_ctrl_c_while_the_film_is_written_leaves_the_takes(
    run: Run, storyboard: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = film_export.write_film

    def pressed(*arguments: object, **more: object) -> object:
        os.kill(os.getpid(), signal.SIGINT)
        return real(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(render_module, "write_film", pressed)
    ended = run("render", storyboard, "-o", "film.mp4")
    assert (ended.code, len(take_hashes()), list(Path.cwd().glob("*.mp4"))) == (130, 3, [])


def test_film_and_shot_of_the_same_words_differ(run: Run) -> None:
    film = run("render", write_storyboard(Path("a.json")), "-o", "a.mkv", "--json").events[-1]["frames"]
    shot = run("render", write_storyboard(Path("b.json"), family="shot"), "-o", "b.mkv", "--json").events[-1]["frames"]
    assert (film, shot) == (17, 25)


def test_a_film_that_was_computed_on_two_computers_is_told(run: Run, storyboard: Path) -> None:
    run("render", storyboard, "-o", "film.mkv", "--clips", "1")
    (manifest,) = Path("film.svi/takes").glob("*/manifest.json")
    take = json.loads(manifest.read_text())
    take["library_versions"] |= {"device": "processor (AVX2)", "arithmetic": "0123456789abcdef"}
    manifest.write_text(json.dumps(take))
    said = "Clip 1 was computed by the processor (AVX2), clip 2 by the processor ("
    assert said in run("render", storyboard, "-o", "film.mkv").err
    assert said.replace("clip 2", "clips 2-3") in run("info", storyboard, "-o", "film.mkv").out
