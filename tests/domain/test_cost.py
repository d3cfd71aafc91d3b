"""What a render costs, judged by earlier takes."""

from dataclasses import astuple

import pytest

from svi_studio.domain.render.cost import RenderCost, render_cost
from svi_studio.domain.render.measured_pace import MeasuredPace
from svi_studio.domain.takes.job import ClipJob
from tests.builders.renders import a_take
from tests.builders.storyboards import film, plan_of


def jobs(count: int = 2, **changes: object) -> list[ClipJob]:
    return [job.model_copy(update=changes) for job in plan_of(film(count)).jobs]


def test_nothing_to_render_costs_nothing() -> None:
    assert render_cost([], [a_take()]) == RenderCost(0, 0.0, 0)


def test_without_takes_nothing_is_known() -> None:
    assert render_cost(jobs(3), []) == RenderCost(3, None, None)


def test_the_same_settings_cost_the_same_again() -> None:
    assert astuple(render_cost(jobs(3), [a_take(seconds=10.0, size=1000)]))[:3] == (3, pytest.approx(30.0), 3000)


def test_twice_the_steps_cost_twice_the_steps_and_once_the_rest() -> None:
    cost = render_cost(
        jobs(1, num_inference_steps=100), [a_take(seconds=10.0, step=0.1)]
    )  # 50 steps: 5 s, the rest 5 s
    assert cost.seconds == pytest.approx(15.0)


def test_takes_that_never_measured_a_step_count_by_their_whole_time() -> None:
    cost = render_cost(jobs(1, num_inference_steps=100), [a_take(seconds=10.0, step=0.0)])
    assert cost.seconds == pytest.approx(20.0)


def test_another_size_counts_in_proportion() -> None:
    cost = render_cost(jobs(1, width=160), [a_take(seconds=10.0, size=1000)])
    assert astuple(cost)[:3] == (1, pytest.approx(20.0), 2000)


def test_takes_of_the_same_size_go_before_others() -> None:
    other = a_take(1, seconds=999.0, width=160)
    assert render_cost(jobs(1), [other, a_take(seconds=10.0)]).seconds == pytest.approx(10.0)


def test_another_model_tells_the_disk_but_not_the_time() -> None:
    cost = render_cost(jobs(1), [a_take(size=1000, model_hash="f" * 64)])
    assert cost == RenderCost(1, None, 1000)


def test_one_slow_take_among_many_is_no_rule() -> None:
    takes = [a_take(index, seconds=10.0) for index in range(4)] + [a_take(5, seconds=500.0)]
    assert render_cost(jobs(1), takes).seconds == pytest.approx(10.0)


def test_takes_of_an_older_computer_are_forgotten() -> None:
    old = [a_take(index, seconds=500.0) for index in range(25)]
    new = [a_take(index, seconds=10.0) for index in range(25, 46)]
    assert render_cost(jobs(1), old + new).seconds == pytest.approx(10.0)


def test_clips_of_different_steps_add_up() -> None:
    mixed = [*jobs(1), *jobs(1, num_inference_steps=100)]
    assert render_cost(mixed, [a_take(seconds=10.0, step=0.1)]).seconds == pytest.approx(25.0)


def test_a_film_without_takes_goes_by_what_this_computer_did_in_others() -> None:
    pace = MeasuredPace.of(a_take(seconds=10.0, step=0.1, size=1000))
    assert pace is not None
    cost = render_cost(jobs(3), [], [pace])
    assert astuple(cost) == (3, pytest.approx(30.0), 3000, True)


def test_its_own_takes_say_more_than_those_of_other_films() -> None:
    pace = MeasuredPace.of(a_take(seconds=500.0))
    assert pace is not None
    cost = render_cost(jobs(1), [a_take(seconds=10.0)], [pace])
    assert (cost.seconds, cost.from_other_films) == (pytest.approx(10.0), False)


def test_another_model_says_nothing() -> None:
    pace = MeasuredPace.of(a_take(model_hash="f" * 64))
    assert pace is not None
    assert render_cost(jobs(1), [], [pace]) == RenderCost(1, None, None)


def test_guidance_of_one_costs_half_the_calls() -> None:
    """50 steps of two calls took 5 s, and what is beside them 5 s."""
    cost = render_cost(jobs(1, guidance_scale=1.0), [a_take(seconds=10.0, step=0.1)])
    assert cost.seconds == pytest.approx(7.5)


def test_two_experts_cost_what_each_of_them_calls() -> None:
    """Of 10 steps at shift 5, 4 begin at noise 0.9 or above: 4 of two calls and 6 of one."""
    two = {"num_inference_steps": 10, "guidance_scale": 3.5, "guidance_scale_low": 1.0, "boundary": 0.9}
    cost = render_cost(jobs(1, **two), [a_take(seconds=10.0, step=0.1)])
    assert cost.seconds == pytest.approx(5 + 14 * 0.05)


def test_a_pace_that_was_measured_without_guidance_is_that_of_one_call() -> None:
    take = a_take(seconds=10.0, step=0.1)
    alone = take.model_copy(update={"job": take.job.model_copy(update={"guidance_scale": 1.0})})
    pace = MeasuredPace.of(alone)
    assert pace is not None
    assert (pace.calls, pace.seconds(100)) == (1.0, pytest.approx(15.0))
    assert MeasuredPace.model_validate_json(pace.model_dump_json()) == pace
