"""Reads pictures for show, and brings LoRAs into the film's folder: all of it in a thread."""

import errno
import logging
import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from svi_studio.disk.fs_ops import FsOps
from svi_studio.document.inspector.picture_preview import PicturePreview, read_preview
from svi_studio.domain.errors import as_studio_error
from svi_studio.domain.film.storyboard import LoraUse
from svi_studio.domain.pictures.picture_look import PictureLook
from svi_studio.domain.training.card import TrainingCard
from svi_studio.jobs.threads.background import Background
from svi_studio.jobs.threads.owned_thread import thread_stops
from svi_studio.project.media.lora_import import bring_lora
from svi_studio.weights.lora_card import read_training_card
from svi_studio.weights.lora_strength import strength_note
from svi_studio.weights.safetensors_header import read_header


class PatientDisk(FsOps):
    """The real disk, on which a long copy can be given up: what was written of it is removed."""

    def __init__(self) -> None:
        self.given_up = threading.Event()

    def before(self, operation: str, path: Path) -> None:
        """Raises InterruptedError before the next write when the copy was given up."""
        if self.given_up.is_set() and operation in {"write", "sync"}:
            raise InterruptedError(errno.EINTR, "given up", str(path))


class MediaImport(QObject):
    """Answers come in the GUI thread.

    ``busy`` tells how many jobs wait; ``refused`` says why a file cannot be used, ``noted`` what to know of a new one.
    """

    busy = Signal(int)
    refused = Signal(str)
    noted = Signal(str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._work = Background("inspector", self)
        self._copies = Background("LoRA copies", self)  # gigabytes: pictures do not wait for them
        self._disk = PatientDisk()
        self._waiting = 0

    def lora(self, source: Path, model: str, then: Callable[[LoraUse], None]) -> None:
        """Checks a LoRA file, also against the film's ``model``, and copies it into the film."""

        def brought() -> tuple[LoraUse, str]:
            use = bring_lora(self._folder, source, self._disk, model, thread_stops)
            return use, strength_note(source, read_header(source))

        def done(found: tuple[LoraUse, str]) -> None:
            use, note = found
            then(use)
            if note:
                self.noted.emit(note)

        self._submit(self._copies, brought, done)

    def preview(
        self,
        path: Path,
        look: PictureLook,
        then: Callable[[PicturePreview], None],
        failed: Callable[[str], None],
    ) -> None:
        """Reads a picture as the film sees it; ``failed`` gets the sentence that says why it cannot be."""
        self._work.submit(lambda: read_preview(path, look), then, lambda error: failed(_sentence(self, error)))

    def training(self, lora: Path, then: Callable[[TrainingCard | None], None]) -> None:
        """Reads what a LoRA says about its training; ``then`` gets None when it says nothing."""
        self._work.submit(lambda: read_training_card(lora), then, lambda error: then(None))

    def close(self) -> bool:
        """Gives up copying, ends the threads; returns whether they have ended."""
        self._disk.given_up.set()
        ended = self._work.close()
        return self._copies.close() and ended

    def _submit(self, thread: Background, work: Callable[[], object], then: Callable[..., None]) -> None:
        self._count(1)

        def done(result: object) -> None:
            self._count(-1)
            then(result)

        def failed(error: Exception) -> None:
            self._count(-1)
            self.refused.emit(_sentence(self, error))

        thread.submit(work, done, failed)

    def _count(self, more: int) -> None:
        self._waiting += more
        self.busy.emit(self._waiting)


def _sentence(owner: QObject, error: Exception) -> str:
    told = as_studio_error(error)
    if told is None:
        logging.getLogger(__name__).error("a file could not be brought into the film", exc_info=error)
    return str(told or owner.tr("This file cannot be used: try another one."))
