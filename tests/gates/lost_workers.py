"""Gate 10: the worker is killed, stopped or crashed, and the film goes on at the same clip."""

from tests.benchmarks import worker_faults
from tests.gates.by_tests import exercise_by_tests
from tests.gates.gate import Gate, Run

POINTS, SCRIPTED = "points", "points with a scripted worker"
SAID, BACK = "slowest until the window said so, s", "slowest until it was back at the clip, s"
_SECONDS_A_POINT = 16.0  # a worker that imports torch, twice as many clips


def exercise(run: Run) -> None:
    """The scripted worker first; then the real one with the bundled model, at as many points as there is time for."""
    exercise_by_tests(run, SCRIPTED, "tests/jobs/test_worker_faults.py", "tests/jobs/test_trainer_faults.py")
    points = min(GATE.promised[POINTS], int(run.seconds_left / _SECONDS_A_POINT))
    if points < 2:
        run.misses("the real worker: the share of this gate was too short for it")
        return
    try:
        figure = worker_faults.fault_points(points)
    except AssertionError as error:
        run.fault(f"{points} points: {error}")
        return
    run.done(POINTS, points)
    run.figure(SAID, figure.value)
    run.figure(BACK, float(figure.details["back_at_the_clip_slowest_s"]))


GATE = Gate(10, "lost workers", {POINTS: 50, SCRIPTED: 50}, exercise, {SAID: 10.0})
