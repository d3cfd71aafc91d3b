"""The command `python -m trainer evaluate`: the test films of a training that is on the disk."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

from svi_studio import __version__
from svi_studio.domain.errors import Stopped, StudioError, as_studio_error
from svi_studio.domain.training.events import (
    PreparationStage,
    Preparing,
    SampleReady,
    TrainingEvent,
    TrainingFailed,
    TrainingStopped,
)
from svi_studio.pipes.own_process import end_now, stand_back, take_over_pipes, tell_crashes
from svi_studio.pipes.training_messages import TrainerReady
from trainer.run.control import TrainingControl
from trainer.window import Window

_HELP = "film the test storyboards of a training, base against LoRA, and measure how far they drift"


def add_evaluate(commands: Any) -> None:
    """Adds the command to the subparsers ``commands``."""
    parser: argparse.ArgumentParser = commands.add_parser("evaluate", help=_HELP, description=_HELP)
    parser.add_argument("folder", type=Path, metavar="RUN", help="the folder of the training")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--step", type=int, help="the checkpoint of this step (default: every one without test films)")
    which.add_argument("--newest", action="store_true", help="the newest checkpoint alone")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1 or mps (default: auto)")
    parser.add_argument("--events", action="store_true", help="speak to the window on stdin and stdout")
    parser.set_defaults(run=run_evaluate)


def run_evaluate(options: argparse.Namespace) -> NoReturn:
    """Films as the ``options`` say and ends the process: 0, or the exit code of what went wrong."""
    if options.events:
        _for_the_window(options)
    from trainer.run.commands.evaluate_run import evaluate_run  # noqa: PLC0415 (heavy)
    from trainer.run.commands.terminal import followed, judged  # noqa: PLC0415 - with it

    made = evaluate_run(options.folder, step=options.step, newest=options.newest, device=options.device, tell=_print)
    try:
        for step, folder in made:
            print("\n".join([f"Step {step}: {folder}", *followed(folder), *judged(folder)]), flush=True)
    except KeyboardInterrupt:
        print("Stopped; the same command goes on from here.", file=sys.stderr)
        sys.exit(Stopped.exit_code)
    except StudioError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    sys.exit(0)


def _for_the_window(options: argparse.Namespace) -> NoReturn:
    control = TrainingControl()
    window = Window(take_over_pipes(), control.obey, hung_up=control.stop)
    tell_crashes()
    window.start()
    stand_back()
    window.send(Preparing(PreparationStage.LIBRARIES))
    from trainer.run.commands.evaluate_run import evaluate_run  # noqa: PLC0415 - the window hears that there is life

    window.send(TrainerReady(os.getpid(), options.device, {"svi-studio": __version__}))
    step, status = 0, 0
    try:
        for step, folder in evaluate_run(
            options.folder,
            step=options.step,
            newest=options.newest,
            device=options.device,
            tell=window.send,
            should_stop=lambda: control.ends,
        ):
            window.send(SampleReady(step, folder))
    except Stopped:
        status = Stopped.exit_code
    except Exception as error:
        fault = as_studio_error(error)
        if fault is None:
            raise
        window.send(TrainingFailed(str(fault)))
        end_now(fault.exit_code)
    window.send(TrainingStopped(step))
    end_now(status)


def _print(event: TrainingEvent) -> None:
    match event:
        case Preparing(done=done, total=total, name=name):
            print(f"clip {done + 1} of {total}, {name}", flush=True)
