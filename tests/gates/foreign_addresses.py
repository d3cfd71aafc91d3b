"""Gate 8: no address, name or redirect from outside brings the program to a computer in the user's own network."""

from tests.gates.by_tests import exercise_by_tests
from tests.gates.gate import Gate, Run

CASES = "addresses"


def exercise(run: Run) -> None:
    """The tests look at the socket itself: what was connected to, not what was said."""
    exercise_by_tests(
        run,
        CASES,
        "tests/net/test_refused_connections.py",
        "tests/net/test_redirects.py",
        "tests/net/test_encryption.py",
    )


GATE = Gate(8, "foreign addresses", {CASES: 80}, exercise)
