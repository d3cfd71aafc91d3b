"""The libraries that Qt's window needs from a Linux system, and how to install those that are missing.

A lean system lacks several at once, and Qt blames one that may be there; so all are tried first and named together.
"""

import ctypes
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

# library: its package on Debian and Ubuntu, on Fedora, on Arch, on openSUSE
_ALWAYS = {
    "libGL.so.1": ("libgl1", "libglvnd-glx", "libglvnd", "libGL1"),
    "libEGL.so.1": ("libegl1", "libglvnd-egl", "libglvnd", "libEGL1"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig", "fontconfig", "libfontconfig1"),
    "libfreetype.so.6": ("libfreetype6", "freetype", "freetype2", "libfreetype6"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs", "dbus", "libdbus-1-3"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2", "glib2", "libglib-2_0-0"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2", "glib2", "libgthread-2_0-0"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon", "libxkbcommon", "libxkbcommon0"),
    "libX11.so.6": ("libx11-6", "libX11", "libx11", "libX11-6"),
    "libz.so.1": ("zlib1g", "zlib", "zlib", "libz1"),
    "libzstd.so.1": ("libzstd1", "libzstd", "zstd", "libzstd1"),
}
_X11 = {
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb", "libx11", "libX11-xcb1"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11", "libxkbcommon-x11-0"),
    "libxcb.so.1": ("libxcb1", "libxcb", "libxcb", "libxcb1"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor", "libxcb-cursor0"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm", "xcb-util-wm", "libxcb-icccm4"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image", "xcb-util-image", "libxcb-image0"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms", "libxcb-keysyms1"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb", "libxcb", "libxcb-randr0"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb", "libxcb", "libxcb-render0"),
    "libxcb-render-util.so.0": (
        "libxcb-render-util0",
        "xcb-util-renderutil",
        "xcb-util-renderutil",
        "libxcb-render-util0",
    ),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb", "libxcb", "libxcb-shape0"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb", "libxcb", "libxcb-shm0"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb", "libxcb", "libxcb-sync1"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util", "xcb-util", "libxcb-util1"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb", "libxcb", "libxcb-xfixes0"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb", "libxcb", "libxcb-xkb1"),
}
_WAYLAND = {
    "libwayland-client.so.0": ("libwayland-client0", "libwayland-client", "wayland", "libwayland-client0"),
    "libwayland-cursor.so.0": ("libwayland-cursor0", "libwayland-cursor", "wayland", "libwayland-cursor0"),
    "libwayland-egl.so.1": ("libwayland-egl1", "libwayland-egl", "wayland", "libwayland-egl1"),
}
_SCREENS = {"WAYLAND_DISPLAY": _WAYLAND, "DISPLAY": _X11}
_INSTALLERS = {
    ("debian", "ubuntu"): (0, "sudo apt install"),
    ("fedora", "rhel", "centos"): (1, "sudo dnf install"),
    ("arch",): (2, "sudo pacman -S"),
    ("suse", "opensuse"): (3, "sudo zypper install"),
}


def missing_libraries(environment: Mapping[str, str], load: Callable[[str], object] = ctypes.CDLL) -> list[str]:
    """The libraries that this system lacks for a window on a screen that ``environment`` names.

    Where both Wayland and X11 are there, Qt takes the one that works: only what both lack, or the shorter list, counts.
    """
    screens = [libraries for name, libraries in _SCREENS.items() if environment.get(name)] or [_X11]
    lacking = [[name for name in {**_ALWAYS, **libraries} if not _loads(name, load)] for libraries in screens]
    return min(lacking, key=len)


def missing_sentence(missing: Sequence[str], system_words: Sequence[str]) -> str:
    """One sentence that names all of them, with the command that installs them on the system at hand."""
    known = {**_ALWAYS, **_X11, **_WAYLAND}
    column, command = next(
        (found for names, found in _INSTALLERS.items() if set(names) & set(system_words)), (0, "sudo apt install")
    )
    packages = " ".join(dict.fromkeys(known[name][column] for name in missing))
    libraries, them = ("library", "it") if len(missing) == 1 else ("libraries", "them")
    where = "" if set(system_words) & {name for names in _INSTALLERS for name in names} else " (on Debian and Ubuntu)"
    return (
        f"The window needs the {libraries} {', '.join(missing)}, which this computer lacks. "
        f"Install {them}{where} and start again: {command} {packages}"
    )


def system_words(file: Path = Path("/etc/os-release")) -> list[str]:
    """The names that this Linux goes by, its own first, then those it is like; empty where it does not say."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    facts = dict(line.split("=", 1) for line in lines if "=" in line)
    words = f"{facts.get('ID', '')} {facts.get('ID_LIKE', '')}".replace('"', "").lower().split()
    return [part for word in words for part in (word, word.split("-")[0])]


def window_libraries_obstacle() -> str:
    """Why Qt could not open a window on this Linux, as one sentence; empty where nothing is missing."""
    missing = missing_libraries(os.environ)
    return missing_sentence(missing, system_words()) if missing else ""


def _loads(name: str, load: Callable[[str], object]) -> bool:
    try:
        load(name)
    except OSError:
        return False
    return True
