"""Where other programs keep models on this computer: places that are there, found by name, nothing opened."""

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from svi_studio.disk.plain_file import read_plain
from svi_studio.settings import CACHE_HOME, HUB_CACHE, HUB_HOME, LOCAL_DATA, ROAMING_DATA

_MOST = 1 << 20


@dataclass(frozen=True)
class UsualPlace:
    """A folder in which ``program`` keeps models."""

    program: str
    folder: Path


_BELOW: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ComfyUI", ("ComfyUI", "comfyui", "comfy/ComfyUI", "ComfyUI_windows_portable/ComfyUI")),
    ("Wan2GP", ("Wan2GP", "wan2gp", "pinokio/api/wan.git/app", "pinokio/api/wan2gp.git/app")),
    ("Stability Matrix", ("StabilityMatrix/Data/Models", "StabilityMatrix/Models")),
    ("Forge", ("stable-diffusion-webui-forge/models", "stable-diffusion-webui/models", "forge/webui/models")),
    ("SwarmUI", ("SwarmUI/Models",)),
)
_ROOMS = ("", "Documents", "Desktop", "Downloads", "AI", "ai", "apps", "src", "git", "projects", "Projects")
"""Folders of the user's, and of each drive, in which people put such programs."""


def usual_places(home: Path | None = None) -> tuple[UsualPlace, ...]:
    """The folders of other programs that are there, each once, the likeliest first. ``home`` is for tests."""
    home = home or Path.home()
    found: dict[str, UsualPlace] = {}
    for program, folder in (*_comfy_desktop(home), *_below(home), *_others(home), *_drives(), *_hub_cache(home)):
        with contextlib.suppress(OSError):
            if folder.is_dir():
                found.setdefault(os.path.realpath(folder), UsualPlace(program, folder))
    return tuple(found.values())


def _below(home: Path) -> Iterator[tuple[str, Path]]:
    for program, names in _BELOW:
        yield from ((program, home / room / name) for room in _ROOMS for name in names)


def _drives() -> Iterator[tuple[str, Path]]:
    """The same at the root of each drive of a Windows computer, and of the disks that Linux and macOS hang in."""
    if sys.platform == "win32":
        roots = [Path(f"{letter}:\\") for letter in "CDEFGHIJ"]
    else:
        roots = [Path("/workspace"), Path("/opt")]
        for hung in (Path("/mnt"), Path("/media") / home_name(), Path("/Volumes")):
            with contextlib.suppress(OSError):
                roots += sorted(hung.iterdir())[:20]
    for root in roots:
        yield from _below(root)


def home_name() -> str:
    """What the user's folder is called, as it is in ``/media``."""
    return Path.home().name


def _others(home: Path) -> Iterator[tuple[str, Path]]:
    local = LOCAL_DATA.text()
    yield "LTX Desktop", (Path(local) if local else home / ".local" / "share") / "LTXDesktop" / "models"
    yield "Draw Things", home / "Library" / "Containers" / "com.liuliu.draw-things" / "Data" / "Documents" / "Models"


def _comfy_desktop(home: Path) -> Iterator[tuple[str, Path]]:
    """Where ComfyUI's desktop program was told to keep its files: a line in its own settings."""
    roaming = ROAMING_DATA.text()
    for settings in (
        *((Path(roaming) / "ComfyUI",) if roaming else ()),
        home / "Library" / "Application Support" / "ComfyUI",
        home / ".config" / "ComfyUI",
    ):
        with contextlib.suppress(OSError, ValueError, RecursionError):
            said = json.loads(read_plain(settings / "config.json", _MOST))
            base = said.get("basePath") if isinstance(said, dict) else None
            if isinstance(base, str) and 0 < len(base) < 4096 and "\0" not in base:
                yield "ComfyUI", Path(base)


def _hub_cache(home: Path) -> Iterator[tuple[str, Path]]:
    if HUB_CACHE.text():
        yield "Hugging Face", Path(HUB_CACHE.text()).expanduser()
        return
    above = HUB_HOME.text() or str(Path(CACHE_HOME.text() or home / ".cache") / "huggingface")
    yield "Hugging Face", Path(above).expanduser() / "hub"
