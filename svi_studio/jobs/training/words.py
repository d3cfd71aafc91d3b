"""What the window says about a trainer that does not do what it should: plain sentences."""

from PySide6.QtCore import QCoreApplication

from svi_studio.domain.text.command_name import command_name
from svi_studio.jobs.worker.program import last_line
from svi_studio.jobs.worker.worker_words import Cause

translate = QCoreApplication.translate


def starts_again(cause: Cause, step: int | None) -> str:
    """The sentence for a trainer that was lost after ``step`` and is started again; ``step`` None: before any step."""
    text = translate("Trainer", "{what}. It is started again from its last checkpoint.")
    return text.format(what=_what(cause, step))


def gave_up(cause: Cause, step: int | None, times: int) -> str:
    """The sentence for a training that ended ``times`` trainers since its last checkpoint; ``step`` None: before any
    step.
    """
    if cause is Cause.OTHER_VERSION:
        return translate("Trainer", "The trainer is of another version of SVI Studio: start the program again.")
    what = _what(cause, step)
    if times > 1:
        what = translate("Trainer", "{what}, {times} times now").format(what=what, times=times)
    text = translate(
        "Trainer",
        "{what}: close other programs or choose a smaller preset. Everything up to the last checkpoint is kept.",
    )
    return text.format(what=what)


def cannot_start(errors: str) -> str:
    """The trainer never got ready; ``errors`` is what it wrote to stderr."""
    reason = last_line(errors) or translate("Trainer", "it gave no reason")
    text = translate("Trainer", 'The trainer does not start: {reason}. "{command} doctor" says what is missing.')
    return text.format(reason=reason, command=command_name())


def late(loading: bool) -> str:
    """Nothing has been heard for some seconds, or no step for far longer than usual."""
    if loading:
        return translate("Trainer", "The trainer has not answered for a while; loading may take long.")
    return translate(
        "Trainer", "The trainer is not responding; you can wait, or stop it and go on from its checkpoint."
    )


def film_renders() -> str:
    """The refusal of a training while a film renders."""
    return translate(
        "Trainer", "A film is rendering, and a training needs the whole computer: stop the film or wait for it to end."
    )


def training_runs() -> str:
    """The refusal of a render while a training is under way."""
    return translate(
        "Trainer", "A training is running and needs the whole computer: stop it there, and the film renders."
    )


def _what(cause: Cause, step: int | None) -> str:
    if step is None:
        texts = {
            Cause.SILENT: translate("Trainer", "The trainer did not answer before its first step"),
            Cause.GARBLED: translate("Trainer", "The trainer could not be understood before its first step"),
        }
        return texts.get(cause, translate("Trainer", "The training ended unexpectedly before its first step"))
    texts = {
        Cause.SILENT: translate("Trainer", "The trainer did not answer after step {step}"),
        Cause.GARBLED: translate("Trainer", "The trainer could not be understood after step {step}"),
    }
    text = texts.get(cause, translate("Trainer", "The training ended unexpectedly after step {step}"))
    return text.format(step=step)
