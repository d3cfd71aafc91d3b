"""``svi-studio models scan``: what the weights files in a folder are, and which of them can be used."""

import json
import sys
from argparse import Namespace

from svi_studio.domain.film.model_file import ModelFile
from svi_studio.domain.text.visible_text import visible
from svi_studio.weights.scan.scan import scan_folder

_KINDS = {
    "text_encoder": "text encoder", "picture_encoder": "picture encoder", "vae": "VAE", "lora": "LoRA",
    "other": "other weights",
}  # fmt: skip


def run(options: Namespace) -> int:
    """Prints a row a file; returns 0, or 1 when something in the folder could not be looked at. Raises StudioError."""
    scan = scan_folder(options.folder)
    for row in scan.files:
        print(json.dumps(row.model_dump()) if options.json else visible(_line(row)))
    for problem in scan.problems:
        print(visible(problem), file=sys.stderr)
    if not scan.files and not scan.problems and not options.json:
        print(visible(f"There are no weights files in {options.folder}."))
    return 1 if scan.problems else 0


def _line(row: ModelFile) -> str:
    expert = f"{row.expert}-noise expert" if row.expert else None
    facts = ", ".join(filter(None, (_KINDS.get(row.kind, row.kind), row.architecture, expert, row.precision)))
    return f"{row.path}: {facts}" + (f". {row.why}" if row.why else "")
