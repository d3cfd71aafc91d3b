"""What the window says about a worker that does not do what it should: plain sentences."""

from enum import Enum, auto

from PySide6.QtCore import QCoreApplication

from svi_studio.domain.text.command_name import command_name
from svi_studio.jobs.worker.program import last_line
from svi_studio.pipes.render_messages import LoadingStep

translate = QCoreApplication.translate


class Cause(Enum):
    """Why a worker is gone."""

    ENDED = auto()
    SILENT = auto()
    GARBLED = auto()
    OTHER_VERSION = auto()


def loading(step: LoadingStep, name: str) -> str:
    """What takes long before the first step."""
    texts = {
        LoadingStep.LIBRARIES: translate("Renderer", "Starting the renderer"),
        LoadingStep.FILM: translate("Renderer", "Checking the film and its model"),
        LoadingStep.MODEL: translate("Renderer", "Loading the model {name}"),
    }
    return texts[step].format(name=name)


def starts_again(cause: Cause, clip: int | None) -> str:
    """The worker was lost at the clip ``clip`` (from 0; None: before one), and another one goes on."""
    text = translate("Renderer", "{what}. It is started again, and the film goes on from there.")
    return text.format(what=_what(cause, clip))


def gave_up(cause: Cause, clip: int | None, times: int) -> str:
    """The sentence for a clip that has ended ``times`` workers."""
    if cause is Cause.OTHER_VERSION:
        return translate("Renderer", "The renderer is of another version of SVI Studio: start the program again.")
    text = translate(
        "Renderer",
        "{what}, {times} times now: choose a smaller size or fewer frames, or close other programs, and render again.",
    )
    return text.format(what=_what(cause, clip), times=times)


def cannot_start(errors: str) -> str:
    """No worker ever got ready; ``errors`` is what the last one wrote to stderr."""
    reason = last_line(errors) or translate("Renderer", "it gave no reason")
    text = translate("Renderer", 'The renderer does not start: {reason}. "{command} doctor" says what is missing.')
    return text.format(reason=reason, command=command_name())


def late(loading: bool) -> str:
    """Nothing has been heard for some seconds."""
    if loading:
        return translate("Renderer", "The renderer has not answered for a while; loading may take long.")
    return translate("Renderer", "The renderer is not responding; if this goes on, it is restarted.")


def gone_while_idle() -> str:
    """The sentence for a worker that ended while it had nothing to do."""
    return translate("Renderer", "The renderer ended by itself; it starts again with the next render.")


def film_first() -> str:
    """The refusal of a language model while a film or a training needs the memory."""
    return translate(
        "Renderer", "The memory is needed for a film or a training now: ask again when it is done, or ask a server."
    )


def writer_lost(cause: Cause, errors: str, *, had_started: bool) -> str:
    """The worker ended before it had answered; ``errors`` is the last of what it wrote to stderr."""
    if cause is Cause.OTHER_VERSION:
        return gave_up(cause, None, 1)
    if not had_started and cause is Cause.ENDED:
        return cannot_start(errors)
    return translate(
        "Renderer",
        "The language model ended unexpectedly, most likely because it filled the memory: choose a smaller one, or "
        "close other programs, and ask again.",
    )


def _what(cause: Cause, clip: int | None) -> str:
    if clip is None:
        texts = {
            Cause.SILENT: translate("Renderer", "The renderer did not answer before its first clip"),
            Cause.GARBLED: translate("Renderer", "The renderer could not be understood before its first clip"),
        }
        return texts.get(cause, translate("Renderer", "The renderer ended unexpectedly before its first clip"))
    texts = {
        Cause.SILENT: translate("Renderer", "The renderer did not answer at clip {number}"),
        Cause.GARBLED: translate("Renderer", "The renderer could not be understood at clip {number}"),
    }
    text = texts.get(cause, translate("Renderer", "The renderer ended unexpectedly at clip {number}"))
    return text.format(number=clip + 1)
