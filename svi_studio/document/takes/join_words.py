"""How a clip joins its neighbours, in plain words with the measured jump."""

from PySide6.QtCore import QCoreApplication

from svi_studio.document.takes.continuity_words import is_slight_jump, is_smooth_join
from svi_studio.document.takes.joins import ClipJoins

translate = QCoreApplication.translate


def join_sentences(joins: ClipJoins) -> tuple[str, ...]:
    """One sentence for each join that was measured."""
    sentences = []
    if joins.before is not None:
        sentences.append(_before(joins.before))
    if joins.behind is not None:
        sentences.append(_behind(joins.behind))
    return tuple(sentences)


def _before(levels: float) -> str:
    if is_smooth_join(levels):
        words = translate("Takes", "Joins the clip before smoothly ({levels} of 255).")
    elif is_slight_jump(levels):
        words = translate("Takes", "A slight jump from the clip before ({levels} of 255).")
    else:
        words = translate("Takes", "A clear jump from the clip before ({levels} of 255).")
    return words.format(levels=f"{levels:.1f}")


def _behind(levels: float) -> str:
    if is_smooth_join(levels):
        words = translate("Takes", "Joins the next clip smoothly ({levels} of 255).")
    elif is_slight_jump(levels):
        words = translate("Takes", "A slight jump to the next clip ({levels} of 255).")
    else:
        words = translate("Takes", "A clear jump to the next clip ({levels} of 255).")
    return words.format(levels=f"{levels:.1f}")
