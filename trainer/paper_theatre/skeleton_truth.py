"""The skeleton of the puppet as a Dance model gets it, from its renderer; and skeletons as other dancers have them."""

import random
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from svi_studio.domain.poses.joints import BODY_JOINTS, HAND_JOINTS, Joint
from svi_studio.domain.poses.skeleton import Points, Skeleton
from trainer.paper_theatre.performance import Moment
from trainer.paper_theatre.puppet import EYES, HIPS, SHOULDERS, skeleton
from trainer.paper_theatre.puppet import HEIGHT as PUPPET_HEIGHT
from trainer.paper_theatre.puppet import WIDTH as PUPPET_WIDTH
from trainer.paper_theatre.script import Still
from trainer.paper_theatre.stage import FLOOR, HEIGHT, PLAIN, WIDTH, Staging
from trainer.paper_theatre.subjects import Point

Places = npt.NDArray[np.float32]

_EARS = {"left": (6.8, 7.6), "right": (17.2, 7.6)}
_HAND_LENGTH = 1.8  # units


def skeleton_of(stage: Still, moments: tuple[Moment, ...], staging: Staging = PLAIN) -> Skeleton:
    """The puppet's own skeleton on a canvas of stage units: body, eyes and ears, no hands, no toes."""
    body = np.ones((len(moments), BODY_JOINTS, 3), np.float32)
    for frame, moment in enumerate(moments):
        body[frame, :, :2] = _body(stage, moment)
    body[:, [Joint.LEFT_TOES, Joint.RIGHT_TOES]] = 0
    return Skeleton.of_body(Fraction(staging.fps), WIDTH, HEIGHT, body)


def _body(stage: Still, moment: Moment) -> Places:
    """Places ``[20, 2]`` on the stage. What the viewer sees on the left is the puppet's right: it always faces us."""
    at = skeleton(moment.pose)
    head = at["head"]
    places: dict[Joint, Point] = {Joint.NOSE: (head[0] + 0.3, head[1] + 1.2), Joint.NECK: at["neck"]}
    for seen, side in (("left", "RIGHT"), ("right", "LEFT")):
        own = seen if stage.facing == 1 else {"left": "right", "right": "left"}[seen]
        named = {
            "SHOULDER": SHOULDERS[own], "ELBOW": at[f"{own}_elbow"], "WRIST": at[f"{own}_hand"], "HIP": HIPS[own],
            "KNEE": at[f"{own}_knee"], "ANKLE": at[f"{own}_foot"], "TOES": at[f"{own}_foot"], "EYE": EYES[own],
            "EAR": _EARS[own],
        }  # fmt: skip
        places |= {Joint[f"{side}_{name}"]: point for name, point in named.items()}
    array = np.array([places[joint] for joint in Joint], np.float32)
    if stage.facing == -1:
        array[:, 0] = PUPPET_WIDTH - array[:, 0]
    return array + np.array((stage.x + moment.right, FLOOR - PUPPET_HEIGHT - moment.up), np.float32)


def as_of_others(rng: random.Random, own: Skeleton) -> Skeleton:
    """The same dance as another dancer's aligned skeleton shows it: limbs that point towards us are shorter, places
    are off a little, hands and toes show and faces may not, and now and then a joint is lost for a while.
    """
    body = own.body.copy()
    _foreshorten(rng, body)
    noise = np.random.default_rng(rng.getrandbits(32))
    body[..., :2] += noise.normal(0, rng.choice((0.0, 0.1, 0.25)), (1, BODY_JOINTS, 2))
    body[..., :2] += noise.normal(0, rng.choice((0.0, 0.05, 0.15)), body[..., :2].shape)
    if rng.random() < 0.5:
        _add_toes(rng, body)
    if rng.random() < 0.4:
        body[:, [Joint.RIGHT_EYE, Joint.LEFT_EYE, Joint.RIGHT_EAR, Joint.LEFT_EAR]] = 0
    if rng.random() < 0.15:
        start = rng.randrange(len(body))
        body[start : start + rng.randrange(1, 6), rng.randrange(BODY_JOINTS)] = 0
    hands = {}
    if rng.random() < 0.5:
        hands = {f"{side}_hand": _hand(noise, body, side.upper()) for side in ("right", "left")}
    body[body[..., 2] == 0] = 0
    return own.with_parts({"body": body.astype(np.float32), **hands})


def _foreshorten(rng: random.Random, body: Points) -> None:
    """Scales arms and legs from where they hang, by a share that wanders slowly."""
    frames = np.arange(len(body))
    for side in ("RIGHT", "LEFT"):
        for chain, least in ((("SHOULDER", "ELBOW", "WRIST"), 0.6), (("HIP", "KNEE", "ANKLE", "TOES"), 0.85)):
            joints = [Joint[f"{side}_{name}"] for name in chain]
            swing = 0.5 + 0.5 * np.sin(frames * rng.uniform(0.05, 0.6) + rng.uniform(0, 6.3))
            share = 1.08 - (1.08 - least) * rng.random() * swing
            root = body[:, joints[:1], :2]
            body[:, joints[1:], :2] = root + (body[:, joints[1:], :2] - root) * share[:, None, None]


def _add_toes(rng: random.Random, body: Points) -> None:
    for side, sign in (("RIGHT", -1), ("LEFT", 1)):
        toes, ankle = Joint[f"{side}_TOES"], Joint[f"{side}_ANKLE"]
        body[:, toes] = body[:, ankle]
        body[:, toes, :2] += (sign * rng.uniform(0.4, 1.4), rng.uniform(0.3, 1.0))


def _hand(noise: np.random.Generator, body: Points, side: str) -> Points:
    """Five straight fingers from the wrist on, in the direction of the lower arm."""
    wrist, elbow = body[:, Joint[f"{side}_WRIST"]], body[:, Joint[f"{side}_ELBOW"]]
    along = wrist[:, :2] - elbow[:, :2]
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-6)
    across = np.stack([-along[:, 1], along[:, 0]], 1)
    hand = np.ones((len(body), HAND_JOINTS, 3), np.float32)
    hand[:, 0, :2] = wrist[:, :2]
    for finger in range(5):
        for step in range(1, 5):
            far, wide = _HAND_LENGTH * (0.3 + 0.7 * step / 4), 0.8 * (finger - 2) / 2 * (0.5 + step / 8)
            hand[:, 4 * finger + step, :2] = wrist[:, :2] + along * far + across * wide
    hand[:, 1:, :2] += noise.normal(0, 0.1, (len(body), HAND_JOINTS - 1, 2))
    hand[(wrist[:, 2] == 0) | (elbow[:, 2] == 0)] = 0
    return hand.astype(np.float32)
