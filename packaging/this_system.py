"""What this computer can't have, said before anything is installed: pip would say it in its own words, minutes later.

The floors are those of the wheels that requirements.txt pins: torch 2.13 (Linux with glibc 2.28, macOS 14 on Apple
silicon, 64-bit Windows on x86) and, for the window alone, PySide6 6.11 (glibc 2.34, on ARM 2.39).
"""

import platform
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

TORCH_GLIBC = (2, 28)
WINDOW_GLIBC = {"x86_64": (2, 34), "aarch64": (2, 39)}
OLDEST_MACOS = 14
LONGEST_NAME = 175
"""Letters of the longest name that a wheel has below site-packages: a licence in torch 2.13."""

_HOUSE = Path(__file__).resolve().parent.parent
_PACKAGES = r"\.venv\Lib\site-packages" + "\\"
_MAX_PATH = 259  # Windows, unless long names are switched on


@dataclass(frozen=True)
class System:
    """What decides which wheels fit: ``glibc`` is (0, 0) where there is none, ``macos`` 0 elsewhere.

    ``house``: this program's folder. ``takes_long_names``: whether Windows was told to, for programs that can.
    """

    platform: str
    machine: str
    glibc: tuple[int, int] = (0, 0)
    macos: int = 0
    is_64_bit: bool = True
    is_free_threaded: bool = False
    is_translated: bool = False
    house: str = ""
    takes_long_names: bool = False


def this_system() -> System:
    """The facts of the computer, and of the Python, that run this."""
    name, version = platform.libc_ver()
    return System(
        sys.platform,
        {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower()),
        _two_numbers(version) if name == "glibc" else (0, 0),
        _two_numbers(platform.mac_ver()[0])[0] if sys.platform == "darwin" else 0,
        sys.maxsize > 2**32,
        bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
        sys.platform == "darwin" and "ARM64" in platform.version(),
        str(_HOUSE),
        _takes_long_names(),
    )


def obstacle(system: System) -> str:
    """Why SVI Studio can't run here at all, as one sentence with the way out; empty where it can."""
    if not system.is_64_bit:
        return "SVI Studio needs a 64-bit Python, and this one has 32 bits. Install the 64-bit one and try again."
    if system.is_free_threaded:
        return "SVI Studio needs the usual build of Python, and this is the free-threaded one."
    if system.platform == "darwin":
        return _mac_obstacle(system)
    if system.platform == "win32":
        return _windows_obstacle(system)
    if system.platform.startswith("linux"):
        return _linux_obstacle(system)
    return f"SVI Studio runs on Linux, macOS and Windows; PyTorch is not published for {system.platform}."


def window_obstacle(system: System) -> str:
    """Why the window can't run here though the command line can, as one sentence; empty where it can."""
    needed = WINDOW_GLIBC.get(system.machine)
    if not system.platform.startswith("linux") or needed is None or system.glibc >= needed:
        return ""
    return (
        f"This Linux has glibc {_dotted(system.glibc)}, and the window needs {_dotted(needed)}: the command line is "
        "set up without it. A newer release of this Linux runs the window too."
    )


def _mac_obstacle(system: System) -> str:
    if system.machine == "x86_64" and system.is_translated:
        return "This Python is made for Intel. Install the one for Apple silicon and try again."
    if system.machine == "x86_64":
        return "SVI Studio can't run on a Mac with an Intel processor: PyTorch is no longer made for it."
    if system.macos < OLDEST_MACOS:
        return f"SVI Studio needs macOS {OLDEST_MACOS} or newer, and this is macOS {system.macos}."
    return ""


def _windows_obstacle(system: System) -> str:
    if system.machine != "x86_64":
        return (
            "PyTorch is not made for Python on ARM. Install the 64-bit Python for x86 (Windows runs it) and try again."
        )
    room = _MAX_PATH - len(_PACKAGES) - LONGEST_NAME
    if len(system.house) <= room or system.takes_long_names:
        return ""
    return (
        f'The name of the folder "{system.house}" is too long: Windows refuses files whose whole name has more than '
        f"{_MAX_PATH} letters, and PyTorch has such files. Move the folder to where its name has at most {room}, as "
        r"C:\SVI, and try again."
    )


def _linux_obstacle(system: System) -> str:
    if system.machine not in WINDOW_GLIBC:
        return f"SVI Studio needs a processor of the kind x86_64 or aarch64: PyTorch is not made for {system.machine}."
    if system.glibc == (0, 0):
        return "SVI Studio needs a Linux with glibc, and this one has another C library: PyTorch is not made for it."
    if system.glibc < TORCH_GLIBC:
        return (
            f"SVI Studio needs glibc {_dotted(TORCH_GLIBC)} or newer, and this Linux has {_dotted(system.glibc)}. "
            "Use a newer release of this Linux."
        )
    return ""


def _takes_long_names() -> bool:
    if sys.platform != "win32":
        return True
    import winreg  # noqa: PLC0415 - not there on other systems

    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SYSTEM\CurrentControlSet\Control\FileSystem") as key:
            return bool(winreg.QueryValueEx(key, "LongPathsEnabled")[0])
    except OSError:
        return False


def _two_numbers(version: str) -> tuple[int, int]:
    parts = [int(part) for part in version.split(".")[:2] if part.isdigit()]
    return (parts[0], parts[1] if len(parts) > 1 else 0) if parts else (0, 0)


def _dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"
