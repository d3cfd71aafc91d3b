"""The command `python -m trainer evaluate`: the test films of a training that is on the disk."""

import argparse
import sys
from pathlib import Path
from typing import Any, NoReturn

from svi_studio.domain.errors import Stopped, StudioError
from svi_studio.domain.training.events import Preparing, TrainingEvent

_HELP = "film the test storyboards of a training, base against LoRA, and measure how far they drift"


def add_evaluate(commands: Any) -> None:
    """Adds the command to the subparsers ``commands``."""
    parser: argparse.ArgumentParser = commands.add_parser("evaluate", help=_HELP, description=_HELP)
    parser.add_argument("folder", type=Path, metavar="RUN", help="the folder of the training")
    parser.add_argument("--step", type=int, help="the checkpoint of this step (default: every one without test films)")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1 or mps (default: auto)")
    parser.set_defaults(run=run_evaluate)


def run_evaluate(options: argparse.Namespace) -> NoReturn:
    """Films as the ``options`` say and ends the process: 0, or the exit code of what went wrong."""
    from trainer.run.commands.evaluate_run import evaluate_run  # noqa: PLC0415 (heavy)
    from trainer.run.commands.terminal import followed  # noqa: PLC0415 - with it

    try:
        for step, folder in evaluate_run(options.folder, step=options.step, device=options.device, tell=_print):
            print("\n".join([f"Step {step}: {folder}", *followed(folder)]), flush=True)
    except KeyboardInterrupt:
        print("Stopped; the same command goes on from here.", file=sys.stderr)
        sys.exit(Stopped.exit_code)
    except StudioError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    sys.exit(0)


def _print(event: TrainingEvent) -> None:
    match event:
        case Preparing(done=done, total=total, name=name):
            print(f"clip {done + 1} of {total}, {name}", flush=True)
