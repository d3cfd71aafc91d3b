"""The factor that brings a sound to -23 LUFS is the authors', however the sound comes."""

import math
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from svi_studio.media.sounds.loudness import loudness, talk_gain


@pytest.fixture(scope="module")
def golden(golden_dir: Path) -> dict[str, np.ndarray]:
    return load_file(golden_dir / "audio_wav2vec.safetensors")


@pytest.mark.parametrize("cuts", [(), (1000, 1003, 20_000), (1,)], ids=["whole", "in pieces", "one sample first"])
def test_a_sound_is_as_loud_as_the_authors_make_it(golden: dict[str, np.ndarray], cuts: tuple[int, ...]) -> None:
    sound = golden["wav"]
    loud = sound.astype(np.float64) * talk_gain(np.split(sound, cuts), 16_000)
    assert np.abs(loud - golden["wav_loudness_normalized"]).max() <= 1e-9


@pytest.mark.parametrize(("rate", "within"), [(8_000, 0.2), (16_000, 0.1), (22_050, 0.1), (48_000, 0.1)])
def test_a_tone_at_full_scale_has_the_loudness_of_the_standard(rate: int, within: float) -> None:
    tone = np.sin(2 * np.pi * 997 / rate * np.arange(3 * rate))
    assert loudness([tone], rate) == pytest.approx(-3.01, abs=within)  # EBU Tech 3341: 1 kHz on one channel


def test_twice_as_loud_is_six_decibels_more() -> None:
    noise = np.random.default_rng(1).standard_normal(40_000) * 0.1
    assert loudness([2 * noise], 16_000) - loudness([noise], 16_000) == pytest.approx(20 * math.log10(2), abs=1e-4)


@pytest.mark.parametrize("sound", [np.zeros(16_000), np.ones(100), np.zeros(0)], ids=["silent", "too short", "empty"])
def test_what_has_no_loudness_stays_as_it_is(sound: np.ndarray) -> None:
    assert talk_gain([sound], 16_000) == 1.0


def test_silence_beside_speech_does_not_count() -> None:
    noise = np.random.default_rng(1).standard_normal(80_000) * 0.1
    quiet = np.concatenate([noise, np.zeros(160_000)])
    assert loudness([quiet], 16_000) == pytest.approx(loudness([noise], 16_000), abs=0.3)
