"""DWPose's decoding, with sessions that stand for its two networks: the files are the user's and not here."""

from pathlib import Path

import numpy as np
import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.domain.poses.joints import Joint
from svi_studio.media.poses.dwpose.files import DETECTOR, POSE, dwpose_files, dwpose_missing
from svi_studio.media.poses.dwpose.people import DwPosePeople
from svi_studio.media.poses.dwpose.session import Numbers, OnnxSession
from svi_studio.media.poses.dwpose.simcc import find_points, framed
from svi_studio.media.poses.dwpose.yolox import find_boxes
from svi_studio.media.poses.tracking.finders import find_people_finder


class Detector:
    """YOLOX over a picture of 1280 x 640: people of 320 x 320 pixels in the cells (column, row) of stride 32."""

    size = (640, 640)

    def __init__(self, *cells: tuple[int, int], kind: int = 0) -> None:
        self.cells, self.kind = cells, kind

    def run(self, picture: Numbers) -> list[Numbers]:
        assert picture.shape == (1, 3, 640, 640)
        assert picture[0, :, 600, 600].tolist() == [114] * 3  # below the picture
        rows = np.zeros((1, 8400, 85), np.float32)
        for column, row in self.cells:
            for beside in (0, 1):  # found twice, the second time less surely
                number = 80 * 80 + 40 * 40 + row * 20 + column + beside
                rows[0, number, :5] = (0.5 - beside, 0.5, np.log(5), np.log(5), 0.9 - 0.2 * beside)
                rows[0, number, 5 + self.kind] = 1
        return [rows]


class Poser:
    """A pose network of 384 x 288 that puts point k at column k and row 2 k of the crop."""

    size = (384, 288)
    points = 133

    def __init__(self) -> None:
        self.seen: list[Numbers] = []

    def run(self, picture: Numbers) -> list[Numbers]:
        assert picture.shape == (1, 3, 384, 288)
        self.seen.append(picture)
        columns = np.zeros((1, self.points, 576), np.float32)
        rows = np.zeros((1, self.points, 768), np.float32)
        for number in range(self.points):
            columns[0, number, 2 * number] = 0.9
            rows[0, number, 4 * number] = 0.7 if number != 5 else 0.1
        return [columns, rows]


PICTURE = np.zeros((640, 1280, 3), np.uint8)


def test_boxes_of_people_are_put_back_into_the_picture_once_each() -> None:
    boxes = find_boxes(Detector((5, 5), (15, 5)), PICTURE)
    assert boxes.shape == (2, 5)
    assert sorted(boxes[:, 0].tolist()) == pytest.approx([5.5 * 64 - 160, 15.5 * 64 - 160], abs=1)
    assert boxes[0, 1:4:2].tolist() == pytest.approx([5.5 * 64 - 160, 5.5 * 64 + 160], abs=1)
    assert boxes[:, 4].tolist() == pytest.approx([0.9, 0.9])


def test_things_that_are_no_people_are_none() -> None:
    assert len(find_boxes(Detector((5, 5), kind=56), PICTURE)) == 0


def test_rows_with_suppression_inside_are_taken_as_boxes() -> None:
    class Suppressed(Detector):
        def run(self, picture: Numbers) -> list[Numbers]:
            return [np.array([[(10, 20, 50, 100, 0.8), (0, 0, 5, 5, 0.1)]], np.float32)]

    assert find_boxes(Suppressed(), PICTURE)[:, :4].tolist() == [[20, 40, 100, 200]]


def test_the_box_is_made_larger_and_widened_to_the_networks_shape() -> None:
    centre, size = framed(np.array((100, 100, 200, 300)), 0.75)
    assert (centre.tolist(), size.tolist()) == ([150, 200], [187.5, 250])
    assert framed(np.array((100, 100, 400, 200)), 0.75)[1].tolist() == [375, 500]


def test_points_are_put_back_into_the_picture_with_the_lower_of_two_scores() -> None:
    poser = Poser()
    points = find_points(poser, PICTURE, np.array((100, 100, 200, 300)))
    step = 187.5 / 288
    assert points[100].tolist() == pytest.approx([150 - 93.75 + 100 * step, 200 - 125 + 200 * step, 0.7], abs=1e-3)
    assert points[5, 2] == pytest.approx(0.1)
    assert poser.seen[0][0, :, 0, 0].tolist() == pytest.approx([-2.1179, -2.0357, -1.8044], abs=1e-3)


def test_a_blue_picture_goes_in_as_blue_green_red() -> None:
    poser = Poser()
    blue = PICTURE.copy()
    blue[..., 2] = 255
    find_points(poser, blue, np.array((100, 100, 200, 300)))
    assert poser.seen[0][0, 0].min() > 2


def test_a_network_with_another_number_of_points_is_refused() -> None:
    class Body(Poser):
        points = 17

    with pytest.raises(BadInput, match="17 points"):
        find_points(Body(), PICTURE, np.array((100, 100, 200, 300)))


def test_people_are_followed_by_their_boxes_and_low_scores_are_missing() -> None:
    finder = DwPosePeople(Detector((5, 5), (15, 5)), Poser())
    left = min(finder.people(PICTURE), key=lambda found: found.region.x)
    followed = finder.follow(PICTURE, left)
    assert followed is not None
    assert followed.more[0].tolist() == left.more[0].tolist()
    assert not followed.body[Joint.LEFT_SHOULDER].any()
    assert not followed.body[Joint.NECK].any()
    assert followed.body[Joint.NOSE, 2] == pytest.approx(0.7)
    assert finder.hands(PICTURE, followed)["left_hand"].shape == (21, 3)
    assert len(finder.at(PICTURE, 350, 350)) == 1
    away = DwPosePeople(Detector((15, 5)), Poser())
    assert away.follow(PICTURE, left) is None


def test_where_its_files_are_missing_it_says_where_to_put_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVI_MODELS", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("SVI_POSE_NETWORKS", str(tmp_path / "networks"))
    assert DETECTOR in dwpose_missing()
    with pytest.raises(BadInput, match="dw-ll_ucoco"):
        find_people_finder("dwpose")
    with pytest.raises(BadInput, match="called"):
        find_people_finder("magic")
    place = tmp_path / "ComfyUI/custom_nodes/comfyui_controlnet_aux/ckpts/yzd-v/DWPose"
    place.mkdir(parents=True)
    for name in (DETECTOR, POSE):
        (place / name).write_bytes(b"onnx")
    monkeypatch.setattr("svi_studio.media.poses.dwpose.files.find_spec", lambda name: None)
    assert "onnxruntime" in dwpose_missing()
    monkeypatch.setattr("svi_studio.media.poses.dwpose.files.find_spec", lambda name: object())
    assert dwpose_files() == (place / DETECTOR, place / POSE)


def test_a_file_that_is_no_network_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "net.onnx").write_bytes(b"no network")
    with pytest.raises(BadInput, match="is not usable") as caught:
        OnnxSession(tmp_path / "net.onnx")
    assert "\n" not in str(caught.value)
