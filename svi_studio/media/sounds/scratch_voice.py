"""A scratch voice: a text spoken by espeak-ng where that is installed, to hear how long it is and how it goes.

It sounds like the machine that it is; a recording of a person takes its place.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from svi_studio.disk.publish import part_path, publish_file, remove
from svi_studio.domain.errors import BadInput, StudioError, from_os_error
from svi_studio.domain.film.voice_speed import FASTEST, SLOWEST, USUAL
from svi_studio.domain.text.visible_text import MARK, visible
from svi_studio.settings import child_environment

MOST_LETTERS: Final = 50_000
_SECONDS = 120
_LIST_SECONDS = 20
_WAV_HEAD = 44
_NAMES = ("espeak-ng", "espeak-ng.exe")
_OTHER_PLACES = (
    "/usr/bin",
    "/usr/local/bin",
    "/opt/homebrew/bin",
    "/opt/local/bin",
    r"C:\Program Files\eSpeak NG",
    r"C:\Program Files (x86)\eSpeak NG",
)


@dataclass(frozen=True, slots=True)
class Voice:
    """``language`` is what ``speak`` takes, such as ``en-gb``; ``name`` is for people."""

    language: str
    name: str


def find_program() -> Path | None:
    """The program espeak-ng: on the PATH, else where its installers put it; None where it is not installed.

    Never one in the present folder, where anybody may have put a file of that name.
    """
    for folder in (*child_environment().get("PATH", "").split(os.pathsep), *_OTHER_PLACES):
        if not folder or not Path(folder).is_absolute():
            continue
        for name in _NAMES:
            file = Path(folder) / name
            if file.is_file() and os.access(file, os.X_OK):
                return file
    return None


def missing_words() -> str:
    """One sentence that says how to get a scratch voice; empty where there is one."""
    if find_program() is not None:
        return ""
    ways = {
        "win32": "get its installer from github.com/espeak-ng/espeak-ng/releases",
        "darwin": "install it with Homebrew: brew install espeak-ng",
    }
    way = ways.get(sys.platform, "install the package espeak-ng, for example with: sudo apt install espeak-ng")
    return f"Speaking a text needs the free program espeak-ng, which is not on this computer: {way}."


def voices() -> tuple[Voice, ...]:
    """The languages that it speaks, by name; none where it is not installed or does not answer."""
    program = find_program()
    if program is None:
        return ()
    try:
        done = _run([str(program), "--voices"], b"", _LIST_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return tuple(_voices(done.stdout.decode("utf-8", "replace").splitlines()[1:]))


def speak(text: str, target: Path, *, voice: str = "", speed: int = USUAL) -> Path:
    """Speaks ``text`` into the WAV file ``target``; ``voice`` is a language of ``voices``, "" = the usual English one.

    ``speed`` is in words a minute, 80 to 450. Raises BadInput without words, for too many, or for a voice or a speed
    that cannot be, StudioError where the program is missing or fails, DiskFull when the file cannot be written.
    """
    words = _words(text)
    if not SLOWEST <= speed <= FASTEST:
        raise BadInput(f"A voice speaks {SLOWEST} to {FASTEST} words a minute: choose a speed from there.")
    program = find_program()
    if program is None:
        raise StudioError(missing_words())
    if voice and voice not in {each.language for each in voices()}:
        raise BadInput(f'There is no voice "{voice[:40]}": choose one of those that espeak-ng --voices lists.')
    try:
        with tempfile.TemporaryDirectory(prefix="svi-voice-") as folder:
            spoken = Path(folder) / "spoken.wav"
            _speak(program, words, spoken, ["-s", str(speed), *(["-v", voice] if voice else [])])
            part = part_path(target)
            try:
                shutil.copyfile(spoken, part)
                publish_file(part, target)
            finally:
                remove(part)
    except OSError as error:
        raise from_os_error(error, target) from error
    return target


def _speak(program: Path, words: str, spoken: Path, how: list[str]) -> None:
    """The words go in by stdin, so that none of them is ever an option."""
    try:
        done = _run([str(program), "-b", "1", "--stdin", "-w", str(spoken), *how], words.encode(), _SECONDS)
    except subprocess.TimeoutExpired as error:
        raise StudioError(
            f"The scratch voice took longer than {_SECONDS} seconds: speak a shorter part of the text."
        ) from error
    except OSError as error:
        raise StudioError(f"The program {program} could not be started: install espeak-ng again.") from error
    if done.returncode != 0 or not spoken.is_file() or spoken.stat().st_size <= _WAV_HEAD:
        said = " ".join(done.stderr.decode("utf-8", "replace").split())[-160:]
        raise StudioError(f"The scratch voice said nothing{f' ({said})' if said else ''}: try another voice or text.")


def _run(command: list[str], given: bytes, seconds: float) -> "subprocess.CompletedProcess[bytes]":
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    return subprocess.run(
        command,
        input=given,
        capture_output=True,
        check=False,
        timeout=seconds,
        env=child_environment(),
        creationflags=flags,
    )


def _words(text: str) -> str:
    words = visible(text).replace(MARK, " ").strip()
    if not any(letter.isalnum() for letter in words):
        raise BadInput("There are no words to speak: write some.")
    if len(words) > MOST_LETTERS:
        raise BadInput(f"This text has more than {MOST_LETTERS:,} letters: speak it in parts.")
    return f"{words}\n"


def _voices(lines: Iterable[str]) -> Iterable[Voice]:
    """Lines such as ``5  en-gb  --/M  English_(Great_Britain)  gmw/en  ...``."""
    seen = set()
    for line in lines:
        parts = line.split()
        if len(parts) >= 4 and parts[1] not in seen and all(each.isalnum() or each in "-_" for each in parts[1]):
            seen.add(parts[1])
            yield Voice(parts[1], parts[3].replace("_", " "))
