"""Skeleton files come back as they were, in both forms, and hostile ones are one sentence."""

import io
import json
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.errors import BadInput, NewerVersion, StudioError
from svi_studio.domain.poses.skeleton import Origin, Remark, RemarkKind, Skeleton, no_points, same_skeleton
from svi_studio.media.poses.opening import read_poses
from svi_studio.media.poses.skeleton_file import read_skeleton, skeleton_bytes, write_skeleton
from tests.builders.skeletons import dance


def full(frames: int = 3) -> Skeleton:
    face = np.round(np.random.default_rng(3).uniform(1, 90, (frames, 68, 3)), 1).astype(np.float32)
    face[..., 2] = 0.5
    remarks = (Remark(RemarkKind.MISSING, 0, 2), Remark(RemarkKind.CUT, 2, 3))
    origin = Origin('dänce "1".mp4', "a" * 64, ("found in a video", "mirrored"))
    return dance(frames, Fraction(30000, 1001)).with_parts({"face": face}, remarks=remarks, origin=origin)


def rounded(skeleton: Skeleton) -> Skeleton:
    return skeleton.with_parts({name: np.round(points, 2) for name, points in skeleton.parts.items()})


@pytest.mark.parametrize("name", ["dance.json", "dance.npz"])
def test_it_comes_back_as_it_was(tmp_path: Path, name: str) -> None:
    skeleton = rounded(full())
    write_skeleton(tmp_path / name, skeleton)
    assert same_skeleton(read_skeleton(tmp_path / name), skeleton)
    assert [each.name for each in tmp_path.iterdir()] == [name]


@given(
    frames=st.integers(1, 4),
    seed=st.integers(0, 2**20),
    fps=st.fractions(min_value=1, max_value=240, max_denominator=1001),
    npz=st.booleans(),
)
def test_any_skeleton_comes_back(
    tmp_path_factory: pytest.TempPathFactory, frames: int, seed: int, fps: Fraction, npz: bool
) -> None:
    rng = np.random.default_rng(seed)

    def points(joints: int) -> Any:
        made = np.round(rng.uniform(-50, 2000, (frames, joints, 3)), 2)
        made[..., 2] = np.round(rng.uniform(0, 1, (frames, joints)), 2)
        made[rng.random((frames, joints)) < 0.3] = 0
        return made

    skeleton = Skeleton(fps, 1920, 1080, points(20), points(21), no_points(frames))
    file = tmp_path_factory.mktemp("skeleton") / "file"
    file.write_bytes(skeleton_bytes(skeleton, npz=npz))
    assert same_skeleton(read_skeleton(file), skeleton)


@pytest.mark.parametrize("npz", [False, True])
def test_the_same_skeleton_is_always_the_same_bytes(npz: bool) -> None:
    assert skeleton_bytes(full(), npz=npz) == skeleton_bytes(full(), npz=npz)


def test_the_json_is_what_the_documentation_says(tmp_path: Path) -> None:
    document = json.loads(skeleton_bytes(full()))
    assert list(document) == ["format", "schema_version", "fps", "width", "height", "remarks", "origin", "frames"]
    assert document["fps"] == "30000/1001"
    assert {name: len(numbers) for name, numbers in document["frames"][0].items()} == {
        "body": 60,
        "left_hand": 63,
        "right_hand": 63,
        "face": 204,
    }
    plain = {"format": "svi-skeleton", "schema_version": 1, "fps": "24", "width": 10, "height": 10, "frames": [{}, {}]}
    (tmp_path / "by hand.json").write_text(json.dumps(plain))
    assert read_skeleton(tmp_path / "by hand.json").num_frames == 2


def test_the_npz_opens_with_numpy_alone() -> None:
    with np.load(io.BytesIO(skeleton_bytes(full(), npz=True)), allow_pickle=False) as arrays:
        assert arrays["body"].shape == (3, 20, 3)
        assert json.loads(arrays["meta"].tobytes())["fps"] == "30000/1001"


def changed(**changes: Any) -> bytes:
    document = json.loads(skeleton_bytes(dance(2)))
    return json.dumps({**document, **changes}).encode()


def frame(**changes: Any) -> bytes:
    document = json.loads(skeleton_bytes(dance(2)))
    document["frames"][1].update(changes)
    return json.dumps(document).encode()


BAD_JSON: dict[str, tuple[bytes, str]] = {
    "empty file": (b"", "not JSON"),
    "no object": (b"[1, 2]", "lacks the frames"),
    "cut off": (skeleton_bytes(dance(2))[:200], "not JSON"),
    "NaN": (skeleton_bytes(dance(2)).replace(b"300", b"NaN", 1), "NaN is not a number"),
    "infinity by size": (skeleton_bytes(dance(2)).replace(b"[300,", b"[1e999,", 1), "no number of a picture"),
    "far away": (skeleton_bytes(dance(2)).replace(b"[300,", b"[123456789,", 1), "far outside"),
    "no frames": (changed(frames=[]), "1 to 200,000 frames"),
    "frames are text": (changed(frames="all"), "1 to 200,000 frames"),
    "too few numbers": (frame(body=[1, 2, 3]), "body in frame 2 has 3 numbers and not 60"),
    "18 joints": (frame(body=[1.0] * 54), "body in frame 2 has 54 numbers and not 60"),
    "a text among numbers": (frame(left_hand=["x"] * 63), "left_hand in frame 2"),
    "true among numbers": (frame(left_hand=[True] * 63), "left_hand in frame 2"),
    "a whole number without end": (frame(left_hand=[10**400] * 63), "left_hand in frame 2"),
    "null": (frame(body=None), "body in frame 2 has 0 numbers"),
    "unknown part": (frame(tail=[]), "frame 2 is no list of"),
    "no size": (changed(width=None), "width"),
    "absurd size": (changed(width=10**9), "width"),
    "size as text": (changed(height="10"), "height"),
    "fps of nothing": (changed(fps="24/0"), "fps"),
    "fps as words": (changed(fps="fast"), "fps"),
    "another format": (changed(format="other"), "format"),
    "unknown field": (changed(colour="red"), "colour"),
    "remark": (changed(remarks=[["lovely", 0, 1]]), "remarks"),
    "deep": (b'{"frames": ' + b"[" * 40 + b"]" * 40 + b"}", "nested too deeply"),
    "two names": (b'{"format": 1, "format": 2, "frames": []}', "twice"),
    "not text": (b"\xff\xfe{", "not text in UTF-8"),
}


@pytest.mark.parametrize("content, words", BAD_JSON.values(), ids=BAD_JSON)
def test_bad_json_is_one_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "dance.json"
    file.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        read_skeleton(file)
    assert words in str(caught.value)
    assert "dance.json" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_newer_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "new.json").write_bytes(changed(schema_version=2))
    with pytest.raises(NewerVersion, match="newer version"):
        read_skeleton(tmp_path / "new.json")


def npz(packed: int = zipfile.ZIP_STORED, /, **members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packed) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return stream.getvalue()


def npy(array: Any) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=True)
    return stream.getvalue()


FACTS = b'{"format": "svi-skeleton", "schema_version": 1, "fps": "24", "width": 9, "height": 9}'
META = npy(np.frombuffer(FACTS, np.uint8))
BODY = npy(np.ones((2, 20, 3), np.float32))
CLAIM = BODY.replace(b"(2, 20, 3)", b"(2000000000, 20, 3)")
BAD_NPZ: dict[str, tuple[bytes, str]] = {
    "damaged": (npz(meta=META, body=BODY)[:-40], "damaged"),
    "without body": (npz(meta=META), "lacks the arrays"),
    "a pickle": (npz(meta=META, body=npy(np.array([{"x": 1}], object))), "body has another form"),
    "a claim of 480 GB": (npz(meta=META, body=CLAIM), "body has another form"),
    "doubles": (npz(meta=META, body=npy(np.ones((2, 20, 3)))), "body has another form"),
    "18 joints": (npz(meta=META, body=npy(np.ones((2, 18, 3), np.float32))), "2 x 18 x 3"),
    "NaN": (npz(meta=META, body=npy(np.full((2, 20, 3), np.nan, np.float32))), "frame 1 (nose)"),
    "another array": (npz(meta=META, body=BODY, more=BODY), "other arrays"),
    "hands of another length": (npz(meta=META, body=BODY, left_hand=npy(np.ones((3, 21, 3), np.float32))), "left hand"),
    "meta of words": (npz(meta=npy(np.frombuffer(b"hello", np.uint8)), body=BODY), "meta is not JSON"),
    "another header": (npz(meta=META, body=b"\x93NUMPY\x09\x00" + BODY[8:]), "body has another form"),
    "packed otherwise": (npz(zipfile.ZIP_LZMA, meta=META, body=BODY), "packed otherwise"),
}


NO_HEADERS = (
    "{[]: 1}",
    "{'descr': (), 'fortran_order': False, 'shape': (2, 20, 3)}",
    "-" * 9000 + "1",
    "'''",
    "lambda: 0",
)


@pytest.mark.parametrize("header", NO_HEADERS, ids=lambda header: header[:8])
def test_a_header_that_is_no_plain_one_is_one_sentence(tmp_path: Path, header: str) -> None:
    array = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + BODY[-480:]
    for content in (npz(meta=META, body=array), npz(keypoints=array), array):
        (tmp_path / "dance.npz").write_bytes(content)
        with pytest.raises(BadInput, match="has another form"):
            read_poses(tmp_path / "dance.npz")


@pytest.mark.parametrize("content, words", BAD_NPZ.values(), ids=BAD_NPZ)
def test_bad_npz_is_one_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "dance.npz"
    file.write_bytes(content)
    with pytest.raises(BadInput) as caught:
        read_skeleton(file)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("body.npy", "w") as member:
        for _ in range(200):
            member.write(bytes(1 << 20))
    (tmp_path / "bomb.npz").write_bytes(stream.getvalue())
    with pytest.raises(BadInput, match="larger than any skeleton"):
        read_skeleton(tmp_path / "bomb.npz")


@pytest.mark.parametrize("place", ["nowhere.json", "."])
def test_what_is_no_file_is_one_sentence(tmp_path: Path, place: str) -> None:
    with pytest.raises(StudioError) as caught:
        read_skeleton(tmp_path / place)
    assert "\n" not in str(caught.value)


@given(st.integers(0, 2000), st.integers(0, 255), st.booleans())
def test_a_flipped_byte_is_read_or_refused_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, place: int, value: int, npz: bool
) -> None:
    content = bytearray(skeleton_bytes(dance(2), npz=npz))
    content[place % len(content)] = value
    file = tmp_path_factory.mktemp("flipped") / "file"
    file.write_bytes(bytes(content))
    try:
        read_skeleton(file)
    except StudioError as error:
        assert "\n" not in str(error)
