"""Fills the sentences of an action with the lead, the place and the camera of a story."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from svi_studio.storyline.template_world.cast import CastLead
from svi_studio.storyline.template_world.situation import Setting, Step

_SLOT = re.compile(r"\{(\w+)\}")
_VERB = re.compile(r"~(\w+)")
_IRREGULAR = {"is": "are", "has": "have", "does": "do", "goes": "go", "lies": "lie"}
_ES = ("ches", "shes", "sses", "xes", "zzes")


@dataclass(frozen=True)
class Sentence:
    """A prompt, and the words in it that say what the camera does; "" when the action says so itself.

    ``is_usual``: it names the place as the story mostly does.
    """

    prompt: str
    camera: str
    is_usual: bool


def sentences(setting: Setting, step: Step, *, light: str = "", other: str = "") -> Iterator[Sentence]:
    """Every prompt that asks for ``step``, the plainest first. ``light``: how the scene is lit, a phrase or ""."""
    lead, place = setting.cast.leads[step.after.lead], setting.places[step.after.place]
    cameras = _cameras(setting, step)
    for wording in step.action.wordings:
        for number, where in enumerate(place.where or ("",)):
            for called in place.called if "{called}" in wording else place.called[:1]:
                words = {
                    "lead": lead.phrase,
                    "Lead": lead.opening,
                    "their": lead.their,
                    "where": f" {where}" if where else "",
                    "called": called,
                    "light": f" {light}" if light else "",
                    "other": other,
                }
                text = _filled(wording, words, lead)
                yield from (Sentence(f"{text} {camera}".strip(), camera, number == 0) for camera in cameras)


def _filled(wording: str, words: Mapping[str, str], lead: CastLead) -> str:
    """A wording with its slots filled, and its marked verbs in the form that ``lead`` needs."""
    text = _VERB.sub(lambda found: plural_verb(found[1]) if lead.is_plural else found[1], wording)
    return _SLOT.sub(lambda found: words[found[1]], text)


def _cameras(setting: Setting, step: Step) -> tuple[str, ...]:
    """What the camera can do beside the action; one empty text when the action says so itself."""
    suits = "moving" if step.action.moves else "still"
    cameras = () if step.action.own_camera else setting.world.cameras
    return tuple(camera.text for camera in cameras if camera.suits in ("all", suits)) or ("",)


def plural_verb(verb: str) -> str:
    """The form for "they" of a verb in the form for "it": ``go`` for ``goes``."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("ies"):
        return f"{verb[:-3]}y"
    return verb[:-2] if verb.endswith(_ES) else verb.removesuffix("s")
