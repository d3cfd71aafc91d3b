"""The one door to the computer's sound devices: the package sounddevice, imported when something is to be heard.

Nothing else here knows that package, so that another can take its place.
"""

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any, Protocol
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


_open_streams: "WeakSet[Any]" = WeakSet()


def note_open(stream: object) -> None:
    """Remembers a stream that was started here, to play or to record: while it is active no list is read anew."""
    _open_streams.add(stream)


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
        host = self._host(found)
        names = (
            device["name"]
            for device in found.query_devices()
            if device["max_output_channels"] >= 1 and (host is None or device["hostapi"] == host)
        )
        return tuple(dict.fromkeys(names))

    def refresh(self) -> None:
        """Looks anew which devices there are and which one is the usual one, unless a stream is open: it would end."""
        found = self._load()
        if any(stream.active for stream in list(_open_streams)):
            return
        found._terminate()
        found._initialize()

    def open(self, fill: Fill, ended: Callable[[], None], name: str = "") -> SoundStream:
        """Plays through the device ``name``, "" or one that is gone = the usual one. Raises NoSoundDevice."""
        found = self._load()
        place = self._place(found, name)
        try:
            return self._open(found, fill, ended, place)
        except found.PortAudioError as error:
            if _is_wasapi(found, place):
                return self._open_converted(found, fill, ended, place)
            raise _unusable(error) from error

    def _open_converted(self, found: Any, fill: Fill, ended: Callable[[], None], place: int | None) -> SoundStream:
        """Windows lets no program choose the rate of a shared device, but converts if it is asked."""
        try:
            return self._open(found, fill, ended, place, found.WasapiSettings(auto_convert=True))
        except found.PortAudioError as error:
            raise _unusable(error) from error

    def _open(
        self, found: Any, fill: Fill, ended: Callable[[], None], place: int | None, extra: object = None
    ) -> SoundStream:
        def callback(out: Any, frames: int, times: Any, _status: object) -> None:
            ahead = times.outputBufferDacTime - times.currentTime
            fill(out, frames, ahead if ahead > 0 else stream.latency)  # the first blocks may not carry a time

        stream = found.OutputStream(
            samplerate=SAMPLE_RATE,
            device=place,
            channels=CHANNELS,
            dtype="float32",
            latency=LATENCY,
            callback=callback,
            finished_callback=ended,
            extra_settings=extra,
        )
        stream.start()
        note_open(stream)
        return stream  # type: ignore[no-any-return]

    def _place(self, found: Any, name: str) -> int | None:
        """The number of the device called ``name``; the usual one's when it is not there, None = the system's."""
        host = self._host(found)
        for place, device in enumerate(found.query_devices()):
            if name and device["name"] == name and device["max_output_channels"] and host in (None, device["hostapi"]):
                return place
        if host is None:
            return None
        usual = found.query_hostapis(host)["default_output_device"]
        return usual if usual >= 0 else None

    @staticmethod
    def _host(found: Any) -> int | None:
        """The way to the devices that is to be used; None = whatever the system prefers."""
        names = [host["name"] for host in found.query_hostapis()]
        return names.index(_WASAPI) if _WASAPI in names else None


def _is_wasapi(found: Any, place: int | None) -> bool:
    if place is None:
        return False
    return bool(found.query_hostapis(found.query_devices(place)["hostapi"])["name"] == _WASAPI)


def _unusable(error: Exception) -> NoSoundDevice:
    why = " ".join(str(error).split())[:120]
    if why.endswith("device -1"):  # PortAudio's way to say that there is no device at all
        return NoSoundDevice("No sound device was found: connect one, and the film is heard.")
    return NoSoundDevice(f"No sound device can be used ({why}): connect one, or choose another in the preferences.")
