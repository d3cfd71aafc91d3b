"""Reads a filmed puppet back: how wide its mouth is, and where its hands and feet are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import numpy.typing as npt

from trainer.paper_theatre.performance import Moment
from trainer.paper_theatre.puppet import HEAD, MOUTH, MOUTH_COLOUR, SHOULDERS, SKIN, Pose, drawn_puppet, skeleton
from trainer.paper_theatre.puppet import HEIGHT as PUPPET_HEIGHT
from trainer.paper_theatre.puppet import WIDTH as PUPPET_WIDTH
from trainer.paper_theatre.scenes import Pixels, panned
from trainer.paper_theatre.script import Still
from trainer.paper_theatre.stage import FLOOR, HEIGHT, PLAIN, WIDTH, Staging
from trainer.paper_theatre.subjects import COLOURS, Cutout, Sprite, squashed

Floats = npt.NDArray[np.float64]

ENDS = ("left_hand", "right_hand", "left_foot", "right_foot")
LIMBS = ("left_arm", "left_elbow", "right_arm", "right_elbow", "left_leg", "left_knee", "right_leg", "right_knee")
HEAD_RADIUS = 5.6
_STEPS = (24, 10, 4)  # degrees, coarse to fine


def mouth_seen(
    frames: Pixels, stage: Still, moments: tuple[Moment, ...] | None = None, staging: Staging = PLAIN
) -> Floats:
    """How much of the mouth's colour is where the mouth is, in stage units squared, for each frame ``[N]``.

    Each pixel counts by how far it is on the way from skin to the mouth's red. ``moments`` say where the head is.
    """
    across = MOUTH[0] if stage.facing == 1 else PUPPET_WIDTH - MOUTH[0]
    skin, red = np.array(SKIN, np.float64), np.array(MOUTH_COLOUR, np.float64)
    way, p = skin - red, staging.pixels
    found = []
    for number, frame in enumerate(frames):
        moment = moments[number] if moments is not None else Moment()
        left = max(0, round((stage.x + moment.right + across - 3) * p))
        top = max(0, round((FLOOR - PUPPET_HEIGHT - moment.up + MOUTH[1] - 2.5) * p))
        part = frame[top : top + 6 * p, left : left + 6 * p].astype(np.float64)
        found.append(float((((skin - part) @ way) / (way @ way)).clip(0, 1.2).sum()) / p**2)
    return np.array(found)


@dataclass(frozen=True)
class Seen:
    """The puppet as it was read: its pose and how far it is from its place."""

    pose: Pose
    right: float
    up: float

    def ends(self, stage: Still) -> Floats:
        """Where hands and feet are on the stage ``[4, 2]``, in the order of ``ENDS`` of the puppet's own limbs."""
        joints = skeleton(self.pose)
        places = np.array([joints[name] for name in ENDS])
        if stage.facing == -1:
            places[:, 0] = PUPPET_WIDTH - places[:, 0]
        return np.asarray(places + np.array((stage.x + self.right, FLOOR - PUPPET_HEIGHT - self.up)))


def pose_seen(frame: Pixels, stage: Still, near: tuple[float, float] = (0, 0), staging: Staging = PLAIN) -> Seen:
    """The pose whose drawing explains a frame best: legs, then each arm out of many, then everything finer and finer.

    ``near``: units to the right and up, about where the puppet is; it is looked for up to 2 units from there. A fine
    frame is read as a plain one first, and then more closely.
    """
    plain = _Reader(_View(_reduced(frame, staging.pixels), stage, PLAIN), stage, PLAIN)
    seen = plain.seen((round(near[0]), round(near[1])))
    return seen if staging == PLAIN else _Reader(_View(frame, stage, staging), stage, staging).closer(seen)


def _reduced(frame: Pixels, by: int) -> Pixels:
    """``frame [H, W, 3]`` with so many pixels, each way, made one."""
    if by == 1:
        return frame
    (rows, columns), squares = (side // by for side in frame.shape[:2]), frame.astype(np.float32)
    return np.asarray(squares.reshape(rows, by, columns, by, 3).mean((1, 3)).round(), np.uint8)


@dataclass(frozen=True)
class _Reader:
    """Looks for one stage's puppet in one frame."""

    view: _View
    stage: Still
    staging: Staging

    def seen(self, near: tuple[float, float]) -> Seen:
        """See `pose_seen`."""
        seen = self._legs(Seen(replace(Pose(), **_HIDDEN), *near))
        for _ in range(2):
            for side in ("left", "right"):
                seen = self._arm(seen, side)
        return self.closer(seen, _STEPS)

    def closer(self, seen: Seen, steps: tuple[int, ...] = _STEPS[-1:]) -> Seen:
        """With the place and the limbs that explain the frame better, turned by fewer and fewer degrees at a time."""
        best = self._misfit(seen)
        for step in steps:
            seen, best = self._placed(seen, best)
            seen, best = self._bent(seen, best, step)
        return seen

    def _misfit(self, seen: Seen) -> float:
        return self.view.misfit(self._drawn(seen.pose), seen.right, seen.up)

    def _drawn(self, pose: Pose) -> Sprite:
        return drawn_puppet(self.stage.colour, pose, 0.0, 100 * self.stage.facing, self.staging)

    def _legs(self, seen: Seen) -> Seen:
        """With the best legs and place of those that are tried, arms out of sight."""
        best = (float("inf"), seen)
        for (right_leg, left_leg), sprite in _bodies(self.stage.colour, self.stage.facing, self.staging).items():
            for right, up in self._around(seen, 1):
                misfit = self.view.misfit(sprite, right, up)
                if misfit < best[0]:
                    pose = replace(seen.pose, left_leg=left_leg, right_leg=right_leg)
                    best = (misfit, Seen(pose, right, up))
        return best[1]

    def _arm(self, seen: Seen, side: str) -> Seen:
        """With the best of many arms on that side, which is drawn behind the body."""
        body = self._drawn(replace(seen.pose, **_hidden(side)))
        arms = _arms(self.stage.colour, self.stage.facing, side, self.staging)
        misfits = self.view.misfits_behind(np.stack([sprite for _, sprite in arms]), body, seen.right, seen.up)
        (upper, lower), _ = arms[int(np.argmin(misfits))]
        return replace(seen, pose=replace(seen.pose, **{f"{side}_arm": upper, f"{side}_elbow": lower}))

    def _placed(self, seen: Seen, best: float) -> tuple[Seen, float]:
        sprite = self._drawn(seen.pose)
        for right, up in self._around(seen, self.staging.pixels):
            misfit = self.view.misfit(sprite, right, up)
            if misfit < best:
                seen, best = replace(seen, right=right, up=up), misfit
        return seen, best

    def _bent(self, seen: Seen, best: float, step: int) -> tuple[Seen, float]:
        for limb in LIMBS:
            for turn in (-step, step):
                while True:
                    tried = replace(seen, pose=replace(seen.pose, **{limb: getattr(seen.pose, limb) + turn}))
                    misfit = self._misfit(tried)
                    if misfit >= best:
                        break
                    seen, best = tried, misfit
        return seen, best

    @staticmethod
    def _around(seen: Seen, places: int) -> list[tuple[float, float]]:
        """Places up to 2 units from where the puppet is thought to be, so many to a unit."""
        steps = [step / places if step % places else step // places for step in range(-2 * places, 2 * places + 1)]
        return [(seen.right + across, seen.up + high) for across in steps for high in steps]


def in_sight(pose: Pose) -> npt.NDArray[np.bool_]:
    """Which of ``ENDS`` can be seen at all ``[4]``: arms hang behind head and trunk."""
    joints = skeleton(pose)
    return np.array([_shows(joints[name]) for name in ENDS])


def _shows(place: tuple[float, float]) -> bool:
    x, y = place
    behind_head = np.hypot(x - HEAD[0], y - HEAD[1]) < HEAD_RADIUS
    half = 2.8 + 1.8 * (y - 13) / 11  # of the trunk, which widens downwards
    return not (behind_head or (13 <= y <= 24 and abs(x - 12) < half))


class _View:
    """A frame with its known backdrop, 0..1."""

    def __init__(self, frame: Pixels, stage: Still, staging: Staging) -> None:
        self._pixels = staging.pixels
        high, wide = PUPPET_HEIGHT * self._pixels, PUPPET_WIDTH * self._pixels
        pad = ((high, high), (wide, wide), (0, 0))
        papers = panned(stage.scene, stage.offset, staging)
        self._papers = np.pad(papers.astype(np.float32) / 255, pad)
        self._picture = np.pad(frame.astype(np.float32) / 255, pad)
        self._empty = ((self._papers - self._picture) ** 2).sum(2)
        self._x = stage.x

    def misfit(self, sprite: Sprite, right: float, up: float) -> float:
        """The squared error that the sprite there adds to that of the bare backdrop; negative where it is seen."""
        where = self._where(right, up)
        drawn = self._papers[where] * (1 - sprite[..., 3:]) + sprite[..., :3]
        return float(((drawn - self._picture[where]) ** 2).sum() - self._empty[where].sum())

    def misfits_behind(self, sprites: Sprite, front: Sprite, right: float, up: float) -> Floats:
        """The squared errors of many sprites ``[K, h, w, 4]``, each behind the one sprite in ``front``."""
        where = self._where(right, up)
        drawn = self._papers[where] * (1 - sprites[..., 3:]) + sprites[..., :3]
        drawn = drawn * (1 - front[..., 3:]) + front[..., :3]
        return np.asarray(((drawn - self._picture[where]) ** 2).sum((1, 2, 3)), np.float64)

    def _where(self, right: float, up: float) -> tuple[slice, slice]:
        left = min(max(self._x + right, -PUPPET_WIDTH), WIDTH) + PUPPET_WIDTH
        top = min(max(FLOOR - up, 0), HEIGHT + PUPPET_HEIGHT)
        first, p = (round(top * self._pixels), round(left * self._pixels)), self._pixels
        return slice(first[0], first[0] + PUPPET_HEIGHT * p), slice(first[1], first[1] + PUPPET_WIDTH * p)


def _hidden(side: str) -> dict[str, int]:
    return {f"{side}_arm": -10, f"{side}_elbow": -10}


_HIDDEN = _hidden("left") | _hidden("right")
"""Arms behind the trunk."""


@cache
def _bodies(colour: str, facing: int, staging: Staging) -> dict[tuple[int, int], Sprite]:
    angles = range(-20, 61, 16)
    return {
        (right, left): drawn_puppet(
            colour, replace(Pose(), **_HIDDEN, left_leg=left, right_leg=right), 0.0, 100 * facing, staging
        )
        for right in angles
        for left in angles
    }


@cache
def _arms(colour: str, facing: int, side: str, staging: Staging) -> list[tuple[tuple[int, int], Sprite]]:
    """Arms alone, with their rim, by the angles of their upper and lower part."""
    found = []
    for upper in range(-30, 191, 15):
        for lower in range(upper - 150, upper + 151, 15):
            pose = replace(Pose(), **{f"{side}_arm": upper, f"{side}_elbow": lower})
            joints, cut = skeleton(pose), Cutout(PUPPET_WIDTH, PUPPET_HEIGHT, staging=staging)
            cut.stick([SHOULDERS[side], joints[f"{side}_elbow"], joints[f"{side}_hand"]], 2.4, COLOURS[colour])
            cut.disc(*joints[f"{side}_hand"], 1.5, 1.5, SKIN)
            cut.rim()
            found.append(((upper, lower), squashed(cut.sprite(), 100 * facing)))
    return found
