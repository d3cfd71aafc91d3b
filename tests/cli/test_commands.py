"""new, info, doctor, models and the help: what they say, and that none of them waits for torch."""

import importlib.abc
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from svi_studio.__main__ import main as run_program
from svi_studio.domain.text.wording import as_duration, as_ranges
from tests.cli.conftest import Run, environment, write_storyboard


def test_without_arguments_the_help_is_shown(run: Run) -> None:
    ended = run()
    assert ended.code == 0
    assert all(name in ended.out for name in ("render", "new", "info", "export", "doctor", "models", "train"))


@pytest.mark.parametrize("command", ["render", "new", "info", "export", "doctor", "models", "train"])
def test_every_command_has_help(run: Run, command: str) -> None:
    ended = run(command, "--help")
    assert (ended.code, ended.err) == (0, "")


def test_a_new_project_renders(run: Run) -> None:
    Image.new("RGB", (48, 32), "green").save("start.png")
    film = ("--family", "film", "--model", "tiny-random", "--image", "start.png")
    ended = run("new", "holiday", *film, "--prompt", "one", "--prompt", "two")
    assert (ended.code, ended.out) == (0, "The project holiday.svi is made, with 2 clips.\n")
    assert run("render", "holiday.svi", "-o", "film.mp4").code == 0


def test_a_new_project_takes_prompts_from_a_file(run: Run) -> None:
    Path("prompts.txt").write_text("one\n\n  two  \nthree\n", encoding="utf-8")
    run("new", "holiday", "--family", "film", "--prompts", "prompts.txt")
    clips = json.loads(Path("holiday.svi/project.json").read_text())["storyboard"]["clips"]
    assert [clip["prompt"] for clip in clips] == ["one", "two", "three"]


def prompts_of(film: str = "holiday.svi") -> list[str]:
    clips = json.loads(Path(film, "project.json").read_text())["storyboard"]["clips"]
    return [clip["prompt"] for clip in clips]


@pytest.mark.parametrize("family", ["film", "shot"])
def test_a_new_film_has_one_clip_a_prompt(run: Run, family: str) -> None:
    ended = run("new", "holiday", "--family", family, "--prompt", "  The red ball rests. ")
    assert ended.out.startswith("The project holiday.svi is made, with 1 clip.")
    assert prompts_of() == ["The red ball rests."]


def test_a_new_film_of_more_clips_says_the_last_prompt_again(run: Run) -> None:
    run("new", "holiday", "--family", "film", "--prompt", "one", "--clips", "3")
    assert prompts_of() == ["one", "one", "one"]


def test_a_new_film_says_what_it_read_as_what(run: Run) -> None:
    Path("subs.srt").write_text("1\n00:00:00,000 --> 00:00:05,000\none\n\n2\n00:00:05,000 --> 00:00:09,000\ntwo\n")
    ended = run("new", "holiday", "--family", "film", "--prompt", "zero", "--prompts", "subs.srt")
    assert ended.out.startswith("2 prompts read as subtitles.\n")
    assert prompts_of() == ["zero", "one", "two"]


@pytest.mark.parametrize("command", ["info", "render"])
def test_all_clips_without_a_prompt_are_named_at_once(run: Run, command: str) -> None:
    Image.new("RGB", (48, 32), "green").save("start.png")
    run("new", "holiday", "--family", "film", "--model", "tiny-random", "--image", "start.png")
    Path("new.txt").write_text("one\n")
    run("prompts", "holiday.svi", "--import", "new.txt")

    ended = run(command, "holiday.svi", *(["-o", "film.mp4"] if command == "render" else []))

    said = "Clips 1-10 have no prompt: say in a few words what happens in each, or delete them.\n"
    assert (ended.code, ended.err.splitlines(keepends=True)[-1]) == (2, said)


def test_a_new_shot_has_one_prompt_and_as_many_clips_as_asked(run: Run) -> None:
    run("new", "holiday", "--prompt", "one", "--clips", "4")
    clips = json.loads(Path("holiday.svi/project.json").read_text())["storyboard"]["clips"]
    assert [clip["prompt"] for clip in clips] == ["one", "", "", ""]


@pytest.mark.parametrize(
    "words",
    [
        ["--family", "opera"],
        ["--image", "gone.png"],
        ["--clips", "0"],
        ["--clips", "1", "--prompt", "a", "--prompt", "b"],
        ["--prompts", "gone.txt"],
        ["--prompt", ""],
        ["--prompt", "a", "--prompt", " \n"],
        ["--prompt", "a" * 100_000],
        ["--title", "x" * 600],
        ["--model", "../up"],
    ],
)
def test_a_new_project_that_is_not_possible_leaves_nothing(run: Run, words: list[str]) -> None:
    ended = run("new", "holiday", *words)
    assert (ended.code, ended.err.count("\n"), list(Path.cwd().iterdir())) == (2, 1, [])


def test_a_project_is_never_made_over_another(run: Run) -> None:
    run("new", "holiday")
    before = Path("holiday.svi/project.json").read_bytes()
    assert run("new", "holiday.svi", "--title", "Other").code == 2
    assert Path("holiday.svi/project.json").read_bytes() == before


def info(run: Run, *more: object) -> dict[str, object]:
    ended = run("info", "story.json", "-o", "film.mp4", "--json", *more)
    assert ended.code == 0, ended.err
    facts = json.loads(ended.out)
    assert isinstance(facts, dict)
    return facts


def test_info_tells_length_and_cost_before_anything_is_rendered(run: Run, storyboard: Path) -> None:
    facts = info(run)
    assert (facts["clips"], facts["frames"], facts["seconds"]) == (3, 17, 17 / 8)
    assert (facts["unrendered"], facts["steps_to_render"], facts["seconds_to_render"]) == ([0, 1, 2], 6, None)


def test_info_tells_what_an_edit_made_stale_and_what_it_costs(run: Run, storyboard: Path) -> None:
    run("render", storyboard, "-o", "film.mp4")
    storyboard.write_text(storyboard.read_text().replace("step 2", "another step"))
    facts = info(run)
    assert (facts["ready"], facts["stale"], facts["unrendered"]) == ([0], [1, 2], [])
    seconds = facts["seconds_to_render"]
    assert isinstance(seconds, float)
    assert 0 < seconds < 60


def test_info_in_words(run: Run, storyboard: Path) -> None:
    run("render", storyboard, "-o", "film.mp4", "--clips", "1")
    said = run("info", storyboard, "-o", "film.mp4").out
    assert "Three steps: 3 clips, 2.1 s (17 frames of 48 x 32), family film, model tiny-random" in said
    assert "Ready: clip 1" in said
    assert "Not rendered yet: clips 2-3" in said
    assert "A render makes 2 clips in 4 steps, about" in said


def test_info_of_a_finished_film(run: Run, storyboard: Path) -> None:
    run("render", storyboard, "-o", "film.mp4")
    assert "nothing to do but to write the film" in run("info", storyboard, "-o", "film.mp4").out


def test_the_models_are_listed(run: Run) -> None:
    assert "tiny-random: Tiny random model (48 x 32, 9 frames a clip;" in run("models", "list").out


def test_the_models_are_listed_for_scripts(run: Run, models: Path) -> None:
    found = {model["name"]: model for model in run("models", "list", "--json").events}
    assert found["tiny-random"]["folder"] == str(models / "tiny-random")


def test_the_doctor_finds_a_healthy_computer(run: Run) -> None:
    ended = run("doctor", "--json")
    verdicts = {finding["subject"]: finding["verdict"] for finding in ended.events}
    assert ended.code == 0, ended.out
    assert verdicts["ffmpeg"] == verdicts["torch"] == verdicts["Model tiny-random"] == "good"


def test_the_doctor_counts_memory_as_its_makers_and_the_window_do(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("psutil.virtual_memory", lambda: SimpleNamespace(total=16 * 2**30 - 10**7))
    assert ", 16 GB memory" in run("doctor").out


def test_the_doctor_says_what_to_do_without_a_model(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("svi_studio.cli.doctor.find_models", lambda: ())
    ended = run("doctor")
    assert ended.code == 1
    assert "put a model folder into" in ended.out


@pytest.mark.parametrize("command", [["info", "story.json"], ["models", "list"], ["new", "holiday"], ["--help"]])
def test_torch_is_not_imported_for(own_world: None, command: list[str]) -> None:
    write_storyboard(Path("story.json"))
    script = (
        "import sys; from svi_studio.cli import main; code = main(sys.argv[1:]);"
        "assert code == 0; assert not {'torch', 'diffusers', 'transformers', 'PySide6'} & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *command], env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_ctrl_c_while_the_program_is_still_being_imported_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(importlib.abc.MetaPathFinder):
        def find_spec(self, name: str, path: object, target: object = None) -> None:
            if name == "svi_studio.cli":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "svi_studio.cli")
    monkeypatch.setattr(sys, "meta_path", [Interrupted(), *sys.meta_path])
    assert run_program(["info", "story.json"]) == 130


@pytest.mark.skipif(os.name == "nt", reason="pipes")
def test_a_reader_that_goes_away_is_no_error(own_world: None) -> None:
    command = f"{sys.executable} -m svi_studio doctor --json | head -n 1"
    done = subprocess.run(["sh", "-c", command], env=environment(), capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.84, "0.8 s"), (9.96, "10 s"), (59.4, "59 s"), (185, "3 min 5 s"), (7800, "2 h 10 min")]
)
def test_durations_read_well(seconds: float, words: str) -> None:
    assert as_duration(seconds) == words


@pytest.mark.parametrize(("indexes", "words"), [([], ""), ([0], "1"), ([0, 1, 2, 6], "1-3, 7"), ([5, 1], "2, 6")])
def test_ranges_of_clips_read_well(indexes: list[int], words: str) -> None:
    assert as_ranges(indexes) == words
