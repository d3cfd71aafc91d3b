"""Gate 7: whatever a language model answers, it becomes a proposal that is asked about, or one sentence."""

from tests.gates.by_tests import exercise_by_tests
from tests.gates.gate import Gate, Run
from tests.storyline.test_mutated_answers import check_mutant

ANSWERS, MUTANTS = "answers", "mutants of answers"


def exercise(run: Run) -> None:
    """The hostile answers from a server that the house has; then mutants, in as many pieces as the dice say."""
    exercise_by_tests(
        run,
        ANSWERS,
        "tests/storyline/test_hostile_replies.py",
        "tests/storyline/test_answers_touch_nothing.py",
        "tests/storyline/test_strict_reply.py",
    )
    while run.wants(MUTANTS, GATE.promised[MUTANTS]):
        seed = run.dice.getrandbits(48)
        with run.case(MUTANTS, f"mutant {seed}"):
            check_mutant(seed)


GATE = Gate(7, "hostile answers", {ANSWERS: 200, MUTANTS: 20_000}, exercise)
