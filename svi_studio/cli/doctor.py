"""``svi-studio doctor``: what this computer has or a film needs, what is missing, and what to do about it."""

import json
import os
import platform
import shutil
import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict
from importlib import metadata
from pathlib import Path

import psutil

from svi_studio.cli.doctor_card import card_finding
from svi_studio.cli.model_warnings import warnings_of
from svi_studio.cli.named_film import named_film
from svi_studio.document.render.film_check import look_at_film
from svi_studio.domain.errors import StudioError
from svi_studio.domain.finding import Finding
from svi_studio.domain.render.film_check import check_film
from svi_studio.domain.text.visible_text import visible
from svi_studio.domain.text.wording import as_bytes
from svi_studio.media.ffmpeg import ffmpeg_path
from svi_studio.media.poses.tracking.finders import finding_missing
from svi_studio.weights.catalogue import find_models, models_folders
from svi_studio.weights.story_models import find_story_models, model_name, story_model_problem

_LIBRARIES = {
    "torch": (2, 10),
    "diffusers": (0, 42, 1),
    "transformers": (5, 3),
    "peft": (0, 21),
    "av": (15, 0),
    "imageio-ffmpeg": (0, 6),
    "ftfy": (6, 3),
    "pillow": (12, 3),
}
_ROOM_FOR_FILMS = 2_000_000_000


def run(options: Namespace) -> int:
    """Prints every finding, about a film where one is named; returns 1 when something keeps films from being made."""
    is_bad = False
    for finding in findings() if options.source is None else film_findings(options):
        print(json.dumps(asdict(finding)) if options.json else visible(finding.line), flush=True)
        is_bad = is_bad or finding.verdict == "bad"
    if not options.json:
        well = "Everything that a film needs is here." if options.source is None else "The film can be rendered."
        print("Something must be put right first, see above." if is_bad else well)
    return int(is_bad)


def film_findings(options: Namespace) -> Iterator[Finding]:
    """Checks a film before its render: every reason not to, and what it will take."""
    try:
        film = named_film(options)
        look = look_at_film(film, options.model, remarks=warnings_of(film, options.model))
    except StudioError as error:
        yield Finding("bad", "Film", str(error))
        return
    yield from check_film(look)
    if look.fitting is not None and not look.fitting.is_small:
        yield card_finding()


def findings() -> Iterator[Finding]:
    """Looks at the computer, the libraries, the graphics card, ffmpeg, pose networks and models, in this order."""
    yield _python()
    yield _processor()
    yield _disk()
    for name, oldest in _LIBRARIES.items():
        yield _library(name, oldest)
    yield card_finding()
    yield _ffmpeg()
    yield _skeletons()
    yield from _models()


def _python() -> Finding:
    fits = (3, 11) <= sys.version_info[:2] <= (3, 13)
    fact = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    return Finding("good" if fits else "bad", "Python", fact, "" if fits else "install Python 3.11, 3.12 or 3.13")


def _processor() -> Finding:
    memory = psutil.virtual_memory().total
    fact = f"{os.cpu_count()} cores, {round(memory / 2**30)} GB memory"
    small = memory < 4e9
    return Finding(
        "note" if small else "good", "Computer", fact, "close other programs while rendering" if small else ""
    )


def _disk() -> Finding:
    free = shutil.disk_usage(Path.cwd()).free
    enough = free > _ROOM_FOR_FILMS
    return Finding(
        "good" if enough else "note", "Disk", f"{as_bytes(free)} free here", "" if enough else "free some space"
    )


def _library(name: str, oldest: tuple[int, ...]) -> Finding:
    wanted = ".".join(map(str, oldest))
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Finding("bad", name, "is not installed", f"install {name} {wanted} or newer, or start with ./svi")
    fits = _numbers(version) >= oldest
    return Finding("good" if fits else "bad", name, version, "" if fits else f"install {wanted} or newer")


def _numbers(version: str) -> tuple[int, ...]:
    plain = version.split("+", maxsplit=1)[0].split(".")
    return tuple(int(part) if part.isdigit() else 0 for part in plain)


def _ffmpeg() -> Finding:
    try:
        done = subprocess.run([ffmpeg_path(), "-version"], capture_output=True, text=True, check=False, timeout=60)
    except (StudioError, OSError) as error:
        return Finding("bad", "ffmpeg", str(error), "install the package imageio-ffmpeg again")
    words = done.stdout.split()
    return Finding("good", "ffmpeg", words[2] if len(words) > 2 else "works")


def _skeletons() -> Finding:
    missing = finding_missing()
    if missing:
        return Finding("note", "skeletons", "cannot be found in videos yet", missing)
    return Finding("good", "skeletons", "can be found in videos")


def _models() -> Iterator[Finding]:
    models = find_models()
    for model in models:
        if model.problem:
            yield Finding("note", f"Model {model.name}", model.problem)
        else:
            yield Finding("good", f"Model {model.name}", str(model.folder))
    for folder in find_story_models():
        if problem := story_model_problem(folder):
            yield Finding("note", f"Story model {model_name(folder)}", problem)
        else:
            yield Finding("good", f"Story model {model_name(folder)}", str(folder))
    if not any(model.problem is None for model in models):
        yield Finding("bad", "Models", "none was found", f"put a model folder into {models_folders()[0]}")
