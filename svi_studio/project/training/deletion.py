"""Deletes a training: only while no process works on it, and only what the program itself put there."""

from contextlib import suppress

from svi_studio.disk.atomic import plain_errors, remove_leftovers
from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.disk.lock import LOCK_NAME, Lock
from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.drift import CONTROL
from svi_studio.domain.training.footage import FOOTAGE_FILE
from svi_studio.domain.training.held_out import HELD_OUT_FILE
from svi_studio.project.training.runs import CHECKPOINTS, LOG, LORA, PARTS, RECIPE, SAMPLES, WANTED, TrainingRun

_FOLDERS = (CHECKPOINTS, SAMPLES, LORA, "bank", "cache", "evaluation", "footage", CONTROL, *PARTS)
_FILES = (LOG, WANTED, FOOTAGE_FILE, HELD_OUT_FILE, "film-under-way.json", ".recipe.json.part")

_PATIENCE = 0.5  # seconds; a window that lists trainings tries their locks for an instant


def delete_run(run: TrainingRun, fs: FsOps | None = None) -> None:
    """Removes ``run`` with all that the program wrote into its folder; files of other names stay, and the folder then.

    Raises BadInput while a process trains in it, wherever that was started, and for a folder that is a link;
    StudioError when the disk refuses.
    """
    disk, folder = fs or REAL_DISK, run.folder
    if folder.is_symlink() or (folder / LOCK_NAME).is_symlink():
        raise BadInput(
            f"The folder {folder} is a link to another place: delete the training there, in your file manager."
        )
    lock = Lock(folder / LOCK_NAME)
    with plain_errors(folder):
        is_ours = lock.acquire(_PATIENCE)
    if not is_ours:
        raise BadInput(f"“{run.name}” is being trained in another window or a terminal: stop it there first.")
    try:
        with plain_errors(folder):
            disk.remove(folder / RECIPE)  # first: a removal that is cut short leaves no training behind
            for name in _FOLDERS:
                if (folder / name).is_dir() and not (folder / name).is_symlink():
                    disk.remove_tree(folder / name)
            for name in _FILES:
                if (folder / name).is_file() and not (folder / name).is_symlink():
                    disk.remove(folder / name)
            remove_leftovers(folder, disk)
    finally:
        lock.release()
    with suppress(OSError):  # something of the user's is in it, or somebody begins there anew
        (folder / LOCK_NAME).unlink(missing_ok=True)
        folder.rmdir()
