"""The footage of a training that lies in another folder now: known again by the content of its videos."""

from pathlib import Path

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.footage import FOOTAGE_FILE, Footage
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.value import with_fields
from svi_studio.media.footage_file import read_footage, write_footage
from svi_studio.media.videos.fingerprint import fingerprint


def is_moved(before: TrainingRecipe, now: TrainingRecipe) -> bool:
    """Whether a training by ``now`` takes its footage from another folder than it did by ``before``."""
    return Path(before.footage) != Path(now.footage)


def check_footage(before: TrainingRecipe, now: TrainingRecipe, run: Path, *, has_begun: bool) -> None:
    """Raises BadInput, naming a file, when the folder that ``now`` names lacks footage of the training in ``run``.

    It may be another folder than ``before`` when all files that are learned from are there, under their names and
    with their content. ``has_begun``: there is a checkpoint; before, and before any video was read, nothing is settled.
    """
    if is_moved(before, now) and (has_begun or (run / FOOTAGE_FILE).is_file()):
        _check_same(read_footage(run), Path(now.footage), run)


def move_footage(run: Path, folder: Path) -> None:
    """From now on the clips of the training in ``run`` are from ``folder``. Raises DiskFull or StudioError."""
    if (run / FOOTAGE_FILE).is_file():
        write_footage(run, with_fields(read_footage(run), {"folder": str(folder)}))


def _check_same(footage: Footage, folder: Path, run: Path) -> None:
    if not folder.is_dir():
        raise BadInput(f"There is no folder {folder} with footage: check the name.")
    marks = _marks(footage)
    missing = next((name for name in marks if not (folder / name).is_file()), None)
    if missing is not None:
        raise BadInput(_refusal(folder, run, f'"{missing}" is not there'))
    for name, mark in marks.items():
        if _mark(folder / name) != mark:
            raise BadInput(_refusal(folder, run, f'"{name}" is another file there'))


def _marks(footage: Footage) -> dict[str, str]:
    """The fingerprints of the files that clips in use are from, their sounds among them, by their names."""
    used = [clip for clip in footage.clips if clip.is_used]
    sounds = [clip.sound for clip in used if clip.sound is not None]
    return {clip.source: clip.fingerprint for clip in used} | {each.source: each.fingerprint for each in sounds}


def _mark(path: Path) -> str:
    try:
        return fingerprint(path)
    except OSError as error:
        raise BadInput(f'"{path}" could not be read ({error.strerror}): check its permissions.') from error


def _refusal(folder: Path, run: Path, what: str) -> str:
    return (
        f"The training in {run} cannot go on with the footage in {folder}: {what}. Choose the folder that its videos "
        "were moved to, or begin another training."
    )
