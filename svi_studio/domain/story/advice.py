"""A word of advice about a prompt, where it helps: cheap signs, chosen so that a good prompt never sees one."""

import re
from dataclasses import dataclass
from enum import StrEnum

from svi_studio.domain.film.effective_text import around
from svi_studio.domain.film.family import FAMILIES, FamilyProfile
from svi_studio.domain.film.seeds import effective_seed
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.story.english_verbs import has_verb, is_english, joined_verbs

MAX_TOKENS = 512
"""Tokens that the text encoder of Wan reads; what comes after them has no effect."""

_ONE_THING = 1  # "sits down and drinks" is one thing that happens; a third verb is another
_LATER = re.compile(
    r"\b(?:and then|then|after that|after which|afterwards|and finally|before (?:he|she|it|they|the|\w+ing)\b)", re.I
)
_NOT = re.compile(r"\b(?:no(?!\s+(?:one|longer|more|doubt|matter)\b)|without|not an?)\s+[a-z]", re.I)


class AdviceKind(StrEnum):
    """What the advice is about."""

    EMPTY = "empty"
    SEVERAL_ACTIONS = "several_actions"
    NO_MOTION = "no_motion"
    TOO_LONG = "too_long"
    NEGATION = "negation"
    SAME_WORDS = "same_words"
    SAME_SEED = "same_seed"
    IDLE_IMAGE = "idle_image"
    UNKNOWN_WORDS = "unknown_words"


TEXTS = {
    AdviceKind.EMPTY: "Describe in a few words what happens in this clip.",
    AdviceKind.SEVERAL_ACTIONS: "More than one thing happens here. One action per clip works best: split it up.",
    AdviceKind.NO_MOTION: "Nothing moves in this prompt. Describe who does what, or how the camera moves.",
    AdviceKind.TOO_LONG: "This text is longer than the model can read. Its end will have no effect.",
    AdviceKind.NEGATION: "The model often shows what a prompt says is not there. Use the negative prompt for that.",
    AdviceKind.SAME_WORDS: "This is the prompt of the clip before. The action may start over instead of going on.",
    AdviceKind.SAME_SEED: "The clip before has the same seed. Errors can build up: use another seed.",
    AdviceKind.IDLE_IMAGE: "In this family a picture is used only where a new chain starts. Cut here to use it.",
}
"""The sentence for each kind that always says the same; the same for every clip, so that they can be translated."""


@dataclass(frozen=True, slots=True)
class Advice:
    """One word of advice: ``kind`` for programs, ``text`` for people."""

    kind: AdviceKind
    text: str


def advise(storyboard: Storyboard, index: int) -> tuple[Advice, ...]:
    """What might be better about the clip at ``index``, the most important first; usually nothing.

    Only signs in the text are looked at: nothing here is a rule, and nothing stops a render. Words are judged in
    English only.
    """
    profile = FAMILIES.get(storyboard.family)
    prompt = storyboard.clips[index].prompt.strip()
    spare = storyboard.clips[0].prompt.strip() if profile and profile.prompt_choice == "first" else ""
    kinds = [
        *([AdviceKind.EMPTY] if not (prompt or spare) else []),
        *_about_words(prompt),
        *([AdviceKind.TOO_LONG] if estimated_tokens(around(storyboard, prompt or spare)) > MAX_TOKENS else []),
        *_about_neighbour(storyboard, index, profile),
    ]
    clip = storyboard.clips[index]
    if clip.image is not None and not storyboard.starts_chain(index) and not storyboard.uses_anchor:
        kinds.append(AdviceKind.IDLE_IMAGE)
    return tuple(Advice(kind, TEXTS[kind]) for kind in kinds)


def estimated_tokens(text: str) -> int:
    """About how many tokens the text encoder makes of ``text``; on the low side, so that no text is called too long.

    A token of the multilingual vocabulary is about four letters of a European language and about one and a half signs
    of an Asian one.
    """
    plain = sum(char.isascii() for char in text)
    asian = sum(char >= "\u2e80" for char in text)
    return int(plain / 4.5 + (len(text) - plain - asian) / 2.5 + asian / 1.7)


def _about_words(prompt: str) -> list[AdviceKind]:
    if not is_english(prompt):
        return []
    kinds = []
    if _LATER.search(prompt) or joined_verbs(prompt) > _ONE_THING:
        kinds.append(AdviceKind.SEVERAL_ACTIONS)
    if not has_verb(prompt):
        kinds.append(AdviceKind.NO_MOTION)
    if _NOT.search(prompt):
        kinds.append(AdviceKind.NEGATION)
    return kinds


def _about_neighbour(storyboard: Storyboard, index: int, profile: FamilyProfile | None) -> list[AdviceKind]:
    if storyboard.starts_chain(index):
        return []
    clip, before = storyboard.clips[index], storyboard.clips[index - 1]
    kinds = []
    if profile is not None and profile.prompt_choice == "stream" and clip.prompt.strip() == before.prompt.strip() != "":
        kinds.append(AdviceKind.SAME_WORDS)
    seed = effective_seed(storyboard, index)
    if seed is not None and seed == effective_seed(storyboard, index - 1):
        kinds.append(AdviceKind.SAME_SEED)
    return kinds
