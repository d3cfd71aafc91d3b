"""Beyond the 18: every property test of the house with inputs that no run has seen."""

from pathlib import Path

from tests.gates.by_tests import exercise_by_tests
from tests.gates.gate import Gate, Run

PROPERTIES = "property tests"
_EXAMPLES_A_SECOND = 1.0
_TESTS = Path(__file__).resolve().parents[1]


def exercise(run: Run) -> None:
    """As many examples for each as there is time for; the seed is told, so that a failure comes again."""
    examples = max(30, int(run.seconds_left * _EXAMPLES_A_SECOND))
    run.figure("examples for each", examples)
    files = [str(file) for file in sorted(_TESTS.rglob("test_*.py")) if "from hypothesis import" in file.read_text()]
    exercise_by_tests(
        run, PROPERTIES, "-m", "hypothesis", *files, HYPOTHESIS_PROFILE="long", SVI_EXAMPLES=str(examples)
    )


GATE = Gate(19, "new inputs", {PROPERTIES: 100}, exercise)
