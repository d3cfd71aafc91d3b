"""Picks the leads and places of a story from free words: any subject, in any place."""

import re
from collections.abc import Iterable

from svi_studio.domain.errors import BadInput
from svi_studio.storyline.template_world.cast import Cast, CastLead, CastPlace
from svi_studio.storyline.template_world.dice import Dice
from svi_studio.storyline.template_world.noun_phrase import NounPhrase, noun_phrase, object_of, singular
from svi_studio.storyline.template_world.world import Place, World

_MOST_WORDS = 60
_MOST_NAMED = 6
_SPARE = 8
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff{}~]+")
_KEYWORDS = re.compile(r"[,;/|\n·•、，。]+|(?<=\s)(?:and|&|\+)(?=\s)", re.IGNORECASE)
_PLACE = re.compile(
    r"\s(in front of|in|on|at|by|near|under|above|inside|through|along|across|around|behind|beside|between|over|into)"
    r"\s+(.+)$",
    re.IGNORECASE,
)
_ON_THE_WAY = frozenset(("along", "through", "across", "into"))  # what is crossed is where it happens
_NAMED_ONLY = "named"
_WITHOUT_ARTICLE = frozenset(("night", "home", "space", "school", "church", "bed"))
_PLAYMATES = ("person", "animal", "toy")


def open_cast(subject: str, world: World, seed: int = 0) -> Cast:
    """The cast that ``subject`` names: the first keyword acts, places are where it happens, the rest can be met.

    ``seed`` chooses the places that it leaves open. Raises BadInput when there are no words in it.
    """
    leads: list[NounPhrase] = []
    where: list[tuple[str, NounPhrase]] = []
    for keyword in _keywords(subject):
        text, preposition, place = _apart(keyword)
        found = noun_phrase(text, goes_on=place is not None)
        if found is not None and leads and place is None and _is_place(found, world):
            where.append(("", found))
        elif found is not None:
            leads.append(found)
        if found is not None and (met := object_of(text)) is not None:
            leads.append(met)
        if place is not None:
            where.append((preposition, place))
    if not leads:
        raise BadInput('The story has no subject: say in a few words what the film is about, as "a dog, a street".')
    lead = _lead(leads[0], world)
    places = tuple(_place(preposition, found, lead.kind, world) for preposition, found in where)
    nowhere = (CastPlace("", (), ("the picture",)),)
    return Cast(
        leads=(lead,),
        places=tuple(dict.fromkeys(places)) or nowhere,
        named_places=len(set(places)),
        spare=_spare(lead.kind, places, world, Dice(seed)),
        others=tuple(dict.fromkeys(found.phrase for found in leads[1:])),
        playmates=tuple(dict.fromkeys(found.phrase for found in leads[1:] if _kind(found, world) in _PLAYMATES)),
    )


def _keywords(subject: str) -> list[str]:
    """The subject's keywords, without signs that nobody sees or that templates use themselves."""
    words = " ".join(_UNSEEN.sub(" ", subject).replace('"', " ").split()[:_MOST_WORDS])
    parts = (part.strip(" .!?:-–—'") for part in _KEYWORDS.split(words))
    return [part for part in parts if part][:_MOST_NAMED]


def _apart(keyword: str) -> tuple[str, str, NounPhrase | None]:
    """A keyword without its place, the preposition of the place, and the place: "a dog", "on", "the beach"."""
    found = _PLACE.search(f" {keyword}")
    if found is None:
        return keyword, "", None
    place = noun_phrase(found[2])
    text = keyword[: max(found.start() - 1, 0)].strip()
    if place is None:
        return keyword, "", None
    preposition = found[1].lower()
    return text, "" if preposition in _ON_THE_WAY else preposition, place


def _lead(found: NounPhrase, world: World) -> CastLead:
    kind = _kind(found, world)
    own = next((their for their, nouns in world.pronouns.items() if found.noun in nouns), "")
    their = own or ("their" if kind == "person" else "its")
    return CastLead(found.phrase, kind, their="their" if found.is_plural else their, is_plural=found.is_plural)


def _kind(found: NounPhrase, world: World) -> str:
    nouns = (found.noun, found.noun.rpartition("-")[2])
    kind = next((kind for kind, known in world.kinds.items() if any(noun in known for noun in nouns)), "")
    return kind or ("person" if found.is_name else "thing")


def _is_place(found: NounPhrase, world: World) -> bool:
    """Whether a keyword by itself is a place; what can act is not, as far as it is known."""
    is_known = any(found.noun in known for known in world.kinds.values())
    return not is_known and (found.is_name or _entry(found.noun, "", world) is not None)


def _place(preposition: str, found: NounPhrase, kind: str, world: World) -> CastPlace:
    entry = _entry(found.noun, kind, world)
    before = preposition or (entry.where[0].split()[0] if entry is not None else "in")
    is_bare = preposition and not found.has_article and (entry is None or found.noun in _WITHOUT_ARTICLE)
    phrase = found.phrase.removeprefix("the ") if is_bare else found.phrase
    return CastPlace(found.noun, (f"{before} {phrase}",), (phrase,))


def _entry(noun: str, kind: str, world: World) -> Place | None:
    """What the world knows of a place called ``noun``; for ``kind`` before others."""
    known = [place for place in world.places if noun in (place.name, *place.also, *map(singular, place.also))]
    return next((place for place in known if kind in place.kinds), None) or next(iter(_named_first(known)), None)


def _named_first(places: Iterable[Place]) -> list[Place]:
    return sorted(places, key=lambda place: _NAMED_ONLY not in place.kinds)


def _spare(kind: str, taken: Iterable[CastPlace], world: World, dice: Dice) -> tuple[CastPlace, ...]:
    names = {place.name for place in taken}
    fitting = [place for place in world.places if kind in place.kinds and not names & {place.name, *place.also}]
    chosen = dice.shuffled(fitting, "places")[:_SPARE]
    return tuple(CastPlace(place.name, place.where, place.called) for place in chosen)
