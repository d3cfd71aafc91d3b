"""Where a story stands between two clips, and which actions are possible from there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from svi_studio.storyline.template_world.cast import Cast, CastPlace
from svi_studio.storyline.template_world.world import Action, World


@dataclass(frozen=True)
class Situation:
    """The lead that acts and the place, as numbers in the story's lists, and the facts that hold."""

    lead: int
    place: int
    facts: tuple[tuple[str, str], ...]

    def value(self, fact: str) -> str:
        """The value of ``fact``; "" when there is no such fact."""
        return dict(self.facts).get(fact, "")


@dataclass(frozen=True)
class Step:
    """One action from one situation to the next."""

    action: Action
    after: Situation


@dataclass(frozen=True)
class Setting:
    """A world with the people and places of one story in it. ``places``: all that the story may go to."""

    world: World
    cast: Cast
    places: tuple[CastPlace, ...]
    _known: dict[Situation, tuple[Step, ...]] = field(default_factory=dict, repr=False, compare=False)

    def begin(self, *, lead: int = 0, place: int = 0) -> Situation:
        """The situation that a picture of the lead at the place shows."""
        return Situation(lead, place, tuple(sorted(self.world.begins.items())))

    def steps(self, now: Situation) -> tuple[Step, ...]:
        """Every action that is possible from ``now``, with every place or lead that it may bring."""
        if now not in self._known:
            self._known[now] = tuple(self._steps(now))
        return self._known[now]

    def others(self, action: Action) -> tuple[str, ...]:
        """Who or what ``action`` can be done with."""
        return self.cast.playmates if action.takes == "playmate" else self.cast.others

    def is_away(self, now: Situation) -> bool:
        """Whether nobody is to be seen."""
        away = self.world.away
        return bool(away) and all(now.value(fact) == value for fact, value in away.items())

    def _steps(self, now: Situation) -> Iterator[Step]:
        for action in self.world.actions:
            if (facts := facts_after(now, action)) is None or (action.takes and not self.others(action)):
                continue
            for lead, place in self._changes(action, now):
                kind = self.cast.leads[lead].kind
                if not action.kinds or kind in action.kinds:
                    yield Step(action, Situation(lead, place, facts))

    def _changes(self, action: Action, now: Situation) -> Iterator[tuple[int, int]]:
        if action.changes == "place":
            yield from ((now.lead, place) for place in range(len(self.places)) if place != now.place)
        elif action.changes == "lead":
            yield from ((lead, now.place) for lead in range(len(self.cast.leads)))
        else:
            yield now.lead, now.place


def facts_after(now: Situation, action: Action) -> tuple[tuple[str, str], ...] | None:
    """The facts after ``action``, or None when it is not possible from ``now``."""
    facts = dict(now.facts)
    if any(facts.get(fact) not in values for fact, values in action.needs.items()):
        return None
    for fact, made in action.makes.items():
        value = made.get(facts[fact]) if isinstance(made, Mapping) else made
        if value is None:
            return None
        facts[fact] = value
    return tuple(sorted(facts.items()))
