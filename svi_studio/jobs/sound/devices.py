"""The one door to the computer's sound devices: the package sounddevice, imported when something is to be heard.

Nothing else here knows that package, so that another can take its place.
"""

import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import ModuleType
from typing import Any, Literal, Protocol
from weakref import WeakSet

from svi_studio.domain.errors import StudioError
from svi_studio.domain.film.sound_time import SAMPLE_RATE

CHANNELS = 2
LATENCY = 0.1
"""Seconds of sound that the system holds ready: with less, a busy Python lets it break off."""
_WASAPI = "Windows WASAPI"  # PortAudio's own choice on Windows is an older and slower way to the same devices

Fill = Callable[[Any, int, float], None]
"""Called in the system's own thread: an array [frames, 2] to fill, how many, and the seconds until they are heard."""


class NoSoundDevice(StudioError):  # noqa: N818 - named as the others are
    """No sound can be played here; the sentence says what to do."""


Way = Literal["input", "output"]

_open_streams: "WeakSet[Any]" = WeakSet()
door = threading.RLock()
"""Players, recorders and preferences come from threads of their own: PortAudio is started anew under none of them."""


class SoundStream(Protocol):
    """A device that plays."""

    @property
    def active(self) -> bool:
        """Whether it still asks for sound."""

    def abort(self) -> object:
        """Stops at once."""

    def close(self) -> object:
        """Lets go of the device."""


def load_sounddevice() -> ModuleType:
    """The package sounddevice. Raises NoSoundDevice where it, or the library under it, is not installed."""
    try:
        import sounddevice  # noqa: PLC0415 - late: most films are silent, and not every computer has the library
    except ImportError as error:
        raise NoSoundDevice("Sound cannot be played here: install the Python package sounddevice.") from error
    except OSError as error:  # the package is there, its library is not
        way = "install the package libportaudio2 and start again" if sys.platform == "linux" else "install it again"
        raise NoSoundDevice(f"Sound cannot be played here, because PortAudio is missing: {way}.") from error
    return sounddevice  # type: ignore[no-any-return]


class SoundDevices:
    """What can be heard through. ``load`` gives the package; its list of devices is as old as the last ``refresh``."""

    def __init__(self, load: Callable[[], Any] | None = None) -> None:
        self._load = load or load_sounddevice

    def outputs(self) -> tuple[str, ...]:
        """The names of the devices that play, each once. Raises NoSoundDevice."""
        found = self._load()
        with door:
            return tuple(dict.fromkeys(name for _, name in named_devices(found, "output")))

    def refresh(self) -> None:
        """Looks anew which devices there are and which one is the usual one, unless a stream is open: it would end."""
        found = self._load()
        with door, suppress(found.PortAudioError):  # it is told when one is opened
            if not any(stream.active for stream in list(_open_streams)):
                found._terminate()
                found._initialize()

    def open(self, fill: Fill, ended: Callable[[], None], name: str = "") -> SoundStream:
        """Plays through the device ``name``, "" or one that is gone = the usual one. Raises NoSoundDevice."""
        found = self._load()

        def callback(out: Any, frames: int, times: Any, _status: object) -> None:
            ahead = times.outputBufferDacTime - times.currentTime
            fill(out, frames, ahead if ahead > 0 else stream.latency)  # the first blocks may not carry a time

        try:
            with door:
                place = place_of(found, "output", name)
                stream = started(found, found.OutputStream, callback, ended, place, channels=CHANNELS)
        except (found.PortAudioError, ValueError) as error:
            raise _unusable(error) from error
        return stream  # type: ignore[no-any-return]


def named_devices(found: Any, way: Way) -> list[tuple[int, str]]:
    """The numbers and names of the devices that play or record, in the way to them that is to be used."""
    host = _host(found)
    return [
        (place, device["name"])
        for place, device in enumerate(found.query_devices())
        if device[f"max_{way}_channels"] >= 1 and host in (None, device["hostapi"])
    ]


def place_of(found: Any, way: Way, name: str = "") -> int | None:
    """The number of the device called ``name``; the usual one's when it is not there, None = the system's."""
    if name:
        for place, called in named_devices(found, way):
            if called == name:
                return place
    host = _host(found)
    usual = -1 if host is None else int(found.query_hostapis(host)[f"default_{way}_device"])
    return usual if usual >= 0 else None


def started(found: Any, kind: Any, callback: object, ended: object, place: int | None, *, channels: int) -> Any:
    """A stream of the ``kind`` of the package ``found`` that runs. Raises the package's errors.

    Windows lets no program choose the rate of a shared device, but converts when it is asked.
    """

    def opened(extra: object) -> Any:
        stream = kind(
            samplerate=SAMPLE_RATE,
            device=place,
            channels=channels,
            dtype="float32",
            latency=LATENCY,
            callback=callback,
            finished_callback=ended,
            extra_settings=extra,
        )
        stream.start()
        return stream

    try:
        stream = opened(None)
    except (found.PortAudioError, ValueError):
        if place is None or _host(found) is None:
            raise
        stream = opened(found.WasapiSettings(auto_convert=True))
    _open_streams.add(stream)
    return stream


def _host(found: Any) -> int | None:
    """The way to the devices that is to be used; None = whatever the system prefers."""
    names = [host["name"] for host in found.query_hostapis()]
    return names.index(_WASAPI) if _WASAPI in names else None


def _unusable(error: Exception) -> NoSoundDevice:
    why = " ".join(str(error).split())[:120]
    if why.endswith("device -1"):  # PortAudio's way to say that there is no device at all
        return NoSoundDevice("No sound device was found: connect one, and the film is heard.")
    return NoSoundDevice(f"No sound device can be used ({why}): connect one, or choose another in the preferences.")
