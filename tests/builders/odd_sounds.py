"""Sounds as people have them, whole and broken: made by ffmpeg and libsndfile in the moment that a test needs them."""

import struct
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from svi_studio.media.ffmpeg import Ffmpeg

RATE = 48_000
Sound = NDArray[np.float32]


def clicks(seconds: float, at: tuple[float, ...], rate: int = RATE) -> Sound:
    """A quiet tone ``[n]`` with a chirp of 10 ms at each of those seconds, which tells its place to the sample."""
    time = np.arange(round(seconds * rate)) / rate
    sound = (0.02 * np.sin(2 * np.pi * 220 * time)).astype(np.float32)
    for second in at:
        place = round(second * rate)
        sound[place : place + len(chirp(rate))] += chirp(rate)[: len(sound) - place]
    return sound


def chirp(rate: int = RATE) -> Sound:
    """10 ms that rise from 500 Hz to 6 kHz."""
    time = np.arange(rate // 100) / rate
    wave = np.sin(2 * np.pi * (500 * time + 275_000 * time**2)) * np.hanning(len(time))
    return (0.7 * wave).astype(np.float32)


def place_of_chirp(sound: Sound, near: int, reach: int = 4800) -> int:
    """Where within ``reach`` samples around ``near`` of ``sound`` ``[n]`` at 48 kHz the chirp begins."""
    begin = max(near - reach, 0)
    part = sound[begin : near + reach + len(chirp())].astype(np.float64)
    return begin + int(np.argmax(np.correlate(part, chirp().astype(np.float64), "valid")))


def encoded(path: Path, source: Path, *options: str) -> Path:
    """``source`` as ffmpeg writes it to ``path`` with ``options``."""
    status, said = Ffmpeg(["-y", "-i", f"file:{source}", *options, f"file:{path}"]).finish()
    assert status == 0, said
    return path


def from_pipe(path: Path, source: Path, kind: str, *options: str) -> Path:
    """The same through a pipe, so that the file does not know its length."""
    ffmpeg = Ffmpeg(["-i", f"file:{source}", *options, "-f", kind, "pipe:1"], read=True)
    content = ffmpeg.pipe_out.read()
    status, said = ffmpeg.finish()
    assert status == 0, said
    path.write_bytes(content)
    return path


def cut(path: Path, source: Path, part: float) -> Path:
    """The first ``part`` of a file, as of a download that broke off."""
    content = source.read_bytes()
    path.write_bytes(content[: round(len(content) * part)])
    return path


def wav(path: Path, sound: Sound, subtype: str = "PCM_16", rate: int = RATE) -> Path:
    """A WAV of ``sound`` ``[n]`` or ``[n, channels]``."""
    soundfile.write(path, sound, rate, subtype, format="WAV")
    return path


def read_wav(path: Path) -> Sound:
    """The samples of a sound file as libsndfile reads them."""
    return np.asarray(soundfile.read(path, dtype="float32")[0])


def long_claim(path: Path, source: Path, seconds: int) -> Path:
    """A WAV whose header claims that its sound lasts ``seconds``."""
    content = bytearray(source.read_bytes())
    at = content.index(b"data") + 4
    said = min(seconds * struct.unpack("<I", content[28:32])[0], 0xFFFF_FFFE)
    content[at : at + 4] = struct.pack("<I", said)
    content[4:8] = struct.pack("<I", min(said + 36, 0xFFFF_FFFE))
    path.write_bytes(bytes(content))
    return path


def video(path: Path, sound: Path | None, *options: str, before: tuple[str, ...] = (), size: str = "32x32") -> Path:
    """Two seconds of a grey picture with ``sound``; ``before`` are ffmpeg's options for reading it."""
    picture = ["-f", "lavfi", "-i", f"color=gray:s={size}:d=2:r=25"]
    heard = [] if sound is None else [*before, "-i", f"file:{sound}"]
    status, said = Ffmpeg(["-y", *picture, *heard, *options, f"file:{path}"]).finish()
    assert status == 0, said
    return path
