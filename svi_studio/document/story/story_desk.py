"""The desk where a proposal lies beside the storyboard: written card by card, changed, judged, and accepted or not."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from svi_studio.document.commands.story_picture import StoryPicture
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.story.story_asks import StoryAsk, Target, again, between, from_here, new_story, rewrite
from svi_studio.domain.errors import StudioError
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.story.proposal import Proposal
from svi_studio.domain.story.proposal_difference import CardDifference, difference
from svi_studio.domain.story.proposal_edits import edited
from svi_studio.domain.story.story_brief import StoryBrief
from svi_studio.domain.value import with_fields
from svi_studio.jobs.story.story_service import MakeWriter, StoryFailure, StoryService
from svi_studio.storyline.chat import StoryProgress

_PAUSE_MS = 100  # between two looks at the cards of a quick writer: each look goes through all of them


class StoryDesk(QObject):
    """The proposal of one open film. ``changed`` comes when anything of it changes; ``written`` when it is complete.

    ``proposal`` is what was written so far, ``chosen`` the cards of it that would be accepted; ``progress`` how far the
    writer is, ``failure`` why it ended early, ``can_use_templates`` whether they could write it instead. ``refused``
    brings a sentence about a brief that cannot be used, ``accepted`` how many cards are in the film now. A story is
    written in a thread; ``write`` and the others return whether it has begun.
    """

    changed = Signal()
    written = Signal()
    refused = Signal(str)
    accepted = Signal(int)

    def __init__(self, film: OpenFilm, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.make_writer: MakeWriter | None = None
        self.proposal: Proposal | None = None
        self.progress: StoryProgress | None = None
        self.failure: StoryFailure | None = None
        self.was_cancelled = self.can_use_templates = False
        self.pictures: tuple[StoryPicture, ...] = ()
        self._film, self._document = film, film.document
        self._left_out: set[int] = set()
        self._chosen: frozenset[int] | None = None
        self._differences: tuple[CardDifference, ...] | None = None
        self._ask: StoryAsk | None = None
        self._kept: tuple[Proposal | None, frozenset[int]] = (None, frozenset())
        self._tries = 0
        self._last: Callable[[], bool] | None = None
        self.service = StoryService(self)
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._soon.timeout.connect(self._show_progress)
        self.service.progressed.connect(self._progressed)
        self.service.finished.connect(self._finished)
        self.service.failed.connect(self._failed)
        self.service.cancelled.connect(self._cancelled)
        self._document.changed.connect(self._film_changed)
        film.closing.connect(self.close)

    @property
    def is_busy(self) -> bool:
        """Whether a writer is at work."""
        return self.service.is_busy

    @property
    def is_empty(self) -> bool:
        """Whether there is no proposal."""
        return self.proposal is None or not self.proposal.cards

    @property
    def is_rewrite(self) -> bool:
        """Whether the proposal only changes prompts of clips that the film has."""
        return self.proposal is not None and self.proposal.brief is not None and bool(self.proposal.brief.rewrites)

    @property
    def is_read_only(self) -> bool:
        """Whether the film cannot be edited, so that no card can be accepted."""
        return self._document.read_only

    @property
    def seconds_per_clip(self) -> float:
        """How long one more clip makes the film, in seconds."""
        return self._film.playhead.seconds_per_clip

    @property
    def board(self) -> Storyboard:
        """The film as it is now."""
        return self._document.storyboard

    @property
    def chosen(self) -> frozenset[int]:
        """The cards that would be accepted, from 0: all that change something, but for those that were left out."""
        if self._chosen is None:
            able = {place for place, each in enumerate(self.differences) if each.kind != "same" and not each.problem}
            self._chosen = frozenset(able - self._left_out)
        return self._chosen

    @property
    def differences(self) -> tuple[CardDifference, ...]:
        """How each card differs from the film as it is now."""
        if self._differences is None:
            self._differences = difference(self.board, self.proposal) if self.proposal is not None else ()
        return self._differences

    @property
    def start_picture(self) -> Path | None:
        """The picture that the film starts from; None when it has none."""
        relative = self.board.reference_image
        try:
            return self._document.file(relative) if relative is not None else None
        except StudioError:
            return None

    def file(self, relative: str) -> Path:
        """A file that the film names. Raises BadProject when it would lie outside of its folder."""
        return self._document.file(relative)

    def write(self, brief: StoryBrief, target: Target, pictures: Sequence[StoryPicture] = ()) -> bool:
        """Starts a new story; the proposal on the desk is dropped."""

        return self._start(
            lambda: new_story(self.board, brief, target, pictures, self.start_picture), anew=True, pictures=pictures
        )

    def rewrite(self, clip_ids: Sequence[str], brief: StoryBrief) -> bool:
        """Starts a rewrite of those clips; the proposal on the desk is dropped."""
        return self._start(lambda: rewrite(self.board, clip_ids, brief), anew=True)

    def ask_again(self, first: int, last: int) -> bool:
        """Asks again for the cards ``first`` to ``last`` (from 0, both inclusive)."""
        return self._start(partial(self._with_proposal, again, first, last))

    def ask_from_here(self, first: int) -> bool:
        """Asks again for the card ``first`` (from 0) and all behind it."""
        return self._start(partial(self._with_proposal, from_here, first))

    def ask_between(self, gap: int, count: int = 1) -> bool:
        """Asks for ``count`` more cards, before card ``gap`` (from 0)."""
        return self._start(partial(self._with_proposal, between, gap, count))

    def try_again(self) -> bool:
        """Asks once more for the story that failed."""
        return self._last() if self._last is not None else False

    def show(self, proposal: Proposal) -> None:
        """Shows a proposal that nobody has to write, such as prompts from a file; the one on the desk is dropped."""
        self._clear()
        self.proposal = proposal
        self._changed()

    def edit(self, card: int, prompt: str) -> None:
        """Changes the prompt of one card; a card that was left out is chosen again."""
        if self.proposal is None or self.is_busy:
            return
        try:
            self.proposal = edited(self.proposal, card, prompt)
        except StudioError as error:
            self.refused.emit(str(error))
            return
        self._left_out.discard(card)
        self._changed()

    def choose(self, card: int, wanted: bool) -> None:
        """Chooses one card, or leaves it out."""
        (self._left_out.discard if wanted else self._left_out.add)(card)
        self._chosen = None
        self.changed.emit()

    def choose_all(self, wanted: bool) -> None:
        """Chooses all cards, or none."""
        self._left_out = set() if wanted else set(range(len(self.differences)))
        self._chosen = None
        self.changed.emit()

    def cancel(self) -> None:
        """Stops the writer; ``changed`` follows within a second."""
        self.service.cancel()

    def discard(self) -> None:
        """Drops the proposal; the film stays as it is."""
        if not self.is_busy:
            self._clear()
            self._changed()

    def accept(self) -> bool:
        """Puts the chosen cards into the film, as one step of undo, and drops the others; pictures are copied first."""
        chosen, proposal = self.chosen, self.proposal
        if proposal is None or self.is_busy or not chosen:
            return False
        commands = self._film.commands
        return commands.story.accept(proposal, chosen, self.pictures, lambda: self._accepted(len(chosen)))

    @Slot()
    def close(self) -> None:
        """Ends the writer's thread."""
        self.service.shutdown()

    def _accepted(self, count: int) -> None:
        self._clear()
        self._changed()
        self.accepted.emit(count)

    def _with_proposal(self, ask: Callable[..., StoryAsk], *places: int) -> StoryAsk:
        if self.proposal is None:
            raise StudioError(self.tr("There is no story to continue: write one first."))
        self._tries += 1
        seed = (self.proposal.brief.seed if self.proposal.brief is not None else 0) + self._tries
        return ask(self.board, self.proposal, *places, seed)

    def _start(
        self, make_ask: Callable[[], StoryAsk], *, anew: bool = False, pictures: Sequence[StoryPicture] = ()
    ) -> bool:
        if self.is_busy or self.make_writer is None or self._document.read_only:
            if self._document.read_only:
                self.refused.emit(self._document.read_only_reason)
            return False
        try:
            ask = make_ask()
        except StudioError as error:
            self.refused.emit(str(error))
            return False
        self._kept = (None, frozenset()) if anew else (self.proposal, frozenset(self._left_out))
        self._last = partial(self._start, make_ask, anew=anew, pictures=pictures)
        if anew:
            self._clear()
            self.pictures = tuple(pictures)
            self.proposal = ask.merge(())
        self._ask, self.failure, self.was_cancelled = ask, None, False
        self.progress = StoryProgress((), 1, ask.brief.clips, "")
        self.service.start(self.make_writer, ask.brief)
        self._changed()
        return True

    def _clear(self) -> None:
        self.proposal = self.progress = self.failure = None
        self.pictures = ()
        self._left_out, self.was_cancelled = set(), False

    @Slot(object)
    def _progressed(self, progress: StoryProgress) -> None:
        self.progress = progress
        if not self._soon.isActive():
            self._soon.start()

    @Slot()
    def _show_progress(self) -> None:
        if self.progress is not None:
            self._merge(self.progress.cards)

    @Slot(object)
    def _finished(self, proposal: Proposal) -> None:
        self._soon.stop()
        self.progress = None
        self._merge(proposal.cards, proposal)
        self.written.emit()

    @Slot(object)
    def _failed(self, failure: StoryFailure) -> None:
        self._soon.stop()
        self.progress, self.failure = None, failure
        part = failure.proposal.cards if failure.proposal is not None else ()
        if self._ask is not None and self._ask.keeps_part:
            self._merge(part, failure.proposal)
        else:
            self._bring_back()

    @Slot()
    def _cancelled(self) -> None:
        """Keeps what was written of a new story; a rewrite goes back to the cards as they were."""
        self._soon.stop()
        told, self.progress, self.was_cancelled = self.progress, None, True
        if self._ask is not None and not self._ask.keeps_part:
            self._bring_back()
        elif told is not None:
            self._merge(told.cards)

    def _bring_back(self) -> None:
        self.proposal, self._left_out = self._kept[0], set(self._kept[1])
        self._changed()

    def _merge(self, cards: Sequence[object], by: Proposal | None = None) -> None:
        if self._ask is None:
            return
        merged = self._ask.merge(tuple(cards))  # type: ignore[arg-type]
        if by is not None:
            merged = with_fields(merged, {"writer": by.writer or merged.writer, "title": by.title or merged.title})
        self.proposal = merged
        self._changed()

    @Slot()
    def _film_changed(self) -> None:
        if self.proposal is not None:
            self._changed()

    def _changed(self) -> None:
        self._differences = self._chosen = None
        self.changed.emit()


def is_one_run(cards: Sequence[int]) -> bool:
    """Whether these places follow each other without a gap."""
    return bool(cards) and all(second == first + 1 for first, second in pairwise(cards))
