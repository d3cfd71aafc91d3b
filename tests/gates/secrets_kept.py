"""Gate 16: no key is in anything that was written."""

from tests.gates.by_tests import exercise_by_tests
from tests.gates.gate import Gate, Run
from tests.storyline.test_keys_in_no_sink import CANARIES

KEYS, TESTS = "keys through every sink", "tests of keys"


def exercise(run: Run) -> None:
    """The test of all sinks with fifty keys, and the others about keys."""
    if exercise_by_tests(run, TESTS, "tests/storyline/test_keys_in_no_sink.py"):
        run.done(KEYS, len(CANARIES))
    names = ("test_keys", "test_secret", "test_spoken_key")
    exercise_by_tests(run, TESTS, *(f"tests/storyline/{name}.py" for name in names))


GATE = Gate(16, "secrets", {KEYS: 50}, exercise)
