"""Reads prompts back that templates wrote: which action, of whom, and where."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from svi_studio.storyline.template_world.sentences import plural_verb
from svi_studio.storyline.template_world.situation import Setting, Situation, facts_after
from svi_studio.storyline.template_world.world import Action, World

MOST_READ_BACK = 40  # prompts; what happened before them has no effect any more
_SLOT = re.compile(r"\\\{(\w+)\\\}")
_VERB = re.compile(r"\\~(\w+)")
_FREE = {"lead": r"(?P<lead>.{1,200}?)", "where": r"(?: (?P<where>.{1,200}?))?", "called": r"(?P<called>.{1,200}?)"}
_ANYTHING = r".{0,200}?"


@dataclass(frozen=True)
class Seen:
    """A prompt as an action; ``lead`` and ``place`` in the prompt's own words, in small letters, "" = not named."""

    action: Action
    lead: str
    place: str


def seen_in(prompt: str, world: World) -> Seen | None:
    """The action that ``prompt`` asks for, in the words of ``world``; None for any other prompt."""
    text = " ".join(prompt[:1000].lower().split())
    best: Seen | None = None
    longest = 0
    for action in world.actions:
        for wording in action.wordings:
            if len(wording) > longest and (found := _pattern(wording).fullmatch(text)) is not None:
                words, longest = found.groupdict(default=""), len(wording)
                best = Seen(action, words.get("lead", ""), words.get("where") or words.get("called", ""))
    return best


def after(prompts: Iterable[str], setting: Setting, start: Situation) -> Situation:
    """The situation after ``prompts``, which began from ``start``; prompts that nobody understands change nothing."""
    now = start
    for prompt in list(prompts)[-MOST_READ_BACK:]:
        if (seen := seen_in(prompt, setting.world)) is not None:
            now = _after_seen(seen, setting, now)
    return now


def leads_to(prompt: str, setting: Setting, now: Situation) -> bool:
    """Whether the clip of ``prompt`` can follow ``now``; one that nobody understands needs somebody to be seen."""
    if (seen := seen_in(prompt, setting.world)) is None:
        return not setting.is_away(now)
    lead, place = _lead(seen, setting), _place(seen, setting)
    if lead is not None and seen.action.changes != "lead" and lead != now.lead:
        return False
    if place is not None and seen.action.changes != "place" and place != now.place:
        return False
    return facts_after(now, seen.action) is not None


def _after_seen(seen: Seen, setting: Setting, now: Situation) -> Situation:
    facts = facts_after(now, seen.action)
    if facts is None:  # what was done shows how it must have been before: only what it makes is known
        made = {fact: value for fact, value in seen.action.makes.items() if isinstance(value, str)}
        needed = {fact: values[0] for fact, values in seen.action.needs.items() if values}
        facts = tuple(sorted((dict(now.facts) | needed | made).items()))
    lead, place = _lead(seen, setting), _place(seen, setting)
    return Situation(now.lead if lead is None else lead, now.place if place is None else place, facts)


def _lead(seen: Seen, setting: Setting) -> int | None:
    phrases = [lead.phrase.lower() for lead in setting.cast.leads]
    name = re.sub(r"^a ", "the ", seen.lead)
    return phrases.index(name) if name in phrases else None


def _place(seen: Seen, setting: Setting) -> int | None:
    for number, place in enumerate(setting.places):
        if seen.place and seen.place in (phrase.lower() for phrase in (*place.where, *place.called)):
            return number
    return None


@lru_cache(maxsize=2048)
def _pattern(wording: str) -> re.Pattern[str]:
    """The wording as a pattern, with anything behind it; a slot that comes twice is read once."""
    seen: set[str] = set()

    def slot(found: re.Match[str]) -> str:
        name = found[1]
        if name in seen or name not in _FREE:
            return _ANYTHING
        seen.add(name)
        return _FREE[name]

    escaped = re.escape(wording.replace("{Lead}", "{lead}").lower())
    both_numbers = _VERB.sub(lambda found: f"(?:{found[1]}|{plural_verb(found[1])})", escaped)
    return re.compile(_SLOT.sub(slot, both_numbers) + r"(?: .*)?")
