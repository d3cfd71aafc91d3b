"""The film file that the options of a command ask for, and the subtitles that go out with it."""

from argparse import Namespace
from pathlib import Path

from svi_studio.cli.report import Report
from svi_studio.domain.film.subtitle_way import SubtitleWay
from svi_studio.domain.render.events import Warned
from svi_studio.media.subtitles.lettering import lettering_remarks
from svi_studio.project.export.excerpt import Excerpt
from svi_studio.project.export.exports import refuse_to_replace, remember_export
from svi_studio.project.export.film_export import FilmFile, film_file


def wanted_file(options: Namespace) -> FilmFile:
    """What the options ask for; raises an error now, before any work, when it could not be written later."""
    return film_file(
        options.output,
        format_name=options.format,
        enlarge=options.enlarge,
        sound=options.sound,
        subtitles=SubtitleWay(options.subtitles),
    )


def refuse_to_replace_film(project: Path, wanted: FilmFile, *, overwrite: bool) -> None:
    """Raises BadInput when the film or its subtitles would replace what the film in ``project`` did not write."""
    for target in (wanted.path, wanted.subtitle_file):
        if target is not None:
            refuse_to_replace(project, target, overwrite=overwrite)


def remember_film(project: Path, wanted: FilmFile) -> None:
    """Notes in ``project`` what was written."""
    for target in (wanted.path, wanted.subtitle_file):
        if target is not None:
            remember_export(project, target)


def tell_of_subtitles(wanted: FilmFile, shown: Excerpt, report: Report) -> None:
    """Says before the work begins what will be seen of the subtitles, where that is not all."""
    if wanted.subtitles is not SubtitleWay.NONE and not shown.cues:
        report.emit(Warned("There are no subtitles in this part of the film."))
    if wanted.subtitles is SubtitleWay.BURN:
        for remark in lettering_remarks([cue.text for cue in shown.cues]):
            report.emit(Warned(remark))


def subtitle_words(wanted: FilmFile, shown: Excerpt) -> str:
    """A sentence for people, with a blank before it, that says where the subtitles are; empty where in the film."""
    return f" Its subtitles are in {wanted.subtitle_file}." if wanted.subtitle_file and shown.cues else ""
