"""The command `python -m trainer footage`: scan a folder, for people in a terminal or for the window's pipes."""

import argparse
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from svi_studio import __version__
from svi_studio.disk.atomic import plain_errors
from svi_studio.disk.lock import locked
from svi_studio.domain.errors import Stopped, StudioError
from svi_studio.domain.training.events import (
    FootageReady,
    PreparationStage,
    Preparing,
    Tell,
    TrainingEvent,
    TrainingFailed,
    TrainingStopped,
)
from svi_studio.domain.training.footage import Footage, Reason, problems_beside
from svi_studio.domain.training.recipe_text import read_recipe
from svi_studio.pipes.own_process import end_now, stand_back, take_over_pipes, tell_crashes
from svi_studio.pipes.training_messages import StopTraining, TrainerReady, TrainingRequest
from trainer.footage.captions.caption_writer import WAYS, caption_writer
from trainer.footage.videos.shape import Shape
from trainer.window import Window

if TYPE_CHECKING:
    from svi_studio.storyline.chat import ChatModel

_WHAT = {PreparationStage.CAPTIONS: "caption of ", PreparationStage.SKELETON: "looking for people in "}
_SECONDS = 5.0
_PATIENCE = 0.5  # seconds; a window that lists trainings tries their locks for an instant
_MOST_FILES = 100
_HELP = "cut a folder of videos into clips, check them and write footage.json into a training's folder"


def add_footage(commands: Any) -> None:
    """Adds the command to the subparsers ``commands``."""
    parser: argparse.ArgumentParser = commands.add_parser("footage", help=_HELP, description=_HELP)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the folder with the videos")
    parser.add_argument(
        "--recipe", type=Path, required=True, help="the training recipe that says size, rate and length"
    )
    parser.add_argument("--into", type=Path, required=True, metavar="RUN", help="the folder of the training")
    parser.add_argument(
        "--captions-by",
        nargs="+",
        metavar="WORD",
        help=f"have a model write the captions that are missing: {WAYS} (Qwen2.5-VL or a later one)",
    )
    parser.add_argument(
        "--caption-language", default="English", metavar="NAME", help="the captions' language (default: English)"
    )
    parser.add_argument("--events", action="store_true", help="speak to the window on stdin and stdout")
    parser.set_defaults(run=run_footage)


def run_footage(options: argparse.Namespace) -> NoReturn:
    """Scans as the ``options`` say and ends the process: 0, or the exit code of what went wrong."""
    if options.events:
        _for_the_window(options)
    try:
        footage = _scan(options, _Printer())
    except KeyboardInterrupt:
        print("Stopped; the next scan goes on from here.", file=sys.stderr)
        sys.exit(Stopped.exit_code)
    except StudioError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    print("\n".join(summary(footage)))
    sys.exit(0)


def summary(footage: Footage) -> list[str]:
    """What was found, as lines for a terminal."""
    used = [clip for clip in footage.clips if clip.is_used]
    reasons = Counter(clip.left_out for clip in footage.clips if clip.left_out is not None and not clip.is_used)
    words = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in sorted(reasons.items()))
    by_hand = len(footage.clips) - len(used) - reasons.total()
    words = ", ".join(filter(None, [words, f"{by_hand} by hand" if by_hand else ""]))
    seconds, more = sum(clip.seconds for clip in used), len(footage.not_used) - _MOST_FILES
    clips = "1 clip" if len(used) == 1 else f"{len(used)} clips"
    return [
        f"{clips} to train on, {seconds:.0f} seconds.",
        *([f"Left out: {words}."] if words else []),
        *problems_beside(footage),
        *(f'Not used: "{file.name}" is {file.why}.' for file in footage.not_used[:_MOST_FILES]),
        *(clip.detail for clip in footage.clips if clip.left_out is Reason.UNREADABLE),
        *([f"{more:,} more files are not used: footage.json names them all."] if more > 0 else []),
    ]


def _for_the_window(options: argparse.Namespace) -> NoReturn:
    def obey(request: TrainingRequest) -> None:
        if isinstance(request, StopTraining):  # a scan keeps what it has seen so far, so it can end at any moment
            window.send(TrainingStopped(0))
            end_now(0)

    window = Window(take_over_pipes(), obey)
    tell_crashes()
    window.start()
    stand_back()
    window.send(TrainerReady(os.getpid(), "cpu", {"svi-studio": __version__}))
    try:
        _scan(options, window.send)
    except StudioError as error:
        window.send(TrainingFailed(str(error)))
        end_now(error.exit_code)
    end_now(0)


def _scan(options: argparse.Namespace, tell: Tell) -> Footage:
    """Scans with the training's folder kept to this process: nobody deletes it or trains in it meanwhile."""
    with plain_errors(options.into):
        options.into.mkdir(parents=True, exist_ok=True)
    with locked(options.into, _PATIENCE):
        return _scan_and_describe(options, tell)


def _scan_and_describe(options: argparse.Namespace, tell: Tell) -> Footage:
    from trainer.footage.scan import scan  # noqa: PLC0415 - the window hears that there is life before all is loaded

    shape, writer = Shape.of(read_recipe(options.recipe)), _caption_writer(options)
    if writer is None:
        return scan(options.folder, shape, options.into, tell)
    from trainer.footage.captions.describe import describe  # noqa: PLC0415

    last: list[FootageReady] = []

    def hold_back(event: TrainingEvent) -> None:
        """Keeps back the last event, which the window takes for the end."""
        if isinstance(event, FootageReady):
            last.append(event)
        else:
            tell(event)

    footage = scan(options.folder, shape, options.into, hold_back)
    footage = describe(footage, options.into, writer, options.caption_language, tell)
    for event in last:
        tell(event)
    return footage


def _caption_writer(options: argparse.Namespace) -> "ChatModel | None":
    words = getattr(options, "captions_by", None)
    return caption_writer(words) if words else None


class _Printer:
    """Prints events; how a video gets on every few seconds only."""

    def __init__(self) -> None:
        self._next = 0.0

    def __call__(self, event: TrainingEvent) -> None:
        match event:
            case Preparing(stage=PreparationStage.SKELETON) if time.monotonic() < self._next:
                return
            case Preparing(stage=stage, done=done, total=total, name=name):
                self._next = time.monotonic() + _SECONDS
                print(f"{done + 1} of {total}: {_WHAT.get(stage, '')}{name}", flush=True)
            case FootageReady(file=file):
                print(f"Written: {file}")
