"""Keeps the offer for what is missing, and puts requests into the queue."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.render.offer import Busy, Obstacle, OfferMaker, RenderOffer, Span, WayOut, make_offer
from svi_studio.domain.film.quality import Quality
from svi_studio.domain.render.request import RenderRequest
from svi_studio.domain.text.wording import runs

if TYPE_CHECKING:
    from svi_studio.document.render.queue import RenderQueue

_PAUSE_MS = 120  # typing in a prompt must not make the film be counted at every letter
_SLICE_SECONDS = 0.003


class Scope(StrEnum):
    """Which clips a render is asked for."""

    MISSING = "missing"
    SELECTED = "selected"
    FROM_HERE = "from_here"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class HeldRender:
    """A render of ``clips``, by their ids, that waits for an answer; ``go_on`` asks for it again."""

    clips: frozenset[str]
    go_on: Callable[[], object]


class RenderCommands(QObject):
    """``offer`` is what the button would do now; ``changed`` says that it, or the quality, is another one.

    ``held``: there is a question about LoRAs to answer before a render. It carries a ``HeldRender``.
    """

    changed = Signal()
    held = Signal(object)

    def __init__(self, film: OpenFilm, queue: "RenderQueue", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.offer = RenderOffer(0, obstacle=Obstacle("", WayOut.WAIT))
        self.quality: Quality = "final"
        self._film = film
        self._queue = queue
        self._asked: dict[str, frozenset[str]] = {}
        self._maker: OfferMaker
        self._steps: Iterator[None] = iter(())
        self._slices = QTimer(self, interval=0)
        self._slices.timeout.connect(self._slice)
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._timer.timeout.connect(self._begin)
        self._listen()
        self._timer.start(0)

    def spans(self, scope: Scope) -> tuple[Span, ...]:
        """The stretches of clips that ``scope`` means now, from 0, first and last inclusive; may be none."""
        last = len(self._film.document.storyboard.clips) - 1
        if last < 0:
            return ()
        match scope:
            case Scope.MISSING:
                return ((0, last),)
            case Scope.SELECTED:
                return runs(self._selected())
            case Scope.FROM_HERE:
                here = self._here()
                return () if here is None else ((here, last),)
            case Scope.RANGE:
                return self._between_in_and_out()

    def offer_for(self, scope: Scope) -> RenderOffer:
        """What a render of ``scope`` would do."""
        if self._film.read_only:
            return RenderOffer(0, obstacle=Obstacle(self._film.document.read_only_reason))
        if not self._film.takes.is_scanned:
            return RenderOffer(0, obstacle=Obstacle("", WayOut.WAIT))
        return self._offer(self.spans(scope), self.quality)

    def render(self, scope: Scope = Scope.MISSING, *, first: bool = False) -> bool:
        """Queues what is missing of ``scope``, ``first`` before all that waits; returns whether there was anything."""
        again = partial(self.render, scope, first=first)
        return self._ask_or_queue(self.offer_for(scope), self.quality, again, first=first)

    def render_clips(self, indexes: Sequence[int]) -> bool:
        """Queues what is missing of these clips, in final quality whatever is chosen here: an export needs them."""
        if self._film.read_only:
            return False
        again = partial(self.render_clips, tuple(indexes))
        return self._ask_or_queue(self._offer(runs(sorted(indexes)), "final"), "final", again)

    def render_or_say(self, scope: Scope) -> None:
        """Queues what is missing of ``scope``; says why when there is nothing: no press of a key goes unanswered."""
        offer = self.offer_for(scope)
        if not self._ask_or_queue(offer, self.quality, partial(self.render, scope)):
            reason = offer.obstacle.sentence if offer.obstacle is not None else ""
            nothing = self.tr("There is nothing to render here: these clips are up to date or already in the queue.")
            self._film.document.refused.emit(reason or nothing)

    def _ask_or_queue(
        self, offer: RenderOffer, quality: Quality, again: Callable[[], object], *, first: bool = False
    ) -> bool:
        """Queues what is offered, or has a question about its LoRAs answered before; whether there was anything."""
        clips = frozenset(job.clip_id for job in offer.jobs)
        if self._film.lora_questions.before_render(clips):
            self.held.emit(HeldRender(clips, again))
            return True
        return self._queue_up(offer, quality, first=first)

    def _offer(self, spans: tuple[Span, ...], quality: Quality) -> RenderOffer:
        return make_offer(self._film, spans, quality, self._busy(quality))

    def _queue_up(self, offer: RenderOffer, quality: Quality, *, first: bool = False) -> bool:
        """One request for each stretch of the film as it is now."""
        board = self._film.document.storyboard
        for begin, end in reversed(offer.spans) if first else offer.spans:
            request = RenderRequest(
                id=uuid4().hex,
                title=board.title,
                storyboard=board,
                first=begin,
                last=end,
                quality=quality,
                created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            )
            self._asked[request.id] = frozenset(job.take_hash for job in offer.jobs if begin <= job.index <= end)
            self._queue.add(request, first=first)
        self.refresh()
        return bool(offer.spans)

    def set_quality(self, quality: Quality) -> None:
        """Draft or final, for what is asked for from now on."""
        if quality != self.quality:
            self.quality = quality
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Counts again what is missing, at once."""
        self._timer.stop()
        self._slices.stop()
        self._publish(self.offer_for(Scope.MISSING))

    @Slot()
    def _begin(self) -> None:
        """Counts again what is missing, a few clips at a time."""
        self._film.states.want_drafts(self.quality == "draft")
        if self._film.states.planning and self._film.states.facts is not None:
            return  # ``settled`` comes soon
        if self._film.read_only or not self._film.takes.is_scanned:
            self.refresh()
            return
        self._maker = OfferMaker(self._film, self.spans(Scope.MISSING), self.quality, self._busy(self.quality))
        self._steps = self._maker.steps()
        self._slices.start()

    @Slot()
    def _slice(self) -> None:
        until = perf_counter() + _SLICE_SECONDS
        while perf_counter() < until:
            if next(self._steps, self) is self:
                self._slices.stop()
                self._publish(self._maker.offer)
                return

    def _publish(self, offer: RenderOffer) -> None:
        self.offer = offer
        self.changed.emit()

    def _listen(self) -> None:
        film = self._film
        for signal in (
            film.states.settled,
            film.states.facts_changed,
            film.takes.changed,
            film.takes.scanned,
            film.document.changed,
            film.missing.changed,
            self._queue.changed,
        ):
            signal.connect(self._soon)

    @Slot()
    def _soon(self) -> None:
        self._timer.start()

    def _busy(self, quality: Quality) -> Busy:
        """What is asked for already: the clips of open requests, which are made as the film is by then."""
        open_items = [item.request for item in self._queue.items if not item.status.is_over]
        alive = [request for request in open_items if not request.is_trial]  # which makes nothing that the film needs
        ids = {request.id for request in alive}
        self._asked = {name: hashes for name, hashes in self._asked.items() if name in ids}
        clips = frozenset(
            clip.id
            for request in alive
            if request.quality == quality
            for clip in request.storyboard.clips[request.storyboard.chain_start(request.first) : request.last + 1]
        )
        return Busy(frozenset().union(*self._asked.values()), clips)

    def _selected(self) -> list[int]:
        places = (self._film.document.index(clip_id) for clip_id in self._film.selection.ids)
        return sorted(place for place in places if place is not None)

    def _here(self) -> int | None:
        current = self._film.selection.current
        place = self._film.document.index(current) if current else None
        return self._film.playhead.clip_at(self._film.playhead.frame) if place is None else place

    def _between_in_and_out(self) -> tuple[Span, ...]:
        head = self._film.playhead
        if head.in_frame is None and head.out_frame is None:
            return ()
        first = head.clip_at(head.in_frame or 0)
        last = head.clip_at(head.last_frame if head.out_frame is None else head.out_frame)
        return () if first is None or last is None else ((first, last),)
