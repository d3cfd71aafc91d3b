"""Sounds are decoded to the right sample, whatever their files say, and what is wrong with them is noted."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.media.sounds.decode import Decoded, Unheard, decoded
from tests.builders.odd_sounds import (
    RATE,
    Sound,
    clicks,
    cut,
    encoded,
    from_pipe,
    long_claim,
    place_of_chirp,
    video,
    wav,
)

SECONDS, CLICKS = 3, (1.0, 2.5)
Maker = Callable[[Path], Path]


def sound_of(path: Path) -> tuple[Sound, Decoded]:
    facts = Decoded()
    return np.concatenate(list(decoded(path, facts))), facts


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds with two clicks, as everyday WAV; read only."""
    return wav(tmp_path_factory.mktemp("sounds") / "plain.wav", clicks(SECONDS, CLICKS))


def offsets(sound: Sound, places: tuple[float, ...] = CLICKS) -> list[int]:
    """By how many samples the clicks come late."""
    return [place_of_chirp(sound[:, 0], round(place * RATE)) - round(place * RATE) for place in places]


KINDS = {
    "8-bit": lambda folder, _: wav(folder / "a.wav", clicks(SECONDS, CLICKS), "PCM_U8"),
    "24-bit": lambda folder, _: wav(folder / "a.wav", clicks(SECONDS, CLICKS), "PCM_24"),
    "double": lambda folder, _: wav(folder / "a.wav", clicks(SECONDS, CLICKS), "DOUBLE"),
    "a-law": lambda folder, plain: encoded(folder / "a.wav", plain, "-c:a", "pcm_alaw"),
    "192 kHz": lambda folder, _: wav(folder / "a.wav", clicks(SECONDS, CLICKS, 192_000), "PCM_24", 192_000),
    "44.1 kHz": lambda folder, _: wav(folder / "a.wav", clicks(SECONDS, CLICKS, 44_100), "PCM_16", 44_100),
    "mp3": lambda folder, plain: encoded(folder / "a.mp3", plain),
    "m4a": lambda folder, plain: encoded(folder / "a.m4a", plain),
    "ogg": lambda folder, plain: encoded(folder / "a.ogg", plain, "-c:a", "libvorbis"),
    "opus": lambda folder, plain: encoded(folder / "a.opus", plain),
    "opus in webm": lambda folder, plain: encoded(folder / "a.webm", plain),
    "aac in mkv": lambda folder, plain: encoded(folder / "a.mkv", plain, "-c:a", "aac"),
    "flac from a pipe": lambda folder, plain: from_pipe(folder / "a.flac", plain, "flac"),
    "webm from a pipe": lambda folder, plain: from_pipe(folder / "a.webm", plain, "webm"),
    "wav from a pipe": lambda folder, plain: from_pipe(folder / "a.wav", plain, "wav"),
    "m4a called mp3": lambda folder, plain: shutil.move(encoded(folder / "a.m4a", plain), folder / "a.mp3"),
    "wav called flac": lambda folder, plain: shutil.copy(plain, folder / "a.flac"),
    "a video's": lambda folder, plain: video(folder / "a.mp4", plain),
    "one of changing frame rate": lambda folder, plain: video(
        folder / "a.mp4", plain, "-vf", "select='not(mod(n,3))+lt(n,10)'", "-fps_mode", "vfr"
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_sample_is_where_it_was_recorded(tmp_path: Path, plain: Path, kind: str) -> None:
    sound, facts = sound_of(Path(KINDS[kind](tmp_path, plain)))
    assert offsets(sound) == [0, 0]
    assert 0 <= len(sound) - SECONDS * RATE <= 1024  # AAC pads its last frame
    assert not +facts.notes


def test_sound_whose_file_hides_the_delay_of_its_encoder_is_late_by_it_and_no_more(tmp_path: Path, plain: Path) -> None:
    sound, _ = sound_of(encoded(tmp_path / "a.mp3", plain, "-write_xing", "0"))
    assert offsets(sound) == [1105, 1105]


def test_whole_numbers_come_through_unchanged(plain: Path) -> None:
    import soundfile

    sound, facts = sound_of(plain)
    assert facts.is_exact
    assert np.array_equal(sound[:, 1], soundfile.read(plain, dtype="float32")[0])


def test_one_channel_is_as_loud_on_both_sides_and_many_never_pass_full_scale(tmp_path: Path) -> None:
    one, _ = sound_of(wav(tmp_path / "one.wav", np.full((4800, 1), 0.5, np.float32)))
    assert np.all(one == 0.5)
    for channels in (3, 6, 8, 11):
        loud = np.full((4800, channels), 1.0, np.float32)
        sound, facts = sound_of(wav(tmp_path / "many.wav", loud, "FLOAT"))
        assert facts.channels == channels
        assert sound.max() == pytest.approx(1.0, abs=1e-6)


def test_surround_sound_keeps_its_sides(tmp_path: Path) -> None:
    channels = np.zeros((4800, 6), np.float32)
    channels[:, 0] = 0.5  # front left
    path = encoded(tmp_path / "a.flac", wav(tmp_path / "a.wav", channels), "-channel_layout", "5.1", "-ac", "6")
    sound, _ = sound_of(path)
    assert sound[100, 0] > 0.15
    assert sound[100, 1] == 0


def test_samples_that_are_no_number_are_silent_and_counted(tmp_path: Path) -> None:
    odd = clicks(1, ())
    odd[1000:1010], odd[2000], odd[3000], odd[4000] = np.nan, np.inf, 1e30, 5.0
    sound, facts = sound_of(wav(tmp_path / "odd.wav", odd, "FLOAT"))
    assert facts.notes == {"no number": 12}
    assert np.all(sound[1000:1010] == 0)
    assert sound[3000, 0] == 0
    assert sound[4000, 0] == 5


def test_a_rate_that_changes_on_the_way_is_followed(tmp_path: Path, plain: Path) -> None:
    parts = [
        encoded(tmp_path / f"{rate}.mp3", plain, "-ar", str(rate), "-write_xing", "0") for rate in (48_000, 24_000)
    ]
    path = tmp_path / "both.mp3"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    sound, _ = sound_of(path)
    assert len(sound) == pytest.approx(2 * SECONDS * RATE, abs=6000)


def test_what_was_recorded_too_loud_is_noted(tmp_path: Path) -> None:
    wave = np.sin(np.arange(RATE) * 0.05).astype(np.float32)
    assert not sound_of(wav(tmp_path / "full.wav", wave))[1].notes["clipped"]
    assert sound_of(wav(tmp_path / "clipped.wav", np.clip(2 * wave, -1, 1)))[1].notes["clipped"] > 100


@pytest.mark.parametrize("kind", ["wav", "flac", "mp3", "ogg"])
def test_of_a_file_that_breaks_off_what_is_there_is_kept(tmp_path: Path, plain: Path, kind: str) -> None:
    whole = encoded(tmp_path / f"a.{kind}", plain)
    sound, facts = sound_of(cut(tmp_path / f"cut.{kind}", whole, 0.6))
    assert 0.9 * RATE < len(sound) < 2.1 * RATE
    assert np.abs(sound[: RATE // 2] - sound_of(whole)[0][: RATE // 2]).max() < 1e-4
    if kind in {"wav", "flac"}:
        assert facts.is_said
        assert facts.said == pytest.approx(3.0)


def test_a_claim_of_ten_hours_is_not_believed(tmp_path: Path, plain: Path) -> None:
    sound, facts = sound_of(long_claim(tmp_path / "long.wav", plain, 36_000))
    assert len(sound) == SECONDS * RATE
    assert facts.said == pytest.approx(36_000)


@pytest.mark.parametrize("ending", ["mp4", "mkv"])
def test_sound_that_begins_after_its_picture_begins_late(tmp_path: Path, plain: Path, ending: str) -> None:
    sound, facts = sound_of(video(tmp_path / f"late.{ending}", plain, before=("-itsoffset", "0.5")))
    assert offsets(sound, (1.5, 3.0)) == [0, 0]
    assert facts.notes == {"late": 1}


def test_sound_before_the_picture_is_left_out(tmp_path: Path, plain: Path) -> None:
    early = video(tmp_path / "early.mkv", plain, "-copyts", "-c:a", "pcm_s16le", before=("-itsoffset", "-0.5"))
    sound, facts = sound_of(early)
    assert offsets(sound, (0.5, 2.0)) == pytest.approx([0, 0], abs=48)  # Matroska counts milliseconds
    assert facts.notes == {"early": 1}


def test_a_hole_in_a_videos_sound_is_silent_and_what_follows_stays_in_its_place(tmp_path: Path, plain: Path) -> None:
    hole = ("-af", "aselect='lt(t,0.5)+gt(t,1.5)'", "-c:a", "pcm_s16le")
    sound, facts = sound_of(video(tmp_path / "hole.mkv", plain, *hole))
    assert offsets(sound, (2.5,)) == pytest.approx([0], abs=48)
    assert not sound[RATE - 4800 : RATE + 4800].any()
    assert facts.notes == {"gaps": 1}


def test_a_file_without_sound_is_told_from_one_that_is_empty(tmp_path: Path) -> None:
    with pytest.raises(Unheard, match="no track"):
        sound_of(video(tmp_path / "mute.mp4", None))
    with pytest.raises(Unheard, match="empty"):
        sound_of(wav(tmp_path / "empty.wav", np.zeros(0, np.float32)))


def test_words_are_no_sound(tmp_path: Path) -> None:
    (tmp_path / "words.wav").write_text("A dog barks. " * 500)
    with pytest.raises(BadInput, match="no video or sound"):
        sound_of(tmp_path / "words.wav")
