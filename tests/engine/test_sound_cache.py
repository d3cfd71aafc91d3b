"""What a model hears in a sound: once for each content and rate, read from disk after that, long sounds in parts."""

import hashlib
import os
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from svi_studio.domain.errors import BadInput, Stopped
from svi_studio.engine.conditions import sound_cache
from svi_studio.engine.conditions.files import load_sound_encoder
from svi_studio.engine.conditions.heard_sound import HeardSound
from svi_studio.engine.conditions.sound_cache import SoundCache, parts_of
from svi_studio.engine.conditions.sound_features import frames_of, sound_features, standardised
from svi_studio.media.sounds.loudness import loudness
from tests.builders.tiny_models import add_inputs, build_tiny_model

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return add_inputs(build_tiny_model(tmp_path_factory.mktemp("hearing") / "tiny"))


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVI_SOUNDS", str(tmp_path / "sounds"))


def write_sound(path: Path, sound: np.ndarray, rate: int = 48_000) -> tuple[Path, str]:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes((np.clip(sound, -1, 1) * 32_767).astype("<i2").tobytes())
    return path, hashlib.sha256(path.read_bytes()).hexdigest()


def speech(seconds: float, rate: int = 48_000, seed: int = 0) -> np.ndarray:
    """Something that swells and falls, in tones that change."""
    time = np.arange(int(seconds * rate)) / rate
    loud = np.abs(np.sin(2 * np.pi * 1.3 * time + seed))
    return 0.4 * loud * (np.sin(2 * np.pi * (150 + 40 * seed) * time) + 0.3 * np.sin(2 * np.pi * 900 * time))


def never() -> bool:
    return False


def test_the_network_hears_one_loud_standardised_channel(tmp_path: Path) -> None:
    path, _ = write_sound(tmp_path / "a.wav", 0.05 * speech(2))
    with HeardSound(path, never) as heard:
        assert heard.samples == 32_000
        found = heard.standardised(0, heard.samples)
        gained = heard._read(0, heard.samples) * heard._gain
    assert loudness([gained], 16_000) == pytest.approx(-23, abs=1e-3)
    assert np.abs(found - standardised(torch.from_numpy(gained).double()).numpy()).max() <= 1e-5
    assert (found.mean(), found.std()) == (pytest.approx(0, abs=1e-5), pytest.approx(1, abs=1e-3))


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100])
def test_every_rate_is_heard_at_its_time(tmp_path: Path, rate: int) -> None:
    sound = np.zeros(2 * rate)
    sound[rate : rate + rate // 100] = 0.5
    path, _ = write_sound(tmp_path / "click.wav", sound, rate)
    with HeardSound(path, never) as heard:
        loud = np.flatnonzero(np.abs(heard._read(0, heard.samples)) > 0.25)
    assert (loud[0], loud[-1]) == (pytest.approx(16_000, abs=4), pytest.approx(16_160, abs=4))


def test_a_sound_is_listened_to_once(tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, sha256 = write_sound(tmp_path / "a.wav", speech(2))
    first = SoundCache(model, CPU).features(path, sha256, 25.0)
    assert first.shape == (50, 2, 24)
    monkeypatch.setattr(sound_cache, "load_sound_encoder", None)
    again = SoundCache(model, CPU).features(path, sha256, 25.0)
    assert isinstance(again, np.memmap)
    assert np.array_equal(first, again)


def test_a_first_render_loads_what_hears_once(tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[Path] = []

    def load(folder: Path, device: torch.device) -> object:
        loaded.append(folder)
        return load_sound_encoder(folder, device)

    monkeypatch.setattr(sound_cache, "load_sound_encoder", load)
    path, sha256 = write_sound(tmp_path / "a.wav", speech(2))
    cache = SoundCache(model, CPU)
    heard = cache.features(path, sha256, 25.0)
    silence = cache.silence()
    assert loaded == [model]
    assert silence.shape == heard.shape[1:] and not np.array_equal(silence, heard[10])
    assert np.array_equal(silence, SoundCache(model, CPU).silence())


def test_another_rate_is_listened_to_anew(tmp_path: Path, model: Path) -> None:
    path, sha256 = write_sound(tmp_path / "a.wav", speech(2))
    cache = SoundCache(model, CPU)
    assert [len(cache.features(path, sha256, fps)) for fps in (25.0, 8.0, 24000 / 1001)] == [50, 16, 47]


def test_a_damaged_file_of_the_cache_is_made_again(tmp_path: Path, model: Path) -> None:
    path, sha256 = write_sound(tmp_path / "a.wav", speech(1))
    before = np.array(SoundCache(model, CPU).features(path, sha256, 25.0))
    (stored,) = (tmp_path / "sounds" / "features").glob(f"{sha256[:16]}*.npy")
    stored.write_bytes(stored.read_bytes()[:200])
    assert np.array_equal(SoundCache(model, CPU).features(path, sha256, 25.0), before)


def test_a_sound_of_a_minute_is_heard_whole(tmp_path: Path, model: Path) -> None:
    path, sha256 = write_sound(tmp_path / "a.wav", speech(3))
    with HeardSound(path, never) as heard:
        standard = torch.from_numpy(heard.standardised(0, heard.samples))
        expected = sound_features(load_sound_encoder(model, CPU), standard, frames_of(heard.samples, 25.0))
    assert np.array_equal(SoundCache(model, CPU).features(path, sha256, 25.0), expected.numpy())


@pytest.mark.parametrize(("seconds", "fps"), [(59.9, 25.0), (60.1, 25.0), (171.3, 12.0), (3600.0, 24000 / 1001)])
def test_the_parts_of_a_long_sound_are_all_of_it(seconds: float, fps: float) -> None:
    samples = int(seconds * 16_000)
    parts = list(parts_of(samples, fps))
    assert sum(part.kept for part in parts) == frames_of(samples, fps)
    assert 0 <= samples - parts[-1].end <= 16_000 / fps + 1, "all but a frame that the sound does not fill"
    for part in parts:
        assert part.first + part.kept <= part.frames
        if len(parts) > 1:
            assert abs((part.end - part.begin) * fps / 16_000 - part.frames) < 0.01, (
                "its frames are as long as the film's"
            )
        assert part.end - part.begin <= 62 * 16_000, "memory does not grow with the sound"
        assert abs((part.end - part.begin) / 16_000 - part.frames / fps) < 1.5 / fps


def test_a_long_sound_has_no_seam_where_its_parts_meet(
    tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, sha256 = write_sound(tmp_path / "a.wav", speech(12))
    whole = np.array(SoundCache(model, CPU).features(path, sha256, 25.0))
    for name, value in [("_WHOLE_SECONDS", 1), ("_PART_SECONDS", 5), ("_AROUND_SECONDS", 2), ("_VERSION", 2)]:
        monkeypatch.setattr(sound_cache, name, value)
    parts = np.array(SoundCache(model, CPU).features(path, sha256, 25.0))
    assert parts.shape == whole.shape
    step = np.abs(np.diff(parts, axis=0)).mean(axis=(1, 2))
    at_seams = step[[124, 249]]
    assert at_seams.max() <= 3 * np.median(step)


def test_a_stop_is_heard_while_a_sound_is_listened_to(tmp_path: Path, model: Path) -> None:
    path, sha256 = write_sound(tmp_path / "a.wav", speech(1))
    asked = iter([False, *[True] * 99])
    with pytest.raises(Stopped):
        SoundCache(model, CPU, lambda: next(asked)).features(path, sha256, 25.0)
    assert not list((tmp_path / "sounds").glob("features/*"))


def test_a_stop_is_heard_while_the_loudness_is_measured(tmp_path: Path) -> None:
    path, _ = write_sound(tmp_path / "a.wav", speech(1))
    HeardSound(path, never).close()
    with pytest.raises(Stopped):
        HeardSound(path, lambda: True)


def test_it_is_told_how_much_of_a_sound_was_heard(tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, sha256 = write_sound(tmp_path / "a.wav", speech(4))
    monkeypatch.setattr(sound_cache, "_WHOLE_SECONDS", 1)
    monkeypatch.setattr(sound_cache, "_PART_SECONDS", 2)
    told: list[float] = []
    for _ in range(2):  # the second time it is known
        SoundCache(model, CPU).features(path, sha256, 25.0, told.append)
    assert told[0] == 0
    assert told[-1] == 1
    assert sorted(told) == told
    assert len(told) == 3


def test_what_a_killed_process_left_goes_after_a_day(tmp_path: Path, model: Path) -> None:
    folder = tmp_path / "sounds" / "features"
    folder.mkdir(parents=True)
    old, new = folder / ".svi-00.tmp", folder / ".svi-01.tmp"
    for left in (old, new):
        left.touch()
    os.utime(old, (0, 0))
    path, sha256 = write_sound(tmp_path / "a.wav", speech(1))
    SoundCache(model, CPU).features(path, sha256, 25.0)
    assert (old.exists(), new.exists()) == (False, True)


def test_silence_is_heard_as_silence(tmp_path: Path, model: Path) -> None:
    path, sha256 = write_sound(tmp_path / "a.wav", np.zeros(96_000))
    cache = SoundCache(model, CPU)
    silence = cache.silence()
    assert np.abs(cache.features(path, sha256, 25.0)[25] - silence).max() <= 1e-5
    assert np.array_equal(SoundCache(model, CPU).silence(), silence)


def test_numbers_that_are_none_are_silent(tmp_path: Path, model: Path) -> None:
    sound = speech(2).astype(np.float32)
    sound[10_000:12_000], sound[50_000] = np.nan, np.inf
    soundfile.write(tmp_path / "a.wav", sound, 48_000, subtype="FLOAT")
    sha256 = hashlib.sha256((tmp_path / "a.wav").read_bytes()).hexdigest()
    assert np.isfinite(SoundCache(model, CPU).features(tmp_path / "a.wav", sha256, 25.0)).all()


def test_a_sound_too_short_to_be_heard_is_one_sentence(tmp_path: Path, model: Path) -> None:
    path, sha256 = write_sound(tmp_path / "a.wav", speech(0.03))
    with pytest.raises(BadInput, match="far too short to be heard"):
        SoundCache(model, CPU).features(path, sha256, 25.0)
