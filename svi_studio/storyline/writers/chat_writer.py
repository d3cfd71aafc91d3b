"""A writer of stories that asks a chat model, window by window; what a first answer lacks it asks for card by card."""

import time
from collections.abc import Sequence
from typing import Any

from svi_studio.domain.errors import Stopped, StudioError
from svi_studio.domain.story.answer import Aside, Doing
from svi_studio.domain.story.proposal import Proposal
from svi_studio.domain.story.story_brief import StoryBrief
from svi_studio.domain.value import with_fields
from svi_studio.storyline.chat import Cancelled, ChatModel, Message, Tell, end_answer
from svi_studio.storyline.replies.reply import reply_schema, single_schema
from svi_studio.storyline.replies.reply_reader import ReplyReader
from svi_studio.storyline.story_errors import MAX_RAW_CHARS, BadReply, ContextOverflow
from svi_studio.storyline.writers.story_draft import StoryDraft
from svi_studio.storyline.writers.story_prompts import (
    SoFar,
    rewrite_message,
    single_messages,
    system_message,
    window_message,
)
from svi_studio.storyline.writers.window_plan import MAX_WINDOW, Window, plan_windows, split_window

WINDOW_S = 7200.0  # bounded, but hardly ever reached: a model that talks may be slow, one that is silent is left sooner
AFTER_S = 8.0  # of silence behind a complete answer; before that it may have been a draft
_TRIES = 5  # for a card that is asked for alone; every other one shows nothing that could be copied
_TOKENS_A_CARD = 300  # several times what a prompt of 45 words needs in any language
_TOKENS_BESIDES = 2_000  # title, names, and thoughts
_TOKENS_BRIEF = 300
_MOST_ROOM = 4  # times as many, for a model that thinks more than it says
_TELL_S = 0.25


class ChatWriter:
    """A ``StoryWriter``: up to 500 cards in windows of at most 15, each of which knows the story so far."""

    def __init__(
        self, chat: ChatModel, window_s: float = WINDOW_S, most: int = MAX_WINDOW, after_s: float = AFTER_S
    ) -> None:
        """``window_s`` bounds one window in seconds, its repairs and all; ``most`` is the cards asked for at once."""
        self._chat = chat
        self._limits = (window_s, most, after_s)

    @property
    def name(self) -> str:
        """The model's name."""
        return self._chat.name

    def write(self, brief: StoryBrief, tell: Tell, cancelled: Cancelled) -> Proposal:
        """The proposal for ``brief``. Raises Stopped, UnfinishedStory, BadReply, or what the model raises."""
        plan = plan_windows(brief.clips, 0 if brief.rewrites else len(brief.images), self._limits[1])
        pictures = {window.first: window.picture for window in plan if window.picture is not None}
        draft = StoryDraft(brief, self.name, tell, pictures)
        try:
            _Writing(self._chat, draft, cancelled, self._limits).all_of(plan)
        except Stopped:
            raise
        except StudioError as error:
            raise draft.ended(error) from error
        return draft.proposal()


class _Writing:
    """The writing of one story: how much is asked for at once follows from what the model can do."""

    def __init__(
        self,
        chat: ChatModel,
        draft: StoryDraft,
        cancelled: Cancelled,
        limits: tuple[float, int, float],
    ) -> None:
        self._chat, self._draft, self._cancelled = chat, draft, cancelled
        self._window_s, self._most, self._after_s = limits
        self._is_brief = self._was_cut = False
        self._room = 1
        self._end = self._told = self._heard = 0.0
        self._doing, self._thought, self._said = Doing.READING, 0, 0

    def all_of(self, plan: Sequence[Window]) -> None:
        """Writes the windows of ``plan``."""
        windows = list(plan)
        while windows:
            window = windows.pop(0)
            if window.count > self._most:
                windows[:0] = split_window(window, self._most)
                continue
            self._end = time.monotonic() + self._window_s
            try:
                reader = self._ask(window, self._request(window), reply_schema(window.count))
            except ContextOverflow as error:
                self._ask_for_less(window, error)
                windows.insert(0, window)
                continue
            windows[:0] = self._complete(window, reader)

    def _ask_for_less(self, window: Window, error: ContextOverflow) -> None:
        """The window and its answer are too long for the model. Raises ``error`` when nothing can be left out."""
        if window.count == 1 and self._is_brief:
            raise error
        self._is_brief = self._is_brief or window.count == 1
        self._most = max(1, window.count // 2)
        self._draft.notes.append(f"{self._draft.writer} keeps little in mind, so fewer clips are asked for at a time.")

    def _complete(self, window: Window, reader: ReplyReader) -> list[Window]:
        """Asks for the cards that the first answer lacks; returns the rest of a window whose answer was cut short."""
        missing = self._draft.missing(window)
        rest: list[Window] = []
        here = len(reader.slots)
        if self._was_cut and missing and 0 < here < window.count:
            self._most = here
            self._draft.notes.append(
                f"The answers of {self._draft.writer} were cut short, so fewer clips are asked for at a time."
            )
            rest = [Window(window.first + here, window.count - here)]
        for number in missing:
            if number < window.first + (here if rest else window.count):
                self._single(number)
        return rest

    def _single(self, number: int) -> None:
        """One card by itself, with cards of another story as examples. Raises BadReply when no try brings one."""
        window, fault = Window(number, 1, self._draft.pictures.get(number)), ""
        for attempt in range(_TRIES):
            self._room = min(2 * self._room, _MOST_ROOM) if self._was_cut else self._room
            try:
                reader = self._ask(window, self._single_request(window, attempt), single_schema(), attempt)
            except ContextOverflow:
                if self._is_brief:
                    raise
                self._is_brief = True
                continue
            if reader.is_complete:
                return
            fault = reader.fault
        raise BadReply(
            f'The answer of "{self._draft.writer}" cannot be used, and asking again did not help: {fault}. '
            "Ask once more, or choose another model.",
            self._draft.raw,
        )

    def _request(self, window: Window) -> tuple[Message, ...]:
        brief, rules = self._brief(), system_message(self._draft.brief)
        if brief.rewrites:
            return rules, rewrite_message(brief, window, self._so_far(window).prompts)
        return rules, window_message(brief, window, self._so_far(window), self._chat.sees_pictures)

    def _single_request(self, window: Window, attempt: int) -> tuple[Message, ...]:
        if self._draft.brief.rewrites:
            return self._request(window)
        so_far = self._so_far(window)
        if attempt % 2:
            so_far = so_far._replace(prompts=(), after=())
        return single_messages(self._brief(), window, so_far, self._chat.sees_pictures)

    def _brief(self) -> StoryBrief:
        """The brief; of a model that keeps little in mind only what stands next to the new cards."""
        brief = self._draft.brief
        near = {"story_so_far": brief.story_so_far[-1:], "story_after": brief.story_after[:1]}
        return with_fields(brief, near) if self._is_brief else brief

    def _so_far(self, window: Window) -> SoFar:
        draft = self._draft
        before, after = draft.before(window.first), draft.after(window.last)
        if self._is_brief:
            return SoFar(before[-1:], after=after[:1])
        return SoFar(before, draft.story, draft.names, after)

    def _ask(self, window: Window, asked: Sequence[Message], schema: dict[str, Any], attempt: int = 0) -> ReplyReader:
        """One answer, read into the draft as it comes. Raises what the model raises, unless all cards are there."""
        draft = self._draft
        reader = ReplyReader(window.count, draft.neighbours(window), window.first + 1)
        draft.raw, self._was_cut, self._thought, self._said = "", False, 0, 0
        self._tell(Doing.READING)
        pieces = self._chat.stream(
            asked,
            max_tokens=self._tokens(window.count),
            schema=schema,
            cancelled=lambda: self._cancelled() or self._is_enough(reader),
            deadline_s=max(self._end - time.monotonic(), 0.001),
            seed=draft.brief.seed + window.first + 7919 * attempt,
        )
        try:
            for piece in pieces:
                self._hear(piece, reader, window)
                if reader.is_done:
                    break
        except StudioError as error:
            stopped = isinstance(error, Stopped) and self._cancelled()
            if stopped or not reader.is_complete:
                raise
        finally:
            end_answer(pieces)
            reader.finish()
            self._put(window, reader)
        return reader

    def _tokens(self, cards: int) -> int:
        besides = _TOKENS_BRIEF if self._is_brief else _TOKENS_BESIDES
        return (_TOKENS_A_CARD * cards + besides) * self._room

    def _is_enough(self, reader: ReplyReader) -> bool:
        return reader.is_complete and time.monotonic() - self._heard > self._after_s

    def _hear(self, piece: str | Aside, reader: ReplyReader, window: Window) -> None:
        draft, self._heard = self._draft, time.monotonic()
        draft.blind = bool(draft.pictures) and not self._chat.sees_pictures
        if isinstance(piece, Aside):
            self._was_cut = self._was_cut or piece.doing is Doing.CUT_SHORT
            self._thought += piece.characters
            reader.thought_apart += piece.characters
            if piece.doing is not Doing.CUT_SHORT:
                self._tell(piece.doing, self._thought)
            return
        draft.raw += piece[: MAX_RAW_CHARS - len(draft.raw)]
        self._said += len(piece)
        known = reader.slots[:]
        reader.feed(piece)
        if reader.slots != known:
            self._put(window, reader)
        doing = Doing.THINKING if reader.is_thinking else Doing.WRITING
        self._tell(doing, reader.thought if reader.is_thinking else self._said, now=reader.slots != known)

    def _put(self, window: Window, reader: ReplyReader) -> None:
        self._draft.put(window, reader.slots)
        if window.count > 1 or window.first == 0:
            self._draft.learn(reader)

    def _tell(self, doing: Doing, characters: int = 0, *, now: bool = False) -> None:
        """Tells the progress, but not at every piece: a quick model writes thousands."""
        if now or doing is not self._doing or not characters or time.monotonic() - self._told > _TELL_S:
            self._doing, self._told = doing, time.monotonic()
            self._draft.tell(doing, characters)
