"""Gate 6: damaged pictures, videos and sounds are read or refused in one sentence, in ten seconds and a gigabyte."""

import os
import struct
import time
import wave
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

from svi_studio.domain.errors import StudioError
from svi_studio.media.images import open_reference, picture_size
from svi_studio.media.sound import check_sound
from svi_studio.media.sounds.note_words import note_words
from svi_studio.media.sounds.sound_store import ready_sound
from svi_studio.media.video_reader import probe_video, stream_frames
from svi_studio.media.video_writer import open_writer
from tests.builders.odd_sounds import encoded
from tests.builders.tags import read_tags
from tests.gates.gate import Gate, Run
from tests.gates.mutants import mutated

FILES = "files"
SLOWEST, MEMORY = "slowest file, s", "more memory, MB"
_PLAYLISTS = (
    b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n",
    b"ffconcat version 1.0\nfile whole.mp4\n",  # one that a player would follow
)


def exercise(run: Run) -> None:
    """Mutants of each kind, playlists under the names of videos among them."""
    sound = _samples(run.folder)
    kinds = sorted(sound)
    os.environ["SVI_SOUNDS"] = str(run.folder / "sounds")  # what is made of the mutants goes with them
    os.environ["SVI_FOOTAGE"] = str(run.folder / "seen")
    process = psutil.Process()
    before = process.memory_info().rss
    while run.wants(FILES, GATE.promised[FILES]):
        kind = kinds[run.outcome.exercised[FILES] % len(kinds)]
        content, readers = sound[kind]
        file = run.folder / f"mutant.{kind}"
        is_playlist = kind not in ("png", "jpg", "webp") and run.dice.random() < 0.05
        file.write_bytes(run.dice.choice(_PLAYLISTS) if is_playlist else mutated(content, run.dice))
        began = time.monotonic()
        with run.case(FILES, f"{kind} {run.outcome.exercised[FILES]}"):
            for read in readers:
                _read_or_refuse(partial(read, file), must_refuse=is_playlist)
        run.figure(SLOWEST, time.monotonic() - began)
        run.figure(MEMORY, max(0.0, (process.memory_info().rss - before) / 1e6))


def _read_or_refuse(read: Callable[[], object], *, must_refuse: bool) -> None:
    try:
        read()
    except StudioError as error:
        assert str(error).endswith(".") and "\n" not in str(error), f"no sentence: {error}"
    else:
        assert not must_refuse, "a playlist was followed"


def _samples(folder: Path) -> dict[str, tuple[bytes, tuple[Callable[[Path], object], ...]]]:
    """A sound file of each kind as bytes, and what the program reads it with."""
    picture = Image.linear_gradient("L").resize((64, 40)).convert("RGB")
    pictures = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}
    for ending, name in pictures.items():
        picture.save(folder / f"whole.{ending}", name)
    frames = np.random.default_rng(1).integers(0, 255, (9, 40, 64, 3), dtype=np.uint8)
    for ending in ("mp4", "mkv"):
        with open_writer(folder / f"whole.{ending}", width=64, height=40, fps=8.0) as writer:
            writer.write(frames)
    _write_tone(folder / "whole.wav")
    sounds = ("wav", "mp3", "flac", "m4a", "ogg", "opus")
    for ending in sounds[1:]:
        encoded(folder / f"whole.{ending}", folder / "whole.wav")
    read_by: dict[str, tuple[Callable[[Path], object], ...]] = dict.fromkeys(pictures, (picture_size, open_reference))
    read_by |= dict.fromkeys(("mp4", "mkv"), (probe_video, _play, read_tags))
    read_by |= dict.fromkeys(sounds, (check_sound, _hear))
    return {ending: ((folder / f"whole.{ending}").read_bytes(), readers) for ending, readers in read_by.items()}


def _play(path: Path) -> None:
    for _ in stream_frames(path):
        pass


def _hear(path: Path) -> None:
    with ready_sound(path) as sound:
        sound.read(0, sound.samples)
        sound.columns(0, 300, 100)
        assert not sound.facts.notes or note_words(sound.facts)


def _write_tone(path: Path) -> None:
    with wave.open(str(path), "wb") as tone:
        tone.setnchannels(1)
        tone.setsampwidth(2)
        tone.setframerate(8000)
        tone.writeframes(b"".join(struct.pack("<h", (n % 80) * 300) for n in range(8000)))


GATE = Gate(6, "hostile media", {FILES: 300}, exercise, {SLOWEST: 10.0, MEMORY: 1000.0})
