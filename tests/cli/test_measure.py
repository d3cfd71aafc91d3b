"""``svi-studio measure``: trials of two steps, which leave the film as it is."""

import json
from pathlib import Path

import pytest

from svi_studio.cli.program import main
from svi_studio.domain.render.trial import MeasuredTrial
from svi_studio.resource_files import resource_path

FILM = resource_path("storyboards", "first-film.json")


def trials(words: list[str], capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    assert main(["measure", *words, "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_film_is_timed_and_stays_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.stat().st_mtime_ns for path in FILM.parent.iterdir()}
    (found,) = trials([str(FILM), "--device", "cpu", "-o", str(tmp_path / "pictures")], capsys)
    trial = MeasuredTrial.model_validate_json(json.dumps(found["trial"]))
    assert trial.steps == 20
    assert trial.seconds >= 20 * trial.pace.step > 0
    assert Path(str(found["picture"])).read_bytes()[:2] == b"\xff\xd8"
    assert {path: path.stat().st_mtime_ns for path in FILM.parent.iterdir()} == before


def test_a_clip_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["measure", str(FILM), "--clip", "99"]) != 0
    assert "no clip 99" in capsys.readouterr().err


@pytest.mark.slow
def test_in_words_the_plan_comes_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["measure", str(FILM), "--device", "cpu"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("fp16, the processor makes the clips: ")
