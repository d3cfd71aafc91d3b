"""How a story shall be told: the tone and the instruction of a brief, as far as templates understand them."""

import re
from dataclasses import dataclass

from svi_studio.storyline.template_world.world import World

_WORD = re.compile(r"\w+")
_LIVELIER = frozenset(_WORD.findall("more livelier lively faster energetic dynamic wilder"))
_CALMER = frozenset(_WORD.findall("less calmer calm slower quieter gentler"))
_SHORTER = frozenset(_WORD.findall("shorter short briefer brief fewer"))
_FILLERS = frozenset(
    _WORD.findall("""
        a an and be in it make motion movement movements much please same place stay the there
        words action other different differently anew again way said
    """)
)


@dataclass(frozen=True)
class Manner:
    """``tone``: a tone of the world, or "". ``lively``: True = more motion, False = less, None = as it comes.

    ``same_place``: no change of scene. ``shorter``: the plainest words. ``remarks``: what was not understood, for the
    user.
    """

    tone: str = ""
    lively: bool | None = None
    same_place: bool = False
    shorter: bool = False
    remarks: tuple[str, ...] = ()


def manner_of(tone: str, instruction: str, language: str, world: World) -> Manner:
    """The manner that a brief asks for, in the tones of ``world``."""
    words = set(_WORD.findall(instruction.lower()))
    wants_less, wants_more = bool(words & _CALMER), bool(words & _LIVELIER)
    lively = None if wants_less == wants_more else wants_more
    known_tone = _tone(tone, world)
    is_understood = not words - _LIVELIER - _CALMER - _SHORTER - _FILLERS
    return Manner(
        tone=known_tone,
        lively=lively,
        same_place="place" in words,
        shorter=bool(words & _SHORTER),
        remarks=(
            *_tone_remark(tone, known_tone, world),
            *(() if is_understood else (_INSTRUCTIONS,)),
            *(() if _is_english(language) else (_LANGUAGE,)),
        ),
    )


_INSTRUCTIONS = (
    "Templates understand no free instructions, only more or less motion, shorter, and same place; "
    "for your own words, choose a server or a local model."
)

_LANGUAGE = "Templates write in English only; a server or a local model can write in other languages."


def _tone(tone: str, world: World) -> str:
    words = set(_WORD.findall(tone.lower()))
    return next((each.name for each in world.tones if words & {each.name, *each.also, *each.near}), "")


def _tone_remark(wanted: str, known: str, world: World) -> tuple[str, ...]:
    if not wanted.strip() or known:
        return ()
    names = ", ".join(tone.name for tone in world.tones)
    shown = " ".join(wanted.split())[:40]
    return (f'Templates do not know the tone "{shown}", only {names}.',)


def _is_english(language: str) -> bool:
    return language.strip().lower() in ("", "en", "english", "en-gb", "en-us", "englisch", "anglais", "inglés")
