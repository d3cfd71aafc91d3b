"""Only what was measured here is called so, part by part."""

from dataclasses import replace

from svi_studio.domain.training.cost import Speed, training_cost
from svi_studio.domain.training.recipe import EvaluationRecipe
from svi_studio.domain.training.time_words import time_words
from svi_studio.domain.value import with_fields
from tests.domain.test_training_cost import FULL, WAN


def said(*, is_measured: bool = False, is_scaled: bool = False, films: bool = False) -> str:
    cost = training_cost(FULL, WAN, clips=300, speed=Speed(1e14, is_measured, is_scaled))
    return time_words(replace(cost, films_are_measured=films))


def test_a_measured_step_leaves_clips_and_films_a_guess() -> None:
    words = said(is_measured=True)
    assert "a step, as measured here)" in words
    assert words.count("measured") == 1
    assert words.count("(a guess)") == 2


def test_a_step_of_another_training_is_not_called_measured_as_it_is() -> None:
    assert "worked out from another training measured here" in said(is_scaled=True)


def test_without_any_all_are_guesses() -> None:
    assert "measured" not in said()
    assert "a guess until the first steps" in said()


def test_measured_films_are_called_so() -> None:
    assert "(as measured here)" in said(is_measured=True, films=True)


def test_nothing_is_said_of_what_takes_no_time_or_is_not_known() -> None:
    without = with_fields(FULL, {"evaluation": EvaluationRecipe()})
    assert "test films" not in time_words(training_cost(without, WAN, clips=300, speed=Speed(1e14, is_measured=False)))
    assert time_words(training_cost(FULL, WAN, clips=300)) == ""
