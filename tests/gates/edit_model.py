"""Gate 18: whatever is done to a film in whatever order, undo brings back every byte, and redo does too."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from svi_studio.domain.film.storyboard import Storyboard
from tests.builders.film_parts import facts_of, numbered, open_parts
from tests.document.test_undo_properties import ACTS, content
from tests.gates.gate import Gate, Run

RUNS = "runs of 50 acts"
_WORDS = ("", "a ball rolls", "Ünï 🎭", "x" * 500, "\u202eleft", " ", "{}", "\0")


def exercise(run: Run) -> None:
    """Each run is fifty acts of the window, drawn by dice, then all undone and all done again."""
    QApplication.instance() or QApplication([])
    while run.wants(RUNS, GATE.promised[RUNS]):
        with run.case(RUNS, f"run {run.outcome.exercised[RUNS]}"):
            _one_run(run)


def _one_run(run: Run) -> None:
    QGuiApplication.clipboard().clear()
    film = open_parts(numbered(run.dice.randint(1, 8)), run.folder)
    try:
        film.know(facts_of())
        film.render(0)
        start = content(film.document.storyboard)
        for _ in range(50):
            ACTS[run.dice.choice(sorted(ACTS))](film, run.dice.randrange(200), run.dice.choice(_WORDS))
            assert Storyboard.model_validate_json(content(film.document.storyboard)) == film.document.storyboard
        stack = film.document.undo_stack
        while stack.canRedo():
            stack.redo()
        end = content(film.document.storyboard)
        while stack.canUndo():
            stack.undo()
        assert content(film.document.storyboard) == start, "undo gave another beginning"
        while stack.canRedo():
            stack.redo()
        assert content(film.document.storyboard) == end, "redo gave another end"
    finally:
        film.close()


GATE = Gate(18, "the edit model", {RUNS: 300}, exercise)
