"""Where DWPose's two files may lie: in a models folder, or where ComfyUI and the authors' programs put them."""

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from platformdirs import user_data_path

from svi_studio.domain.errors import BadInput
from svi_studio.media.poses.networks.network_files import networks_folder
from svi_studio.settings import MODELS

DETECTOR: Final = "yolox_l.onnx"
POSE: Final = "dw-ll_ucoco_384.onnx"
_BELOW: Final = (
    "",
    "DWPose",
    "dwpose",
    "checkpoints/dwpose",
    "controlnet_aux",
    "custom_nodes/comfyui_controlnet_aux/ckpts/yzd-v/DWPose",
    "custom_nodes/comfyui_controlnet_aux/ckpts/hr16/yolox-onnx",
)
_COMFY: Final = ("ComfyUI", "Documents/ComfyUI", "comfyui")


def dwpose_files() -> tuple[Path, Path]:
    """The detector and the pose network. Raises BadInput when one of them is nowhere, or onnxruntime is missing."""
    if missing := dwpose_missing():
        raise BadInput(missing)
    detector, pose = (_found(name) for name in (DETECTOR, POSE))
    assert detector is not None and pose is not None  # noqa: S101 - what is missing was told above
    return detector, pose


def dwpose_missing() -> str:
    """Why DWPose can't be used here, as one sentence; empty when it can."""
    lacking = [name for name in (DETECTOR, POSE) if _found(name) is None]
    if lacking:
        where = user_data_path("svi-studio", appauthor=False) / "models" / "DWPose"
        return f"DWPose needs {' and '.join(lacking)}: put them into {where}."
    if find_spec("onnxruntime") is None:
        return "DWPose needs onnxruntime: install it into this program's environment (pip install onnxruntime)."
    return ""


def _found(name: str) -> Path | None:
    return next((place / name for place in _places() if (place / name).is_file()), None)


def _places() -> Iterator[Path]:
    models = [Path(part).expanduser() for part in MODELS.text().split(os.pathsep) if part]
    roots = [networks_folder(), *models, user_data_path("svi-studio", appauthor=False) / "models"]
    roots += [Path.home() / name for name in _COMFY]
    for root in roots:
        yield from (root / below for below in _BELOW)
