"""A writer of stories that does what a test tells it: writes, waits, fails, or does not listen."""

import threading
import time
from collections.abc import Callable, Sequence

from svi_studio.domain.errors import Stopped
from svi_studio.domain.story.proposal import Proposal, ProposedCard
from svi_studio.domain.story.story_brief import StoryBrief
from svi_studio.storyline.chat import Cancelled, StoryProgress, Tell


class ScriptedWriter:
    """Writes ``Card 1 about SUBJECT.`` and so on, or ``prompts``; keeps the briefs it was given.

    ``pause`` makes it wait before each card from ``pause_after`` on, ``deaf`` not look whether it was cancelled;
    ``error`` is raised after ``error_after`` cards.
    """

    name = "Script"

    def __init__(self, prompts: Sequence[str] = ()) -> None:
        self.prompts = tuple(prompts)
        self.pause: threading.Event | None = None
        self.pause_after = 0
        self.deaf = False
        self.error: Callable[[], Exception] | None = None
        self.error_after = 0
        self.briefs: list[StoryBrief] = []

    def write(self, brief: StoryBrief, tell: Tell, cancelled: Cancelled) -> Proposal:
        """As told."""
        self.briefs.append(brief)
        cards: tuple[ProposedCard, ...] = ()
        for number in range(1, brief.clips + 1):
            if self.error is not None and len(cards) == self.error_after:
                raise self.error()
            if len(cards) >= self.pause_after:
                self._wait(cancelled)
            cards = (*cards, ProposedCard(prompt=self._prompt(brief, number)))
            tell(StoryProgress(cards, number, brief.clips, f"Writing clip {number} of {brief.clips}"))
        return Proposal(cards=cards, writer=self.name, title=brief.subject[:60], brief=brief)

    def _prompt(self, brief: StoryBrief, number: int) -> str:
        if brief.rewrites:
            return f"{brief.rewrites[number - 1]} {brief.instruction}".strip()
        if number <= len(self.prompts):
            return self.prompts[number - 1]
        return f"Card {number} about {brief.subject}, seed {brief.seed}."

    def _wait(self, cancelled: Cancelled) -> None:
        if self.pause is None:
            return
        end = time.monotonic() + 30
        while not self.pause.wait(0.01) and time.monotonic() < end:
            if cancelled() and not self.deaf:
                raise Stopped("The story was stopped.")
