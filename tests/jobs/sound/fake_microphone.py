"""A package like sounddevice whose microphones hear what a test says, block by block."""

from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray


class FakePortAudioError(Exception):
    """What the package raises."""


class FakeInput:
    """``hear`` hands over the next block, as the system's thread does."""

    def __init__(self, arguments: dict[str, Any]) -> None:
        self.arguments = arguments
        self.latency: float = arguments["latency"]
        self.active = self.closed = False

    def start(self) -> None:
        self.active = True

    def abort(self) -> None:
        self.active = False

    def close(self) -> None:
        self.active, self.closed = False, True

    def hear(self, sound: NDArray[np.float32], ago: float | None = 0.18, lost: bool = False) -> None:
        """A block [frames, channels]; captured ``ago`` seconds before, None = the device does not say."""
        adc = 0.0 if ago is None else 100.0 - ago
        times = SimpleNamespace(currentTime=100.0, inputBufferAdcTime=adc)
        self.arguments["callback"](sound, len(sound), times, SimpleNamespace(input_overflow=lost))

    def vanish(self) -> None:
        """The device is pulled out."""
        self.active = False
        self.arguments["finished_callback"]()


class FakeMicrophones:
    """One usual microphone with one channel, another one with four; ``refuses_rate`` as shared WASAPI does."""

    PortAudioError = FakePortAudioError

    def __init__(self, host: str = "ALSA", *, refuses_rate: bool = False) -> None:
        self.devices = [
            {"name": "Speakers", "hostapi": 0, "max_output_channels": 2, "max_input_channels": 0},
            {"name": "Interface", "hostapi": 0, "max_output_channels": 0, "max_input_channels": 4},
            {"name": "Microphone", "hostapi": 0, "max_output_channels": 0, "max_input_channels": 1},
        ]
        self.hosts = [{"name": host, "default_input_device": 2}]
        self.refuses_rate = refuses_rate
        self.streams: list[FakeInput] = []
        self.looked = 0

    @property
    def stream(self) -> FakeInput:
        return self.streams[-1]

    def query_devices(self, place: int | None = None, kind: str | None = None) -> Any:
        if kind is None and place is None:
            return self.devices
        if not self.devices:
            raise FakePortAudioError("Error querying device -1")
        return self.devices[2 if place is None else place]

    def query_hostapis(self, place: int | None = None) -> Any:
        return self.hosts if place is None else self.hosts[place]

    def WasapiSettings(self, *, auto_convert: bool) -> str:
        return f"converts: {auto_convert}"

    def InputStream(self, **arguments: Any) -> FakeInput:
        if self.refuses_rate and not arguments["extra_settings"]:
            raise FakePortAudioError("Invalid sample rate")
        self.streams.append(FakeInput(arguments))
        return self.streams[-1]

    def _terminate(self) -> None:
        assert not any(stream.active for stream in self.streams), "a refresh kills open streams"

    def _initialize(self) -> None:
        self.looked += 1
