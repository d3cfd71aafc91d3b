"""The proposal as far as it is written: cards by their number, and what the model has said of its story."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from svi_studio.domain.errors import StudioError
from svi_studio.domain.story.answer import Doing
from svi_studio.domain.story.proposal import Proposal, ProposedCard
from svi_studio.domain.story.story_brief import StoryBrief
from svi_studio.domain.text.wording import plural
from svi_studio.storyline.chat import StoryProgress, Tell
from svi_studio.storyline.replies.reply_reader import ReplyReader
from svi_studio.storyline.story_errors import NoAnswer, UnfinishedStory
from svi_studio.storyline.writers.window_plan import Window

_COMPARED = 30  # prompts back and forth within which none may come again


@dataclass
class StoryDraft:
    """``pictures``: which picture (from 0) belongs to the card of a number. ``notes`` are told with the first card."""

    brief: StoryBrief
    writer: str
    listener: Tell
    pictures: dict[int, int]
    cards: dict[int, ProposedCard] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    title: str = ""
    story: str = ""
    names: tuple[str, ...] = ()
    raw: str = ""  # the beginning of the last answer
    blind: bool = False  # there is a picture that the model does not see

    def put(self, window: Window, slots: Sequence[ProposedCard | None]) -> None:
        """The cards of one window, None where one is missing; earlier ones of that window go."""
        for number in range(window.first, window.first + window.count):
            card = slots[number - window.first] if number - window.first < len(slots) else None
            self.cards.pop(number, None)
            if card is not None:
                self.cards[number] = self._placed(card, number)

    def missing(self, window: Window) -> list[int]:
        """The numbers of the cards in ``window`` that are not there."""
        return [number for number in range(window.first, window.last + 1) if number not in self.cards]

    def learn(self, reader: ReplyReader) -> None:
        """The first title and names stay, so that all windows use them; the story goes on."""
        self.title = self.title or reader.title
        self.names = self.names or reader.names
        self.story = reader.story or self.story

    def before(self, number: int) -> list[str]:
        """The prompts before the card ``number``, in order."""
        return [self.cards[each].prompt for each in sorted(self.cards) if each < number]

    def after(self, number: int) -> list[str]:
        """The prompts behind the card ``number`` that are there already."""
        return [self.cards[each].prompt for each in sorted(self.cards) if each > number]

    def neighbours(self, window: Window) -> list[str] | None:
        """The prompts that cards of ``window`` must differ from; None where prompts are only rewritten."""
        if self.brief.rewrites:
            return None
        before = [*self.brief.story_so_far, *self.before(window.first)][-_COMPARED:]
        return [*before, *self.after(window.last)[:_COMPARED], *self.brief.story_after[:1]]

    def tell(self, doing: Doing, characters: int = 0) -> None:
        """Tells the listener how far the story is."""
        cards = self._leading()
        clip = min(len(cards) + 1, self.brief.clips)
        self.listener(StoryProgress(cards, clip, self.brief.clips, " ".join(self._words()), doing, characters))

    def proposal(self) -> Proposal:
        """The story; of an unfinished one what can be used: rewritten prompts belong to clips one by one."""
        cards = self._leading() if self.brief.rewrites else tuple(self.cards[number] for number in sorted(self.cards))
        if cards and self._words():
            cards = (cards[0].model_copy(update={"note": " ".join(self._words())}), *cards[1:])
        return Proposal(cards=cards, title=self.title, writer=self.writer[:500], brief=self.brief)

    def ended(self, error: StudioError) -> StudioError:
        """``error`` with what there is to look at: the finished cards, and the answer as far as it came."""
        raw = getattr(error, "raw", "") or self.raw
        proposal = self.proposal()
        if proposal.cards:
            kept = f"The {plural(len(proposal.cards), 'clip')} written before can be used."
            return UnfinishedStory(f"{error} {kept}", proposal, raw)
        return NoAnswer(str(error), raw) if raw else error

    def _leading(self) -> tuple[ProposedCard, ...]:
        """The cards up to the first that is missing."""
        count = next((number for number in range(self.brief.clips) if number not in self.cards), self.brief.clips)
        return tuple(self.cards[number] for number in range(count))

    def _placed(self, card: ProposedCard, number: int) -> ProposedCard:
        """The card with its place in the film: where a picture belongs to it, and whether a scene may begin there."""
        if self.brief.rewrites:
            return card.model_copy(update={"cut": None})
        picture = self.pictures.get(number)
        goes_on = number == 0 and bool(self.brief.story_so_far)
        image = self.brief.images[picture] if picture is not None and not goes_on else None
        cut = number > 0 and (picture is not None or (self.brief.scene_changes and bool(card.cut)))
        return card.model_copy(update={"cut": cut, "image": image})

    def _words(self) -> list[str]:
        blind = f"{self.writer} sees no pictures, so the story is written from the words alone."
        return [*([blind] if self.blind else []), *dict.fromkeys(self.notes)]
