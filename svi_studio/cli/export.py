"""``svi-studio export``: assemble the film again from finished takes, without rendering."""

from argparse import Namespace

from svi_studio.cli.film_file import wanted_file
from svi_studio.cli.named_film import named_film
from svi_studio.cli.report import open_report
from svi_studio.domain.wording import as_duration
from svi_studio.project.film_export import chosen_jobs, require_takes, write_film
from svi_studio.project.prepare import prepare


def run(options: Namespace) -> int:
    """Write the film; returns the exit code."""
    with open_report(json=options.json) as report:
        film = named_film(options)
        wanted = wanted_file(options)
        plan = prepare(film, options.model).plan
        jobs = chosen_jobs(plan, options.clips)
        require_takes(jobs, film.takes, film.project)
        written = write_film(wanted, plan, jobs, film.takes, lambda number: report.film_clip(number + 1, len(jobs)))
        report.emit(written)
    if not options.json:
        print(f"The film is at {written.path} ({as_duration(written.seconds)}, {written.frames} frames).")
    return 0
