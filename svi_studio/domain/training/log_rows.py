"""The log of a training as rows of a table, for a spreadsheet or a plot."""

import math
from collections.abc import Iterable, Iterator
from typing import Final

from svi_studio.domain.training.events import StepTrained, TrainingChanged, Validated
from svi_studio.domain.training.log import Logged

COLUMNS: Final = ("step", "time", "loss", "learning_rate", "gradient_norm", "seconds", "validation_loss", "changed")
"""The heads of the columns. ``time``: seconds since 1970. ``changed``: what was changed before that step."""

Row = tuple[str, ...]


def log_rows(log: Iterable[Logged]) -> Iterator[Row]:
    """One row a step, in order; a step that was done again after a crash counts as it was done last.

    Numbers are written so that they are read back exactly; what is not finite, or not known, is empty.
    """
    steps: dict[int, Logged] = {}
    checked: dict[int, float] = {}
    changes: dict[int, list[str]] = {}
    for logged in log:
        event = logged.event
        if isinstance(event, StepTrained):
            steps[event.step] = logged
        elif isinstance(event, TrainingChanged):
            said = (f"{name} from {before} to {now}" for name, before, now in event.changes)
            changes.setdefault(event.step + 1, []).extend(said)
        elif isinstance(event, Validated):
            checked[event.step] = event.loss
    for step in sorted(steps):
        yield _row(steps[step], checked.get(step), changes.get(step, ()))


def _row(logged: Logged, validation: float | None, changes: Iterable[str]) -> Row:
    event = logged.event
    assert isinstance(event, StepTrained)  # noqa: S101 - the caller chose it
    numbers = (logged.time, event.loss, event.learning_rate, event.gradient_norm, event.seconds, validation)
    return (str(event.step), *map(_number, numbers), "; ".join(changes))


def _number(value: float | None) -> str:
    return "" if value is None or not math.isfinite(value) else repr(value)
