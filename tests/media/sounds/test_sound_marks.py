"""Speech, silences, onsets and beats are found where they are: sounds whose truth is known."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from svi_studio.domain.film.beat_grid import Beats, half, shifted, tapped, twice
from svi_studio.domain.film.sound_marks import Pause, SoundMarks, Span
from svi_studio.media.sounds import sound_marks
from svi_studio.media.sounds.beats import find_beats
from svi_studio.media.sounds.features import SoundArray, features_of, measure
from svi_studio.media.sounds.marks_of_file import marks_of_file
from svi_studio.media.sounds.onsets import find_onsets
from svi_studio.media.sounds.sound_marks import find_marks, keep_marks, kept_marks, marks_of
from svi_studio.media.sounds.speech import find_pauses, find_silences, find_speech
from svi_studio.media.sounds.voice import VOICE_HOP, VoiceEar
from tests.builders.heard import RATE, Sound, clicks, drums, espeak, match, said, seconds, spoken, with_noise
from tests.builders.sounds import tone as tone_file

SENTENCES, PAUSES = [2.0, 1.5, 3.0, 1.2], [1.0, 0.35, 0.8]


def in_seconds(places: "tuple[int, ...]") -> list[float]:
    return [place / RATE for place in places]


def edge_errors(found: "tuple[Span, ...]", truth: list[tuple[float, float]]) -> float:
    """The worst error of a start or an end, in seconds."""
    pairs = zip(found, truth, strict=True)
    return max(max(abs(span.start / RATE - start), abs(span.stop / RATE - end)) for span, (start, end) in pairs)


@pytest.mark.parametrize("bpm", [72, 100, 128, 174])
def test_clicks_are_onsets_and_beats_at_their_tempo(bpm: float) -> None:
    sound, times = clicks(bpm, 15)
    features = features_of(sound)
    onsets, beats = match(in_seconds(find_onsets(features)), times), find_beats(features)
    assert onsets.f >= 0.99
    assert abs(onsets.worst_ms) < 6
    assert beats.bpm == pytest.approx(bpm, rel=0.01)
    assert match(in_seconds(beats.places), times).f >= 0.98


@pytest.mark.parametrize("bpm", [90, 100, 120, 128])
def test_the_beat_of_drums_is_that_of_bass_and_snare(bpm: float) -> None:
    sound, times = drums(bpm, 15)
    beats = find_beats(features_of(sound))
    found = match(in_seconds(beats.places), times)
    assert beats.bpm == pytest.approx(bpm, rel=0.01)
    assert found.f >= 0.97
    assert abs(found.error_ms) < 8


def test_noise_hum_and_silence_have_no_beat_and_next_to_no_onsets() -> None:
    noise = np.random.default_rng(1).standard_normal(RATE * 5).astype(np.float32) * 0.1
    hum = np.sin(np.arange(RATE * 5) * 0.01, dtype=np.float32) * 0.3
    silence = np.zeros(RATE * 5, np.float32)
    assert not find_beats(features_of(silence)).places
    assert not find_onsets(features_of(silence))
    assert len(find_onsets(features_of(hum))) <= 2
    assert len(find_onsets(features_of(noise))) <= 5


@pytest.mark.parametrize("decibels", [None, 40, 20, 10])
def test_sentences_are_told_by_their_loudness_alone(decibels: float | None) -> None:
    sound, truth = spoken(SENTENCES, PAUSES)
    heard = sound if decibels is None else with_noise(sound, decibels)
    assert edge_errors(find_speech(features_of(heard)), truth) < 0.05


def test_quiet_speech_is_speech_and_one_steady_sound_or_silence_is_none_that_ends() -> None:
    sound, truth = spoken(SENTENCES, PAUSES)
    assert edge_errors(find_speech(features_of(sound * 0.02)), truth) < 0.1
    assert find_speech(features_of(np.zeros(RATE * 3, np.float32))) == ()


def test_a_pause_is_cut_where_it_is_quietest() -> None:
    sound, truth = spoken(SENTENCES, PAUSES)
    heard = with_noise(sound, 30)
    still = round((truth[0][1] + 0.7) * RATE)
    heard[still - 1000 : still + 1000] = 0
    features = features_of(heard)
    pauses = find_pauses(features, find_speech(features))
    assert len(pauses) == 3
    assert abs(pauses[0].quietest - still) < 0.02 * RATE
    assert all(pause.start <= pause.quietest <= pause.stop for pause in pauses)


def test_silences_are_all_that_is_silent_also_at_both_ends() -> None:
    sound, truth = spoken(SENTENCES, PAUSES)
    silences = find_silences(features_of(sound))
    edges = [0.0, *(edge for span in truth for edge in span), seconds(sound)]
    assert len(silences) == 5
    for silence, (start, stop) in zip(silences, zip(edges[::2], edges[1::2], strict=True), strict=True):
        assert abs(silence.start / RATE - start) < 0.04
        assert abs(silence.stop / RATE - stop) < 0.04
    assert len(find_silences(features_of(sound), 0.6)) == 2


class FakeNetwork:
    """Says what a test wants, window by window, and checks what it is given."""

    def __init__(self, answers: list[float]) -> None:
        self.answers = answers
        self.given = 0
        self.loudest = 0.0

    def process(self, window: memoryview) -> float:
        samples = np.frombuffer(window, np.float32)
        assert len(samples) == 512
        self.loudest = max(self.loudest, float(np.abs(samples).max()))
        self.given += 1
        return self.answers[min(self.given - 1, len(self.answers) - 1)]


def test_a_network_hears_whole_windows_at_16_khz_however_the_sound_comes() -> None:
    time = np.arange(RATE) / RATE
    sound = (0.5 * np.sin(2 * np.pi * 440 * time) + 0.5 * np.sin(2 * np.pi * 11_000 * time)).astype(np.float32)
    whole, parts = FakeNetwork([0.9]), FakeNetwork([0.9])
    ear, other = VoiceEar(whole), VoiceEar(parts)
    ear.hear(sound)
    for start in range(0, RATE, 7000):
        other.hear(sound[start : start + 7000])
    assert whole.given == parts.given == (RATE // 3 - 16) // 512
    assert 0.49 < whole.loudest < 0.53  # what 16 kHz cannot hold is gone, what it can is whole
    assert np.allclose(ear.probabilities(), other.probabilities())


def test_where_a_network_answers_music_is_no_speech_and_edges_are_where_the_sound_is() -> None:
    sound, truth = spoken([1.5], [])
    music, _ = drums(120, 3)
    heard = np.concatenate([sound, music])
    late = 0.1
    answers = [
        0.95 if truth[0][0] <= place * VOICE_HOP / RATE <= truth[0][1] + late else 0.02
        for place in range(len(heard) // VOICE_HOP + 1)
    ]
    features = features_of(heard, VoiceEar(FakeNetwork(answers)))
    assert edge_errors(find_speech(features), truth) < 0.05
    assert len(find_speech(features_of(heard))) > 1  # by loudness alone the drums count, too


def test_blocks_make_no_difference_and_hostile_samples_are_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    from svi_studio.media.sounds import features

    sound, _ = drums(120, 12)
    whole = features_of(sound)
    monkeypatch.setattr(features, "_BLOCK", RATE)
    parts = features_of(sound)
    assert np.allclose(whole.flux, parts.flux, atol=1e-3)
    assert np.allclose(whole.level, parts.level, atol=1e-3)
    hostile = sound.copy()
    hostile[::97] = np.nan
    hostile[1::97] = np.inf
    hostile[2::97] = 1e30
    found = features_of(hostile)
    assert np.isfinite(found.flux).all() and np.isfinite(found.level).all()


@pytest.mark.parametrize("samples", [0, 1, 479, 480, 1024, 5000])
def test_a_sound_of_hardly_any_length_has_hardly_any_marks(samples: int) -> None:
    found = marks_of(features_of(np.ones(samples, np.float32)))
    assert found.samples == samples
    assert not found.beats


def test_giving_up_comes_through() -> None:
    class GivenUp(Exception):
        pass

    def give_up(done: int) -> None:
        raise GivenUp

    with pytest.raises(GivenUp):
        measure(SoundArray(np.zeros(RATE, np.float32)), RATE, progress=give_up)


MARKS = SoundMarks(
    9000, (Span(1, 2),), (Pause(2, 4, 3),), (Pause(5, 7, 6),), onsets=(1, 5), beats=(2, 4), bpm=120.5, by_voice=True
)


def test_what_was_found_is_kept_and_what_is_damaged_is_found_again(tmp_path: Path) -> None:
    file = tmp_path / "cache" / "x.marks.json"
    assert kept_marks(file) is None
    keep_marks(file, MARKS)
    assert kept_marks(file) == MARKS
    for damaged in (b"", b"{}", b"[1,2]", file.read_bytes()[:-5], file.read_bytes().replace(b"9000", b"-9")):
        file.write_bytes(damaged)
        assert kept_marks(file) is None


def test_what_was_found_by_loudness_is_found_again_once_there_is_a_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    file = tmp_path / "x.marks.json"
    keep_marks(file, replace(MARKS, by_voice=False))
    for is_there in (False, True):
        monkeypatch.setattr(sound_marks, "hears_voices", lambda found=is_there: found)
        assert (kept_marks(file) is None) == is_there


def test_without_room_on_the_disk_nothing_is_kept_and_nothing_fails(tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"a file, where a folder should be")
    keep_marks(tmp_path / "cache" / "x.marks.json", MARKS)


def test_files_of_one_name_and_different_content_are_not_taken_for_each_other(tmp_path: Path) -> None:
    lengths = (1.0, 2.0)
    files = [tmp_path / str(length) / "speech.wav" for length in lengths]
    for file, length in zip(files, lengths, strict=True):
        file.parent.mkdir()
        tone_file(file, length)
    for _ in range(2):
        assert [marks_of_file(file).samples for file in files] == [RATE, 2 * RATE]


def test_find_marks_finds_everything_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound_marks, "voice_ear", lambda: None)
    sound, truth = spoken(SENTENCES, PAUSES)
    done: list[int] = []
    found = find_marks(SoundArray(sound), len(sound), done.append)
    assert len(found.speech) == len(truth)
    assert [round(pause.seconds, 1) for pause in found.pauses] == [1.0, 0.3, 0.8]
    assert done[-1] == len(sound)
    assert not found.by_voice


def test_beats_can_be_doubled_halved_shifted() -> None:
    beats = Beats((0, 100, 200, 300), 120)
    assert twice(beats) == Beats((0, 50, 100, 150, 200, 250, 300), 240)
    assert half(beats) == Beats((0, 200), 60)
    assert half(twice(beats)).places == beats.places
    assert shifted(beats) == Beats((50, 150, 250), 120)


def test_tapped_beats_are_even_and_forgive_a_doubled_and_a_missing_tap() -> None:
    dice = np.random.default_rng(3)
    truth = np.arange(2.0, 9.0, 0.5)
    taps = [float(each + dice.normal(0, 0.015)) for each in np.delete(truth, 5)]
    found = tapped([*taps, taps[3] + 0.03], RATE * 12)
    assert found.bpm == pytest.approx(120, rel=0.01)
    assert match(in_seconds(found.places), list(np.arange(0.0, 12.0, 0.5)), 0.03).f > 0.97
    steps = [two - one for one, two in pairwise(found.places)]
    assert max(steps) - min(steps) <= 2


@pytest.mark.parametrize("taps", [[], [1.0], [1.0, 1.5], [1.0, 1.0, 1.0], [0, 30, 60], [0, 0.11, 0.22, 0.31]])
def test_a_few_taps_or_impossible_ones_are_no_beat(taps: list[float]) -> None:
    assert tapped(taps, RATE * 60) == Beats()


def _story(folder: Path) -> tuple[Sound, list[tuple[float, float]]]:
    words = ["This is the first sentence.", "It goes on here, with a comma.", "And then comes the last one of them."]
    found = said(words, [1.0, 0.35], folder)
    return found.sound, found.spans


@pytest.mark.skipif(espeak() is None, reason="espeak-ng is not installed")
def test_the_sentences_of_a_real_voice_are_found(tmp_path: Path) -> None:
    sound, truth = _story(tmp_path)
    assert edge_errors(find_speech(features_of(sound)), truth) < 0.1
