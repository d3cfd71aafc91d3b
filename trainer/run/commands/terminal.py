"""What a training says in a terminal: calm lines, one every few seconds at most."""

import time
from collections.abc import Callable
from pathlib import Path

from svi_studio.domain.errors import BadProject
from svi_studio.domain.text.wording import as_duration
from svi_studio.domain.training.drift import DRIFT_FILE, DriftReport, read_drift
from svi_studio.domain.training.events import (
    CheckpointSaved,
    PreparationStage,
    Preparing,
    SampleFailed,
    SampleReady,
    StepTrained,
    TrainingChanged,
    TrainingEvent,
    TrainingFailed,
    TrainingFinished,
    TrainingPaused,
    TrainingStarted,
    TrainingStopped,
    Validated,
    VideosCame,
)
from svi_studio.domain.training.follow_lines import follow_lines
from svi_studio.domain.training.verdict import verdicts

_SECONDS = 5.0

_STAGES = {
    PreparationStage.LIBRARIES: "Loading the libraries",
    PreparationStage.FOOTAGE: "Reading the footage",
    PreparationStage.SKELETON: "Looking for people",
    PreparationStage.CAPTIONS: "Writing captions",
    PreparationStage.MODEL: "Loading the model",
    PreparationStage.LATENTS: "Encoding the clips",
    PreparationStage.CHECKPOINT: "Writing a checkpoint",
    PreparationStage.TEST_FILM: "Making the test films",
    PreparationStage.CONTROL: "Training without errors first, to compare with",
}


class Terminal:
    """Prints events; steps and parts of a stage at most every five seconds."""

    def __init__(self, write: Callable[[str], None] = print, clock: Callable[[], float] = time.monotonic) -> None:
        self._write = write
        self._clock = clock
        self._last = -_SECONDS
        self._stage: PreparationStage | None = None
        self._verdict: list[str] = []

    def tell(self, event: TrainingEvent) -> None:
        """Prints ``event`` if it is worth a line now."""
        line = self._line(event)
        if line is not None:
            self._write(line)
            self._last = self._clock()

    def _line(self, event: TrainingEvent) -> str | None:
        due = self._clock() - self._last >= _SECONDS
        match event:
            case SampleReady(folder=folder):
                self._verdict = judged(folder)
            case TrainingFinished():
                return "\n".join([_done(event), *self._verdict])
            case Preparing(stage=stage) if stage != PreparationStage.CHECKPOINT and (due or stage != self._stage):
                self._stage = stage
                return _preparing(event)
            case StepTrained(step=step, steps=steps) if due or step in (1, steps):
                return _step(event)
            case TrainingStarted(folder=folder, step=step, steps=steps, device=device):
                return f"Training from step {step} to {steps} on {device}, in {folder}"
        return _of_the_end(event)


def _preparing(event: Preparing) -> str:
    part = f", {event.done} of {event.total}" if event.total else ""
    return f"{_STAGES[event.stage]}{part}{f': {event.name}' if event.name else ''}"


def _step(event: StepTrained) -> str:
    left = "" if event.seconds_left is None else f", {as_duration(event.seconds_left)} left"
    return f"Step {event.step} of {event.steps}: loss {event.loss:.4f}, {event.seconds:.2f} s a step{left}"


def followed(folder: Path) -> list[str]:
    """How well the test films in ``folder`` follow what they were given, indented."""
    report = _report(folder)
    return [] if report is None else [f"  {line}" for line in follow_lines(report)]


def judged(folder: Path) -> list[str]:
    """What the test films in ``folder`` say of the LoRA, indented, and what that rests on."""
    report = _report(folder)
    found = () if report is None else verdicts(report)
    return [f"  {line}" for each in found for line in (each.sentence, each.basis) if line]


def _report(folder: Path) -> DriftReport | None:
    try:
        return read_drift((folder / DRIFT_FILE).read_bytes())
    except (OSError, BadProject):
        return None


def _came(event: VideosCame) -> str:
    them, known = ("it", "1 video") if event.count == 1 else ("them", f"{event.count:,} videos")
    own = "the one" if event.known == 1 else f"the {event.known:,}"
    return (
        f"{known} came into {event.folder} since this training began; it learns from {own} that it began with. Begin "
        f"another training for {them}."
    )


def _done(event: TrainingFinished) -> str:
    if event.first is None:
        return f"Done. The LoRA: {event.lora}"
    return f"Done. The LoRAs, one for each expert: {event.first} and {event.lora}"


def _of_the_end(event: TrainingEvent) -> str | None:
    match event:
        case TrainingChanged(step=step, changes=changes):
            said = "; ".join(f"{name} from {before} to {now}" for name, before, now in changes)
            return f"Changed after step {step}: {said}"
        case VideosCame():
            return _came(event)
        case CheckpointSaved(step=step):
            return f"Checkpoint of step {step} saved."
        case SampleReady(folder=folder):
            return "\n".join([f"Test films: {folder}", *followed(folder), *judged(folder)])
        case Validated(loss=loss, clips=clips):
            which = "the clip that is" if clips == 1 else f"{clips} clips that are"
            return f"Validation loss {loss:.4f}, on {which} never trained on."
        case SampleFailed(step=step, sentence=sentence):
            return f"No test films of step {step}, and the training goes on. {sentence}"
        case TrainingStopped(step=step):
            return f"Stopped after step {step}; run the same command again to go on."
        case TrainingPaused(step=step):
            return f"Paused after step {step}; a checkpoint is saved. The same command goes on."
        case TrainingFailed(sentence=sentence, smaller_preset=preset):
            return f'{sentence} The preset "{preset}" needs less.' if preset else sentence
    return None
