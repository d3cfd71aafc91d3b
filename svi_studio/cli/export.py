"""``svi-studio export``: assemble the film again from finished takes, without rendering."""

from argparse import Namespace
from dataclasses import dataclass

from svi_studio.cli.film_file import wanted_file
from svi_studio.cli.named_film import named_film
from svi_studio.cli.report import Report, open_report
from svi_studio.cli.stop import StopRequest, stop_request
from svi_studio.domain.errors import Stopped
from svi_studio.domain.events import FilmProgress, FilmWritten, RenderStopped
from svi_studio.domain.plan import RenderPlan
from svi_studio.domain.wording import as_duration, plural
from svi_studio.media.formats import CONTACT_SHEET
from svi_studio.project.excerpt import Excerpt, clips_of, frames_of
from svi_studio.project.film_export import require_takes, write_film
from svi_studio.project.film_sheet import check_sheet, write_sheet
from svi_studio.project.prepare import prepare


def run(options: Namespace) -> int:
    """Write the film, or its contact sheet; returns the exit code. Raises StudioError, and Stopped after Ctrl-C."""
    is_sheet = options.format == CONTACT_SHEET
    with open_report(json=options.json) as report, stop_request("Stopping.") as stop:
        film = named_film(options)
        wanted = None if is_sheet else wanted_file(options)
        if is_sheet:
            check_sheet(options.output, enlarge=options.enlarge, sound=options.sound)
        plan = prepare(film, options.model).plan
        shown = _shown(plan, options)
        require_takes(shown.jobs, film.takes, film.project)
        progress = _Progress(report, stop, shown)
        if wanted is None:
            written = write_sheet(options.output, film.storyboard, shown, film.takes, progress.before_clip)
        else:
            told = {"before_clip": progress.before_clip, "go_on": progress.go_on}
            written = write_film(wanted, plan, shown, film.takes, **told)
        report.emit(FilmProgress(len(shown.jobs), len(shown.jobs)))
        report.emit(written)
    if not options.json:
        print(_closing_words(written, shown, is_sheet=is_sheet))
    return 0


def _shown(plan: RenderPlan, options: Namespace) -> Excerpt:
    return clips_of(plan, options.clips) if options.range is None else frames_of(plan, *options.range)


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
        """Raise Stopped when asked to stop; nothing of the film stays then."""
        if self.stop():
            self.report.emit(RenderStopped(index=self.shown.jobs[self.number].index, finished=len(self.shown.jobs)))
            raise Stopped("Stopped; nothing was written.")


def _closing_words(written: FilmWritten, shown: Excerpt, *, is_sheet: bool) -> str:
    if is_sheet:
        return f"The contact sheet of {plural(len(shown.jobs), 'clip')} is at {written.path}."
    return f"The film is at {written.path} ({as_duration(written.seconds)}, {plural(written.frames, 'frame')})."
