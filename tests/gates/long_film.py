"""Gate 13: a film of 10,000 clips opens, changes and is saved as quickly as a short one feels."""

import psutil

from tests.benchmarks import document_scale
from tests.gates.gate import Gate, Run

CLIPS = "clips"
OPEN, EDIT, SAVE, MEMORY = "opening, s", "slowest edit, ms", "saving, ms", "memory, MB"


def exercise(run: Run) -> None:
    """The benchmark of the document, once; memory is that of this whole process."""
    opening, edit, saving, _ = document_scale.measure()
    run.done(CLIPS, document_scale.CLIPS)
    for name, figure in ((OPEN, opening), (EDIT, edit), (SAVE, saving)):
        run.figure(name, figure.value)
    run.figure(MEMORY, psutil.Process().memory_info().rss / 1e6)


GATE = Gate(13, "10,000 clips", {CLIPS: 10_000}, exercise, {OPEN: 2.0, EDIT: 100.0, SAVE: 500.0, MEMORY: 600.0})
