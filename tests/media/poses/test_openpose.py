"""Other programs' poses: OpenPose's folders in all their forms, ComfyUI's one file, arrays of 133 points."""

import io
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.domain.poses.joints import Joint
from svi_studio.media.poses.opening import PoseKind, is_pose_video, open_poses, pose_kind, read_poses
from svi_studio.media.poses.openpose import Wanted
from svi_studio.media.poses.skeleton_file import write_skeleton
from svi_studio.media.poses.skeleton_film import write_skeleton_film
from tests.builders.mannequin import mannequin, write_film
from tests.builders.skeletons import dance, hand, standing

# OpenPose's BODY_25, spelled out: what stands at each place.
BODY_25 = (
    "NOSE NECK RIGHT_SHOULDER RIGHT_ELBOW RIGHT_WRIST LEFT_SHOULDER LEFT_ELBOW LEFT_WRIST MIDDLE RIGHT_HIP RIGHT_KNEE "
    "RIGHT_ANKLE LEFT_HIP LEFT_KNEE LEFT_ANKLE RIGHT_EYE LEFT_EYE RIGHT_EAR LEFT_EAR LEFT_BIG LEFT_SMALL LEFT_HEEL "
    "RIGHT_BIG RIGHT_SMALL RIGHT_HEEL"
)


def body_25(x: float = 0) -> list[float]:
    listed = standing()
    numbers: list[float] = []
    for name in BODY_25.split():
        side = name.split("_")[0]
        if name in Joint.__members__:
            place = listed[Joint[name]]
        elif name == "MIDDLE":
            place = np.array((300, 420, 0.9))
        else:  # toes lie to both sides of their middle; the heel is of no use
            away = {"BIG": -4, "SMALL": 4, "HEEL": 100}[name.split("_")[1]]
            place = listed[Joint[f"{side}_TOES"]] + (away, 0, 0)
        numbers += [float(place[0]) + x, float(place[1]), float(place[2])]
    return numbers


def someone(x: float = 0, **changes: Any) -> dict[str, Any]:
    moved = hand(390 + x, 400)
    return {
        "person_id": [-1],
        "pose_keypoints_2d": body_25(x),
        "face_keypoints_2d": [],
        "hand_left_keypoints_2d": moved.ravel().tolist(),
        "hand_right_keypoints_2d": None,
        "pose_keypoints_3d": [],
        **changes,
    }


def folder_of(path: Path, *frames: list[dict[str, Any]] | None, first: int = 0) -> Path:
    path.mkdir()
    for number, people in enumerate(frames, first):
        if people is not None:
            content = json.dumps({"version": 1.3, "people": people})
            (path / f"dance_{number:012d}_keypoints.json").write_text(content)
    return path


def test_a_folder_of_25_points_becomes_the_list_of_20(tmp_path: Path) -> None:
    found = open_poses(folder_of(tmp_path / "poses", [someone()], [someone(3)]), Wanted(Fraction(25))).skeleton
    assert np.allclose(found.body[0], standing(), atol=1e-3)
    assert np.allclose(found.left_hand[1], hand(393, 400), atol=1e-3)
    assert not found.right_hand.any()
    assert (found.fps, found.face) == (25, None)
    assert (found.width, found.height) == (512, 768)


def test_a_list_of_18_has_no_toes(tmp_path: Path) -> None:
    eighteen = standing()[:18].ravel().tolist()
    found = read_poses(folder_of(tmp_path / "poses", [someone(pose_keypoints_2d=eighteen)]))
    assert np.allclose(found.body[0, :18], standing()[:18], atol=1e-3)
    assert not found.body[0, 18:].any()


def test_a_number_that_is_missing_is_a_frame_without_anybody(tmp_path: Path) -> None:
    found = read_poses(folder_of(tmp_path / "poses", [someone()], None, [], [someone(6)], first=7))
    assert found.has_person.tolist() == [True, False, False, True]


def test_one_of_two_people_is_followed_whatever_their_order(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "poses", [someone(0), someone(700)], [someone(702), someone(2)])
    right = open_poses(folder, Wanted(at=(1000, 220))).skeleton
    assert right.body[:, Joint.NECK, 0].tolist() == [1000, 1002]
    assert open_poses(folder, Wanted(at=(300, 220))).skeleton.body[:, Joint.NECK, 0].tolist() == [300, 302]


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-1, 1)])
def test_shares_become_pixels_of_the_size_that_is_said(tmp_path: Path, low: float, high: float) -> None:
    numbers = np.array(body_25()).reshape(-1, 3)
    numbers[:, :2] = numbers[:, :2] / (1280, 720) * (high - low) + low
    folder = folder_of(
        tmp_path / "poses", [someone(pose_keypoints_2d=numbers.ravel().tolist(), hand_left_keypoints_2d=[])]
    )
    with pytest.raises(BadInput, match="--size"):
        read_poses(folder)
    found = open_poses(folder, Wanted(size=(1280, 720))).skeleton
    assert np.allclose(found.body[0], standing(), atol=1e-2)


def test_comfyui_writes_all_frames_into_one_file(tmp_path: Path) -> None:
    numbers = np.array(standing()[:18])
    numbers[:, :2] /= (600, 800)
    numbers[:, 2] = 1
    frame = {
        "people": [{"pose_keypoints_2d": numbers.ravel().tolist(), "hand_left_keypoints_2d": None}],
        "canvas_width": 600,
        "canvas_height": 800,
    }
    file = tmp_path / "poses.json"
    file.write_text(json.dumps([frame, {**frame, "people": []}]))
    found = read_poses(file)
    assert (found.width, found.height, found.num_frames) == (600, 800, 2)
    assert np.allclose(found.body[0, :18, :2], standing()[:18, :2], atol=1e-2)
    assert pose_kind(file) is PoseKind.POSES


def wholebody(frames: int = 3) -> np.ndarray:
    points = np.zeros((frames, 133, 3), np.float32)
    points[..., 2] = 0.8
    points[..., 0] = np.arange(133)
    points[..., 1] = np.arange(frames)[:, None] * 2
    return points


def test_arrays_of_133_points_with_and_without_their_scores(tmp_path: Path) -> None:
    points = wholebody()
    points[0, 17, 2] = 0.1
    np.save(tmp_path / "poses.npy", points)
    np.savez(tmp_path / "poses.npz", keypoints=points[..., :2], scores=points[..., 2])
    one, other = (open_poses(tmp_path / name, Wanted(Fraction(24))).skeleton for name in ("poses.npy", "poses.npz"))
    assert np.array_equal(one.body, other.body)
    assert one.body[1, Joint.NECK].tolist() == pytest.approx([5.5, 2, 0.8])
    assert one.body[1, Joint.RIGHT_WRIST, 0] == 10
    assert one.body[:, Joint.LEFT_TOES, 0].tolist() == [0, 17.5, 17.5]
    assert one.left_hand[1, 0, 0] == 91
    assert one.right_hand[1, 20, 0] == 132
    assert pose_kind(tmp_path / "poses.npy") is PoseKind.POSES
    assert pose_kind(tmp_path / "poses.npz") is PoseKind.POSES


BAD: dict[str, tuple[Any, str]] = {
    "no people": ({"version": 1}, "no list of people"),
    "people are text": ({"people": ["me"]}, "a person in it is no object"),
    "17 points": ({"people": [someone(pose_keypoints_2d=[1.0] * 51)]}, "17 points and not 18 or 25"),
    "a broken triple": ({"people": [someone(pose_keypoints_2d=[1.0] * 55)]}, "points and not 18 or 25"),
    "words": ({"people": [someone(pose_keypoints_2d=["x"] * 54)]}, "no number of a picture"),
    "a hand of 20": ({"people": [someone(hand_left_keypoints_2d=[1.0] * 60)]}, "20 points and not 21"),
    "a crowd": ({"people": [someone()] * 101}, "more than 100 people"),
    "nobody": ({"people": []}, "Nobody is in the poses"),
}


@pytest.mark.parametrize("document, words", BAD.values(), ids=BAD)
def test_bad_poses_are_one_sentence(tmp_path: Path, document: Any, words: str) -> None:
    folder = tmp_path / "poses"
    folder.mkdir()
    (folder / "a_000000000000_keypoints.json").write_text(json.dumps(document))
    with pytest.raises(BadInput) as caught:
        read_poses(folder)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_pose_with_nan_is_one_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "poses"
    folder.mkdir()
    (folder / "a_000000000000_keypoints.json").write_text(json.dumps({"people": [someone(x=float("nan"))]}))
    with pytest.raises(BadInput, match="NaN is not a number"):
        read_poses(folder)


def test_poses_of_two_videos_or_of_none_are_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "poses", [someone()])
    (folder / "other_000000000000_keypoints.json").write_text("{}")
    with pytest.raises(BadInput, match="poses of 2 videos"):
        read_poses(folder)
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match="no pose files"):
        pose_kind(tmp_path / "empty")


def test_a_file_a_billion_frames_later_does_not_fill_the_memory(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "poses", [someone()])
    (folder / "dance_999999999999_keypoints.json").write_text('{"people": []}')
    with pytest.raises(BadInput, match="leave out too many numbers"):
        read_poses(folder)


def test_arrays_that_lie_or_hold_objects_are_refused(tmp_path: Path) -> None:
    stream = io.BytesIO()
    np.save(stream, wholebody(1))
    (tmp_path / "claim.npy").write_bytes(stream.getvalue().replace(b"(1, 133, 3)", b"(9000000, 133, 3)"))
    np.save(tmp_path / "objects.npy", np.array([{}], object), allow_pickle=True)
    np.save(tmp_path / "short.npy", np.ones((2, 17, 3)))
    np.save(tmp_path / "nan.npy", wholebody() * np.nan)
    for name in ("claim", "objects", "short", "nan"):
        with pytest.raises(BadInput) as caught:
            read_poses(tmp_path / f"{name}.npy")
        assert "\n" not in str(caught.value)


def test_what_was_dropped_is_told_by_its_content(tmp_path: Path) -> None:
    write_skeleton(tmp_path / "own.json", dance(2))
    write_skeleton(tmp_path / "own.npz", dance(2))
    write_skeleton_film(tmp_path / "drawn.mp4", dance(4))
    write_film(tmp_path / "person.mp4", [mannequin(20)[0]] * 2)
    folder_of(tmp_path / "poses", [someone()])
    kinds = {name: pose_kind(tmp_path / name) for name in ("own.json", "own.npz", "drawn.mp4", "person.mp4", "poses")}
    assert list(kinds.values()) == [
        PoseKind.SKELETON,
        PoseKind.SKELETON,
        PoseKind.POSE_VIDEO,
        PoseKind.VIDEO,
        PoseKind.POSES,
    ]
    assert read_poses(tmp_path / "own.json").num_frames == 2
    (tmp_path / "words.txt").write_text("hello")
    with pytest.raises(BadInput):
        pose_kind(tmp_path / "words.txt")


def test_a_drawn_film_that_begins_black_is_one_still_and_a_dark_room_is_none(tmp_path: Path) -> None:
    body = dance(6).body.copy()
    body[:3] = 0
    parts = {"body": body, "left_hand": np.zeros((6, 21, 3)), "right_hand": np.zeros((6, 21, 3))}
    write_skeleton_film(tmp_path / "late.mp4", dance(6).with_parts(parts))
    write_film(tmp_path / "night.mp4", [(mannequin(20)[0] // 9).astype(np.uint8)] * 2)
    assert is_pose_video(tmp_path / "late.mp4")
    assert not is_pose_video(tmp_path / "night.mp4")
