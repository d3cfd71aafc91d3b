"""The trainings on this computer: their folders, read without torch, so that the window can list and draw them."""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from platformdirs import user_data_path

from svi_studio.disk.lock import LOCK_NAME, is_held
from svi_studio.disk.plain_file import open_plain
from svi_studio.domain.errors import BadInput
from svi_studio.domain.text.plain_name import plain_name
from svi_studio.domain.training.events import (
    BankFilled,
    CheckpointSaved,
    SampleFailed,
    SampleReady,
    StepTrained,
    TrainingEvent,
    Validated,
)
from svi_studio.domain.training.log import Logged, from_log_line
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.recipe_text import read_recipe
from svi_studio.domain.training.verdict import Verdict
from svi_studio.project.training.judged import newest_verdicts
from svi_studio.settings import TRAINING

RECIPE, LOG, CHECKPOINTS, SAMPLES, LORA, MANIFEST = (
    "recipe.json",
    "log.jsonl",
    "checkpoints",
    "samples",
    "lora",
    "manifest.json",
)
PARTS = ("high", "low")
"""The folders of the experts' trainings, within that of the whole one."""

WANTED = "wanted.json"
"""The recipe that was asked for last, in the folder of its training; the trainer compares it with the one it has."""

_BESIDE = (BankFilled, Validated, SampleReady, SampleFailed)
_WHILE_IT_RUNS = (StepTrained, CheckpointSaved, Validated)
MOST_OF_A_LOG = 256 << 20
"""Bytes: the end of a longer log counts."""

LARGEST_LOG = 1 << 40
_TAIL = 64 << 10
_BANK = b'"kind": "bank_filled"'
_STEPS_THAT_COUNT = 50


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """One training on disk. ``recipe`` is None when ``problem`` says in a sentence why it cannot be read.

    ``step``: the newest step that has a checkpoint. ``changed``: seconds since 1970. ``checkpoints`` and ``samples``
    are folders by their step, ``loras`` the files that were written for use, the newest first: one, or that of each
    expert; ``last`` what the log ends with. ``is_held``: a process works on it now, whoever started it. A training of
    two experts counts their steps through. ``verdicts``: what the newest test films say of its LoRA.
    """

    folder: Path
    recipe: TrainingRecipe | None
    problem: str
    step: int
    changed: float
    checkpoints: dict[int, Path]
    samples: dict[int, Path]
    loras: tuple[Path, ...]
    last: TrainingEvent | None
    is_held: bool = False
    verdicts: tuple[Verdict, ...] = ()

    @property
    def name(self) -> str:
        """What people call it."""
        return self.folder.name if self.recipe is None else self.recipe.name

    @property
    def is_done(self) -> bool:
        """Whether all steps of the recipe are done."""
        return self.recipe is not None and self.step >= self.recipe.all_steps

    @property
    def reached(self) -> int:
        """The step that its log ends with, which of a training under way is beyond the newest checkpoint."""
        step = getattr(self.last, "step", None)
        return max(self.step, step) if self.is_held and isinstance(step, int) else self.step

    @property
    def lora(self) -> Path | None:
        """The newest file that was written for use."""
        return self.loras[0] if self.loras else None


def trainings_folder() -> Path:
    """Where trainings are kept: the folder named by ``SVI_TRAINING``, else one in the user's data folder."""
    if named := TRAINING.text():
        return Path(named).expanduser()
    return user_data_path("svi-studio", appauthor=False) / "training"


def new_run_folder(name: str, place: Path | None = None) -> Path:
    """A folder for a new training called ``name`` that does not exist yet; it is not made."""
    place, plain = place or trainings_folder(), plain_name(name, otherwise="Training")
    folder, number = place / plain, 2
    while folder.exists() or folder.is_symlink():
        folder, number = place / f"{plain} {number}", number + 1
    return folder


def find_runs(place: Path | None = None) -> tuple[TrainingRun, ...]:
    """Every training in ``place``, the newest first."""
    folders: list[Path] = []
    with suppress(OSError):
        folders = [entry for entry in (place or trainings_folder()).iterdir() if (entry / RECIPE).is_file()]
    return tuple(sorted(map(read_run, folders), key=lambda run: run.changed, reverse=True))


def read_run(folder: Path) -> TrainingRun:
    """The training in ``folder`` as the disk has it now; nothing in it can make this fail."""
    recipe, problem = None, ""
    try:
        recipe = read_recipe(folder / RECIPE)
    except BadInput as error:
        problem = str(error)
    checkpoints, samples = _steps_of(folder, recipe)
    return TrainingRun(
        folder=folder,
        recipe=recipe,
        problem=problem,
        step=max(checkpoints, default=0),
        changed=max(_changed(folder / LOG), _changed(folder / RECIPE)),
        checkpoints=checkpoints,
        samples=samples,
        loras=_loras(folder / LORA, recipe),
        last=_last_event(folder / LOG),
        is_held=is_held(folder / LOCK_NAME),
        verdicts=newest_verdicts(samples),
    )


def has_begun(folder: Path) -> bool:
    """Whether a training in ``folder``, or a part of it, has a checkpoint; nothing in it can make this fail."""
    return any(True for place in (folder, *(folder / part for part in PARTS)) for _ in _by_step(place / CHECKPOINTS))


def read_log(folder: Path) -> tuple[Logged, ...]:
    """What happened in the training in ``folder``, in order; of the error bank only how it stands now.

    Takes about 20 microseconds a step; lines that say nothing are passed over.
    """
    return parse_log(_end_of(folder / LOG, MOST_OF_A_LOG))


def parse_log(content: bytes) -> tuple[Logged, ...]:
    """What the lines of a log say, in order; of the error bank only the newest, because that is all that is shown."""
    lines = content.splitlines()
    newest_bank = next((index for index in range(len(lines) - 1, -1, -1) if _BANK in lines[index]), None)
    wanted = (line for index, line in enumerate(lines) if index == newest_bank or _BANK not in line)
    return tuple(logged for line in wanted if (logged := from_log_line(line)) is not None)


def measured_step(run: TrainingRun) -> float | None:
    """Seconds that a step of ``run`` took of late, the median; None when its log says nothing of any."""
    events = (from_log_line(line) for line in _end_of(run.folder / LOG, _TAIL).splitlines())
    seconds = [each.event.seconds for each in events if each is not None and isinstance(each.event, StepTrained)]
    return median(seconds[-_STEPS_THAT_COUNT:]) if seconds else None


def measured_films(run: TrainingRun) -> float | None:
    """Seconds that the test films of one arm took in ``run``; None when its log says nothing of any.

    The first ones are of two arms, with the LoRA and without. Those between which the training stopped do not count.
    """
    before: Logged | None = None
    took: list[float] = []
    for line in _end_of(run.folder / LOG, _TAIL).splitlines():
        logged = from_log_line(line)
        if logged is None or isinstance(logged.event, BankFilled):
            continue
        if isinstance(logged.event, SampleReady) and before is not None and isinstance(before.event, _WHILE_IT_RUNS):
            took.append(logged.time - before.time)
        before = logged
    if not took or min(took) <= 0:
        return None
    return min(took) if len(took) > 1 else took[0] / 2


def _steps_of(folder: Path, recipe: TrainingRecipe | None) -> tuple[dict[int, Path], dict[int, Path]]:
    """Whole checkpoints and test films by their step; those of experts with the steps of the expert before them."""
    parts = recipe.parts if recipe is not None else ()
    places = [(folder / part, number) for number, part in enumerate(parts)] or [(folder, 0)]
    checkpoints: dict[int, Path] = {}
    samples: dict[int, Path] = {}
    for place, number in places:
        before = number * recipe.steps if recipe is not None else 0
        whole = ((step, path) for step, path in _by_step(place / CHECKPOINTS) if (path / MANIFEST).is_file())
        checkpoints |= {before + step: path for step, path in whole}
        samples |= {before + step: path for step, path in _by_step(place / SAMPLES)}
    return checkpoints, samples


def _by_step(folder: Path) -> Iterator[tuple[int, Path]]:
    """The folders that are named by a step, in the order of steps."""
    found: list[tuple[int, Path]] = []
    with suppress(OSError):
        found = [(int(each.name), each) for each in folder.iterdir() if _is_number(each.name) and each.is_dir()]
    yield from sorted(found)


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdecimal() and len(name) <= 12


def _loras(folder: Path, recipe: TrainingRecipe | None) -> tuple[Path, ...]:
    """The newest LoRA, or that of each expert, the newest first."""
    files: list[Path] = []
    with suppress(OSError):
        files = [file for file in folder.iterdir() if file.suffix == ".safetensors" and not file.name.startswith(".")]
    newest = sorted(files, key=_changed, reverse=True)
    if recipe is None:
        return tuple(newest[:1])
    names = {recipe.part(expert).lora_name for expert in recipe.parts} or {recipe.lora_name}
    return tuple(file for file in newest if file.stem in names)  # those of single checkpoints lie beside them


def _changed(file: Path) -> float:
    try:
        return min(file.stat().st_mtime, time.time())
    except OSError:
        return 0.0


def _last_event(log: Path) -> TrainingEvent | None:
    """The last thing that happened to the training itself; how full its bank is and how it does are beside that."""
    for line in reversed(_end_of(log, _TAIL).splitlines()):
        logged = from_log_line(line)
        if logged is not None and not isinstance(logged.event, _BESIDE):
            return logged.event
    return None


def _end_of(file: Path, limit: int) -> bytes:
    """The last ``limit`` bytes of ``file``, from the start of a line; nothing when it cannot be read."""
    try:
        with open_plain(file, LARGEST_LOG) as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, size - limit))
            content = stream.read(limit)
    except OSError:
        return b""
    return content if size <= limit else content.partition(b"\n")[2]
