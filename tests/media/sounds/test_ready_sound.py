"""A sound is decoded once, in another process, and is ready ever after, as long as its file is the same."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from svi_studio.domain.errors import BadInput, Stopped, StudioError
from svi_studio.media.ffmpeg import ask_ffmpeg
from svi_studio.media.sounds import sound_store
from svi_studio.media.sounds.note_words import note_words
from svi_studio.media.sounds.sound_store import find_sound, keep_within, marks_place, ready_sound, sounds_folder
from tests.builders.held_files import keep_what_is_mapped, needs_maps
from tests.builders.odd_sounds import RATE, clicks, cut, encoded, video, wav


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a sound and, in ``kept``, what was made of it; read only."""
    folder = tmp_path_factory.mktemp("made")
    speech = wav(folder / "speech.wav", np.stack([clicks(3, (1.0,)), clicks(3, (2.0,))], 1), "PCM_24")
    with pytest.MonkeyPatch.context() as world:
        world.setenv("SVI_SOUNDS", str(folder / "kept"))
        ready_sound(speech).close()
    return folder


@pytest.fixture(autouse=True)
def own_shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVI_SOUNDS", str(tmp_path / "kept"))


@pytest.fixture
def speech(tmp_path: Path, made: Path) -> Path:
    """The sound, which is ready."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "speech.wav"


def test_it_reads_as_its_file_does_anywhere(speech: Path) -> None:
    whole = soundfile.read(speech, dtype="float32")[0]
    with ready_sound(speech) as sound:
        assert sound.samples == len(whole)
        assert np.array_equal(sound.read(0, len(whole)), whole)
        assert np.array_equal(sound.read(70_001, 500), whole[70_001:70_501])
        around = sound.read(-100, 300)
        assert not around[:100].any()
        assert np.array_equal(around[100:], whole[:200])
        assert not sound.read(len(whole) + 5, 10).any()


def test_it_is_decoded_once_and_found_in_a_moment(speech: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound_store, "prepare_sound", None)
    for read in (find_sound, ready_sound):
        with read(speech) as sound:  # type: ignore[union-attr]
            assert sound.samples == 3 * RATE
    copy = speech.with_name("the same elsewhere.wav")
    copy.write_bytes(speech.read_bytes())
    found = find_sound(copy)
    assert found is not None
    found.close()


def test_another_content_under_the_same_name_is_read_anew(speech: Path) -> None:
    named = speech.with_name("a" * 64 + ".wav")  # as in a film's folder: its name says its content
    speech.rename(named)
    for kept in sounds_folder().iterdir():
        kept.rename(kept.with_stem("a" * 64))
    known = find_sound(named)
    assert known is not None
    known.close()
    wav(named, clicks(2, ()))
    assert find_sound(named) is None
    with ready_sound(named) as sound:
        assert sound.samples == 2 * RATE


DAMAGES: dict[str, Callable[[Path, Path], object]] = {
    "copy gone": lambda peaks, copy: copy.unlink(),
    "copy cut": lambda peaks, copy: copy.write_bytes(copy.read_bytes()[:-100]),
    "peaks gone": lambda peaks, copy: peaks.unlink(),
    "peaks torn": lambda peaks, copy: peaks.write_bytes(peaks.read_bytes()[:-1]),
    "peaks of another kind": lambda peaks, copy: peaks.write_bytes(b"SVI sound 9\n" + peaks.read_bytes()[12:]),
    "facts that cannot be": lambda peaks, copy: peaks.write_bytes(
        peaks.read_bytes().replace(b'"samples":', b'"samples":-')
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_lost_or_damaged_of_it_is_not_used(speech: Path, damage: str) -> None:
    (peaks,), (copy,) = sounds_folder().glob("*.peaks"), sounds_folder().glob("*.flac")
    DAMAGES[damage](peaks, copy)
    assert find_sound(speech) is None


def test_what_was_deleted_of_it_is_made_again(speech: Path) -> None:
    next(sounds_folder().glob("*.flac")).unlink()
    with ready_sound(speech) as sound:
        assert sound.samples == 3 * RATE
    assert len(list(sounds_folder().iterdir())) == 2


def test_a_copy_that_is_damaged_within_is_one_sentence_and_made_anew(speech: Path) -> None:
    sound = ready_sound(speech)
    (copy,) = sounds_folder().glob("*.flac")
    content = bytearray(copy.read_bytes())
    content[len(content) // 3 : -10] = bytes(len(content[len(content) // 3 : -10]))
    copy.write_bytes(content)
    with find_sound(speech) or sound as found, pytest.raises(StudioError, match="do it again"):
        found.read(0, found.samples)
    sound.close()
    with ready_sound(speech) as anew:
        assert anew.read(0, anew.samples).any()


def test_its_shape_and_its_loudness_need_no_decoding(speech: Path) -> None:
    with ready_sound(speech) as sound:
        shape = sound.columns(0, 480, 300)
        assert shape.max.shape == (2, 300)
        assert int(np.argmax(shape.max[0])) == 100
        assert int(np.argmax(shape.max[1])) == 200
        fine = sound.columns(48_000, 2.5, 192)
        assert fine.max[0].max() == pytest.approx(sound.read(48_000, 480)[:, 0].max())
        assert sound.facts.peak == pytest.approx(0.7, abs=0.02)


def test_loudness_is_what_ffmpeg_measures(tmp_path: Path) -> None:
    dice = np.random.default_rng(1)
    swell = np.repeat([0.02, 0.3, 0.1, 0.0001, 0.5], RATE * 2)[:, None] * [1.0, 0.6]
    path = wav(tmp_path / "noise.wav", (dice.uniform(-1, 1, swell.shape) * swell).astype(np.float32), "PCM_24")
    said = ask_ffmpeg(["-i", f"file:{path}", "-af", "ebur128", "-f", "null", "-"], path).stderr.decode()
    expected = float(said.rsplit("I:", 1)[1].split("LUFS")[0])
    with ready_sound(path) as sound:
        assert sound.loudness() == pytest.approx(expected, abs=0.1)
        gain = sound.gain_to(-23.0, 2 * RATE, 2 * RATE)
        assert gain is not None
        part = sound.loudness(2 * RATE, 2 * RATE)
        assert part is not None
        assert part + 20 * np.log10(gain) == pytest.approx(-23.0, abs=1e-3)
        assert sound.loudness(6 * RATE + 4800, RATE) is None


def test_floats_beyond_full_scale_keep_their_level(tmp_path: Path) -> None:
    loud = clicks(1, ())
    loud[100], loud[200] = 5.0, -300.0
    with ready_sound(wav(tmp_path / "loud.wav", loud, "FLOAT")) as sound:
        assert (sound.facts.scale, sound.facts.peak) == (512.0, 300.0)
        assert np.allclose(sound.read(0, RATE)[:, 0], loud, atol=1e-4)
        assert "above full scale" in note_words(sound.facts)


def test_how_far_it_is_is_told_and_it_can_be_given_up(tmp_path: Path) -> None:
    long = wav(tmp_path / "long.wav", clicks(240, ()))
    told: list[tuple[float, float | None]] = []
    with pytest.raises(Stopped):
        ready_sound(long, lambda done, said: told.append((done, said)), lambda: bool(told))
    assert told
    assert told[0][0] > 0
    assert told[0][1] == pytest.approx(240)
    assert list(sounds_folder().iterdir()) == []
    assert find_sound(long) is None


def test_two_who_want_it_at_once_have_it_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, made = wav(tmp_path / "a.wav", clicks(1, ())), []
    prepare = sound_store.prepare_sound
    monkeypatch.setattr(sound_store, "prepare_sound", lambda *words: (made.append(words), prepare(*words)))
    with ThreadPoolExecutor() as threads:
        for sound in threads.map(ready_sound, [path] * 3):
            assert sound.samples == RATE
            sound.close()
    assert len(made) == 1


@needs_maps
def test_what_another_process_made_first_stays_as_it_has_it_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, prepare = wav(tmp_path / "a.wav", clicks(1, ())), sound_store.prepare_sound
    kept = []

    def made_meanwhile(*words: Any) -> None:
        prepare(*words)
        monkeypatch.setattr(sound_store, "prepare_sound", prepare)
        monkeypatch.setattr(sound_store, "_making", {})
        kept.append(ready_sound(path))
        keep_what_is_mapped(monkeypatch)

    monkeypatch.setattr(sound_store, "prepare_sound", made_meanwhile)
    with ready_sound(path) as sound:
        assert sound.samples == kept[0].samples == RATE
    kept[0].close()


def test_what_a_killed_process_left_half_made_goes_after_a_day(tmp_path: Path) -> None:
    sounds_folder().mkdir()
    old, new = sounds_folder() / ".a.1.part.flac", sounds_folder() / ".a.2.part.flac"
    for left in (old, new):
        left.write_bytes(b"half")
    os.utime(old, (1, 1))
    ready_sound(wav(tmp_path / "a.wav", clicks(1, ()))).close()
    assert (old.exists(), new.exists()) == (False, True)


def _cut_m4a(path: Path) -> None:
    whole = encoded(path.with_suffix(".m4a"), wav(path, clicks(3, ())))
    cut(path, whole, 0.5)


REFUSED: dict[str, tuple[str, Callable[[Path], object]]] = {
    "words": ("no video or sound", lambda path: path.write_text("A dog barks. " * 100)),
    "nothing": ("is an empty file", lambda path: path.write_bytes(b"")),
    "an empty sound": ("has no length", lambda path: wav(path, np.zeros(0, np.float32))),
    "a head alone": (
        "could not be read as sound",
        lambda path: wav(path, clicks(1, ())) and cut(path, path, 40 / 96044),
    ),
    "a silent video": ("no sound in it", lambda path: video(path.with_suffix(".mp4"), None).replace(path)),
    "an m4a cut off": ("could not be read", _cut_m4a),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_sound_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    says, make = REFUSED[kind]
    path = tmp_path / "odd.wav"
    make(path)
    began = time.monotonic()
    with pytest.raises(BadInput, match=says) as refusal:
        ready_sound(path)
    assert "\n" not in str(refusal.value)
    assert list(sounds_folder().iterdir()) == []
    assert capfd.readouterr() == ("", "")
    assert time.monotonic() - began < 60


def test_a_file_that_is_gone_is_one_sentence(tmp_path: Path) -> None:
    for read in (find_sound, ready_sound):
        with pytest.raises(BadInput, match="was not found"):
            read(tmp_path / "gone.wav")


_ON_A_SMALL_DISK = """
import os, subprocess, sys
from pathlib import Path
from svi_studio.domain.errors import StudioError
from svi_studio.media.sounds.sound_store import ready_sound

disk = Path("disk")
disk.mkdir()
for size in (64, 8000):
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", disk], check=True)
    try:
        print(ready_sound(Path("noise.wav")).samples)
    except StudioError as error:
        print(type(error).__name__, error, os.listdir(disk / "kept"))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux user namespaces for a disk of its own")
def test_a_full_disk_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    if subprocess.run(["unshare", "-Urm", "true"], check=False, capture_output=True).returncode:
        pytest.skip("no user namespaces here")
    dice = np.random.default_rng(1)
    wav(tmp_path / "noise.wav", dice.uniform(-0.5, 0.5, RATE * 3).astype(np.float32))
    house = {"SVI_SOUNDS": str(tmp_path / "disk" / "kept"), "PYTHONPATH": str(Path(__file__).resolve().parents[3])}
    command = ["unshare", "-Urm", sys.executable, "-c", _ON_A_SMALL_DISK]
    done = subprocess.run(command, env=os.environ | house, capture_output=True, text=True, check=False, cwd=tmp_path)
    full, ready = done.stdout.splitlines()
    assert full.startswith("DiskFull The disk is full at")
    assert full.endswith(" []")
    assert ready == str(RATE * 3)


def test_what_was_used_least_goes_first(tmp_path: Path, speech: Path) -> None:
    other = wav(tmp_path / "other.wav", clicks(2, ()))
    ready_sound(other).close()
    for peaks in sounds_folder().glob("*.peaks"):
        os.utime(peaks, (1, 1))
    found = find_sound(speech)
    assert found is not None
    found.close()
    kept_marks = marks_place(other)
    kept_marks.write_text("{}")
    keep_within(sounds_folder(), 1)
    assert find_sound(other) is None and not kept_marks.exists()
    kept = find_sound(speech)
    assert kept is not None
    kept.close()


def test_notes_are_sentences(tmp_path: Path) -> None:
    path = cut(tmp_path / "cut.wav", wav(tmp_path / "a.wav", np.zeros((RATE * 4, 3), np.float32)), 0.5)
    with ready_sound(path) as sound:
        assert note_words(sound.facts) == (
            "It says that it lasts 4.0 s, but only 2.0 s are in it: those are used. It is silent. "
            "Its 3 channels are mixed to two."
        )
