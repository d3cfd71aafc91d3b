"""How a training stands, in one line, and which of its buttons make sense."""

from PySide6.QtCore import QCoreApplication

from svi_studio.document import words as common
from svi_studio.document.training import words
from svi_studio.document.training.training_history import RunState, TrainingHistory
from svi_studio.domain.training.recipe import TrainingRecipe

_MOST_CHANGES = 3  # the log has them all


def _tr(text: str) -> str:
    return QCoreApplication.translate("TrainingRun", text)


def state_line(history: TrainingHistory) -> str:
    """What goes on now, such as ``Step 120 of 1,500 · about 2 h left``."""
    if history.preparing is not None and history.is_under_way:
        return preparing_line(history)
    place = _tr("step {step} of {steps}").format(step=f"{history.step:,}", steps=f"{history.steps:,}")
    left = history.seconds_left
    failed = _tr("Did not go on at {place}").format(place=place) if history.steps else _tr("Did not start")
    return {
        RunState.NEW: _tr("Not started yet"),
        RunState.STARTING: _tr("Starting"),
        RunState.TRAINING: f"{common.capital(place)} · {common.left(left)}" if left else common.capital(place),
        RunState.PAUSING: _tr("Saving a checkpoint, then it pauses"),
        RunState.PAUSED: _tr("Paused at {place}; its memory is free for other work").format(place=place),
        RunState.STOPPING: _tr("Saving a checkpoint, then it stops"),
        RunState.STOPPED: _tr("Stopped at {place}").format(place=place),
        RunState.ELSEWHERE: _tr("Being trained in another window or a terminal, at {place}").format(place=place)
        + (f" · {common.left(left)}" if left else ""),
        RunState.FINISHED: _tr("Done: {steps} steps").format(steps=f"{history.step:,}"),
        RunState.FAILED: failed,
    }[history.state]


def expert_words(recipe: TrainingRecipe, history: TrainingHistory) -> str:
    """Which of two experts learns now: ``high-noise expert``; empty for a model of one transformer, and at the end."""
    if not recipe.parts or history.state in {RunState.FINISHED, RunState.NEW}:
        return ""
    number = min(history.step // recipe.steps, len(recipe.parts) - 1)
    return {
        "high": _tr("high-noise expert, 1 of 2"),
        "low": _tr("low-noise expert, 2 of 2"),
    }[recipe.parts[number]]


def changed_line(history: TrainingHistory) -> str:
    """The last changes while it went on, the newest first; empty for a training that is as it began."""
    names = {
        "steps": _tr("steps"),
        "optimizer.learning_rate": _tr("learning rate"),
        "evaluation.every": _tr("test films every … steps"),
        "footage": _tr("footage folder"),
    }
    said = _tr("Changed after step {step}: {what}.")
    one = _tr("{name} {before} → {now}")
    return " ".join(
        said.format(
            step=f"{event.step:,}",
            what=", ".join(
                one.format(name=names.get(n, n), before=before, now=now) for n, before, now in event.changes
            ),
        )
        for event in history.changes[: -_MOST_CHANGES - 1 : -1]
    )


def came_line(history: TrainingHistory) -> str:
    """What is said of videos that the training does not learn from, as they came too late; empty without any."""
    event = history.came
    if event is None:
        return ""
    said = _tr(
        "{count} videos came into {folder} since this training began; it learns from the {known} that it began with. "
        "Begin another training for them."
    )
    if event.count == 1:
        said = _tr(
            "1 video came into {folder} since this training began; it learns from the {known} that it began with. "
            "Begin another training for it."
        )
    return said.format(count=f"{event.count:,}", folder=event.folder, known=f"{event.known:,}")


def preparing_line(history: TrainingHistory) -> str:
    """What takes long before the steps, and how far it is."""
    event = history.preparing
    if event is None:
        return ""
    said = words.stage(event.stage)
    if event.total:
        said = _tr("{what}: {done} of {total}").format(what=said, done=f"{event.done:,}", total=f"{event.total:,}")
    return said


def line_words(place: int, count: int, *, is_held: bool) -> str:
    """Where a training stands among the ``count`` that wait, ``place`` of them before it, and what it waits for."""
    said = _tr("In line, {number} of {count}").format(number=place + 1, count=count)
    if is_held:
        return _tr("{said}; the line is halted").format(said=said)
    if place == 0:
        return _tr("{said}; it starts when nothing else is computing").format(said=said)
    return said


def halted_line(count: int) -> str:
    """What is said of ``count`` trainings in a line that does not go on by itself."""
    if count == 1:
        return _tr("A training waits in line. It starts when you let the line go on.")
    return _tr("{count} trainings wait in line. The first starts when you let the line go on.").format(count=count)


def status_words(name: str, history: TrainingHistory) -> str:
    """Returns the state for the status line of a film's window."""
    if history.preparing is not None or history.state is not RunState.TRAINING:
        return _tr("Training “{name}”").format(name=name)
    said = _tr("Training: step {step} of {steps}").format(step=f"{history.step:,}", steps=f"{history.steps:,}")
    return f"{said} · {common.left(history.seconds_left)}" if history.seconds_left else said


def tone(state: RunState) -> str:
    """Returns the colour of that status."""
    return {RunState.PAUSED: "warn", RunState.FAILED: "danger", RunState.FINISHED: "ok"}.get(state, "dim")
