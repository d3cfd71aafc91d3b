"""Trials of memory plans: each plan once, and one that fails costs itself alone."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch

from svi_studio.domain.editing.edits import change_film
from svi_studio.domain.errors import BadWeights, Stopped
from svi_studio.domain.render.plan_wishes import NO_WISHES, PlanWishes
from svi_studio.domain.render.trial import trial_wishes
from svi_studio.domain.takes.take import Take
from svi_studio.engine.chain import measuring
from svi_studio.engine.chain.measuring import Outcome, Trial, measure
from svi_studio.engine.chain.memory_choice import WantedFilm, choose_plan
from svi_studio.project.film.film_source import open_film
from svi_studio.project.film.prepare import prepare
from svi_studio.project.takes.take_store import TakeStore
from svi_studio.resource_files import resource_path


@pytest.fixture(scope="module")
def trial() -> Trial:
    film = open_film(resource_path("storyboards", "first-film.json"))
    board = film.storyboard.model_copy(update={"clips": film.storyboard.clips[:1]})
    whole = prepare(replace(film, storyboard=board))
    short = prepare(replace(film, storyboard=change_film(board, num_inference_steps=2)))
    wanted = WantedFilm(short.model, short.plan.jobs, short.loras, short.lora_files, short.plan.family)
    return Trial("", wanted, short.plan, whole.plan.jobs[0], film.folder)


def outcomes(trial: Trial, *wishes: PlanWishes, stop: Callable[[], bool] = lambda: False) -> list[Outcome]:
    found: list[Outcome] = []
    measure(trial, wishes, "cpu", sink_in=TakeStore, emit=found.append, should_stop=stop)
    return found


def test_a_plan_is_tried_once(trial: Trial) -> None:
    (one,) = outcomes(trial, NO_WISHES, NO_WISHES)
    assert one.trial is not None
    assert one.picture


def test_a_plan_that_does_not_fit_says_why(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    def choose(film: WantedFilm, device: torch.device, *, wishes: PlanWishes) -> Any:
        if wishes.smallest:
            return choose_plan(film, device)
        raise BadWeights("This model does not fit here.")

    monkeypatch.setattr(measuring, "choose_plan", choose)
    none, one = outcomes(trial, NO_WISHES, PlanWishes(smallest=True))
    assert none.problem == "This model does not fit here."
    assert one.trial is not None


def test_a_trial_that_runs_out_of_memory_costs_itself_alone(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded, plans = measuring.load_planned, iter([torch.OutOfMemoryError("CUDA out of memory"), None])

    def load(*given: Any) -> Any:
        if (error := next(plans)) is not None:
            raise error
        return loaded(*given)

    monkeypatch.setattr(measuring, "load_planned", load)
    first, second = outcomes(trial, NO_WISHES, PlanWishes(tiled_vae=True))
    assert first.problem.endswith("It ran out of memory all the same.")
    assert second.trial is not None
    assert second.trial.plan.tiled_vae


def test_a_broken_card_is_no_lack_of_memory(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(*_: Any) -> Any:
        raise RuntimeError("CUDA error: an illegal memory access was encountered")

    monkeypatch.setattr(measuring, "load_planned", load)
    with pytest.raises(RuntimeError, match="illegal memory access"):
        outcomes(trial, NO_WISHES)


def test_a_stop_ends_all_of_it(trial: Trial) -> None:
    with pytest.raises(Stopped):
        outcomes(trial, NO_WISHES, stop=lambda: True)


def test_only_a_card_with_a_memory_of_its_own_has_several_plans() -> None:
    assert trial_wishes(40, 2, on_card=False) == (NO_WISHES,)
    assert len(trial_wishes(40, 2, on_card=True)) == len(trial_wishes(40, 1, on_card=True)) + 1


@pytest.mark.parametrize(
    ("guidance_low", "comings", "step", "beside"),
    [
        (3.0, 0, 10.0, 5.0),  # the slower step only started something
        (3.0, 2, 10.0, 5.0 + 2 * 30.0),  # the other expert came, as both do in every clip
        (3.0, 1, 10.0, 5.0 + 30.0),  # the first one came before the steps began
        (1.0, 0, 7.5, 5.0),  # two calls took 10 s; the second step had one
        (1.0, 2, 7.5, 5.0 + 2 * 35.0),
    ],
)
def test_what_a_step_waits_for_is_told_from_the_calls(
    trial: Trial, guidance_low: float, comings: int, step: float, beside: float
) -> None:
    two = {"guidance_scale": 3.0, "guidance_scale_low": guidance_low, "boundary": 0.9}
    job = trial.plan.jobs[0].model_copy(update=two)
    take = Take(take_hash="1" * 64, parent_hash=None, job=job, num_frames=1, render_seconds=55, seconds_per_step=25)
    pace = measuring._pace(take, [110.0, 150.0], comings=comings)
    assert pace is not None
    assert pace.step == pytest.approx(step)
    assert pace.beside == pytest.approx(beside)
    assert pace.seconds(int(pace.calls * 2)) == pytest.approx(2 * step + beside)
