"""Features of sounds, computed once for each content, frame rate and network, and read as mapped memory after that.

They lie beside the sounds that are kept ready, in the user's cache folder: no film holds them, and what is deleted
there is made again.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from svi_studio.disk.atomic import atomic_write, plain_errors
from svi_studio.disk.fs_ops import REAL_DISK
from svi_studio.disk.kept_within import keep_within
from svi_studio.domain.errors import BadInput, Stopped
from svi_studio.engine.conditions.files import load_sound_encoder
from svi_studio.engine.conditions.heard_sound import STOPPED, HeardSound
from svi_studio.engine.conditions.sound_features import SAMPLE_RATE, frames_of, sound_features
from svi_studio.media.sounds.sound_store import sounds_folder
from svi_studio.weights.content_hash import sound_encoder_hash

Features = NDArray[np.float32]
"""`[frames, layers, width]`, a frame of the film each."""

_VERSION = 1
_WHOLE_SECONDS: Final = 60
_PART_SECONDS: Final = 50
_AROUND_SECONDS: Final = 5
_SILENT_SECONDS: Final = 2
_SHORTEST: Final = SAMPLE_RATE // 25
_MOST_KEPT: Final = 20 << 30


def _never() -> bool:
    return False


def _nothing(_: float) -> None:
    pass


class SoundCache:
    """The features of sounds for one model; its wav2vec2 network is in memory only while something is computed."""

    def __init__(self, model: Path, device: torch.device, should_stop: Callable[[], bool] = _never) -> None:
        """For the model folder `model`; what is not known is computed on `device`."""
        self._model = model
        self._device = device
        self._should_stop = should_stop
        self._encoder: Any = None
        self._network = ""

    def features(self, sound: Path, sha256: str, fps: float, heard: Callable[[float], None] = _nothing) -> Features:
        """All features of the file `sound`, whose content has that hash, at `fps` frames a second.

        `heard` is told from 0 to 1 how much of it was listened to, where it was not known yet. Raises BadInput for a
        file without sound, BadWeights, DiskFull, Stopped.
        """
        path = self._path(f"{sha256} {fps!r}", sha256[:16])
        found = _mapped(path)
        if found is None:
            try:
                heard(0.0)
                with HeardSound(sound, self._should_stop) as whole:
                    frames = frames_of(whole.samples, fps) if whole.samples >= _SHORTEST else 0
                    self._write(path, self._computed(whole, fps, heard), frames, sound)
                self._silence()  # which every render asks for: the network is in memory now
            finally:
                self._encoder = None
            found = _mapped(path)
        if found is None:
            raise BadInput(f"What the model hears in {sound} was written to {path} and is not there: render again.")
        return found

    def silence(self) -> Features:
        """`[layers, width]`: what the network hears where there is no sound at all."""
        try:
            return self._silence()
        finally:
            self._encoder = None

    def _silence(self) -> Features:
        path = self._path("silence", "silence")
        found = _mapped(path)
        if found is None:
            frames = _SILENT_SECONDS * 25
            heard = sound_features(self._loaded(), torch.zeros(_SILENT_SECONDS * SAMPLE_RATE), frames)
            middle = heard[frames // 2].cpu().numpy()
            self._write(path, iter([middle[None]]), 1, path)
            found = middle[None]
        return np.asarray(found[0])

    def _computed(self, sound: HeardSound, fps: float, heard: Callable[[float], None]) -> Iterator[Features]:
        for part in parts_of(sound.samples, fps):
            if self._should_stop():
                raise Stopped(STOPPED)
            standard = torch.from_numpy(sound.standardised(part.begin, part.end))
            found = sound_features(self._loaded(), standard, part.frames)
            yield found[part.first : part.first + part.kept].cpu().numpy()
            heard(part.end / sound.samples)

    def _loaded(self) -> Any:
        if self._encoder is None:
            self._encoder = load_sound_encoder(self._model, self._device)
        return self._encoder

    def _write(self, path: Path, parts: Iterator[Features], frames: int, sound: Path) -> None:
        if frames < 1:
            raise BadInput(f'The sound "{sound}" is far too short to be heard: use a longer one.')
        with plain_errors(path.parent):
            REAL_DISK.make_folder(path.parent)
        atomic_write(path, _npy(parts, frames), sync=False)
        keep_within(path.parent, "*.npy", _MOST_KEPT)

    def _path(self, key: str, name: str) -> Path:
        self._network = self._network or sound_encoder_hash(self._model)
        digest = hashlib.sha256(f"{_VERSION} {key} {self._network}".encode()).hexdigest()
        return sounds_folder() / "features" / f"{name}-{digest[:32]}.npy"


class Part(NamedTuple):
    """A stretch of a sound that is listened to at once: samples `begin` to `end` are `frames` frames.

    `kept` of them count, from the frame `first` on; the others are there to be heard around them.
    """

    begin: int
    end: int
    frames: int
    first: int
    kept: int


def parts_of(samples: int, fps: float) -> Iterator[Part]:
    """A sound of up to a minute whole, as the authors listen to it; a longer one in parts, 5 seconds around each."""
    total = frames_of(samples, fps)
    if samples <= _WHOLE_SECONDS * SAMPLE_RATE:
        yield Part(0, samples, total, 0, total)
        return
    step, around = max(1, int(_PART_SECONDS * fps)), int(_AROUND_SECONDS * fps)
    for start in range(0, total, step):
        stop = min(start + step, total)
        begin, end = max(0, start - around), min(total, stop + around)
        last = min(samples, round(end / fps * SAMPLE_RATE))  # no more than its frames last, or they would come early
        yield Part(round(begin / fps * SAMPLE_RATE), last, end - begin, start - begin, stop - start)


def _npy(parts: Iterator[Features], frames: int) -> Iterator[bytes | memoryview]:
    """An array file of so many frames, whose `parts` come one after the other."""
    for number, part in enumerate(parts):
        if number == 0:
            header = io.BytesIO()
            shape = {"descr": "<f4", "fortran_order": False, "shape": (frames, *part.shape[1:])}
            np.lib.format.write_array_header_1_0(header, shape)
            yield header.getvalue()
        yield np.ascontiguousarray(part, "<f4").reshape(-1).view(np.uint8).data


def _mapped(path: Path) -> Features | None:
    """The array in the file, if it is there and whole."""
    try:
        found = np.lib.format.open_memmap(path, mode="r")
    except (OSError, ValueError):
        return None
    if found.dtype != np.float32 or found.ndim != 3:
        return None
    with suppress(OSError):
        path.touch()
    return found
