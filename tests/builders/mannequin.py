"""A person drawn so plainly that their joints are known, and so well that a pose network finds them."""

import math
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.poses.joints import Joint

Picture = NDArray[np.uint8]
Place = tuple[float, float]

WIDTH, HEIGHT = 640, 720
SKIN, HAIR, SHOE, TROUSERS = (224, 172, 140), (60, 40, 30), (30, 25, 25), (50, 50, 60)
BLUE, RED = (60, 90, 160), (190, 50, 40)


def mannequin(
    angle: float = 20.0, x: int = 320, shirt: tuple[int, int, int] = BLUE, picture: Picture | None = None
) -> tuple[Picture, dict[Joint, Place]]:
    """The picture, and where the joints are; ``angle``: degrees of both arms from hanging down, outwards."""
    canvas = ground() if picture is None else picture.copy()
    at = _joints(math.radians(angle), x)
    for side in ("LEFT", "RIGHT"):
        hip, knee, ankle = (at[Joint[f"{side}_{name}"]] for name in ("HIP", "KNEE", "ANKLE"))
        _limb(canvas, hip, knee, (27, 20), TROUSERS)
        _limb(canvas, knee, ankle, (20, 13), TROUSERS)
        _limb(canvas, ankle, (ankle[0] + (12 if side == "LEFT" else -12), ankle[1] + 16), (12, 9), SHOE)
    torso = [(x - 66, 204), (x + 66, 204), (x + 52, 330), (x + 50, 400), (x - 50, 400), (x - 52, 330)]
    cv2.fillConvexPoly(canvas, np.array(torso), shirt, cv2.LINE_AA)
    for side in ("LEFT", "RIGHT"):
        shoulder, elbow, wrist = (at[Joint[f"{side}_{name}"]] for name in ("SHOULDER", "ELBOW", "WRIST"))
        _limb(canvas, shoulder, elbow, (20, 15), shirt)
        _limb(canvas, elbow, wrist, (14, 10), SKIN)
        _limb(canvas, wrist, _beyond(elbow, wrist, 18), (10, 9), SKIN)
    _head(canvas, x)
    return cv2.GaussianBlur(canvas, (0, 0), 1.0), at


def ground() -> Picture:
    """A room without anybody."""
    canvas = np.full((HEIGHT, WIDTH, 3), (176, 190, 200), np.uint8)
    canvas[int(HEIGHT * 0.86) :] = (120, 100, 80)
    return np.clip(canvas.astype(np.int16) - np.arange(HEIGHT)[:, None, None] // 20, 0, 255).astype(np.uint8)


def write_film(path: Path, frames: Iterable[Picture], fps: Fraction = Fraction(12)) -> Path:
    """An H.264 video of ``frames``."""
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps, options={"crf": "18"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for picture in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24")))
        container.mux(stream.encode())
    return path


def _joints(turn: float, x: int) -> dict[Joint, Place]:
    at: dict[Joint, Place] = {Joint.NOSE: (x, 142)}
    for side, out in (("LEFT", 1), ("RIGHT", -1)):
        shoulder = (x + out * 58, 212)
        elbow = (shoulder[0] + out * math.sin(turn) * 85, shoulder[1] + math.cos(turn) * 85)
        wrist = (elbow[0] + out * math.sin(turn * 1.3) * 78, elbow[1] + math.cos(turn * 1.3) * 78)
        legs = ((x + out * 30, 392), (x + out * 38, 500), (x + out * 42, 604))
        names = ("SHOULDER", "ELBOW", "WRIST", "HIP", "KNEE", "ANKLE")
        at |= {
            Joint[f"{side}_{name}"]: place for name, place in zip(names, (shoulder, elbow, wrist, *legs), strict=True)
        }
    return at


def _limb(canvas: Picture, start: Place, end: Place, widths: tuple[int, int], colour: tuple[int, int, int]) -> None:
    a, b = np.array(start, float), np.array(end, float)
    across = np.array((-(b - a)[1], (b - a)[0])) / np.linalg.norm(b - a)
    outline = np.array([a + across * widths[0], b + across * widths[1], b - across * widths[1], a - across * widths[0]])
    cv2.fillConvexPoly(canvas, outline.astype(int), colour, cv2.LINE_AA)
    for place, radius in ((a, widths[0]), (b, widths[1])):
        cv2.circle(canvas, (int(place[0]), int(place[1])), radius, colour, -1, cv2.LINE_AA)


def _beyond(start: Place, end: Place, pixels: float) -> Place:
    way = np.array(end) - np.array(start)
    x, y = np.array(end) + way / np.linalg.norm(way) * pixels
    return float(x), float(y)


def _head(canvas: Picture, x: int) -> None:
    _limb(canvas, (x, 206), (x, 170), (17, 16), SKIN)
    cv2.ellipse(canvas, (x, 132), (34, 46), 0, 0, 360, SKIN, -1, cv2.LINE_AA)
    cv2.ellipse(canvas, (x, 112), (37, 34), 0, 180, 360, HAIR, -1, cv2.LINE_AA)
    for side in (-1, 1):
        cv2.ellipse(canvas, (x + side * 13, 128), (6, 3), 0, 0, 360, (250, 250, 250), -1, cv2.LINE_AA)
        cv2.circle(canvas, (x + side * 13, 128), 3, (40, 30, 20), -1, cv2.LINE_AA)
        cv2.ellipse(canvas, (x + side * 13, 119), (8, 2), 0, 0, 360, HAIR, -1, cv2.LINE_AA)
        cv2.ellipse(canvas, (x + side * 35, 134), (5, 10), 0, 0, 360, SKIN, -1)
    cv2.line(canvas, (x, 130), (x - 4, 146), (190, 130, 100), 2, cv2.LINE_AA)
    cv2.ellipse(canvas, (x, 160), (12, 4), 0, 0, 360, (170, 70, 70), -1, cv2.LINE_AA)
