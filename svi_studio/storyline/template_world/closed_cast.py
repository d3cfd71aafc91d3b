"""Picks the leads and places of a story from a brief, in a world where nothing else can be told of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import pairwise
from typing import TypeVar

from svi_studio.domain.errors import BadInput
from svi_studio.storyline.template_world.cast import Cast, CastLead, CastPlace
from svi_studio.storyline.template_world.dice import Dice
from svi_studio.storyline.template_world.recognise import Seen
from svi_studio.storyline.template_world.world import Lead, Named, Place, World

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_MOST_REMARKS = 6
_MOST_LEADS = 4
_TYPO = 0.84  # a longer word with one wrong letter is that word; "coat" is no "boat"
_SMALL_WORDS = frozenset(
    _WORD.findall("""
        a about above across after all along alone am an and another are around as at away be behind below
        beside best between big by can clip come comes day does down every few film finds for from full go goes
        going happy has have he her here him his how i if in into is it its jump jumping jumps left life like
        little lonely long lot made make makes many me meets more most move moves movie moving much my near new
        no not of off old on one or other our out over plays please right runs sad scene scenes she short small
        so some story stream tall that the their them then there they thing things this through time to together
        too tiny under until up us very video walk walking walks wants was we what when where which while who
        whole with without world you your
    """)
)

N = TypeVar("N", bound=Named)


@dataclass(frozen=True)
class Shown:
    """What a picture or a prompt shows, in the words of the world; "" = not known."""

    lead: str
    colour: str
    place: str


@dataclass
class _Found:
    """What the words of a brief have named so far."""

    leads: list[tuple[Lead, Named | None]] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    colour: Named | None = None


def closed_cast(subject: str, world: World, seed: int = 0, shown: Sequence[Shown] = ()) -> Cast:
    """The cast that ``subject`` names; ``seed`` chooses the colours and places that it leaves open.

    ``shown`` is what pictures show, and the film around the story: it comes before what is named, which may be nothing
    then. A word that the world does not have is replaced by its nearest one, which a remark tells. Raises BadInput,
    with the words of the world, when nothing of the subject is in it.
    """
    found = _find(subject, world)
    if not found.leads and not found.places and not any(each.lead for each in shown):
        raise BadInput(_nothing_known(subject, world))
    dice = Dice(seed)
    leads = [_cast_lead(each.lead, each.colour, world) for each in shown if each.lead]
    if not leads and not found.leads:
        found.leads.append(_somebody(found, world, dice))
    colours = {each.lead: each.colour for each in reversed(shown)}
    for number, (lead, colour) in enumerate(found.leads):
        own = colour.name if colour else colours.get(lead.name) or dice.pick(world.colours, "colour", number).name
        leads.append(_cast_lead(lead.name, own, world))
    places = [*(each.place for each in shown if each.place), *(place.name for place in found.places)]
    places = places or [_usual_place(leads[0].name, world, dice)]
    chosen = [place for name in dict.fromkeys(places) for place in world.places if place.name == name]
    spare = [place for place in dice.shuffled(world.places, "places") if place not in chosen]
    return Cast(
        leads=tuple(dict.fromkeys(leads))[:_MOST_LEADS],
        places=tuple(map(cast_place, chosen)),
        spare=tuple(map(cast_place, spare)),
        named_places=len(found.places),
        remarks=_remarks(found),
    )


def strange_words(subject: str, world: World) -> tuple[str, ...]:
    """The words of ``subject``, as they are written, that a story in ``world`` leaves out or has others act for.

    A place near to one of the world's is no stranger: the sea is filmed at the beach.
    """
    strange = set(_find(subject, world).strangers)
    return tuple(dict.fromkeys(word for word in _WORD.findall(subject) if word.lower() in strange))


def shown_by(seen: Seen, world: World) -> Shown:
    """The lead and the place that a prompt of this world names."""
    words = seen.lead.split()
    colour = next((each.name for each in world.colours if each.name in words), "")
    lead = next((each.name for each in world.leads if each.name in words), "") if colour else ""
    phrases = {phrase.lower(): place.name for place in world.places for phrase in (*place.where, *place.called)}
    return Shown(lead, colour, phrases.get(seen.place, ""))


def _nothing_known(subject: str, world: World) -> str:
    leads = ", ".join(lead.name for lead in world.leads)
    example = f"a {world.colours[0].name} {world.leads[min(1, len(world.leads) - 1)].name}"
    shown = " ".join(subject.split())[:60]
    return f'This model knows nothing in "{shown}", only {leads}: name one of these, as "{example}".'


def cast_place(place: Place) -> CastPlace:
    """A place of the world as one of the story."""
    return CastPlace(place.name, place.where, place.called)


def _cast_lead(name: str, colour: str, world: World) -> CastLead:
    kind = next((lead.kind for lead in world.leads if lead.name == name), "")
    return CastLead(f"the {colour} {name}", kind, name, colour)


def _find(subject: str, world: World) -> _Found:
    found = _Found()
    words = _WORD.findall(subject.lower())
    skip = False
    for word, after in pairwise((*words, "")):
        if skip:
            skip = False
            continue
        skip = _take(f"{word} {after}", world, found, guess=False)
        if not skip and not _take(word, world, found, guess=True) and word not in _SMALL_WORDS:
            found.left_out.append(word)
            found.strangers.append(word)
    if found.colour is not None and found.leads and found.leads[-1][1] is None:  # "a boat, red"
        found.leads[-1] = (found.leads[-1][0], found.colour)
    return found


def _take(word: str, world: World, found: _Found, *, guess: bool) -> bool:
    """Whether ``word`` names something; then it is added to ``found``."""
    if (colour := _match(word, world.colours, found, guess=False)) is not None:
        found.colour = colour
    elif (lead := _match(word, world.leads, found, guess=guess)) is not None:
        if any(form in lead.near for form in _singulars(word)):
            found.strangers.extend(word.split())
        if (lead, found.colour) not in found.leads:
            found.leads.append((lead, found.colour))
        found.colour = None
    elif (place := _match(word, world.places, found, guess=guess)) is not None:
        if place not in found.places:
            found.places.append(place)
    else:
        return False
    return True


def _match(word: str, options: Sequence[N], found: _Found, *, guess: bool) -> N | None:
    """What ``word`` means among ``options``: itself, another word for it, or what it is near to, with a remark."""
    forms = _singulars(word)
    for option in options:
        if any(form in (option.name, *option.also) for form in forms):
            return option
    for option in options:
        if any(form in option.near for form in forms):
            return _instead(word, option, found)
    if guess and len(word) >= 4 and word not in _SMALL_WORDS:
        close = get_close_matches(word, [option.name for option in options], n=1, cutoff=_TYPO)
        return _instead(word, next(option for option in options if option.name in close), found) if close else None
    return None


def _instead(word: str, option: N, found: _Found) -> N:
    found.remarks.append(f'This model does not know "{word}": "{option.name}" stands in for it.')
    return option


def _singulars(word: str) -> tuple[str, ...]:
    endings = (("ies", "y"), ("es", ""), ("s", ""), ("'s", ""), ("’s", ""))
    return (word, *(word.removesuffix(end) + new for end, new in endings if word.endswith(end) and len(word) > 3))


def _somebody(found: _Found, world: World, dice: Dice) -> tuple[Lead, Named | None]:
    at_home = [lead for lead in world.leads if lead.usual_place == found.places[0].name]
    lead = dice.pick(at_home or world.leads, "lead")
    found.remarks.append(f"The story names nobody that this model knows, so a {lead.name} acts in it.")
    return lead, found.colour


def _usual_place(lead: str, world: World, dice: Dice) -> str:
    usual = next((each.usual_place for each in world.leads if each.name == lead), None)
    names = [place.name for place in world.places]
    return usual if usual in names else dice.pick(names, "place")


def _remarks(found: _Found) -> tuple[str, ...]:
    remarks = list(dict.fromkeys(found.remarks))
    if found.left_out:
        words = ", ".join(f'"{word[:40]}"' for word in dict.fromkeys(found.left_out[:4]))
        remarks.append(f"This model does not know {words}, which the story leaves out.")
    return tuple(remarks[:_MOST_REMARKS])
