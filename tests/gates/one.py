"""Exercises one gate in a process of its own: `python -m tests.gates.one NAME SECONDS SEED FILE`."""

import importlib
import json
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.gates.gate import Gate, Outcome, Run


def main(name: str, seconds: float, seed: int, file: Path) -> None:
    """Write what was found to ``file``, again and again while it goes on."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("SVI_NICE", "0")
    gate: Gate = importlib.import_module(f"tests.gates.{name}").GATE
    with tempfile.TemporaryDirectory(prefix="svi-gate-", ignore_cleanup_errors=True) as folder:
        os.environ |= _own_user_folders(Path(folder))
        run = Run(Path(folder), seconds, seed, lambda outcome: _write(file, gate, outcome))
        run.save()
        gate.exercise(run)
        run.save()


def _own_user_folders(folder: Path) -> Mapping[str, str]:
    """No gate reads or writes the preferences, films, caches and keys of the one who runs it."""
    names = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_VIDEOS_DIR", "SVI_TRAINING", "HF_HUB_CACHE")
    return {name: str(folder / "home" / name.lower()) for name in names}


def _write(file: Path, gate: Gate, outcome: Outcome) -> None:
    document: dict[str, Any] = {"gate": gate.to_json(), "outcome": outcome.to_json()}
    part = file.with_suffix(".part")
    part.write_text(json.dumps(document), encoding="utf-8")
    part.replace(file)


if __name__ == "__main__":
    _, its_name, its_seconds, its_seed, its_file = sys.argv
    main(its_name, float(its_seconds), int(its_seed), Path(its_file))
