"""One promise: what it is called, how often it is to be exercised, and what a run of it found."""

import random
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Self

_MOST_FAULTS = 20
_SAVE_EVERY = 1.0  # seconds


@dataclass(frozen=True)
class Gate:
    """``promised`` says for each kind of case how many; ``limits`` are figures that must stay at or below a number."""

    number: int
    title: str
    promised: Mapping[str, int]
    exercise: Callable[["Run"], None]
    limits: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """All but the work itself."""
        return {"number": self.number, "title": self.title, "promised": self.promised, "limits": self.limits}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """A gate to look at; it cannot be exercised."""
        return cls(**document, exercise=lambda _: None)


@dataclass
class Outcome:
    """What was exercised of each kind, what was broken in one sentence each, and the figures that were measured."""

    exercised: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    seed: int = 0
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        return vars(self) | {"exercised": dict(self.exercised)}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        return cls(**document | {"exercised": Counter(document["exercised"])})


class Run:
    """What one exercise of a gate works with: time, dice, a folder of its own, and the place for what it finds."""

    def __init__(self, folder: Path, seconds: float, seed: int, save: Callable[[Outcome], None]) -> None:
        self.folder = folder
        self.dice = random.Random(seed)
        self.outcome = Outcome(seed=seed)
        self._save, self._began, self._share, self._saved = save, time.monotonic(), seconds, 0.0

    @property
    def seconds_left(self) -> float:
        """Of the gate's share; below 0 when it is spent."""
        return self._share - (time.monotonic() - self._began)

    def part(self, share: float) -> Callable[[], bool]:
        """A clock for a part of what is left, 0 to 1: says whether that part still has time."""
        end = time.monotonic() + share * max(self.seconds_left, 0)
        return lambda: time.monotonic() < end

    def wants(self, kind: str, promised: int, has_time: Callable[[], bool] | None = None) -> bool:
        """Whether there is time and reason for one more case of this kind."""
        in_time = has_time() if has_time else self.seconds_left > 0
        return in_time and self.outcome.exercised[kind] < promised and len(self.outcome.faults) < _MOST_FAULTS

    def done(self, kind: str, count: int = 1) -> None:
        """So many more cases were exercised."""
        self.outcome.exercised[kind] += count
        if time.monotonic() - self._saved > _SAVE_EVERY:
            self.save()

    def fault(self, sentence: str) -> None:
        """Something that was promised did not hold; the first few are kept."""
        if len(self.outcome.faults) < _MOST_FAULTS:
            self.outcome.faults.append(sentence)
        self.save()

    @contextmanager
    def case(self, kind: str, what: str) -> Iterator[None]:
        """One case: counted when it ends, and broken when an error comes out of it."""
        try:
            yield
        except Exception as error:  # whatever it is, it is what the gate looks for
            self.fault(f"{what}: {type(error).__name__}: {' '.join(str(error).split())[:300]}")
        self.done(kind)

    def figure(self, name: str, value: float) -> None:
        """Keep a measured figure, the largest when it comes again."""
        self.outcome.figures[name] = max(value, self.outcome.figures.get(name, value))

    def misses(self, sentence: str) -> None:
        """Say what this gate does not exercise, and why."""
        self.outcome.missing.append(sentence)

    def save(self) -> None:
        """Write down how far it is, for the case that it never ends."""
        self._saved = time.monotonic()
        self.outcome.seconds = self._saved - self._began
        self._save(self.outcome)

    def folders(self, kind: str) -> Iterator[Path]:
        """Fresh folders, each gone when the next one is taken."""
        for number in count():
            folder = self.folder / f"{kind}-{number}"
            folder.mkdir()
            yield folder
            shutil.rmtree(folder, ignore_errors=True)


def held(gate: Gate, outcome: Outcome) -> str:
    """``yes``, ``no``, ``yes, as far as it went`` when less than promised was exercised, or ``not exercised``."""
    if outcome.faults or broken_limits(gate, outcome):
        return "no"
    if not sum(outcome.exercised.values()):
        return "not exercised"
    whole = all(outcome.exercised[kind] >= count for kind, count in gate.promised.items())
    return "yes" if whole and not outcome.missing else "yes, as far as it went"


def broken_limits(gate: Gate, outcome: Outcome) -> Sequence[str]:
    """Sentences about the figures that are above their limit."""
    return [
        f"{name}: {outcome.figures[name]:,.4g}, at most {most:,.4g} promised"
        for name, most in gate.limits.items()
        if outcome.figures.get(name, 0.0) > most
    ]
