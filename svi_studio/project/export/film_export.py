"""From finished takes to the film file: which clips, which frames of them, and what is written into the film."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from svi_studio import __version__
from svi_studio.disk.publish import check_can_write
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.family import family
from svi_studio.domain.film.subtitle_way import SubtitleWay
from svi_studio.domain.render.events import FilmWritten
from svi_studio.domain.render.plan import RenderPlan
from svi_studio.domain.takes.job import ClipJob
from svi_studio.domain.takes.take import TakeSink
from svi_studio.domain.takes.take_files import LOSSLESS_VIDEO
from svi_studio.domain.text.wording import as_ranges
from svi_studio.media.assemble import FilmPart, assemble_film
from svi_studio.media.formats import FilmFormat, choose_format
from svi_studio.media.picture_folder import refuse_to_replace_other_folders
from svi_studio.media.sound import check_sound
from svi_studio.media.sounds.mix import FilmMix
from svi_studio.media.subtitles.subtitle_file import write_subtitle_file
from svi_studio.media.video_writer import check_size
from svi_studio.project.export.excerpt import Excerpt
from svi_studio.project.export.film_credits import credits_metadata, write_credits


@dataclass(frozen=True)
class FilmFile:
    """The film as the user wants it; ``enlarge`` None = as the model card says, but never for exact formats."""

    path: Path
    film_format: FilmFormat
    enlarge: int | None
    sound: Path | None
    subtitles: SubtitleWay = SubtitleWay.NONE

    @property
    def subtitle_file(self) -> Path | None:
        """Where the subtitles go as a file of their own: ``holiday.mp4`` has ``holiday.srt``; None for another way."""
        return self.path.with_suffix(".srt") if self.subtitles is SubtitleWay.FILE else None


def film_file(
    path: Path,
    *,
    format_name: str | None,
    enlarge: int | None,
    sound: Path | None,
    subtitles: SubtitleWay = SubtitleWay.NONE,
) -> FilmFile:
    """The film at ``path``; raises StudioError now, before any work, when it could not be written later.

    ``format_name`` None = by the ending of ``path``; ``sound`` is a sound file to lay under the film.
    """
    film_format = choose_format(path, format_name)
    check_can_write(path)
    if not film_format.one_file:
        refuse_to_replace_other_folders(path)
    if sound is not None and not film_format.one_file:
        raise BadInput("A folder of pictures holds no sound: choose another format or leave the sound out.")
    if subtitles is SubtitleWay.TRACK and not film_format.subtitles:
        raise BadInput("A folder of pictures holds no track of subtitles: burn them in, or choose a file of their own.")
    if sound is not None:
        check_sound(sound)
    made = FilmFile(path, film_format, enlarge, sound, subtitles)
    if made.subtitle_file is not None:
        check_can_write(made.subtitle_file)
    return made


def jobs_needed(plan: RenderPlan, chosen: Sequence[ClipJob]) -> tuple[ClipJob, ...]:
    """``chosen`` and the clips before them that their chain continues from; a take that is kept needs none before."""
    first = chosen[0].index
    while plan.jobs[first].parent_hash is not None and not plan.jobs[first].kept:
        first -= 1
    return plan.jobs[first : chosen[-1].index + 1]


def enlargement(wanted: FilmFile, plan: RenderPlan) -> int:
    """How many times the film repeats each pixel; raises BadInput when it would be too large to be written."""
    factor = wanted.enlarge or (1 if wanted.film_format.exact else plan.enlarge)
    check_size(plan.width, plan.height, plan.fps, factor)
    return factor


def write_film(
    wanted: FilmFile,
    plan: RenderPlan,
    shown: Excerpt,
    takes: TakeSink,
    *,
    mix: FilmMix | None = None,
    before_clip: Callable[[int], None],
    go_on: Callable[[], None] | None = None,
) -> FilmWritten:
    """Assembles the film of ``shown`` from its takes, with its own sound ``mix`` unless ``wanted`` names another.

    ``before_clip`` hears each number from 0, ``go_on`` is called every few frames; both may raise to give up. Every
    file of a take is checked against its hash before it is used, so that no damage goes into a film unseen. The credits
    of its pictures are written into the film and beside it.
    """

    def check_and_tell(number: int) -> None:
        before_clip(number)
        takes.load(shown.jobs[number].take_hash)

    frames = assemble_film(
        _parts(plan, shown, takes),
        wanted.path,
        fps=plan.fps,
        film_format=wanted.film_format,
        quality=family(plan.family).quality,
        enlarge=enlargement(wanted, plan),
        metadata=_metadata(plan, shown),
        sound=wanted.sound,
        sound_from=shown.starts_at,
        cues=shown.cues,
        subtitles=wanted.subtitles,
        mix=mix,
        before_part=check_and_tell,
        go_on=go_on,
    )
    write_credits(wanted.path, plan.title, shown.credits)
    if wanted.subtitle_file is not None and shown.cues:
        write_subtitle_file(wanted.subtitle_file, shown.cues)
    return FilmWritten(path=wanted.path, frames=frames, seconds=frames / plan.fps)


def require_takes(jobs: Sequence[ClipJob], takes: TakeSink, project: Path) -> None:
    """Raises BadInput naming the clips that have no take in ``project`` yet."""
    missing = [job.index for job in jobs if not takes.has(job.take_hash)]
    if missing:
        clips, are = ("Clip", "is") if len(missing) == 1 else ("Clips", "are")
        raise BadInput(
            f"{clips} {as_ranges(missing)} of this film {are} not rendered yet in {project}: render the film first."
        )


def _parts(plan: RenderPlan, shown: Excerpt, takes: TakeSink) -> list[FilmPart]:
    return [
        FilmPart(takes.file(job.take_hash, LOSSLESS_VIDEO), plan.num_frames, clip.first, clip.stop)
        for job, clip in zip(shown.jobs, shown.time.clips, strict=True)
    ]


def _metadata(plan: RenderPlan, shown: Excerpt) -> dict[str, str]:
    jobs = shown.jobs
    made = {
        "program": f"SVI Studio {__version__}",
        "model": jobs[0].model,
        "family": plan.family,
        "seeds": [job.seed for job in jobs],
        "takes": [job.take_hash for job in jobs],
    }
    return {"title": plan.title, "comment": json.dumps(made, separators=(",", ":")), **credits_metadata(shown.credits)}
