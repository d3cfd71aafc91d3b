"""Clips on the clipboard: as our own values for another place or film, and as plain prompts, one a line, for others."""

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from PySide6.QtCore import QMimeData

from svi_studio.domain.film.storyboard import MAX_CLIPS, Clip
from svi_studio.domain.value import Value
from svi_studio.pipes.sent_path import as_text

CLIPS_TYPE = "application/x-svi-studio-clips+json"
_MAX_BYTES = 64 << 20


class CopiedClips(Value):
    """Clips and the folder of the film that they were copied from, where their pictures lie, as ``as_text`` has it."""

    format: Literal["svi-studio clips 2"] = "svi-studio clips 2"
    folder: str = Field(max_length=4096)
    clips: tuple[Clip, ...] = Field(min_length=1, max_length=MAX_CLIPS)


def to_mime(clips: tuple[Clip, ...], folder: Path) -> QMimeData:
    """Returns the clips as clipboard data: as our own format, and as plain prompts, one a line."""
    mime = QMimeData()
    mime.setData(CLIPS_TYPE, CopiedClips(folder=as_text(folder), clips=clips).model_dump_json().encode())
    mime.setText("\n".join(" ".join(clip.prompt.split()) for clip in clips))
    return mime


def clips_in(mime: QMimeData) -> CopiedClips | None:
    """The clips that another film put there; None when there are none, or damaged ones."""
    if not mime.hasFormat(CLIPS_TYPE):
        return None
    content = bytes(mime.data(CLIPS_TYPE).data())
    try:
        return CopiedClips.model_validate_json(content) if len(content) <= _MAX_BYTES else None
    except ValidationError:
        return None


def files_in(mime: QMimeData) -> tuple[Path, ...]:
    """Files of this computer that a file manager put there; none when anything else is among them."""
    urls = mime.urls()
    paths = tuple(Path(url.toLocalFile()) for url in urls if url.isLocalFile() and not url.host())
    return paths if len(paths) == len(urls) else ()


def prompts_in(mime: QMimeData) -> tuple[str, ...]:
    """Prompts in a text from anywhere: its lines without the empty ones."""
    return tuple(line.strip() for line in mime.text().splitlines() if line.strip()) if mime.hasText() else ()
