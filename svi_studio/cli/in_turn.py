"""Several trainings one after the other: one that fails does not keep the next from its turn."""

import sys
from collections.abc import Callable, Mapping

from svi_studio.cli.stop import INTERRUPTED
from svi_studio.domain.errors import StudioError
from svi_studio.domain.text.visible_text import visible

Train = Callable[[], int]


def train_in_turn(trainings: Mapping[str, Train]) -> int:
    """Does each of ``trainings``, which are known by their names; returns 0, or the code of the first that failed.

    A stop ends them all: the same command goes on then, and what is done is not done again.
    """
    failed: dict[str, int] = {}
    for number, (name, train) in enumerate(trainings.items(), 1):
        print(f"Training {number} of {len(trainings)}: {visible(name)}", flush=True)
        code = _code_of(train)
        if code == INTERRUPTED:
            return code
        if code:
            failed[name] = code
            print(f"“{visible(name)}” was not trained to its end.", file=sys.stderr, flush=True)
    _sum_up(len(trainings), list(failed))
    return next(iter(failed.values()), 0)


def _code_of(train: Train) -> int:
    try:
        return train()
    except StudioError as error:
        print(visible(str(error)), file=sys.stderr, flush=True)
        return error.exit_code


def _sum_up(count: int, failed: list[str]) -> None:
    if failed:
        names = ", ".join(f"“{visible(name)}”" for name in failed)
        print(f"{count - len(failed)} of {count} trainings are done; not done: {names}.", flush=True)
    else:
        print(f"All {count} trainings are done.", flush=True)
