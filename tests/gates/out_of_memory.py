"""Gate 9: running out of memory at each clip and stage, with each plan that needs less."""

import importlib.util

from tests.gates.gate import Gate, Run

CASES = "clips x stages x plans"


def exercise(run: Run) -> None:
    """Joins when the program has plans that need less memory; until then it says so."""
    if importlib.util.find_spec("svi_studio.engine.memory_plan") is None:
        run.misses("the program has no memory plans yet, so there is nothing to fall back on")
    else:
        run.misses("the program has memory plans now, and this gate does not exercise them yet")


GATE = Gate(9, "out of memory", {CASES: 180}, exercise)
