"""Memory that runs out in a test film costs that film: the training ends bit for bit as without it."""

import json
import random
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from svi_studio.domain.errors import StudioError
from svi_studio.domain.training.events import SampleFailed, SampleReady, TrainingEvent, TrainingFinished
from svi_studio.domain.training.recipe import EvaluationRecipe
from svi_studio.engine.denoising.clip_renderer import ClipRenderer
from tests.trainer.evaluation.test_boards import storyboard
from tests.trainer.run.test_session import place, run, scanned, small  # noqa: F401 (fixtures)
from tests.trainer.run.tiny_training import Training, content
from trainer.run.film_break import MARK, FilmBreak
from trainer.run.loop import Hooks
from trainer.run.state.run_folder import RunFolder

ERRORS = [torch.OutOfMemoryError("CUDA out of memory."), MemoryError(), RuntimeError("DefaultCPUAllocator: no memory")]


def disturb() -> None:
    """What a film may leave behind in the random generators of this process."""
    torch.rand(3)
    random.random()
    np.random.rand()


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_a_film_without_memory_changes_nothing_of_the_training(tmp_path: Path, error: Exception) -> None:
    def evaluate(_step: int) -> Path:
        disturb()
        raise error

    without = Training(tmp_path / "without", steps=6).run()
    training = Training(tmp_path / "with", steps=6, evaluation=EvaluationRecipe(every=2), hooks=Hooks(None, evaluate))
    training.run()
    ends = [content(each.folder.checkpoints / "00000006") for each in (without, training)]
    assert ends[0] == ends[1]
    assert [event.step for event in training.of_kind(SampleFailed)] == [2, 4, 6]
    assert all("memory is too small for test films" in event.sentence for event in training.of_kind(SampleFailed))
    assert training.of_kind(TrainingFinished)


def test_what_the_film_held_is_gone_before_the_next_step(tmp_path: Path) -> None:
    held: list[weakref.ref[Tensor]] = []

    def evaluate(_step: int) -> Path:
        frames = torch.zeros(8)
        held.append(weakref.ref(frames))
        raise torch.OutOfMemoryError("CUDA out of memory.")

    film_break(tmp_path).film(evaluate, 1)
    assert held[0]() is None


@pytest.mark.parametrize("error", [RuntimeError("shapes differ"), KeyError("frames")], ids=repr)
def test_any_other_fault_costs_the_film_and_is_kept_in_a_log(tmp_path: Path, error: Exception) -> None:
    def evaluate(_step: int) -> Path:
        raise error

    told = film_break(tmp_path).film(evaluate, 1)
    assert isinstance(told, SampleFailed) and "memory" not in told.sentence
    log = Path(told.sentence.removesuffix(".").rsplit(" ", 1)[1])
    assert repr(error.args[0]) in log.read_text() or str(error) in log.read_text()
    assert not (tmp_path / MARK).exists()


@pytest.mark.parametrize("error", [torch.AcceleratorError("it broke"), RuntimeError("CUDA error: illegal access")])
def test_a_fault_after_which_the_card_does_nothing_ends_the_training(tmp_path: Path, error: Exception) -> None:
    def evaluate(_step: int) -> Path:
        raise error

    with pytest.raises(RuntimeError, match=str(error)):
        film_break(tmp_path).film(evaluate, 1)
    assert not (tmp_path / MARK).exists()


def film_break(folder: Path) -> FilmBreak:
    return FilmBreak(RunFolder(folder), nn.Linear(1, 1), torch.device("cpu"))


@pytest.mark.parametrize(("tries", "is_filmed"), [(1, True), (2, False)])
def test_films_that_ended_the_process_twice_are_left_out(tmp_path: Path, tries: int, is_filmed: bool) -> None:
    (tmp_path / MARK).write_text(json.dumps({"step": 4, "tries": tries}))
    told = film_break(tmp_path).film(lambda _step: tmp_path, 4)
    assert isinstance(told, SampleReady if is_filmed else SampleFailed)
    assert not (tmp_path / MARK).exists()


def test_a_film_is_noted_while_it_is_made(tmp_path: Path) -> None:
    (tmp_path / MARK).write_text(json.dumps({"step": 2, "tries": 2}))  # of other films
    noted: list[Any] = []

    def evaluate(_step: int) -> Path:
        noted.append(json.loads((tmp_path / MARK).read_text()))
        raise StudioError("The picture is missing.")

    assert film_break(tmp_path).film(evaluate, 4) == SampleFailed(4, "The picture is missing.")
    assert noted == [{"step": 4, "tries": 1}]


def failed_and_gone_on(events: list[TrainingEvent]) -> None:
    assert [event.step for event in events if isinstance(event, SampleFailed)] == [1, 2]
    assert isinstance(events[-1], TrainingFinished)


@pytest.mark.parametrize("during", ["base", "lora", "decoding"])
def test_a_real_model_learns_the_same_when_its_films_run_out_of_memory(
    place: Path,  # noqa: F811
    tiny_model: Path,
    monkeypatch: pytest.MonkeyPatch,
    during: str,
) -> None:
    films = EvaluationRecipe(every=1, clips=1, storyboards=(storyboard(place, "a walk"),))
    recipe = small(place, tiny_model, steps=2)
    run(recipe, place)
    (place / "run" / "checkpoints").rename(place / "whole")
    made = iter(range(100))
    original = ClipRenderer.latents

    def full(self: ClipRenderer, *words: Any, **more: Any) -> Tensor:
        disturb()
        latents = original(self, *words, **more)
        if during == "base" or (during == "lora" and next(made) > 0):
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return latents

    def no_room(*_words: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(ClipRenderer, "latents", full)
    if during == "decoding":
        monkeypatch.setattr(ClipRenderer, "frames", no_room)
    status, events = run(recipe.model_copy(update={"evaluation": films}), place)
    assert status == 0
    failed_and_gone_on(events)
    assert content(place / "run" / "checkpoints" / "00000002") == content(place / "whole" / "00000002")
