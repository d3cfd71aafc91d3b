"""The process that decodes a sound: one that never ends, or that wants all the memory, costs only this process.

``python -m svi_studio.media.sounds.sound_process`` takes one order on its stdin, a line of JSON, writes the lossless
copy and the peaks to the two paths in it, says every now and then how far it is, and answers with one line.
"""

import errno
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np
import soundfile
from pydantic import ValidationError

from svi_studio.domain.errors import StudioError
from svi_studio.domain.film.sound_time import SAMPLE_RATE
from svi_studio.media.limits import limit_memory, limit_seconds, stdout_for_answers
from svi_studio.media.sounds.decode import Decoded, Unheard, decoded
from svi_studio.media.sounds.facts import Measured, SoundFacts, SourceMark, encode
from svi_studio.media.sounds.k_weighting import EnergyMeter
from svi_studio.media.sounds.lossless_copy import CopyWriter, TooLoud
from svi_studio.media.sounds.peaks import LARGEST, PeakBuilder
from svi_studio.media.sounds.stereo import Samples

MEMORY = 3 << 30  # bytes of address space; it uses a twentieth
SECONDS = 4 * 3600  # of the processor, for a day of sound
MAX_LINE = 1 << 16
_SAY_EVERY = 0.2  # seconds
_HEADROOM = 4.0  # 12 dB: what decoders of compressed sound pass full scale by, and what a new rate adds


def main() -> None:
    """Carries out one order."""
    answers = stdout_for_answers()
    limit_memory(MEMORY)
    limit_seconds(SECONDS)
    av.logging.set_level(None)
    _say(answers, **_answer(json.loads(sys.stdin.buffer.readline(MAX_LINE)), answers))


def _answer(order: dict[str, Any], answers: BinaryIO) -> dict[str, Any]:
    source, copy, peaks = (Path(order[name]) for name in ("source", "copy", "peaks"))
    try:
        mark = SourceMark.model_validate(order["mark"])
        measured = _measured(source, copy, mark, answers)
        with peaks.open("xb") as file:
            file.writelines(encode(measured))
    except Unheard as error:
        return {"fault": error.why}
    except StudioError as error:
        return {"fault": "said", "sentence": str(error)}
    except (av.FFmpegError, ValueError, IndexError, ValidationError):
        return {"fault": "nothing"}
    except MemoryError:
        return {"fault": "memory"}
    except (OSError, soundfile.LibsndfileError) as error:
        return {"fault": "disk", "errno": getattr(error, "errno", None) or errno.EIO}
    return {"done": True}


def _measured(source: Path, copy: Path, mark: SourceMark, answers: BinaryIO) -> Measured:
    """Once as a rule; again with more room where a sample is louder than anybody expects."""
    scale: float | None = None
    while True:
        try:
            return _once(source, copy, mark, scale, answers)
        except TooLoud as error:
            copy.unlink()
            scale = float(2 ** np.ceil(np.log2(error.peak * 1.01)))


def _once(source: Path, copy: Path, mark: SourceMark, scale: float | None, answers: BinaryIO) -> Measured:
    heard = Decoded()
    sounds = _in_blocks(decoded(source, heard))
    first = next(sounds, None)
    if first is None:
        raise Unheard("empty")
    is_unchanged = heard.is_exact and heard.rate == SAMPLE_RATE
    scale = scale or (1.0 if is_unchanged else _HEADROOM)
    peaks, meter, samples, peak = PeakBuilder(scale), EnergyMeter(), 0, 0.0
    with CopyWriter(copy, scale) as writer:
        said = 0.0
        for sound in _chained(first, sounds):
            peak = max(peak, writer.take(sound))
            peaks.take(sound)
            meter.take(sound)
            samples += len(sound)
            if time.monotonic() > said + _SAY_EVERY:
                _say(answers, seconds=samples / SAMPLE_RATE, said=heard.said)
                said = time.monotonic()
    facts = SoundFacts(
        source=mark,
        samples=samples,
        peak=peak,
        scale=scale,
        copy_bytes=copy.stat().st_size,
        codec=heard.codec,
        rate=heard.rate,
        channels=heard.channels,
        said=heard.said if heard.is_said else None,
        notes={name: count for name, count in heard.notes.items() if count},
    )
    return Measured(facts, peaks.levels(), meter.energies())


def _in_blocks(sounds: Iterator[Samples]) -> Iterator[Samples]:
    """The same sound in blocks of ``LARGEST`` samples, the last one shorter."""
    waiting: list[Samples] = []
    count = 0
    for sound in sounds:
        waiting.append(sound)
        count += len(sound)
        while count >= LARGEST:
            whole = np.concatenate(waiting)
            yield whole[:LARGEST]
            waiting, count = [whole[LARGEST:]], count - LARGEST
    if count:
        yield np.concatenate(waiting)


def _chained(first: Samples, rest: Iterator[Samples]) -> Iterator[Samples]:
    yield first
    yield from rest


def _say(answers: BinaryIO, **words: Any) -> None:
    answers.write(json.dumps(words).encode() + b"\n")
    answers.flush()


if __name__ == "__main__":
    main()
