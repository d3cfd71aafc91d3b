"""Every variable of the environment that the program reads or sets: its name, what it holds, its default, what it does.

The environment of this process is changed for libraries alone, which look there when they are imported; a process that
this one starts gets ``child_environment``.
"""

import os
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["text", "number", "folder", "folders"]

_added: dict[str, str] = {}
_DIGITS = 6


@dataclass(frozen=True)
class Variable:
    """One variable. ``default`` counts where it is missing or empty; ``does`` says what it is for."""

    name: str
    kind: Kind
    default: str
    does: str

    def text(self) -> str:
        """What it holds now."""
        return os.pathsep.join(filter(None, (os.environ.get(self.name), _added.get(self.name)))) or self.default

    def number(self) -> int | None:
        """The number that it holds, 0 to 999,999; None where it holds something else."""
        text = self.text().strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None

    def add(self, more: str) -> None:
        """Lets ``more`` follow what the environment says, here and in processes that start later; replaces the last."""
        _added[self.name] = more

    def tell_library(self) -> None:
        """Puts the default into this process's environment, for a library that reads it, unless it is there."""
        os.environ.setdefault(self.name, self.default)


MODELS: Final = Variable("SVI_MODELS", "folders", "", "the user's models, looked for before the program's own folder")
TRAINING: Final = Variable("SVI_TRAINING", "folder", "", "where trainings are kept, else in the user's data folder")
SOUNDS: Final = Variable("SVI_SOUNDS", "folder", "", "where sounds are kept ready, else in the user's cache folder")
FOOTAGE: Final = Variable("SVI_FOOTAGE", "folder", "", "what was seen of footage, else in the user's cache folder")
POSE_NETWORKS: Final = Variable("SVI_POSE_NETWORKS", "folder", "", "the networks that find skeletons in videos")
NICE: Final = Variable("SVI_NICE", "number", "10", "how far other processes of the program stand back, 0 to 19")
MAY_SLEEP: Final = Variable("SVI_MAY_SLEEP", "text", "", "1: the computer may go to sleep during long work")
COMMAND: Final = Variable("SVI_COMMAND", "text", "svi-studio", "how the launcher was called: what messages name")

HUB_CACHE: Final = Variable("HF_HUB_CACHE", "folder", "", "where Hugging Face's tools keep downloads")
HUB_HOME: Final = Variable("HF_HOME", "folder", "", "the folder above, where only that is named")
HUB_ENDPOINT: Final = Variable("HF_ENDPOINT", "text", "https://huggingface.co", "where models come from: a mirror")
HUB_TOKEN: Final = Variable("HF_TOKEN", "text", "", "the key for that place alone, for models with terms to accept")
HUB_OFFLINE: Final = Variable("HF_HUB_OFFLINE", "text", "", "1: nothing is asked of that place")
HTTPS_PROXY: Final = Variable("HTTPS_PROXY", "text", "", "the proxy that models come through; also in small letters")
ALL_PROXY: Final = Variable("ALL_PROXY", "text", "", "the same, for everything that has no proxy of its own")
NO_PROXY: Final = Variable("NO_PROXY", "text", "", "hosts that are reached without it, with commas between them")
CACHE_HOME: Final = Variable("XDG_CACHE_HOME", "folder", "", "the folder above that one, else ~/.cache")
LOCAL_DATA: Final = Variable("LOCALAPPDATA", "folder", "", "where Windows' programs keep what is large")
ROAMING_DATA: Final = Variable("APPDATA", "folder", "", "where Windows' programs keep their settings")

DISPLAY: Final = Variable("DISPLAY", "text", "", "an X11 screen that a window can open on")
WAYLAND_DISPLAY: Final = Variable("WAYLAND_DISPLAY", "text", "", "a Wayland screen that a window can open on")
QT_PLATFORM: Final = Variable("QT_QPA_PLATFORM", "text", "", "how Qt draws, where that was chosen")

PYTHON_PATH: Final = Variable("PYTHONPATH", "folders", "", "where Python finds packages, after the program's own")
PROCESSES: Final = Variable("WORLD_SIZE", "number", "1", "processes of one training, as torchrun says")
RANK: Final = Variable("RANK", "number", "0", "which of them this is")
LOCAL_RANK: Final = Variable("LOCAL_RANK", "number", "", "which of those on this computer: the number of its GPU")

VISIBLE_CARDS: Final = Variable("CUDA_VISIBLE_DEVICES", "text", "", "the cards that torch may see, where not all")

MKL_ROUNDING: Final = Variable("MKL_CBWR", "text", "AUTO,STRICT", "for MKL, in torch: sums alike on any cores")
NO_REMOTE_CODE: Final = Variable("DIFFUSERS_DISABLE_REMOTE_CODE", "text", "true", "for diffusers: it runs no code")
QT_ONE_THREAD: Final = Variable("QT_NO_GUI_THREADPOOL", "number", "1", "for Qt: a fill waits for no core")


def child_environment() -> dict[str, str]:
    """The environment of a process that this one starts: this one's, with what was added to it."""
    return {**os.environ, MODELS.name: MODELS.text()}
