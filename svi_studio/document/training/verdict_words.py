"""What test films say of a LoRA, in the words and colours of the training window."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from svi_studio.domain.training.verdict import Outcome, Verdict


def _tr(text: str) -> str:
    return QCoreApplication.translate("TrainingVerdict", text)


def short_words(verdicts: Sequence[Verdict]) -> str:
    """In a word or three, for the list of trainings; empty without test films."""
    if not verdicts:
        return ""
    return {
        Outcome.BETTER: _tr("better"),
        Outcome.NO_BETTER: _tr("no better"),
        Outcome.STILL: _tr("hardly moves"),
        Outcome.WORSE: _tr("worse"),
        Outcome.TOO_FEW: _tr("too few films"),
    }[verdicts[0].outcome]


def sentences(verdicts: Sequence[Verdict]) -> str:
    """The sentences, each in a line; that there are too few films is said once."""
    few = [each for each in verdicts if each.outcome is Outcome.TOO_FEW]
    return "\n".join(each.sentence for each in verdicts if each not in few[1:])


def basis(verdicts: Sequence[Verdict]) -> str:
    """What they rest on, once."""
    return "\n".join(dict.fromkeys(each.basis for each in verdicts if each.basis))


def tone(verdicts: Sequence[Verdict]) -> str:
    """The colour of the first of them."""
    if not verdicts:
        return "dim"
    bad = {Outcome.WORSE: "danger", Outcome.STILL: "warn", Outcome.BETTER: "ok"}
    return bad.get(verdicts[0].outcome, "dim")
