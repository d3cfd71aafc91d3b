"""The film file that the options of a command ask for."""

from argparse import Namespace

from svi_studio.project.export.film_export import FilmFile, film_file


def wanted_file(options: Namespace) -> FilmFile:
    """What the options ask for; raises an error now, before any work, when it could not be written later."""
    return film_file(options.output, format_name=options.format, enlarge=options.enlarge, sound=options.sound)
