"""A world of templates as data: its leads, places, actions and cameras, read from a file that ships."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from svi_studio.domain.errors import StudioError
from svi_studio.domain.value import Value, first_problem
from svi_studio.resource_files import resource_path

Word = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Words = Annotated[tuple[Word, ...], Field(max_length=1000)]
Makes = Mapping[Word, Word | Mapping[Word, Word]]


class Named(Value):
    """A thing, a colour or a tone of the world. ``also``: other words for it; ``near``: words it can stand in for."""

    name: Word
    also: Words = ()
    near: Words = ()


class Lead(Named):
    """Somebody or something that acts. ``kind`` decides what it can do."""

    kind: Word
    usual_place: Word | None = None


class Place(Named):
    """Where it happens. ``where``: phrases as "on the beach"; ``called``: "the beach"; ``kinds``: who goes there."""

    where: tuple[Sentence, ...]
    called: tuple[Sentence, ...] = Field(min_length=1)
    kinds: Words = ()


class Camera(Value):
    """What the camera does. ``suits``: actions that move, or that stay in their place."""

    text: Sentence
    suits: Literal["moving", "still", "all"] = "all"


class Action(Value):
    """One thing that can happen in a clip, and the sentences that say so.

    ``roles``: the parts of a story that it can play. ``kinds``: who can do it, none named = all. ``needs``: what must
    hold before, fact by fact, any of the values. ``makes``: what holds after; a mapping says it for each value before,
    and needs one of those. ``takes``: who else or what must be there, as ``other``. ``own_camera``: the sentences say
    what the camera does. ``moves``: the lead changes its place in the picture. ``tones``: the tones that it suits; none
    named = all.
    """

    name: Word
    roles: Words
    kinds: Words = ()
    needs: Mapping[Word, Words] = Field(default_factory=dict)
    makes: Makes = Field(default_factory=dict)
    wordings: tuple[Sentence, ...] = Field(min_length=1)
    changes: Literal["", "place", "lead"] = ""
    takes: Literal["", "other", "playmate"] = ""
    own_camera: bool = False
    moves: bool = False
    lively: bool = False
    tones: Words = ()


class Tone(Named):
    """A mood of the whole story. ``lights``: how its scenes are lit."""

    lights: tuple[Sentence, ...] = ()


class World(Value):
    """Everything that templates know. ``closed``: a model of this world understands these words and no others.

    ``kinds`` and ``pronouns`` are words by kind and by pronoun, for leads that are not listed one by one. ``begins``:
    the facts at the start of a scene. ``away``: the facts while nobody is to be seen.
    """

    schema_version: Literal[1]
    name: Word
    title: Sentence
    closed: bool
    leads: tuple[Lead, ...] = ()
    kinds: Mapping[Word, Words] = Field(default_factory=dict)
    pronouns: Mapping[Word, Words] = Field(default_factory=dict)
    colours: tuple[Named, ...] = ()
    places: tuple[Place, ...] = Field(min_length=1)
    begins: Mapping[Word, Word]
    away: Mapping[Word, Word] = Field(default_factory=dict)
    actions: tuple[Action, ...] = Field(min_length=1)
    cameras: tuple[Camera, ...] = ()
    tones: tuple[Tone, ...] = ()

    @model_validator(mode="after")
    def _only_known_facts(self) -> Self:
        facts = set(self.begins)
        for action in self.actions:
            if odd := (set(action.needs) | set(action.makes)) - facts:
                raise ValueError(f"the action {action.name} speaks of {min(odd)}, which no scene begins with")
        return self


@cache
def shipped_world(name: str) -> World:
    """The world ``name`` of ``resources/storyline/templates``; raises StudioError when the file is damaged."""
    path = resource_path("storyline", "templates", f"{name}.json")
    try:
        return World.model_validate_json(path.read_bytes())
    except (OSError, json.JSONDecodeError) as error:
        raise StudioError(f"The templates {path} cannot be read: install the program again.") from error
    except ValidationError as error:
        raise StudioError(f"The templates {path} are damaged, {first_problem(error)}: install them again.") from error
