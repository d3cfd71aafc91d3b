"""How long a worker may be silent, or at one step, before somebody says so or ends it."""

from pathlib import Path

import pytest

from svi_studio.domain.render.events import ClipDone, ClipReused, ClipStarted, SoundHeard, StepDone
from svi_studio.domain.story.answer import AnswerEnd
from svi_studio.jobs.worker.patience import Patience, RenderPhase, Verdict
from svi_studio.pipes.render_messages import Alive, Finished, Loading, LoadingStep, Paused, Render, RenderMessage
from svi_studio.pipes.story_messages import AnswerDone, AnswerPiece, Ask, ModelLoading, Turn
from tests.jobs.scripted import request

TAKE = "a" * 64


def hear(patience: Patience, *events: object) -> None:
    for event in events:
        patience.heard(RenderMessage("r1", event))  # type: ignore[arg-type]


def idle_worker() -> Patience:
    patience = Patience()
    patience.heard(Finished("r1"))
    return patience


def beats(patience: Patience, seconds: float) -> Verdict:
    """Let time pass for a worker whose heart beats."""
    verdict = Verdict.FINE
    for _ in range(round(seconds)):
        patience.heard(Alive())
        verdict = patience.pass_time(1.0)
    return verdict


@pytest.mark.parametrize(("seconds", "verdict"), [(4, Verdict.FINE), (6, Verdict.LATE), (9, Verdict.LOST)])
def test_silence_is_told_within_eight_seconds_and_then_ended(seconds: float, verdict: Verdict) -> None:
    assert idle_worker().pass_time(seconds) is verdict


@pytest.mark.parametrize(("seconds", "verdict"), [(6, Verdict.FINE), (8, Verdict.LATE), (59, Verdict.LATE)])
def test_a_load_may_be_silent_for_long_but_not_without_a_word(seconds: float, verdict: Verdict) -> None:
    assert Patience().pass_time(seconds) is verdict


def test_a_new_film_means_a_load() -> None:
    patience = idle_worker()
    patience.new_film()
    assert patience.pass_time(20) is Verdict.LATE


def test_the_end_of_an_answer_does_not_hurry_the_film_that_ended_it() -> None:
    patience = idle_worker()
    patience.sent(Render(request(), Path("Film.svi")))
    patience.heard(AnswerDone("q1"))
    patience.heard(Loading(LoadingStep.MODEL, "wan"))
    assert patience.pass_time(20) is Verdict.LATE


def test_another_language_model_may_take_as_long_as_the_first() -> None:
    patience = idle_worker()
    patience.heard(AnswerPiece("q1", "Once"))
    patience.heard(ModelLoading("q2", "qwen"))
    assert patience.pass_time(20) is Verdict.LATE


def test_a_heartbeat_makes_good_for_the_silence_before() -> None:
    patience = idle_worker()
    patience.pass_time(7)
    patience.heard(Alive())
    assert patience.pass_time(1) is Verdict.FINE


def test_a_step_far_longer_than_those_before_is_late_then_lost() -> None:
    patience = Patience()
    hear(patience, ClipStarted(0, 1, TAKE), StepDone(0, 1, 20))
    beats(patience, 1)
    hear(patience, StepDone(0, 2, 20))
    assert beats(patience, 19) is Verdict.FINE
    assert beats(patience, 2) is Verdict.LATE
    assert beats(patience, 20) is Verdict.LOST


def test_a_question_that_is_refused_does_not_hide_a_step_that_never_ends() -> None:
    patience = Patience()
    hear(patience, ClipStarted(0, 1, TAKE), StepDone(0, 1, 20), StepDone(0, 2, 20))
    patience.sent(Ask("q1", Path("qwen"), (Turn("user", "A boat"),), 100))
    patience.heard(AnswerDone("q1", AnswerEnd.FILM_FIRST))
    assert beats(patience, 31) is Verdict.LOST


def test_slow_steps_make_patient() -> None:
    patience = Patience()
    hear(patience, ClipStarted(0, 1, TAKE), StepDone(0, 1, 20))
    beats(patience, 90)
    hear(patience, StepDone(0, 2, 20))
    assert beats(patience, 1000) is Verdict.FINE


def test_the_first_step_of_a_film_may_take_any_time() -> None:
    patience = Patience()
    hear(patience, ClipStarted(0, 1, TAKE))
    assert beats(patience, 1000) is Verdict.FINE


def test_a_sound_that_a_later_clip_brings_may_take_any_time() -> None:
    patience = Patience()
    for index in range(2):
        hear(patience, ClipStarted(index, 3, TAKE), StepDone(index, 1, 1), ClipDone(index, TAKE, 1.0))
    hear(patience, ClipStarted(2, 3, TAKE), SoundHeard(2, 0.0))
    assert beats(patience, 1000) is Verdict.FINE
    hear(patience, SoundHeard(2, 1.0), StepDone(2, 1, 2))
    assert beats(patience, 1) is Verdict.FINE


def test_takes_that_exist_say_nothing_about_the_time_of_a_first_step() -> None:
    patience = Patience()
    hear(patience, ClipReused(0, TAKE), ClipReused(1, TAKE), ClipStarted(2, 3, TAKE))
    assert beats(patience, 1000) is Verdict.FINE


def test_writing_a_take_that_never_ends_is_noticed_from_the_second_clip_on() -> None:
    patience = Patience()
    hear(patience, ClipStarted(0, 2, TAKE), StepDone(0, 1, 1), ClipDone(0, TAKE, 1.0))
    hear(patience, ClipStarted(1, 2, TAKE), StepDone(1, 1, 1))
    assert beats(patience, 31) is Verdict.LOST


def test_a_pause_is_no_long_step() -> None:
    patience = Patience()
    hear(patience, ClipStarted(0, 1, TAKE), StepDone(0, 1, 9), StepDone(0, 2, 9))
    patience.heard(Paused("r1"))
    assert beats(patience, 1000) is Verdict.FINE
    patience.enter(RenderPhase.WAITING)
    hear(patience, StepDone(0, 3, 9))
    assert beats(patience, 31) is Verdict.LOST
