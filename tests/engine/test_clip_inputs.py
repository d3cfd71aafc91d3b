"""What a clip is made from beside its picture, read from the film's files: sound and silence, drawings and videos."""

import hashlib
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch

from svi_studio.domain.errors import BadInput, BadProject
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.poses.skeleton import Skeleton
from svi_studio.domain.takes.job import ClipInput, ClipJob
from svi_studio.engine.chain import skeleton_files
from svi_studio.engine.chain.inputs import ClipInputs, nearest_known
from svi_studio.engine.chain.skeleton_files import DrawnSkeletons
from svi_studio.engine.conditions.drawings import fit_drawings, fit_drawings_by_area
from svi_studio.engine.conditions.sound_cache import SoundCache
from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.media.formats import FFV1
from svi_studio.media.poses.drawing import draw_skeleton
from svi_studio.media.poses.skeleton_file import write_skeleton
from svi_studio.media.video_writer import open_writer
from tests.builders.drawn_videos import uneven_video
from tests.builders.tiny_models import add_inputs, build_tiny_model
from tests.engine.test_sound_cache import speech, write_sound

SIZE = (48, 32)
FPS = 8.0


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> WanModels:
    return load_models(add_inputs(build_tiny_model(tmp_path_factory.mktemp("following") / "tiny")), device="cpu")


def never() -> bool:
    return False


def input_of(path: Path, first: int, frames: int, at: int, kind: InputKind = InputKind.SOUND) -> ClipInput:
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return ClipInput(kind=kind, file=path.name, sha256=sha256, first_frame=first, num_frames=frames, at=at, fps=FPS)


def job_of(*inputs: ClipInput, family: str = "talk") -> ClipJob:
    return ClipJob(
        index=0,
        clip_id="c1",
        take_hash="0" * 64,
        parent_hash=None,
        prompt="it speaks",
        negative_prompt="",
        seed=1,
        width=SIZE[0],
        height=SIZE[1],
        num_frames=9,
        num_inference_steps=1,
        guidance_scale=2.0,
        shift=5.0,
        family=family,
        image="first.png",
        image_hash="1" * 64,
        model="tiny",
        model_hash="2" * 64,
        inputs=inputs,
    )


def heard(models: WanModels, folder: Path, *inputs: ClipInput) -> np.ndarray:
    return ClipInputs(models, folder, never).read(job_of(*inputs))["sound"].numpy()


def test_each_frame_hears_its_frame_of_the_file(models: WanModels, tmp_path: Path) -> None:
    path, sha256 = write_sound(tmp_path / "a.wav", speech(5))
    features = SoundCache(models.folder, models.device).features(path, sha256, FPS)
    found = heard(models, tmp_path, input_of(path, 3, 13, -2))
    assert found.shape == (13, 2, 24)
    assert np.array_equal(found, features[3:16])


def test_a_sound_is_listened_to_once_before_its_first_clip(models: WanModels, tmp_path: Path) -> None:
    path, _ = write_sound(tmp_path / "a.wav", speech(3, seed=5))
    inputs, told = ClipInputs(models, tmp_path, never), list[float]()
    for first in (0, 8):
        inputs.listen(job_of(input_of(path, first, 13, -2)), told.append)
    assert told == [0.0, 1.0]


def test_between_two_sounds_and_behind_them_there_is_silence(models: WanModels, tmp_path: Path) -> None:
    one, one_hash = write_sound(tmp_path / "a.wav", speech(2))
    two, two_hash = write_sound(tmp_path / "b.wav", speech(1, seed=3))
    cache = SoundCache(models.folder, models.device)
    found = heard(models, tmp_path, input_of(one, 10, 3, -2), input_of(two, 6, 9, 4))
    silence = np.broadcast_to(cache.silence(), (3, 2, 24))
    expected = [
        cache.features(one, one_hash, FPS)[10:13],
        silence,
        cache.features(two, two_hash, FPS)[6:8],
        cache.features(two, two_hash, FPS)[7:8],  # a last frame that the sound fills only in part
        silence,
        silence[:1],
    ]
    assert np.array_equal(found, np.concatenate(expected))


def test_a_clip_without_any_sound_is_silent(models: WanModels, tmp_path: Path) -> None:
    silence = SoundCache(models.folder, models.device).silence()
    assert np.array_equal(heard(models, tmp_path), np.broadcast_to(silence, (13, 2, 24)))


def test_a_sound_that_changed_since_the_plan_is_not_used(models: WanModels, tmp_path: Path) -> None:
    path, _ = write_sound(tmp_path / "a.wav", speech(2))
    planned = input_of(path, 0, 13, -2)
    write_sound(path, speech(2, seed=1))
    with pytest.raises(BadInput, match=r"sound .* was changed after the render began"):
        heard(models, tmp_path, planned)


def test_a_sound_outside_of_the_film_is_not_read(models: WanModels, tmp_path: Path) -> None:
    folder = tmp_path / "film"
    folder.mkdir()
    path, _ = write_sound(tmp_path / "a.wav", speech(2))
    (folder / "a.wav").symlink_to(path)
    with pytest.raises(BadProject, match="outside"):
        heard(models, folder, input_of(path, 0, 13, -2))


def test_a_family_without_inputs_reads_nothing(models: WanModels, tmp_path: Path) -> None:
    assert ClipInputs(models, tmp_path, never).read(job_of(family="film")) == {}


def dancer(frames: int, fps: Fraction | int = 8) -> Skeleton:
    body = np.zeros((frames, 20, 3), np.float32)
    body[:, :5] = [(300, 100, 1), (300, 200, 1), (240, 200, 1), (200, 300, 1), (180, 400, 1)]
    body[:, 4, 1] -= 10 * np.arange(frames)
    return Skeleton.of_body(Fraction(fps), 600, 480, body)


def drawn(models: WanModels, folder: Path, *inputs: ClipInput) -> np.ndarray:
    found = ClipInputs(models, folder, never).read(job_of(*inputs, family="dance"))["skeleton"]
    assert found.dtype == torch.uint8
    return found.permute(1, 2, 3, 0).numpy()


@pytest.mark.parametrize("name", ["dance.json", "dance.npz"])
def test_a_skeleton_file_is_drawn_at_the_clips_size(models: WanModels, tmp_path: Path, name: str) -> None:
    skeleton = dancer(20)
    write_skeleton(tmp_path / name, skeleton)
    found = drawn(models, tmp_path, input_of(tmp_path / name, 4, 9, 0, InputKind.SKELETON))
    assert np.array_equal(found, fit_drawings(draw_skeleton(skeleton, range(4, 13)), *SIZE))
    assert found.any(axis=(1, 2, 3)).all()


def test_a_skeleton_of_another_pace_is_seen_at_its_time(models: WanModels, tmp_path: Path) -> None:
    write_skeleton(tmp_path / "fast.json", dancer(40, fps=16))
    found = drawn(models, tmp_path, input_of(tmp_path / "fast.json", 2, 9, 0, InputKind.SKELETON))
    assert np.array_equal(found, fit_drawings(draw_skeleton(dancer(40), range(4, 22, 2)), *SIZE))


def test_in_a_gap_the_last_pose_stays(models: WanModels, tmp_path: Path) -> None:
    write_skeleton(tmp_path / "dance.json", dancer(20))
    parts = [input_of(tmp_path / "dance.json", first, 2, at, InputKind.SKELETON) for first, at in ((0, 2), (9, 6))]
    found = drawn(models, tmp_path, *parts)
    poses = fit_drawings(draw_skeleton(dancer(20), [0, 0, 0, 1, 1, 1, 9, 10, 10]), *SIZE)
    assert np.array_equal(found, poses)


def write_video(path: Path, frames: np.ndarray, fps: float = 8.0) -> Path:
    with open_writer(
        path, width=frames.shape[2], height=frames.shape[1], fps=fps, metadata={}, film_format=FFV1
    ) as video:
        video.write(frames)
    return path


def test_a_rendered_video_is_taken_as_it_is(models: WanModels, tmp_path: Path) -> None:
    frames = draw_skeleton(dancer(40), width=120, height=96)
    path = write_video(tmp_path / "dance.mkv", frames)
    clips = [drawn(models, tmp_path, input_of(path, first, 9, 0, InputKind.SKELETON)) for first in (0, 8, 16, 3)]
    for first, found in zip((0, 8, 16, 3), clips, strict=True):
        assert np.array_equal(found, fit_drawings(frames[first : first + 9], *SIZE))


def test_a_video_of_uneven_times_is_seen_at_its_times(models: WanModels, tmp_path: Path) -> None:
    frames = draw_skeleton(dancer(30), width=120, height=96)
    kept = (0, 1, 2, 9, 10, 11, 20, 25, 28, 29)
    path = uneven_video(tmp_path / "uneven.mkv", write_video(tmp_path / "dance.mkv", frames), kept)
    expected = [max(frame for frame in kept if frame <= number) for number in range(30)]
    for first in (0, 8, 21, 3):
        found = drawn(models, tmp_path, input_of(path, first, 9, 0, InputKind.SKELETON))
        assert np.array_equal(found, fit_drawings(frames[expected[first : first + 9]], *SIZE))


def test_a_video_is_decoded_once_for_clips_that_follow_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_video(tmp_path / "dance.mkv", draw_skeleton(dancer(60), width=120, height=96), fps=16.0)
    skeletons, opened = DrawnSkeletons(), []
    stream = skeleton_files.stream_frames
    monkeypatch.setattr(
        skeleton_files,
        "stream_frames",
        lambda path, batch: opened.append(path) or stream(path, batch=batch),
    )
    for first in (0, 8, 16):
        assert len(skeletons.read(path, "1" * 64, range(first, first + 9), FPS, SIZE, fit_drawings)) == 9
    assert len(opened) == 1
    with pytest.raises(BadInput, match="has 30 frames and frame 40 is asked for"):
        skeletons.read(path, "1" * 64, range(24, 40), FPS, SIZE, fit_drawings)


def test_far_smaller_pictures_are_the_mean_of_an_area() -> None:
    drawings = np.zeros((1, 96, 144, 3), np.uint8)
    drawings[0, 30:33, 60:63] = 255
    found = fit_drawings_by_area(drawings, 12, 8)
    assert found[0, 2, 5].tolist() == [round(255 * 9 / 144)] * 3
    assert found.sum() == found[0, 2, 5].sum()


def test_the_nearest_known_place_is_the_last_one_before_it() -> None:
    assert nearest_known([False, True, False, False, True, False]) == [1, 1, 1, 1, 4, 4]
