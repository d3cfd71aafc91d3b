"""Writes the log of a training as a table of comma-separated values."""

import csv
import io
from pathlib import Path

from svi_studio.disk.atomic import atomic_write
from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.log_rows import COLUMNS, log_rows
from svi_studio.project.training.runs import TrainingRun, read_log


def write_csv(run: TrainingRun, target: Path) -> int:
    """Writes the steps of ``run`` to ``target``, a head and a line for each; returns how many there are.

    Raises BadInput when it has made no step yet, StudioError when the disk refuses.
    """
    rows = list(log_rows(read_log(run.folder)))
    if not rows:
        raise BadInput(f"“{run.name}” has made no step yet: there is nothing to write.")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    atomic_write(target, text.getvalue().encode())
    return len(rows)
