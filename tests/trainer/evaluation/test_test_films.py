"""Test films during a training: base against LoRA, the same storyboards every time, resumable, without a trace."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from svi_studio.domain.errors import Stopped
from svi_studio.domain.training.drift import DriftReport, known_figures, read_drift
from svi_studio.domain.training.events import Preparing
from svi_studio.engine.denoising import clip_renderer
from tests.builders.held_files import keep_what_is_mapped, needs_maps
from tests.trainer.evaluation.small_films import CLIPS, films_of, learning_transformer, recipe
from trainer.evaluation.strip import StripFilm, shown_clips, strip_png

STEP = 100
ALL = 2 * CLIPS  # of one film in two arms
Count = Callable[[], int]


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> Count:
    """How many clips were rendered so far."""
    calls: list[None] = []
    original = clip_renderer.ClipRenderer.latents

    def latents(self: Any, *arguments: Any, **options: Any) -> Any:
        result = original(self, *arguments, **options)
        calls.append(None)
        return result

    monkeypatch.setattr(clip_renderer.ClipRenderer, "latents", latents)
    return lambda: len(calls)


def stopping_after(count: int, rendered: Count) -> Callable[[], bool]:
    return lambda: rendered() >= count


def report(folder: Path) -> DriftReport:
    return read_drift((folder / "drift.json").read_bytes())


@pytest.fixture(scope="module")
def finished(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of test films that were made in one go."""
    run = tmp_path_factory.mktemp("run")
    return films_of(tiny_model, run, 2).evaluate(learning_transformer(tiny_model), STEP)


def test_the_folder_holds_figures_chart_and_strip_and_nothing_else(finished: Path) -> None:
    assert sorted(path.name for path in finished.iterdir()) == [
        "drift.json",
        "drift.svg",
        "film-1.mp4",
        "film-2.mp4",
        "strip.png",
    ]


def test_base_and_lora_film_the_same_storyboards(finished: Path) -> None:
    base, lora = report(finished).arms
    assert (base.name, lora.name) == ("base", "lora")
    assert [film.name for film in base.films] == [film.name for film in lora.films]
    assert [len(film.clips) for film in (*base.films, *lora.films)] == [CLIPS] * 4


def test_the_lora_makes_another_film_than_the_base(finished: Path) -> None:
    base, lora = report(finished).arms
    assert base.films[0].clips != lora.films[0].clips


def test_motion_is_measured_beside_similarity(finished: Path) -> None:
    assert [figure.name for figure in known_figures(report(finished).arms)][:2] == ["similarity", "motion"]


def test_the_strip_has_a_column_a_clip(finished: Path) -> None:
    with Image.open(finished / "strip.png") as strip:
        assert strip.width > CLIPS * 200


def test_the_strip_makes_room_for_the_names_of_its_rows() -> None:
    frame = np.zeros((8, 16, 3), np.uint8)

    def width(name: str) -> int:
        return Image.open(BytesIO(strip_png([StripFilm("a", ((name, [frame]),))], 1))).width

    assert width("trained without errors") > width("lora") + 100


def test_films_that_were_stopped_go_on_to_the_same_figures(
    finished: Path, tiny_model: Path, tmp_path: Path, rendered: Count
) -> None:
    transformer = learning_transformer(tiny_model)
    for clips in (1, 3, 6):
        with pytest.raises(Stopped):
            films_of(tiny_model, tmp_path, 2, should_stop=stopping_after(clips, rendered)).evaluate(transformer, STEP)
    folder = films_of(tiny_model, tmp_path, 2).evaluate(transformer, STEP)
    assert report(folder).arms == report(finished).arms
    assert rendered() == 2 * ALL  # none of them twice


@needs_maps
def test_films_that_were_stopped_go_on_where_no_mapped_file_is_replaced(
    tiny_model: Path, tmp_path: Path, rendered: Count, monkeypatch: pytest.MonkeyPatch
) -> None:
    transformer = learning_transformer(tiny_model)
    keep_what_is_mapped(monkeypatch)
    for clips in (1, 3):
        with pytest.raises(Stopped):
            films_of(tiny_model, tmp_path, 2, should_stop=stopping_after(clips, rendered)).evaluate(transformer, STEP)
    films_of(tiny_model, tmp_path, 2).evaluate(transformer, STEP)
    assert rendered() == 2 * ALL


def test_the_base_is_filmed_once_in_a_training(tiny_model: Path, tmp_path: Path, rendered: Count) -> None:
    films = films_of(tiny_model, tmp_path)
    films.evaluate(learning_transformer(tiny_model), STEP)
    films.evaluate(learning_transformer(tiny_model, 0.1), 2 * STEP)
    assert rendered() == ALL + ALL // 2


def test_finished_test_films_are_not_made_again(tiny_model: Path, tmp_path: Path, rendered: Count) -> None:
    films, transformer = films_of(tiny_model, tmp_path), learning_transformer(tiny_model)
    films.evaluate(transformer, STEP)
    films.evaluate(transformer, STEP)
    assert rendered() == ALL


def test_another_lora_of_the_same_step_is_filmed_anew(tiny_model: Path, tmp_path: Path) -> None:
    films = films_of(tiny_model, tmp_path)
    first = report(films.evaluate(learning_transformer(tiny_model), STEP))
    second = report(films.evaluate(learning_transformer(tiny_model, 0.1), STEP))
    assert first.arms[0] == second.arms[0]
    assert first.arms[1] != second.arms[1]


def test_the_training_goes_on_as_if_nothing_was_filmed(tiny_model: Path, tmp_path: Path) -> None:
    transformer = learning_transformer(tiny_model)

    def state() -> tuple[Any, ...]:
        weights = [(name, p.requires_grad, p.sum().item()) for name, p in transformer.named_parameters()]
        return (
            torch.get_rng_state().tolist(),
            np.random.get_state(legacy=False)["state"]["key"].tolist(),
            weights,
            transformer.training,
        )

    before = state()
    films_of(tiny_model, tmp_path).evaluate(transformer, STEP)
    assert state() == before


def test_a_diverged_lora_ends_its_films_and_the_report_says_so(tiny_model: Path, tmp_path: Path) -> None:
    transformer = learning_transformer(tiny_model, float("inf"))
    found = report(films_of(tiny_model, tmp_path).evaluate(transformer, STEP))
    assert [len(film.clips) for film in found.arms[1].films] == [0]
    assert "not finite" in found.notes[0]


def test_prompts_are_encoded_before_and_only_once(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    films_of(tiny_model, tmp_path).prepare()
    monkeypatch.setattr("trainer.evaluation.test_film.TextEncoder", None)
    films_of(tiny_model, tmp_path).evaluate(learning_transformer(tiny_model), STEP)


def test_the_storyboards_stay_when_the_footage_changes(tiny_model: Path, tmp_path: Path) -> None:
    films_of(tiny_model, tmp_path).prepare()
    films = films_of(tiny_model, tmp_path)
    films._clips = ()
    films.prepare()


def test_progress_counts_the_clips_of_both_arms(tiny_model: Path, tmp_path: Path) -> None:
    said: list[Any] = []
    films = films_of(tiny_model, tmp_path, 2, tell=said.append)
    films.evaluate(learning_transformer(tiny_model), STEP)
    assert [event.done for event in said if isinstance(event, Preparing)] == list(range(2 * ALL))
    assert {event.total for event in said} == {2 * ALL}


def test_a_shot_is_filmed_too(tiny_model: Path, tmp_path: Path) -> None:
    films = films_of(tiny_model, tmp_path, recipe=recipe(family="shot"))
    assert report(films.evaluate(learning_transformer(tiny_model), STEP)).family == "shot"


def test_a_damaged_state_is_filmed_again(tiny_model: Path, tmp_path: Path) -> None:
    films, transformer = films_of(tiny_model, tmp_path), learning_transformer(tiny_model)
    first = report(films.evaluate(transformer, STEP))
    for state in tmp_path.rglob("film.safetensors"):
        state.write_bytes(b"half")
    (tmp_path / "samples").rename(tmp_path / "old")
    assert report(films.evaluate(transformer, STEP)).arms == first.arms


def test_a_long_film_shows_its_first_and_last_clip_on_the_strip() -> None:
    assert shown_clips(50) == [0, 7, 14, 21, 28, 35, 42, 49]
