"""Looks through a folder for weights and says of every file what it is, from its header and its names alone."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.model_file import ModelFile
from svi_studio.weights.model_folder import PARTS
from svi_studio.weights.scan.evidence import Evidence, read_evidence, together
from svi_studio.weights.scan.judge import judged
from svi_studio.weights.scan.places import Place, Walk
from svi_studio.weights.scan.remembered import Remembered
from svi_studio.weights.scan.tokenizer import is_of_wan, is_tokenizer, judged_tokenizer

_PICKLES = frozenset({".ckpt", ".pt", ".pt2", ".pth", ".bin", ".pkl", ".pickle"})
SHARD = re.compile(r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})(?P<ending>\.\w+)")


@dataclass(frozen=True)
class Scan:
    """What was found, by path; ``problems`` has a sentence for everything that could not be looked at."""

    files: tuple[ModelFile, ...]
    problems: tuple[str, ...] = ()


def scan_folder(folder: Path, cache: Path | None = None, should_stop: Callable[[], bool] = lambda: False) -> Scan:
    """Every file of weights, and every tokenizer, in ``folder``: of ComfyUI, Hugging Face, Wan2GP, or any other.

    Reads headers only; what was read is remembered in ``cache`` (default: a file in the user's cache folder). What
    vanishes meanwhile is named in ``problems``. Raises BadInput when there is no such folder, and Stopped.
    """
    if not folder.is_dir():
        raise BadInput(f"There is no folder {folder}: check the name, and that its drive is there.")
    walk, remembered = Walk(should_stop), Remembered(cache)
    rows: list[ModelFile] = []
    found: list[tuple[Place, Evidence]] = []
    for place in walk.files(folder.absolute()):
        try:
            _look(place, remembered, rows, found)
        except OSError as error:
            rows.append(_vanished(place, error))
            walk.problems.append(rows[-1].why)
            if not os.path.isdir(folder):  # noqa: PTH112 - False whatever the disk says
                break
    remembered.save()
    rows += _all_judged(found)
    return Scan(tuple(sorted(rows, key=lambda row: row.path)), tuple(walk.problems))


def what_is(file: Path, cache: Path | None = None) -> ModelFile:
    """What one file is, such as one that was dropped on the window; raises BadInput when it is not there."""
    try:
        status = file.stat()
        place = Place(file.absolute(), status.st_size, status.st_mtime_ns)
        rows: list[ModelFile] = []
        found: list[tuple[Place, Evidence]] = []
        remembered = Remembered(cache)
        _look(place, remembered, rows, found)
        remembered.save()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadInput(f"{file} could not be read ({reason}): check that it is there.") from error
    return next(iter([*rows, *(_judged(place, evidence) for place, evidence in found)]))


def _look(place: Place, remembered: Remembered, rows: list[ModelFile], found: list[tuple[Place, Evidence]]) -> None:
    if is_tokenizer(place.path):
        rows.append(judged_tokenizer(place))
    elif place.path.suffix.lower() in _PICKLES:  # whatever it holds, nothing of it is opened
        found.append((place, Evidence(form="pickle")))
    else:
        evidence = remembered.get(place)
        if evidence is None:
            evidence = read_evidence(place.path)
            remembered.put(place, evidence)
        found.append((place, evidence))


def _vanished(place: Place, error: OSError) -> ModelFile:
    reason = error.strerror or type(error).__name__
    why = f"{place.path} could not be read ({reason}): check that its drive is there, then look again."
    return ModelFile(path=str(place.path), kind="other", usable=False, why=why, bytes=place.bytes)


def _judged(place: Place, evidence: Evidence) -> ModelFile:
    folder = place.path.parent
    is_own = folder.name in PARTS and is_of_wan(folder.parent)
    return judged(place.path, place.bytes, evidence, is_own=is_own)


def _all_judged(found: list[tuple[Place, Evidence]]) -> Iterator[ModelFile]:
    """A network that lies in several files is judged as one, and each of its files gets the answer."""
    groups: dict[tuple[Path, str, str], list[tuple[Place, Evidence]]] = {}
    for place, evidence in found:
        match = SHARD.fullmatch(place.path.name)
        if match is None or evidence.form not in ("safetensors", "gguf"):
            yield _judged(place, evidence)
        else:
            groups.setdefault((place.path.parent, match["stem"], match["count"]), []).append((place, evidence))
    for (_, _, count), parts in groups.items():
        yield from _judged_together(parts, int(count))


def _judged_together(parts: list[tuple[Place, Evidence]], count: int) -> Iterator[ModelFile]:
    evidence = together(each for _, each in parts)
    for place, _ in parts:
        row = _judged(place, evidence)
        if len(parts) < count:
            missing = count - len(parts)
            why = f"{place.path.name} is one of {count} files, and {missing} of them are missing: get them too."
            row = row.model_copy(update={"usable": False, "why": why, "asks": None})
        yield row
