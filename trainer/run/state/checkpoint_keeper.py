"""Keeps a training on the disk: all its processes write one checkpoint together, and go on from it together."""

from pathlib import Path

from svi_studio.disk.atomic import plain_errors
from svi_studio.domain.errors import StudioError
from trainer.run.state.checkpoint import Checkpoint, CheckpointDraft, Checkpoints
from trainer.run.state.processes import Processes
from trainer.run.state.run_folder import RunFolder
from trainer.run.state.training_state import TrainingState


class CheckpointKeeper:
    """Saves ``state`` into the folder of a run and restores it. Every process of the training has one."""

    def __init__(self, state: TrainingState, run: RunFolder, keep: int, processes: Processes) -> None:
        self._state = state
        self._run = run
        self._checkpoints = Checkpoints(run.checkpoints, keep, run.disk)
        self._processes = processes
        self._saved_at: int | None = None

    def restore(self) -> None:
        """Goes on from the newest whole checkpoint, if there is one. Raises StudioError."""
        found = self._newest() if self._processes.is_main else None
        place = self._processes.from_main(None if found is None else (found.folder, found.step))
        if place is not None:
            checkpoint = Checkpoint(*place)
            self._state.restore(checkpoint, self._part(checkpoint))
            self._saved_at = self._state.step

    @property
    def is_saved(self) -> bool:
        """Whether there is a checkpoint of this step."""
        return self._saved_at == self._state.step

    def save(self) -> Path:
        """Writes a checkpoint of this step: its folder. Raises DiskFull or StudioError.

        Then no trace of it is left, and the one before is whole.
        """
        draft = self._begin()
        fault = self._fault_of_writing(draft)
        if any(faults := self._processes.all_of(fault)):
            if self._processes.is_main:
                self._checkpoints.discard(draft)
            raise fault or next(each for each in faults if each)
        folder = self._commit(draft) if self._processes.is_main else None
        self._saved_at = self._state.step
        written: Path = self._processes.from_main(folder)
        return written

    def _newest(self) -> Checkpoint | None:
        with plain_errors(self._run.checkpoints):
            checkpoint = self._checkpoints.newest()
            self._checkpoints.tidy(None if checkpoint is None else checkpoint.folder)
        return checkpoint

    def _begin(self) -> CheckpointDraft:
        folder = self._checkpoints.begin().folder if self._processes.is_main else None
        return CheckpointDraft(self._processes.from_main(folder), self._run.disk)

    def _fault_of_writing(self, draft: CheckpointDraft) -> StudioError | None:
        try:
            with plain_errors(draft.folder):
                if self._processes.is_main:
                    self._state.save(draft)
                self._state.save_own(draft, f"process-{self._processes.rank}")
        except StudioError as error:
            return error
        return None

    def _commit(self, draft: CheckpointDraft) -> Path:
        try:
            with plain_errors(draft.folder):
                return self._checkpoints.commit(draft, self._state.step)
        except StudioError:
            self._checkpoints.discard(draft)
            raise

    def _part(self, checkpoint: Checkpoint) -> str:
        """This process's own part; with more processes than before, parts are used again."""
        parts = sorted(entry.name for entry in checkpoint.folder.glob("process-*"))
        own = f"process-{self._processes.rank}"
        return own if own in parts else parts[self._processes.rank % len(parts)]
