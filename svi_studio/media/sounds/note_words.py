"""What the owner of a sound should know of it, in plain sentences."""

import math

from svi_studio.domain.text.wording import as_duration, plural
from svi_studio.media.sounds.decode_notes import MOST_SECONDS
from svi_studio.media.sounds.facts import SoundFacts

_SILENT = 10 ** (-80 / 20)
_TOO_LOUD = 10 ** (3 / 20)  # what compressed sound passes full scale by is less, and nobody need know it
_MISSING = 0.5  # seconds that a file may lack of what it says


def note_words(facts: SoundFacts) -> str:
    """Sentences with a full stop each, one after the other; empty when there is nothing to say."""
    return " ".join([*_damage(facts), *_level(facts), *_layout(facts)])


def _damage(facts: SoundFacts) -> list[str]:
    length = as_duration(facts.seconds)
    said: list[str] = []
    if facts.said is not None and facts.said > facts.seconds + _MISSING and not facts.notes.get("early"):
        said.append(f"It says that it lasts {as_duration(facts.said)}, but only {length} are in it: those are used.")
    elif facts.notes.get("cut off"):
        said.append(f"It breaks off after {length}: what is there is used.")
    elif broken := facts.notes.get("broken"):
        said.append(f"{plural(broken, 'broken part')} of it could not be read and {_are(broken)} left out.")
    if strange := facts.notes.get("no number"):
        said.append(f"{plural(strange, 'sample')} in it {_are(strange)} no number: there it is silent.")
    if facts.notes.get("too long"):
        said.append(f"Only its first {MOST_SECONDS // 3600} hours are used.")
    return said


def _level(facts: SoundFacts) -> list[str]:
    if facts.peak < _SILENT:
        return ["It is silent."]
    if facts.peak > _TOO_LOUD:
        return [
            f"It is {20 * math.log10(facts.peak):.0f} dB above full scale: films turn it down where it is too loud."
        ]
    if clipped := facts.notes.get("clipped"):
        return [f"It was recorded too loud: its waves are cut off in {plural(clipped, 'place')}."]
    return []


def _layout(facts: SoundFacts) -> list[str]:
    said: list[str] = []
    if facts.channels > 2:
        said.append(f"Its {facts.channels} channels are mixed to two.")
    if facts.notes.get("late"):
        said.append("It begins after the picture of its video, and does so here too.")
    if facts.notes.get("early"):
        said.append("What is heard before the picture of its video is left out.")
    if gaps := facts.notes.get("gaps"):
        said.append(f"There {_are(gaps)} {plural(gaps, 'hole')} in it, which {_are(gaps)} silent.")
    return said


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
