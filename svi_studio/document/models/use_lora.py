"""A LoRA from the library goes into a film: checked, copied beside it and used, as one step of undo."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.errors import as_studio_error
from svi_studio.domain.film.clip_loras import slot_of
from svi_studio.domain.film.storyboard import LoraUse
from svi_studio.domain.value import with_fields
from svi_studio.jobs.threads.background import Background
from svi_studio.jobs.threads.owned_thread import thread_stops
from svi_studio.project.media.lora_import import bring_lora


def use_lora(
    film: OpenFilm,
    work: Background,
    path: Path,
    done: Callable[[str], object],
    refused: Callable[[str], object],
    *,
    strength: float | None = None,
) -> None:
    """Copies the LoRA ``path`` into ``film`` in the thread of ``work``; a sentence follows.

    ``strength``: how strongly it is used, None = as it was trained.
    """
    document = film.document
    if film.read_only:
        refused(document.read_only_reason)
        return
    model = document.storyboard.model

    def copied(use: LoraUse) -> None:
        if slot_of(use) in map(slot_of, document.storyboard.loras):
            refused(_text("The film already has this LoRA."))
            return
        film.commands.film.add_lora(use if strength is None else with_fields(use, {"weight": strength}))
        done(_text("The film uses “{name}” now.").format(name=use.label))

    def failed(error: Exception) -> None:
        told = as_studio_error(error)
        if told is None:
            raise error
        refused(str(told))

    work.submit(lambda: bring_lora(film.path, path, model=model, should_stop=thread_stops), copied, failed)


def _text(text: str) -> str:
    return QCoreApplication.translate("UseLora", text)
