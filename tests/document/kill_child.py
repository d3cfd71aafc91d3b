"""A process that edits a film as fast as it can, and says after each edit what the disk has; the test kills it.

It stops before the journal is so long that the film is saved: then the edits since that save would be told, not all.
"""

import sys
from itertools import count
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer

from svi_studio.domain.render.save_state import SaveKind, SaveState
from svi_studio.jobs.film.edit_saver import MOST_IN_JOURNAL
from tests.builders.opened import open_film_here
from tests.domain.short_edits import set_prompt

app = QCoreApplication([])
film = open_film_here(Path(sys.argv[1]))
numbers = count(1)


def edit() -> None:
    number = next(numbers)
    if number >= MOST_IN_JOURNAL:
        return
    print(f"edit {number}", flush=True)
    film.document.edit("Type", lambda board: set_prompt(board, "c1", f"words {number}"))


def told(state: SaveState) -> None:
    if state.kind == SaveKind.SAVED:
        print(f"kept {film.document.storyboard.clips[0].prompt}", flush=True)
        QTimer.singleShot(0, edit)


film.document.save_state.connect(told)
QTimer.singleShot(0, edit)
app.exec()
