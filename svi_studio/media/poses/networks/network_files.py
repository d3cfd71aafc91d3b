"""The files of the pose networks: which they are, where they lie, and whether they are the ones that we know.

They are part of the wheel mediapipe 0.10.21 (Apache-2.0, The MediaPipe Authors), whose other content is not needed. One
wheel serves every system and every Python: the files in all of them are the same.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from platformdirs import user_data_path

from svi_studio.disk.plain_file import read_plain, sha256_of
from svi_studio.domain.errors import BadInput, StudioError
from svi_studio.settings import COMMAND, POSE_NETWORKS

WHEEL: Final = "mediapipe-0.10.21-cp312-cp312-manylinux_2_28_x86_64.whl"
WHEEL_SHA256: Final = "956eb1ebc275c629e61b085b2cab89c3a5b9e93bad1bb107348d98dafb5a4bb5"
WHEEL_BYTES: Final = 35_627_340


@dataclass(frozen=True, slots=True)
class NetworkFile:
    """One file that is taken out of the wheel: our name for it, its place there, its size and hash."""

    name: str
    member: str
    size: int
    sha256: str


POSE_DETECTION: Final = NetworkFile(
    "pose_detection.tflite",
    "mediapipe/modules/pose_detection/pose_detection.tflite",
    2_959_046,
    "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
)
POSE_LANDMARKS: Final = NetworkFile(
    "pose_landmark_full.tflite",
    "mediapipe/modules/pose_landmark/pose_landmark_full.tflite",
    6_440_512,
    "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
)
HAND_RECROP: Final = NetworkFile(
    "hand_recrop.tflite",
    "mediapipe/modules/holistic_landmark/hand_recrop.tflite",
    123_792,
    "67d996ce96f9d36fe17d2693022c6da93168026ab2f028f9e2365398d8ac7d5d",
)
HAND_LANDMARKS: Final = NetworkFile(
    "hand_landmark_full.tflite",
    "mediapipe/modules/hand_landmark/hand_landmark_full.tflite",
    5_478_917,
    "11c272b891e1a99ab034208e23937a8008388cf11ed2a9d776ed3d01d0ba00e3",
)
LICENCE: Final = NetworkFile(
    "LICENSE",
    "mediapipe-0.10.21.dist-info/LICENSE",
    12_331,
    "8707eef0533987efc5b155d64761eeb6e20793f50b9bd1a68dad1cf4719d0ed8",
)
NETWORKS: Final = (POSE_DETECTION, POSE_LANDMARKS, HAND_RECROP, HAND_LANDMARKS)


def networks_folder() -> Path:
    """Where the files lie: the folder that ``SVI_POSE_NETWORKS`` names, else one in the user's data folder."""
    named = POSE_NETWORKS.text()
    return Path(named) if named else user_data_path("svi-studio", appauthor=False) / "pose-networks"


def networks_missing(folder: Path | None = None) -> str:
    """Why skeletons can't be found in videos here, as a sentence with the way out; empty when they can."""
    from importlib.util import find_spec  # noqa: PLC0415 - beside its one use

    if find_spec("ai_edge_litert") is None:
        return (
            "Skeletons can't be found in videos here: the package ai-edge-litert is not made for this system. Use a "
            "skeleton file, or DWPose's two files with onnxruntime."
        )
    place = folder or networks_folder()
    if all(_has_size(place / each.name, each.size) for each in NETWORKS):
        return ""
    return f"The networks that find skeletons are not here yet: run '{COMMAND.text()} pose --set-up' once (36 MB)."


def network_bytes(network: NetworkFile, folder: Path | None = None) -> bytes:
    """The content of one file, which is the one that we know. Raises BadInput when it is missing or another."""
    place = (folder or networks_folder()) / network.name
    again = f"run '{COMMAND.text()} pose --set-up' again."
    try:
        if sha256_of(place, network.size) != network.sha256:
            raise BadInput(f'"{place}" is not the network that this program knows: {again}')
        return read_plain(place, network.size)
    except OSError as error:
        raise BadInput(f'The network "{place}" could not be read: {again}') from error


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False


class SetUpFailed(StudioError):  # noqa: N818 - says what happened
    """The networks could not be fetched; everything else works without them."""
