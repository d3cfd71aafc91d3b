"""``svi-studio render``: render the clips whose takes are missing, then write the film."""

import os
from argparse import Namespace
from collections.abc import Sequence

from svi_studio.cli.film_file import FilmFile, chosen_jobs, jobs_needed, wanted_file, write_film
from svi_studio.cli.film_source import FilmSource, open_film
from svi_studio.cli.prepare import PreparedFilm, prepare
from svi_studio.cli.report import Report, open_report
from svi_studio.cli.stop import StopRequest, stop_request
from svi_studio.cli.wording import as_duration, plural
from svi_studio.domain.errors import Stopped
from svi_studio.domain.events import ClipReused, FilmWritten, RenderStarted, RenderStopped
from svi_studio.domain.job import ClipJob


def run(options: Namespace) -> int:
    """Render and write the film; returns the exit code. Raises StudioError of any kind, and Stopped after Ctrl-C."""
    film = open_film(options)
    wanted = wanted_file(options)
    with open_report(json=options.json) as report:
        report.say("Checking the storyboard, its pictures and the model.")
        prepared = prepare(film, options.model)
        jobs = chosen_jobs(prepared.plan, options.clips)
        needed = jobs_needed(prepared.plan, jobs)
        missing = [job for job in needed if not film.takes.has(job.take_hash)]
        film.make_project()
        with stop_request() as stop:
            _render_takes(film, prepared, needed, options.device, report, stop)
            written = _write(wanted, prepared, jobs, film, report, stop)
        report.emit(written)
    if not options.json:
        print(_closing_words(written, rendered=len(missing), reused=len(needed) - len(missing)))
    return 0


def _render_takes(
    film: FilmSource,
    prepared: PreparedFilm,
    jobs: Sequence[ClipJob],
    device: str,
    report: Report,
    stop: StopRequest,
) -> None:
    if not any(not film.takes.has(job.take_hash) for job in jobs):
        report.emit(RenderStarted(total=len(jobs), to_render=0, reused=len(jobs)))
        for job in jobs:
            report.emit(ClipReused(job.index, job.take_hash))
        return
    report.say("Loading the model.")
    os.environ.setdefault("DIFFUSERS_DISABLE_REMOTE_CODE", "true")
    from svi_studio.cli.renderer import render_jobs  # noqa: PLC0415 - imports torch

    try:
        render_jobs(film, prepared, jobs, device, emit=report.emit, should_stop=stop)
    except Stopped as error:
        raise _stopped(film, jobs, report) from error


def _write(
    wanted: FilmFile,
    prepared: PreparedFilm,
    jobs: Sequence[ClipJob],
    film: FilmSource,
    report: Report,
    stop: StopRequest,
) -> FilmWritten:
    def before_clip(number: int) -> None:
        if stop():
            raise _stopped(film, jobs, report)
        report.film_clip(number + 1, len(jobs))

    return write_film(wanted, prepared.plan, jobs, film.takes, before_clip)


def _stopped(film: FilmSource, jobs: Sequence[ClipJob], report: Report) -> Stopped:
    """The last words after Ctrl-C: what is kept, and how to go on."""
    finished = [job for job in jobs if film.takes.has(job.take_hash)]
    at = next((job.index for job in jobs if job not in finished), jobs[-1].index)
    report.emit(RenderStopped(index=at, finished=len(finished)))
    kept = f"{len(finished)} of {plural(len(jobs), 'clip')} are finished and kept in {film.project}"
    return Stopped(f"Stopped at clip {at + 1}; {kept}. Run the same command again to go on.")


def _closing_words(written: FilmWritten, *, rendered: int, reused: int) -> str:
    length = f"{as_duration(written.seconds)}, {plural(written.frames, 'frame')}"
    return f"The film is at {written.path} ({length}); {plural(rendered, 'clip')} rendered, {reused} reused."
