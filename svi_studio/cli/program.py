"""From the words on the command line to an exit code: one sentence for every error, never a traceback."""

import contextlib
import importlib
import sys
from argparse import Namespace
from collections.abc import Sequence
from typing import TextIO

from svi_studio.cli.arguments import parse
from svi_studio.cli.output import OutputLost, checked_output, forget_output
from svi_studio.cli.stop import INTERRUPTED
from svi_studio.crash_log import write_crash_log
from svi_studio.domain.errors import as_studio_error
from svi_studio.domain.text.visible_text import visible


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code (0 done, 1 to 5 an error, 130 stopped by the user)."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    _never_fail_to_print(sys.stdout)
    _never_fail_to_print(sys.stderr)
    try:
        with checked_output():
            options = parse(words)
            return options if isinstance(options, int) else _run(options)
    except OutputLost as error:
        forget_output()
        return _tell(str(error), error.exit_code)
    except KeyboardInterrupt:
        return _tell("Stopped; everything finished is kept. Run the same command again to go on.", INTERRUPTED)
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        forget_output()
        return 0


def _run(options: Namespace) -> int:
    try:
        command = importlib.import_module(f"svi_studio.cli.{options.module}")
        return int(command.run(options))
    except (BrokenPipeError, OutputLost):
        raise
    except Exception as error:
        if (plain := as_studio_error(error)) is not None:
            return _tell(str(plain), plain.exit_code)
        log = write_crash_log(error)
        return _tell(f"Something unexpected went wrong, everything finished is kept; the details are in {log}.", 1)


def _tell(sentence: str, status: int) -> int:
    print(visible(sentence), file=sys.stderr, flush=True)
    return status


def _never_fail_to_print(stream: TextIO) -> None:
    """A prompt in another script must not end a render because the terminal cannot show it."""
    with contextlib.suppress(AttributeError, OSError, ValueError):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[attr-defined]
