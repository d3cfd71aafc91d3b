"""What every message between the window and the worker is: a frozen value with a name of its own."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class PipeMessage:
    """``kind`` is how JSON calls it."""

    kind: ClassVar[str]
