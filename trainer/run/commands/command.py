"""The commands `train` and `resume` of `python -m trainer`: a training for a terminal, a launcher or the window."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from svi_studio import __version__
from svi_studio.awake import awake
from svi_studio.disk.fs_ops import REAL_DISK
from svi_studio.domain.errors import Stopped, StudioError, as_studio_error
from svi_studio.domain.training.events import (
    PreparationStage,
    Preparing,
    Tell,
    TrainingEvent,
    TrainingFailed,
    TrainingPaused,
    TrainingStopped,
)
from svi_studio.pipes.own_process import end_now, stand_back, take_over_pipes, tell_crashes
from svi_studio.pipes.training_messages import TrainerReady
from svi_studio.settings import RANK
from trainer.run.commands.terminal import Terminal
from trainer.run.control import TrainingControl
from trainer.run.state.run_folder import EXPERTS, FolderTaken, is_step_name
from trainer.run.state.run_log import RunLog
from trainer.window import Window

PAUSED = 148
"""The exit code after a pause, as a shell has it for a program that Ctrl-Z halted."""

_STDIN = 0

Ready = Callable[[str, dict[str, str]], None]

_TRAIN = "train a LoRA by a recipe, or go on with a training that was stopped"
_RESUME = "go on with the training in a folder, by its own recipe"


def add_train(commands: Any) -> None:
    """Adds `train` and `resume` to the subparsers ``commands``."""
    train: argparse.ArgumentParser = commands.add_parser("train", help=_TRAIN, description=_TRAIN)
    train.add_argument("recipe", type=Path, metavar="RECIPE", help="the recipe, a JSON file")
    train.add_argument(
        "--run",
        "--into",  # torchrun takes --run for one of its own options
        type=Path,
        dest="folder",
        help="the training's folder (default: runs/ and its name); under torchrun write --into",
    )
    resume: argparse.ArgumentParser = commands.add_parser("resume", help=_RESUME, description=_RESUME)
    resume.add_argument("folder", type=Path, metavar="RUN", help="the training's folder")
    resume.set_defaults(recipe=None)
    for command in (train, resume):
        command.add_argument("--device", default="auto", help="auto (default), cpu, cuda, cuda:1 or mps")
        command.add_argument("--threads", type=int, default=0, help="processor threads (default: all)")
        how = command.add_mutually_exclusive_group()
        how.add_argument("--events", action="store_true", help="speak to the window on stdin and stdout")
        how.add_argument("--attended", action="store_true", help="save a checkpoint and end when stdin is closed")
        command.set_defaults(run=run_train)


def run_train(options: argparse.Namespace) -> NoReturn:
    """Trains as the ``options`` say and ends the process: 0, 130 when stopped, 148 paused, or what went wrong."""
    control = TrainingControl()
    if options.events:
        _for_the_window(options, control)
    if options.attended:
        _stop_with_the_starter(control)
    _stop_at_signals(control, [signal.SIGINT, signal.SIGTERM])
    if sys.platform != "win32":
        signal.signal(signal.SIGTSTP, lambda _number, _frame: control.pause())  # Ctrl-Z
    terminal = Terminal(lambda line: print(line, flush=True))
    is_first = RANK.text() == RANK.default
    tell = terminal.tell if is_first else _only_failures(terminal.tell)
    try:
        sys.exit(_train(options, tell, control, lambda _device, _versions: None))
    except KeyboardInterrupt:
        print("Ended at once; the next run goes on from the last checkpoint.", file=sys.stderr)
        sys.exit(Stopped.exit_code)


def _for_the_window(options: argparse.Namespace, control: TrainingControl) -> NoReturn:
    window = Window(take_over_pipes(), control.obey, hung_up=control.stop)
    tell_crashes()
    window.start()
    stand_back()
    _stop_at_signals(control, [signal.SIGTERM])

    def ready(device: str, versions: dict[str, str]) -> None:
        window.send(TrainerReady(os.getpid(), device, {"svi-studio": __version__, **versions}))

    end_now(_train(options, window.send, control, ready))


def _train(options: argparse.Namespace, tell: Tell, control: TrainingControl, ready: Ready) -> int:
    tell(Preparing(PreparationStage.LIBRARIES))
    from trainer.run.commands.start import start  # noqa: PLC0415 - imports torch, and the window hears that there is life

    try:
        with awake():
            return 0 if start(options, ready, tell, control) else _status(control)
    except Stopped:
        last_word = TrainingPaused if _status(control) == PAUSED else TrainingStopped
        return _end(options, last_word(_last_step(options.folder)), tell, _status(control))
    except FolderTaken as error:
        tell(TrainingFailed(str(error)))
        return error.exit_code
    except Exception as error:
        fault = as_studio_error(error)
        if fault is None:
            raise
        failed = TrainingFailed(str(fault), getattr(fault, "smaller_preset", None))
        return _end(options, failed, tell, fault.exit_code)


def _end(options: argparse.Namespace, event: TrainingEvent, tell: Tell, status: int) -> int:
    """Says the last word, in the run's log too if there is a run."""
    folder: Path | None = options.folder
    if folder is not None and folder.is_dir():
        with suppress(StudioError):
            RunLog(folder / "log.jsonl", REAL_DISK).write(event)
    tell(event)
    return status


def _status(control: TrainingControl) -> int:
    """The exit code of a training that was asked to end."""
    return PAUSED if control.ends and not control.stops else Stopped.exit_code


def _last_step(folder: Path) -> int:
    """The newest checkpoint's step, from the names alone; the steps of two experts count through."""
    places = (folder, *(folder / expert for expert in EXPERTS))
    return sum(max(_steps_in(place), default=0) for place in places)


def _steps_in(place: Path) -> Iterator[int]:
    names = (entry.name for entry in (place / "checkpoints").glob("[0-9]*"))
    return (int(name) for name in names if is_step_name(name))


def _only_failures(tell: Tell) -> Tell:
    """For the other processes of a training, which have nothing else to say that the first does not."""
    return lambda event: tell(event) if isinstance(event, TrainingFailed) else None


def _stop_with_the_starter(control: TrainingControl) -> None:
    """When whoever started this process is gone, and with it the other end of stdin, nobody could stop it."""

    def wait() -> None:
        with suppress(OSError):
            while os.read(_STDIN, 1 << 10):
                pass
        control.stop()

    threading.Thread(target=wait, name="starter", daemon=True).start()


def _stop_at_signals(control: TrainingControl, signals: Sequence[signal.Signals]) -> None:
    """The first signal asks for a checkpoint and the end, a second Ctrl-C ends at once."""

    def stop(number: int, _frame: FrameType | None) -> None:
        if control.stops and number == signal.SIGINT:
            raise KeyboardInterrupt
        control.stop()

    for number in signals:
        signal.signal(number, stop)
