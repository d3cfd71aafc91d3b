"""What the worker says of an error: the sentence of one that was foreseen, else where its details lie."""

from __future__ import annotations

import traceback
from collections.abc import Callable

from svi_studio.crash_log import write_crash_log
from svi_studio.domain.errors import as_studio_error
from svi_studio.engine.driver_fault import has_broken_the_driver
from svi_studio.pipes.own_process import end_now

DRIVER_FAULT = 70


def report_failure(error: Exception, forget: Callable[[], None]) -> str:
    """One sentence for the window; ``forget`` gives memory back after an unforeseen error.

    The process ends here when nothing can work in it any more.
    """
    if (plain := as_studio_error(error)) is not None:
        return str(plain)
    traceback.print_exception(error)
    if has_broken_the_driver(error):
        end_now(DRIVER_FAULT)
    log = write_crash_log(error)
    forget()
    return f"Something unexpected went wrong, everything finished is kept; the details are in {log}."
