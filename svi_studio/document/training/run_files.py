"""Writes what people want of a training as files of their own: the LoRA of any checkpoint, the log as a table."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from svi_studio.domain.errors import as_studio_error
from svi_studio.domain.film.lora_names import LORA_NAMES, LoraNames
from svi_studio.jobs.threads.background import Background
from svi_studio.project.training.checkpoint_lora import save_checkpoint_lora
from svi_studio.project.training.log_table import write_csv
from svi_studio.project.training.runs import TrainingRun


def _tr(text: str) -> str:
    return QCoreApplication.translate("RunFiles", text)


class RunFiles:
    """Works in the thread of ``work``; ``done`` gets a sentence about what was written, ``refused`` why nothing was."""

    def __init__(self, work: Background) -> None:
        self._work = work

    def save_lora(
        self,
        run: TrainingRun,
        step: int,
        target: tuple[Path, LoraNames],
        done: Callable[[str], None],
        refused: Callable[[str], None],
    ) -> None:
        """Writes the LoRA of the checkpoint of ``step`` to a file, under those names."""
        file, names = target

        def saved(at: Path) -> None:
            done(_tr("The LoRA after step {step} is saved: {file}").format(step=f"{step:,}", file=at))

        self._work.submit(lambda: save_checkpoint_lora(run, step, file, names), saved, _teller(refused))

    def save_csv(
        self, run: TrainingRun, target: Path, done: Callable[[str], None], refused: Callable[[str], None]
    ) -> None:
        """Writes the log as a table."""

        def saved(count: int) -> None:
            done(_tr("The log is saved, {count} steps: {file}").format(count=f"{count:,}", file=target))

        self._work.submit(lambda: write_csv(run, target), saved, _teller(refused))


def names_words() -> tuple[tuple[LoraNames, str], ...]:
    """Whose names the tensors of a file have, in words."""
    words: dict[LoraNames, str] = {
        "authors": _tr("SVI's authors"),
        "peft": _tr("diffusers and peft"),
        "comfyui": _tr("ComfyUI"),
    }
    return tuple((names, words[names]) for names in LORA_NAMES)


def _teller(refused: Callable[[str], None]) -> Callable[[Exception], None]:
    def failed(error: Exception) -> None:
        told = as_studio_error(error)
        if told is None:
            raise error
        refused(str(told))

    return failed
