"""What can be recorded from: the input side of the door to the computer's sound devices."""

import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.film.sound_time import SAMPLE_RATE
from svi_studio.jobs.sound.devices import LATENCY, NoSoundDevice, SoundDevices, SoundStream, load_sounddevice, note_open

_WASAPI = "Windows WASAPI"
_MOST_AGO = 5.0  # seconds: a device that says more does not know

Hear = Callable[[NDArray[np.float32], float, bool], None]
"""Called in the system's own thread: a copy of the samples [frames, channels], when the first of them was captured (on
the clock of ``perf_counter``, in seconds), and whether samples were lost before them."""


class SoundInputs:
    """The computer's microphones. ``load`` gives the package; its list of devices is as old as the last ``refresh``."""

    def __init__(self, load: Callable[[], Any] = load_sounddevice, now: Callable[[], float] = perf_counter) -> None:
        self._load, self._now = load, now

    def inputs(self) -> tuple[str, ...]:
        """The names of the devices that record, each once, the usual one first. Raises NoSoundDevice."""
        found = self._load()
        host = self._host(found)
        places = [
            (place, device["name"])
            for place, device in enumerate(found.query_devices())
            if device["max_input_channels"] >= 1 and (host is None or device["hostapi"] == host)
        ]
        usual = self._usual(found, host)
        names = [name for place, name in places if place == usual] + [name for _, name in places]
        return tuple(dict.fromkeys(names))

    def refresh(self) -> None:
        """Looks anew which devices there are, unless a stream is open: it would end."""
        SoundDevices(self._load).refresh()

    def open(self, hear: Hear, ended: Callable[[], None], name: str = "") -> tuple[SoundStream, int]:
        """Records from the device ``name``, "" or one that is gone = the usual one; the stream and its channels.

        Raises NoSoundDevice when there is none, or it cannot be used.
        """
        found = self._load()
        place = self._place(found, name)
        try:
            device = found.query_devices(place, "input")
            channels = min(2, int(device["max_input_channels"]))
            return self._open(found, hear, ended, device=place, channels=channels), channels
        except (found.PortAudioError, ValueError) as error:
            if place is not None and self._is_wasapi(found, place):
                return self._open_converted(found, hear, ended, place)
            raise _unusable(error) from error

    def _open_converted(self, found: Any, hear: Hear, ended: Callable[[], None], place: int) -> tuple[SoundStream, int]:
        """Windows lets no program choose the rate of a shared device, but converts if it is asked."""
        channels = min(2, int(found.query_devices(place, "input")["max_input_channels"]))
        try:
            extra = found.WasapiSettings(auto_convert=True)
            return self._open(found, hear, ended, device=place, channels=channels, extra_settings=extra), channels
        except (found.PortAudioError, ValueError) as error:
            raise _unusable(error) from error

    def _open(
        self, found: Any, hear: Hear, ended: Callable[[], None], *, extra_settings: object = None, **chosen: int | None
    ) -> SoundStream:
        def callback(heard: Any, _frames: int, times: Any, status: Any) -> None:
            now = self._now()
            ago = times.currentTime - times.inputBufferAdcTime
            known = times.inputBufferAdcTime > 0 and 0 < ago < _MOST_AGO  # the first blocks may not carry a time
            hear(heard.copy(), now - (ago if known else float(stream.latency)), bool(status.input_overflow))

        stream = found.InputStream(
            samplerate=SAMPLE_RATE,
            dtype="float32",
            latency=LATENCY,
            callback=callback,
            finished_callback=ended,
            extra_settings=extra_settings,
            **chosen,
        )
        stream.start()
        note_open(stream)
        return stream  # type: ignore[no-any-return]

    def _place(self, found: Any, name: str) -> int | None:
        host = self._host(found)
        for place, device in enumerate(found.query_devices()):
            if name and device["name"] == name and device["max_input_channels"] and host in (None, device["hostapi"]):
                return place
        return self._usual(found, host)

    @staticmethod
    def _usual(found: Any, host: int | None) -> int | None:
        """The number of the usual device; None = the system's choice."""
        if host is None:
            return None
        usual = int(found.query_hostapis(host)["default_input_device"])
        return usual if usual >= 0 else None

    @staticmethod
    def _host(found: Any) -> int | None:
        names = [host["name"] for host in found.query_hostapis()]
        return names.index(_WASAPI) if _WASAPI in names else None

    @staticmethod
    def _is_wasapi(found: Any, place: int) -> bool:
        return bool(found.query_hostapis(found.query_devices(place)["hostapi"])["name"] == _WASAPI)


def silence_hint() -> str:
    """What to say when nothing at all is heard from a microphone for half a second."""
    if sys.platform == "darwin":
        return (
            "The microphone gives nothing but silence: allow it for the program that started SVI Studio, in System "
            "Settings > Privacy & Security > Microphone, and start again."
        )
    return "The microphone gives nothing but silence: see whether it is muted, or choose another one."


def _unusable(error: Exception) -> NoSoundDevice:
    why = " ".join(str(error).split())[:120]
    if why.endswith("device -1"):  # PortAudio's way to say that there is no device at all
        return NoSoundDevice("No microphone was found: connect one and try again.")
    return NoSoundDevice(f"No microphone can be used ({why}): connect one, or choose another.")
