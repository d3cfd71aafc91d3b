"""How each training looks in the list: from its log's end, or from what is heard of it now."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from svi_studio.document.training import run_words, verdict_words
from svi_studio.document.training.training_history import RunState, TrainingHistory
from svi_studio.domain.training.events import TrainingFailed
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


def run_look(run: TrainingRun, history: TrainingHistory | None, active: Path | None) -> RunLook:
    """The row of ``run``; ``history`` is known of those that were opened, ``active`` is the one under way."""
    if history is not None and run.folder == active:
        icon = "pause" if history.state is RunState.PAUSED else "play"
        tone = "warn" if history.state is RunState.PAUSED else "accent"
        return RunLook(run.folder, run.name, _short(history), icon, tone, history.part)
    if run.recipe is None:
        return RunLook(run.folder, run.name, _tr("Cannot be read"), "warning", "danger")
    if run.is_held and run.folder != active:
        place = f"{run.step:,} / {run.recipe.all_steps:,}"
        part = run.step / run.recipe.all_steps
        return RunLook(run.folder, run.name, _tr("Runs elsewhere: {place}").format(place=place), "play", "accent", part)
    if run.is_done:
        judged = verdict_words.short_words(run.verdicts)
        line = _tr("Done: {verdict}").format(verdict=judged) if judged else _tr("Done")
        return RunLook(run.folder, run.name, line, "check", "ok", tip=verdict_words.sentences(run.verdicts))
    place = f"{run.step:,} / {run.recipe.all_steps:,}"
    if isinstance(run.last, TrainingFailed):
        return RunLook(run.folder, run.name, _tr("Did not go on: {place}").format(place=place), "warning", "danger")
    part = run.step / run.recipe.all_steps
    return RunLook(run.folder, run.name, _tr("Stopped: {place}").format(place=place), "stop", "text-dim", part)


def _short(history: TrainingHistory) -> str:
    if history.preparing is not None or history.state in {RunState.STARTING, RunState.STOPPING}:
        return run_words.state_line(history)
    place = f"{history.step:,} / {history.steps:,}"
    return _tr("Paused: {place}").format(place=place) if history.state is RunState.PAUSED else place
