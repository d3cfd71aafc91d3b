"""``svi-studio export``: assemble the film again from finished takes, without rendering."""

from argparse import Namespace
from dataclasses import dataclass

from svi_studio.awake import awake
from svi_studio.cli.film_file import (
    refuse_to_replace_film,
    remember_film,
    subtitle_words,
    tell_of_subtitles,
    wanted_file,
)
from svi_studio.cli.named_film import named_film
from svi_studio.cli.report import Report, open_report
from svi_studio.cli.stop import StopRequest, stop_request
from svi_studio.domain.errors import Stopped
from svi_studio.domain.render.events import FilmProgress, FilmWritten, RenderStopped
from svi_studio.domain.render.plan import RenderPlan, plan_film
from svi_studio.domain.render.planner import FilmPlanner
from svi_studio.domain.text.visible_text import visible
from svi_studio.domain.text.wording import as_duration, plural
from svi_studio.media.formats import CONTACT_SHEET
from svi_studio.project.export.excerpt import Excerpt, clips_of, frames_of, with_jobs
from svi_studio.project.export.exports import refuse_to_replace, remember_export
from svi_studio.project.export.film_credits import credits_words
from svi_studio.project.export.film_export import require_takes, write_film
from svi_studio.project.export.film_sheet import check_sheet, write_sheet
from svi_studio.project.export.film_sound import film_mix
from svi_studio.project.film.film_source import FilmSource
from svi_studio.project.film.prepare import kept_in, read_facts


def run(options: Namespace) -> int:
    """Writes the film, or its contact sheet; returns the exit code. Raises StudioError, and Stopped after Ctrl-C."""
    is_sheet = options.format == CONTACT_SHEET
    with awake(), open_report(json=options.json) as report, stop_request("Stopping.") as stop:
        film = named_film(options)
        wanted = None if is_sheet else wanted_file(options)
        if is_sheet:
            check_sheet(options.output, enlarge=options.enlarge, sound=options.sound)
        if wanted is None:
            refuse_to_replace(film.project, options.output, overwrite=options.overwrite)
        else:
            refuse_to_replace_film(film.project, wanted, overwrite=options.overwrite)
        plan, shown = _planned(film, options)
        require_takes(shown.jobs, film.takes, film.project)
        if wanted is not None:
            tell_of_subtitles(wanted, shown, report)
        progress = _Progress(report, stop, shown)
        if wanted is None:
            written = write_sheet(options.output, film.storyboard, shown, film.takes, progress.before_clip)
        else:
            before_clip, go_on = progress.before_clip, progress.go_on
            with film_mix(film, wanted, shown, say=report.say, should_stop=stop) as mix:
                written = write_film(wanted, plan, shown, film.takes, mix=mix, before_clip=before_clip, go_on=go_on)
        if wanted is None:
            remember_export(film.project, options.output)
        else:
            remember_film(film.project, wanted)
        report.emit(FilmProgress(len(shown.jobs), len(shown.jobs)))
        report.emit(written)
    if not options.json:
        subtitles = "" if wanted is None else subtitle_words(wanted, shown)
        print(visible(_closing_words(written, shown, is_sheet=is_sheet) + subtitles))
    return 0


def _planned(film: FilmSource, options: Namespace) -> tuple[RenderPlan, Excerpt]:
    """Plans only what is shown, and the chain before it: a clip without a prompt keeps no other from the film."""
    board, facts = film.storyboard, read_facts(film, options.model).facts
    num_frames, fps = facts.card.num_frames, facts.card.fps
    if options.range is None:
        part = clips_of(board, num_frames, fps, options.clips)
    else:
        part = frames_of(board, num_frames, fps, options.range)
    first = board.chain_start(part.first)
    planner = FilmPlanner(board, facts, kept_in(film.takes, board, facts))
    plan = plan_film(planner, range(first, part.last + 1))
    return plan, with_jobs(part, plan, board)


@dataclass
class _Progress:
    """Tells of each clip, and gives up when the user asks for it."""

    report: Report
    stop: StopRequest
    shown: Excerpt
    number: int = 0

    def before_clip(self, number: int) -> None:
        """The clip ``number``, from 0, comes next."""
        self.number = number
        self.go_on()
        self.report.emit(FilmProgress(number, len(self.shown.jobs)))
        self.report.film_clip(number + 1, len(self.shown.jobs))

    def go_on(self) -> None:
        """Raises Stopped when asked to stop; nothing of the film stays then."""
        if self.stop():
            self.report.emit(RenderStopped(index=self.shown.jobs[self.number].index, finished=len(self.shown.jobs)))
            raise Stopped("Stopped; nothing was written.")


def _closing_words(written: FilmWritten, shown: Excerpt, *, is_sheet: bool) -> str:
    credits = credits_words(written.path, shown.credits)
    if is_sheet:
        return f"The contact sheet of {plural(len(shown.jobs), 'clip')} is at {written.path}.{credits}"
    length = f"{as_duration(written.seconds)}, {plural(written.frames, 'frame')}"
    return f"The film is at {written.path} ({length}).{credits}"
