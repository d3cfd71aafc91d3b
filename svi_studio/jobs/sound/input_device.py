"""What can be recorded from: the input side of the door to the computer's sound devices."""

import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from svi_studio.jobs.sound.devices import (
    NoSoundDevice,
    SoundDevices,
    SoundStream,
    door,
    load_sounddevice,
    named_devices,
    place_of,
    started,
)

_MOST_AGO = 5.0  # seconds: a device that says more does not know

Hear = Callable[[NDArray[np.float32], float, bool], None]
"""Called in the system's own thread: a copy of the samples [frames, channels], when the first of them was captured (on
the clock of ``perf_counter``, in seconds), and whether samples were lost before them."""


class SoundInputs:
    """The computer's microphones, those plugged in since the program began, too. ``load`` gives the package."""

    def __init__(self, load: Callable[[], Any] = load_sounddevice, now: Callable[[], float] = perf_counter) -> None:
        self._load, self._now = load, now

    def inputs(self) -> tuple[str, ...]:
        """The names of the devices that record, each once, the usual one first. Raises NoSoundDevice."""
        found = self._load()
        with door:
            self.refresh()
            places, usual = named_devices(found, "input"), place_of(found, "input")
        return tuple(dict.fromkeys(name for _, name in sorted(places, key=lambda each: each[0] != usual)))

    def refresh(self) -> None:
        """Looks anew which devices there are, unless a stream is open: it would end."""
        SoundDevices(self._load).refresh()

    def open(self, hear: Hear, ended: Callable[[], None], name: str = "") -> SoundStream:
        """Records from the device ``name``, "" or one that is gone = the usual one, in stereo where it can.

        Raises NoSoundDevice when there is none, or it cannot be used.
        """
        found = self._load()

        def callback(heard: Any, _frames: int, times: Any, status: Any) -> None:
            now = self._now()
            ago = times.currentTime - times.inputBufferAdcTime
            known = times.inputBufferAdcTime > 0 and 0 < ago < _MOST_AGO  # the first blocks may not carry a time
            hear(heard.copy(), now - (ago if known else float(stream.latency)), bool(status.input_overflow))

        try:
            with door:
                self.refresh()
                place = place_of(found, "input", name)
                channels = min(2, int(found.query_devices(place, "input")["max_input_channels"]))
                stream = started(found, found.InputStream, callback, ended, place, channels=channels)
        except (found.PortAudioError, ValueError) as error:
            raise _unusable(error) from error
        return stream  # type: ignore[no-any-return]


def silence_hint() -> str:
    """What to say when nothing at all is heard from a microphone for half a second."""
    if sys.platform == "darwin":
        return (
            "The microphone gives nothing but silence: allow it for the program that started SVI Studio, in System "
            "Settings > Privacy & Security > Microphone, and start again."
        )
    return (
        "The microphone gives nothing but silence: see whether it is muted, or choose another one in the preferences."
    )


def _unusable(error: Exception) -> NoSoundDevice:
    why = " ".join(str(error).split())[:120]
    if why.endswith("device -1"):  # PortAudio's way to say that there is no device at all
        return NoSoundDevice("No microphone was found: connect one and try again.")
    return NoSoundDevice(f"No microphone can be used ({why}): connect one, or choose another in the preferences.")
