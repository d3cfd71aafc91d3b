"""The contact sheet of a film: from finished takes to one picture."""

from collections.abc import Callable
from pathlib import Path

from svi_studio.disk.publish import check_can_write
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.pictures.credit import credit_line
from svi_studio.domain.render.events import FilmWritten
from svi_studio.domain.takes.take import TakeSink
from svi_studio.domain.takes.take_files import POSTER
from svi_studio.media.contact_sheet import SheetClip, sheet_format, write_contact_sheet
from svi_studio.project.export.excerpt import Excerpt
from svi_studio.project.export.film_credits import write_credits


def check_sheet(path: Path, *, enlarge: int | None = None, sound: Path | None = None) -> None:
    """Raises StudioError now, before any work, when no contact sheet could be written to ``path`` later."""
    sheet_format(path)
    if sound is not None:
        raise BadInput("A contact sheet holds no sound: choose another format or leave the sound out.")
    if enlarge is not None:
        raise BadInput("A contact sheet has a size of its own: leave the enlargement out.")
    check_can_write(path)


def write_sheet(
    path: Path, storyboard: Storyboard, shown: Excerpt, takes: TakeSink, before_clip: Callable[[int], None]
) -> FilmWritten:
    """Writes the sheet of the clips in ``shown``; ``before_clip`` hears each number from 0 and may raise to give up.

    The credits of the film's pictures stand at the foot, and in a file beside the sheet.
    """
    clips = [
        SheetClip(
            picture=takes.file(job.take_hash, POSTER),
            number=job.index + 1,
            seconds=shown.starts_at + clip.start / shown.time.fps,
            prompt=storyboard.clips[job.index].prompt.strip() or job.prompt,
        )
        for job, clip in zip(shown.jobs, shown.time.clips, strict=True)
    ]
    lines = [credit_line(credit) for credit in shown.credits]
    write_contact_sheet(clips, path, title=storyboard.title, credits=lines, before_clip=before_clip)
    write_credits(path, storyboard.title, shown.credits)
    return FilmWritten(path=path, frames=shown.time.frames, seconds=shown.time.seconds)
