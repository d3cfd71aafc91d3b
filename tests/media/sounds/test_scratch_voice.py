"""The scratch voice: a program that is found safely, gets the words by stdin, and whose failures are one sentence."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from svi_studio.domain.errors import BadInput, StudioError
from svi_studio.media.sounds import scratch_voice
from svi_studio.media.sounds.scratch_voice import Voice, find_program, missing_words, speak, voices
from tests.builders.heard import espeak

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the program is played by a script")

LISTING = """Pty Language       Age/Gender VoiceName          File                 Other Languages
 5  en-gb           --/M      English_(Great_Britain) gmw/en       (en 2)
 5  de              --/M      German             gmw/de
 5  de              --/F      German             gmw/de2
 5  ../evil         --/M      Nobody             x
broken
"""

PLAYED = """#!{python} -P
import sys
if "--voices" in sys.argv:
    print({listing!r})
    sys.exit()
words = sys.stdin.buffer.read()
{action}
"""

WRITES = """
with open(sys.argv[sys.argv.index("-w") + 1], "wb") as file:
    file.write(b"RIFF" + bytes(60) + words + repr(sys.argv[1:]).encode())
"""


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(scratch_voice, "_OTHER_PLACES", ())

    def made(action: str = WRITES) -> Path:
        file = folder / "espeak-ng"
        file.write_text(PLAYED.format(python=sys.executable, listing=LISTING, action=action))
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
        return file

    return made


def test_the_words_go_in_whole_and_none_of_them_is_an_option(play: object, tmp_path: Path) -> None:
    play()  # type: ignore[operator]
    said = speak("-w /etc/passwd; $(rm) „Öl“\x00\u202e!", tmp_path / "said.wav", voice="de", speed=200).read_bytes()
    assert "-w /etc/passwd; $(rm) „Öl“".encode() in said
    assert b"'-s', '200', '-v', 'de'" in said
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["said.wav"]


def test_voices_are_listed_each_once_and_strange_ones_are_not(play: object) -> None:
    play()  # type: ignore[operator]
    assert voices() == (Voice("en-gb", "English (Great Britain)"), Voice("de", "German"))


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("sys.exit('no such thing')", "said nothing .no such thing"),
        ("pass", "said nothing"),
        ("open(sys.argv[sys.argv.index('-w') + 1], 'wb').write(bytes(44))", "said nothing"),
    ],
)
def test_a_program_that_fails_is_one_sentence_and_leaves_nothing(
    play: object, tmp_path: Path, action: str, words: str
) -> None:
    play(action)  # type: ignore[operator]
    with pytest.raises(StudioError, match=words):
        speak("Hello", tmp_path / "said.wav")
    assert not (tmp_path / "said.wav").exists()


def test_a_program_that_hangs_is_ended(play: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    play()  # type: ignore[operator]

    def hang(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("espeak-ng", 1)

    monkeypatch.setattr(scratch_voice, "_run", hang)
    with pytest.raises(StudioError, match="longer than"):
        speak("Hello", tmp_path / "said.wav")
    assert voices() == ()


def test_one_in_the_present_folder_is_never_started(
    play: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = play()  # type: ignore[operator]
    monkeypatch.chdir(program.parent)
    monkeypatch.setenv("PATH", os.pathsep.join(["", ".", "bin"]))
    assert find_program() is None


def test_without_the_program_one_sentence_says_how_to_get_it(play: object, tmp_path: Path) -> None:
    assert missing_words().startswith("Speaking a text needs the free program espeak-ng")
    assert voices() == ()
    with pytest.raises(StudioError, match="espeak-ng"):
        speak("Hello", tmp_path / "said.wav")


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("", {}, "no words"),
        (" .\n-- \x07", {}, "no words"),
        ("x" * 50_001, {}, "in parts"),
        ("Hello", {"voice": "klingon"}, "no voice"),
        ("Hello", {"voice": "--path=/tmp"}, "no voice"),
        ("Hello", {"speed": 5}, "words a minute"),
    ],
)
def test_what_cannot_be_spoken_is_refused(
    play: object, tmp_path: Path, text: str, options: dict[str, object], words: str
) -> None:
    play()  # type: ignore[operator]
    with pytest.raises(BadInput, match=words):
        speak(text, tmp_path / "said.wav", **options)  # type: ignore[arg-type]


@pytest.mark.skipif(espeak() is None, reason="espeak-ng is not installed")
def test_the_real_program_speaks_and_faster_is_shorter(tmp_path: Path) -> None:
    text = "This is a sentence with a number of words in it."
    slow, fast = (speak(text, tmp_path / f"{speed}.wav", speed=speed).stat().st_size for speed in (120, 300))
    assert fast < 0.7 * slow
    assert len(voices()) > 20
