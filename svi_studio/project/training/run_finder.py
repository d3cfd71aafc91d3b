"""The list of trainings, followed on the disk: only a folder in which something changed is read again."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from svi_studio.disk.lock import LOCK_NAME, is_held
from svi_studio.project.training.runs import (
    CHECKPOINTS,
    LOG,
    LORA,
    PARTS,
    RECIPE,
    SAMPLES,
    TrainingRun,
    read_run,
    trainings_folder,
)

_WATCHED = (
    RECIPE,
    LOG,
    LORA,
    *(f"{part}/{name}" for part in (".", *PARTS) for name in (CHECKPOINTS, SAMPLES)),
)

State = tuple[tuple[int, int] | None, ...]


class RunFinder:
    """Remembers what it read. An unchanged training costs a few looks at file times, and one at its lock."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[State, TrainingRun]] = {}

    def find(self, place: Path | None = None) -> tuple[TrainingRun, ...]:
        """Every training in ``place`` as the disk has it now, the newest first."""
        folders: list[Path] = []
        with suppress(OSError):
            folders = [entry for entry in (place or trainings_folder()).iterdir() if (entry / RECIPE).is_file()]
        self._known = {folder: self._look(folder) for folder in folders}
        return tuple(sorted((run for _, run in self._known.values()), key=lambda run: run.changed, reverse=True))

    def _look(self, folder: Path) -> tuple[State, TrainingRun]:
        state = tuple(_state(folder / name) for name in _WATCHED)
        known = self._known.get(folder)
        if known is None or known[0] != state:
            return state, read_run(folder)
        held = is_held(folder / LOCK_NAME)  # a killed process leaves no other trace
        return (state, known[1]) if held == known[1].is_held else (state, replace(known[1], is_held=held))


def _state(file: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        found = file.stat()
        return found.st_mtime_ns, found.st_size
    return None
