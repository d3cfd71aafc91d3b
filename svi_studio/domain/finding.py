"""One thing that was looked at: whether it is as it should be, and what to do if not."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["good", "note", "bad"]
_MARKS: dict[Verdict, str] = {"good": "ok  ", "note": "note", "bad": "BAD "}


@dataclass(frozen=True)
class Finding:
    """``bad`` keeps films from being made, a ``note`` does not. ``advice`` says what to do when it is not good."""

    verdict: Verdict
    subject: str
    fact: str
    advice: str = ""

    @property
    def line(self) -> str:
        """As it is printed."""
        advice = f" -> {self.advice}" if self.advice else ""
        return f"{_MARKS[self.verdict]} {self.subject}: {self.fact}{advice}"
