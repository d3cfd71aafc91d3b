"""A package like sounddevice whose devices are played by a test, block by block, and remember every sample."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from svi_studio.jobs.sound.run import Samples


class FakePortAudioError(Exception):
    """What the package raises."""


class FakeStream:
    """``play`` asks for the next block, as the system's thread does. ``heard`` is all that came out."""

    def __init__(self, package: "FakeSounddevice", arguments: dict[str, Any]) -> None:
        self.package, self.arguments = package, arguments
        self.latency: float = arguments["latency"]
        self.active = False
        self.closed = False
        self.heard: list[Samples] = []
        self.began: list[float] = []

    def start(self) -> None:
        self.active = True

    def abort(self) -> None:
        self.active = False

    def close(self) -> None:
        self.active, self.closed = False, True

    def play(self, frames: int, at: float = 0.0, ahead: float | None = None) -> Samples:
        """One block; ``at`` is the moment on the clock of the test, ``ahead`` the seconds until it is heard."""
        out = np.full((frames, 2), 7.0, np.float32)
        late = self.latency if ahead is None else ahead
        times = SimpleNamespace(currentTime=100.0, outputBufferDacTime=100.0 + late)
        self.arguments["callback"](out, frames, times, None)
        self.heard.append(out)
        self.began.append(at + (late if late > 0 else self.latency))
        return out

    @property
    def sound(self) -> Samples:
        """Everything that was heard, in one piece."""
        return np.concatenate(self.heard) if self.heard else np.zeros((0, 2), np.float32)


class FakeSounddevice:
    """Two devices that play and a microphone; ``fails`` makes opening one raise."""

    PortAudioError = FakePortAudioError

    def __init__(self, host: str = "ALSA") -> None:
        self.streams: list[FakeStream] = []
        self.devices = [
            {"name": "Speakers", "hostapi": 0, "max_output_channels": 2},
            {"name": "Headphones", "hostapi": 0, "max_output_channels": 2},
            {"name": "Microphone", "hostapi": 0, "max_output_channels": 0},
        ]
        self.hosts = [{"name": host, "default_output_device": 0}]
        self.fails: Callable[[dict[str, Any]], bool] = lambda _arguments: False
        self.looked = 0

    @property
    def stream(self) -> FakeStream:
        """The stream that was opened last."""
        return self.streams[-1]

    def query_devices(self, place: int | None = None) -> Any:
        return self.devices if place is None else self.devices[place]

    def query_hostapis(self, place: int | None = None) -> Any:
        return self.hosts if place is None else self.hosts[place]

    def WasapiSettings(self, *, auto_convert: bool) -> str:
        return f"converts: {auto_convert}"

    def OutputStream(self, **arguments: Any) -> FakeStream:
        if not self.devices or self.fails(arguments):
            raise FakePortAudioError("Error querying device -1")
        self.streams.append(FakeStream(self, arguments))
        return self.streams[-1]

    def _terminate(self) -> None:
        assert not any(stream.active for stream in self.streams), "a refresh kills open streams"

    def _initialize(self) -> None:
        self.looked += 1
