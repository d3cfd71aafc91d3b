"""How well a film follows: known delays of a mouth and known distances of joints are found again."""

from pathlib import Path

import numpy as np
import pytest

from svi_studio.domain.film.track import InputKind
from svi_studio.domain.takes.job import ClipInput
from svi_studio.media.poses.skeleton_file import write_skeleton
from svi_studio.weights.model_folder import read_card
from tests.builders.tiny_inputs import dancer, write_tone
from tests.trainer.evaluation.small_films import recipe
from trainer.evaluation.boards import TestClip
from trainer.evaluation.known_measures import measures_of
from trainer.evaluation.measures import (
    joint_figures,
    joint_measure,
    loudness,
    sync_figures,
    sync_measure,
    wanted_body,
)

FRAMES = 41


def talking(count: int = FRAMES, seed: int = 0) -> np.ndarray:
    """A loudness that goes up and down without a rule."""
    rng = np.random.default_rng(seed)
    return np.convolve(rng.random(count + 4), np.ones(5) / 5, "valid")


def heard(name: str, kind: InputKind = InputKind.SOUND, **fields: int) -> ClipInput:
    return ClipInput.model_validate(
        {"kind": kind, "file": name, "sha256": "0" * 64, "first_frame": 0, "num_frames": FRAMES, "at": 0, "fps": 8.0}
        | fields
    )


def clip_with(*inputs: ClipInput) -> TestClip:
    return TestClip(
        prompt="", negative_prompt="", seed=0, num_inference_steps=1, guidance_scale=1.0, inputs=tuple(inputs)
    )


@pytest.mark.parametrize("lag", [-4, -1, 0, 2, 6])
def test_a_mouth_that_is_late_by_some_frames_is_found_so_late(lag: int) -> None:
    loud = talking(FRAMES + 12)
    opening = 0.2 + 3 * loud[6 - lag : 6 - lag + FRAMES]
    assert sync_figures(opening, loud[6 : 6 + FRAMES]) == {"sync": pytest.approx(1), "lag": float(lag)}


def test_a_mouth_of_its_own_is_out_of_sync() -> None:
    assert sync_figures(talking(seed=1), talking(seed=2))["sync"] < 0.6


def test_a_mouth_that_never_moves_follows_nothing() -> None:
    assert sync_figures(np.full(FRAMES, 0.3), talking()) == {"sync": 0.0}


def test_nothing_is_said_of_silence_or_of_a_mouth_that_is_not_seen() -> None:
    assert sync_figures(talking(), np.zeros(FRAMES)) == {}
    assert sync_figures(np.full(FRAMES, np.nan), talking()) == {}


def test_some_frames_without_a_mouth_do_not_matter() -> None:
    opening = talking()
    opening[[3, 4, 20]] = np.nan
    assert sync_figures(opening, talking())["lag"] == 0


def test_loudness_swells_as_the_sound_does(tmp_path: Path) -> None:
    write_tone(tmp_path / "a.wav", 6.0)
    loud = loudness([heard("a.wav", fps=24, num_frames=96)], tmp_path, 96)
    spectrum = np.abs(np.fft.rfft(loud - loud.mean()))
    assert spectrum.argmax() == 12  # three times a second in four seconds


def test_loudness_lies_under_the_frames_that_hear_it(tmp_path: Path) -> None:
    write_tone(tmp_path / "a.wav", 6.0)
    whole = loudness([heard("a.wav")], tmp_path, FRAMES)
    later = loudness([heard("a.wav", first_frame=8, num_frames=20, at=-2)], tmp_path, FRAMES)
    assert np.allclose(later[:18], whole[10:28]) and not later[18:].any()


def test_a_sync_measure_reads_sound_and_mouth_of_the_same_clip(tmp_path: Path) -> None:
    write_tone(tmp_path / "a.wav", 6.0)
    asked = clip_with(heard("a.wav", first_frame=4, num_frames=33))
    loud = loudness(asked.inputs, tmp_path, 33)
    frames = np.zeros((33, 8, 8, 3), np.uint8)
    assert sync_measure(tmp_path, lambda _frames: loud)(asked, frames, frames[:1]) == {
        "sync": pytest.approx(1),
        "lag": 0.0,
    }


def test_joints_are_measured_in_shares_of_the_body() -> None:
    wanted = dancer(9).body
    moved = wanted.copy()
    moved[..., 0] += 4.9  # the body is 49 pixels high
    figures = joint_figures(moved, wanted)
    assert figures["seen"] == 1 and figures["joints"] == pytest.approx(10, abs=1.5)


def test_somebody_who_is_not_found_is_counted() -> None:
    wanted = dancer(10).body
    found = wanted.copy()
    found[4:] = 0
    assert joint_figures(found, wanted) == {"seen": 0.4, "joints": 0.0}
    assert joint_figures(np.zeros_like(wanted), wanted) == {"seen": 0.0}
    assert joint_figures(wanted, np.zeros_like(wanted)) == {}


def test_the_wanted_body_lies_in_the_films_pixels(tmp_path: Path) -> None:
    write_skeleton(tmp_path / "s.npz", dancer(20))
    inputs = [heard("s.npz", InputKind.SKELETON, first_frame=6, num_frames=9)]
    wanted = wanted_body(inputs, tmp_path, 9, 32)
    assert np.allclose(wanted[..., :2], dancer(20).body[6:15, :, :2] / 2)
    frames = np.zeros((9, 32, 48, 3), np.uint8)
    found = joint_measure(tmp_path, 32, lambda _frames, _fps: dancer(9, width=48, height=32))(
        clip_with(*inputs), frames, frames[:1]
    )
    assert found["seen"] == 1


def test_what_cannot_be_measured_is_said(tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer.evaluation.known_measures.finding_missing", lambda: "The networks are not here yet.")
    card = read_card(tiny_model)
    for family, words in (("talk", "mouth follows the sound is not measured"), ("dance", "networks are not here yet")):
        measures, notes = measures_of(recipe(family=family), card, tmp_path)
        assert measures == () and words in notes[0]
    assert measures_of(recipe(family="film"), card, tmp_path) == ((), ())
