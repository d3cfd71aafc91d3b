"""A writer of stories that asks a chat model, window by window, and gives a bad answer one chance to be repaired."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from svi_studio.domain.errors import Stopped, StudioError
from svi_studio.domain.proposal import Proposal, ProposedCard
from svi_studio.domain.story_wish import StoryWish
from svi_studio.domain.wording import plural
from svi_studio.storyline.chat import Cancelled, ChatModel, Message, StoryProgress, Tell, end_answer
from svi_studio.storyline.reply import ReplyReader, reply_schema
from svi_studio.storyline.story_errors import MAX_RAW_CHARS, BadReply, NoAnswer, UnfinishedStory
from svi_studio.storyline.story_prompts import SoFar, repair_messages, rewrite_message, system_message, window_message
from svi_studio.storyline.window_plan import MAX_WINDOW, Window, plan_windows

WINDOW_S = 600.0  # a large model on a small computer writes a few words a second
_TOKENS_A_CARD = 300  # several times what a prompt of 45 words needs in any language
_TOKENS_BESIDES = 2_000
_COMPARED_BEFORE = 30  # prompts back within which none may come again


class ChatWriter:
    """A ``StoryWriter``: up to 500 cards in windows of at most 15, each of which knows the story so far."""

    def __init__(self, chat: ChatModel, window_s: float = WINDOW_S, most: int = MAX_WINDOW) -> None:
        """``window_s`` bounds one window in seconds, its repair and all; ``most`` is the cards asked for at once."""
        self._chat = chat
        self._window_s = window_s
        self._most = most

    @property
    def name(self) -> str:
        """The model's name."""
        return self._chat.name

    def write(self, wish: StoryWish, tell: Tell, cancelled: Cancelled) -> Proposal:
        """The proposal for ``wish``. Raises Stopped, UnfinishedStory, BadReply, or what the model raises."""
        draft = _Draft(wish, self.name, tell)
        try:
            for window in plan_windows(wish.clips, 0 if wish.rewrites else len(wish.images), self._most):
                self._write_window(draft, window, cancelled)
        except Stopped:
            raise
        except StudioError as error:
            raise draft.ended(error) from error
        return draft.proposal()

    def _write_window(self, draft: "_Draft", window: Window, cancelled: Cancelled) -> None:
        """One request, and one more that names what was wrong with the first. Sound cards are kept in any case."""
        end = time.monotonic() + self._window_s
        asked = self._request(draft, window)
        fault = self._answer(draft, window, asked, end, cancelled)
        if fault:
            kept = len(draft.cards) - window.first
            repair = repair_messages(draft.raw, fault, kept, window.count - kept)
            fault = self._answer(draft, window, (*asked, *repair), end, cancelled)
        if fault:
            raise BadReply(
                f'The answer of "{self.name}" cannot be used, and asking again did not help: {fault}. '
                "Ask once more, or choose another model.",
                draft.raw,
            )

    def _request(self, draft: "_Draft", window: Window) -> tuple[Message, ...]:
        wish = draft.wish
        rules = system_message(wish)
        if wish.rewrites:
            return rules, rewrite_message(wish, window, draft.prompts)
        so_far = SoFar(draft.prompts, draft.story, draft.names)
        return rules, window_message(wish, window, so_far, self._chat.sees_pictures)

    def _answer(
        self, draft: "_Draft", window: Window, asked: Sequence[Message], end: float, cancelled: Cancelled
    ) -> str:
        """Read one answer card by card into the draft, no further than needed; returns what is wrong with it, or ""."""
        draft.tell()
        wanted = window.last + 1 - len(draft.cards)
        reader, draft.raw = ReplyReader(wanted, draft.neighbours()), ""
        pieces = self._chat.stream(
            asked,
            max_tokens=_TOKENS_A_CARD * wanted + _TOKENS_BESIDES,
            schema=reply_schema(wanted),
            cancelled=cancelled,
            deadline_s=max(end - time.monotonic(), 0.001),
            seed=draft.wish.seed + len(draft.cards),
        )
        try:
            for piece in pieces:
                draft.raw += piece[: MAX_RAW_CHARS - len(draft.raw)]
                draft.blind = draft.has_pictures and not self._chat.sees_pictures
                draft.add(reader.feed(piece), window)
                if reader.is_done:
                    break
        finally:
            end_answer(pieces)
        reader.finish()
        draft.learn(reader)
        return reader.fault


@dataclass
class _Draft:
    """The proposal as far as it is written, and what the model has said of its story."""

    wish: StoryWish
    writer: str
    listener: Tell
    cards: list[ProposedCard] = field(default_factory=list)
    title: str = ""
    story: str = ""
    names: tuple[str, ...] = ()
    raw: str = ""  # the beginning of the last answer
    blind: bool = False  # there is a picture that the model does not see

    @property
    def prompts(self) -> list[str]:
        return [card.prompt for card in self.cards]

    @property
    def has_pictures(self) -> bool:
        return bool(self.wish.images) and not self.wish.rewrites

    def add(self, cards: Sequence[ProposedCard], window: Window) -> None:
        for card in cards:
            self.cards.append(self._placed(card, window))
            self.tell()

    def learn(self, reader: ReplyReader) -> None:
        """The first title and names stay, so that all windows use them; the story goes on."""
        self.title = self.title or reader.title
        self.names = self.names or reader.names
        self.story = reader.story or self.story

    def neighbours(self) -> list[str] | None:
        """The prompts that the next cards must differ from; None where prompts are only rewritten."""
        if self.wish.rewrites:
            return None
        return [*[*self.wish.story_so_far, *self.prompts][-_COMPARED_BEFORE:], *self.wish.story_after[:1]]

    def tell(self) -> None:
        clip = min(len(self.cards) + 1, self.wish.clips)
        words = self._blind_words() if self.blind else ""
        self.listener(StoryProgress(tuple(self.cards), clip, self.wish.clips, words))

    def proposal(self) -> Proposal:
        return Proposal(cards=tuple(self.cards), title=self.title, writer=self.writer[:500], wish=self.wish)

    def ended(self, error: StudioError) -> StudioError:
        """``error`` with what there is to look at: the finished cards, and the answer as far as it came."""
        raw = getattr(error, "raw", "") or self.raw
        if self.cards:
            kept = f"The {plural(len(self.cards), 'clip')} written before can be used."
            return UnfinishedStory(f"{error} {kept}", self.proposal(), raw)
        return NoAnswer(str(error), raw) if raw else error

    def _placed(self, card: ProposedCard, window: Window) -> ProposedCard:
        """The card with its place in the film: where a picture belongs to it, and whether a scene may begin there."""
        number = len(self.cards)
        if self.wish.rewrites:
            return card.model_copy(update={"cut": None})
        is_first_of_picture = window.picture is not None and number == window.first
        goes_on = number == 0 and bool(self.wish.story_so_far)
        image = self.wish.images[window.picture or 0] if is_first_of_picture and not goes_on else None
        cut = number > 0 and (is_first_of_picture or (self.wish.scene_changes and bool(card.cut)))
        note = self._blind_words() if self.blind and number == 0 else ""
        return card.model_copy(update={"cut": cut, "image": image, "note": note})

    def _blind_words(self) -> str:
        return f"{self.writer} sees no pictures, so the story is written from the words alone."
