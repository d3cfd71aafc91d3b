"""``svi-studio models scan``: what the weights files in a folder are, and what can be filmed with them."""

import json
import sys
from argparse import Namespace
from pathlib import Path

from svi_studio.cli.filmable_words import film_lines
from svi_studio.domain.film.model_file import ModelFile
from svi_studio.domain.text.command_name import command_line
from svi_studio.domain.text.visible_text import visible, visible_line
from svi_studio.weights.linking.gaps import filmable_here
from svi_studio.weights.scan.answers import with_answers
from svi_studio.weights.scan.scan import Scan, scan_folder, what_is

_KINDS = {
    "text_encoder": "text encoder", "picture_encoder": "picture encoder", "vae": "VAE", "lora": "LoRA",
    "other": "other weights",
}  # fmt: skip


def run(options: Namespace) -> int:
    """Prints a row a file, and for people what the files make together.

    Returns 0, or 1 when something in the folder could not be looked at. Raises StudioError.
    """
    scan = Scan((what_is(options.folder),)) if options.folder.is_file() else scan_folder(options.folder)
    rows = with_answers(scan.files)
    for row in rows:
        print(json.dumps(row.model_dump()) if options.json else visible_line(_line(row)))
    for problem in scan.problems:
        print(visible_line(problem), file=sys.stderr)
    if not scan.files and not scan.problems and not options.json:
        print(visible(f"There are no weights files in {options.folder}."))
    if not options.json:
        for line in film_lines(filmable_here(rows), options.folder):
            print(visible_line(line))
    return 1 if scan.problems else 0


def _line(row: ModelFile) -> str:
    expert = f"{row.expert}-noise expert" if row.expert else None
    facts = ", ".join(filter(None, (_KINDS.get(row.kind, row.kind), row.architecture, expert, row.precision)))
    return f"{row.path}: {facts}" + (f". {row.why}" if row.why else "") + _conversion(row)


def _conversion(row: ModelFile) -> str:
    """The way out for one of the makers' own files, which are known by their names."""
    if row.kind == "other" or Path(row.path).suffix != ".pth":
        return ""
    command = command_line("models", "convert", str(Path(row.path).parent), "-o", "NEW_FOLDER")
    return f' If all of the makers\' files lie there, "{command}" makes a model of them.'
