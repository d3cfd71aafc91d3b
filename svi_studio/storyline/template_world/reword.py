"""Changes a prompt of the user's own in small ways that need no understanding: shorter, more motion, less motion."""

import re
from collections.abc import Iterator

from svi_studio.storyline.template_world.dice import Dice
from svi_studio.storyline.template_world.manner import Manner

_SENTENCE_END = re.compile(r"(?<=[.!?。])\s+")
_SIDE_CLAUSE = re.compile(r",\s|\s(?:while|as|with|and)\s")
_ADVERB = re.compile(r"\s+(?:very|slowly|gently|softly|quietly|quickly|suddenly|carefully|calmly|gracefully)\b")
_FEWEST_WORDS = 3
_LIVELY = (
    "A handheld camera follows closely.",
    "The camera moves fast alongside.",
    "The camera rushes forward.",
    "The camera sweeps around quickly.",
)
_CALM = ("The camera is still.", "The camera drifts very slowly.")


def reworded(prompt: str, manner: Manner, dice: Dice) -> str | None:
    """``prompt`` in the ``manner`` asked for, never the same again; None when that takes more than small changes."""
    sentences = _SENTENCE_END.split(" ".join(prompt.split()))
    plain = [sentence for sentence in sentences if "camera" not in sentence.lower()] or sentences[:1]
    if manner.shorter:
        return next((short for short in _shorter(plain[0]) if len(short) < len(prompt)), None)
    if manner.lively is None:
        return None
    cameras = dice.shuffled(_LIVELY if manner.lively else _CALM, "camera", prompt)
    options = (f"{' '.join(plain)} {camera}" for camera in cameras)
    return next(option for option in options if option != prompt)


def _shorter(sentence: str) -> Iterator[str]:
    """The sentence with less and less in it: alone, without a clause at its side, without adverbs."""
    main = _SIDE_CLAUSE.split(sentence, maxsplit=1)[0]
    for text in (main, sentence):
        for short in (_ADVERB.sub("", text), text):
            if len(short.split()) >= _FEWEST_WORDS:
                yield short if short.endswith((".", "!", "?")) else f"{short}."
