"""One line of the desk: what the film says at a place, and beside it what is proposed for it."""

from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QCoreApplication

from svi_studio.domain.text.word_difference import WordSpan


class RowKind(Enum):
    """``AROUND``: a clip of the film beside the proposal, for the eye. ``GONE``: a clip that would go."""

    AROUND = auto()
    NEW = auto()
    CHANGED = auto()
    SAME = auto()
    GONE = auto()


@dataclass(frozen=True, slots=True)
class CardRow:
    """``card``: place in the proposal, from 0; None for clips of the film alone. ``number``: of the clip, from 1.

    ``old`` and ``new`` are the words of the film and of the proposal, in ``spans`` word by word where both are there.
    ``refusal`` says why it cannot be accepted.
    """

    kind: RowKind
    card: int | None
    number: int
    old: str = ""
    new: str = ""
    spans: tuple[WordSpan, ...] = ()
    cut: bool = False
    is_chosen: bool = False
    picture: str = ""
    note: str = ""
    refusal: str = ""

    @property
    def is_card(self) -> bool:
        """Whether it is a card of the proposal."""
        return self.card is not None

    @property
    def can_be_chosen(self) -> bool:
        """Whether accepting it would do something."""
        return self.is_card and not self.refusal and self.kind is not RowKind.SAME

    @property
    def clip_words(self) -> str:
        """``Clip 4``."""
        return _tr("Clip {number}").format(number=self.number)

    @property
    def heading(self) -> str:
        """What stands over the proposed words, such as ``Clip 4 · new``."""
        kinds = {
            RowKind.NEW: _tr("Clip {number} · new"),
            RowKind.CHANGED: _tr("Clip {number} · rewritten"),
            RowKind.SAME: _tr("Clip {number} · unchanged"),
        }
        words = kinds.get(self.kind, _tr("Clip {number}")).format(number=self.number)
        return words + _tr(" · starts a new scene") if self.cut else words

    @property
    def spoken(self) -> str:
        """The row for those who cannot see it."""
        if self.kind is RowKind.AROUND:
            return _tr("In the film, clip {number}: {words}").format(number=self.number, words=self.old)
        if self.kind is RowKind.GONE:
            return _tr("Would be removed, clip {number}: {words}").format(number=self.number, words=self.old)
        chosen = _tr("chosen") if self.is_chosen else _tr("not chosen")
        said = f"{self.heading}, {chosen}: {self.new}"
        if self.refusal:
            said += f". {self.refusal}"
        return said


def _tr(text: str) -> str:
    return QCoreApplication.translate("StoryDesk", text)
