"""How each training looks in the list: from its log's end, or from what is heard of it now."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from svi_studio.document.training import run_words, verdict_words, words
from svi_studio.document.training.training_history import RunState, TrainingHistory
from svi_studio.domain.training.events import TrainingFailed, TrainingPaused
from svi_studio.project.training.runs import TrainingRun


@dataclass(frozen=True, slots=True)
class RunLook:
    """One row: ``part`` 0 to 1 is how much is done, None without a bar; ``tone`` a colour of the theme.

    ``tip`` says more when the mouse rests on it.
    """

    folder: Path
    name: str
    line: str
    icon: str
    tone: str
    part: float | None = None
    tip: str = ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("TrainingRuns", text)


def run_look(
    run: TrainingRun, history: TrainingHistory | None, active: Path | None, place: int | None = None, count: int = 0
) -> RunLook:
    """The row of ``run``; ``history`` is known of those that were opened, ``active`` is the one under way.

    ``place`` of ``count`` stand before it in line; None = it does not wait.
    """
    if history is not None and run.folder == active:
        return RunLook(
            run.folder, run.name, _short(history), "play", "accent", history.part, run_words.state_line(history)
        )
    if run.recipe is None:
        return RunLook(run.folder, run.name, _tr("Cannot be read"), "warning", "danger")
    reached = f"{run.reached:,} / {run.recipe.all_steps:,}"
    part = min(1.0, run.reached / run.recipe.all_steps)
    if run.is_held:
        return RunLook(run.folder, run.name, _tr("Elsewhere: {place}").format(place=reached), "play", "accent", part)
    if place is not None:
        said = _tr("In line, {number} of {count}").format(number=place + 1, count=count)
        return RunLook(run.folder, run.name, said, "queue", "text-dim", part or None)
    return _resting(run, reached, part)


def _resting(run: TrainingRun, place: str, part: float) -> RunLook:
    """The row of a training that nobody works on."""
    if run.is_done:
        judged = verdict_words.short_words(run.verdicts)
        line = _tr("Done: {verdict}").format(verdict=judged) if judged else _tr("Done")
        return RunLook(run.folder, run.name, line, "check", "ok", tip=verdict_words.sentences(run.verdicts))
    match run.last:
        case TrainingFailed():
            return RunLook(run.folder, run.name, _tr("Did not go on: {place}").format(place=place), "warning", "danger")
        case TrainingPaused():
            return RunLook(run.folder, run.name, _tr("Paused: {place}").format(place=place), "pause", "warn", part)
        case None if not run.step:
            return RunLook(run.folder, run.name, _tr("Not started"), "stop", "text-dim")
    return RunLook(run.folder, run.name, _tr("Stopped: {place}").format(place=place), "stop", "text-dim", part)


def _short(history: TrainingHistory) -> str:
    event = history.preparing
    if event is not None and event.total:
        return f"{words.short_stage(event.stage)}: {event.done:,} / {event.total:,}"
    if event is not None or history.state in {RunState.STARTING, RunState.STOPPING, RunState.PAUSING}:
        return run_words.state_line(history)
    return f"{history.step:,} / {history.steps:,}"
