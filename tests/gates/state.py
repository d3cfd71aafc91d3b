"""What the long check has found so far, in one file: run again, it goes on behind the last gate that was finished."""

import hashlib
import json
from pathlib import Path
from typing import Any

_STATE = "state.json"
_PACKAGES = ("svi_studio", "trainer", "tests", "packaging")


class State:
    """The results by the gate's module; empty when the program has changed since, because then they say nothing."""

    def __init__(self, folder: Path, house: Path) -> None:
        self._file = folder / _STATE
        self._program = fingerprint(house)
        self.results: dict[str, dict[str, Any]] = {}
        self.is_of_another_program = False
        if self._file.exists():
            known = json.loads(self._file.read_text(encoding="utf-8"))
            self.is_of_another_program = known["program"] != self._program
            self.results = {} if self.is_of_another_program else known["results"]

    def keep(self, name: str, result: dict[str, Any]) -> None:
        """Keep the result of one gate, at once and whole."""
        self.results[name] = result
        part = self._file.with_suffix(".part")
        document = {"program": self._program, "results": self.results}
        part.write_text(json.dumps(document, indent=1), encoding="utf-8")
        part.replace(self._file)


def fingerprint(house: Path) -> str:
    """A hash of every file of Python in the house."""
    digest = hashlib.sha256()
    for package in _PACKAGES:
        for file in sorted((house / package).rglob("*.py")):
            digest.update(file.relative_to(house).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
