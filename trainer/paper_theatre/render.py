"""Draws a script: frames, and the truths that go with them (loudness and skeleton tracks)."""

import numpy as np
import numpy.typing as npt

from trainer.paper_theatre import puppet
from trainer.paper_theatre.scenes import Pixels, backdrop, panned
from trainer.paper_theatre.script import Script, Still, mouth_at, pose_at, still_at
from trainer.paper_theatre.stage import FLOOR, PLAIN, WIDTH, Staging
from trainer.paper_theatre.subjects import BIG, SMALL, Sprite, thing_sprite

_HOP = 16  # units above the floor, at the top of a jump
_BIRD_LIFT = {SMALL: 14, BIG: 6}  # units; birds hang higher than the rest


def render(script: Script, staging: Staging = PLAIN) -> Pixels:
    """All frames of a clip, uint8 [num_frames, height, width, 3]."""
    return np.stack([render_frame(script, frame, staging) for frame in range(staging.num_frames)])


def subject_mask(script: Script, staging: Staging = PLAIN) -> npt.NDArray[np.bool_]:
    """Where the subject (with its rim) covers the backdrop, bool [num_frames, height, width]."""
    masks = np.zeros((staging.num_frames, staging.height, staging.width, 3), dtype=np.float32)
    for frame in range(staging.num_frames):
        if not still_at(script, frame, staging).empty:
            sprite, x, bottom = placed_sprite(script, frame, staging)
            opaque = np.repeat(sprite[..., 3:], 4, axis=2).astype(np.float32)
            paste(masks[frame], opaque, x, bottom - sprite.shape[0])
    return np.asarray(masks[..., 0] > 0.1)


def render_still(stage: Still, staging: Staging = PLAIN) -> Pixels:
    """One picture of the stage at rest, uint8 [height, width, 3]."""
    return render_frame(Script(stage, "rest"), 0, staging)


def render_frame(script: Script, frame: int, staging: Staging = PLAIN) -> Pixels:
    """One frame of a clip, uint8 [height, width, 3]."""
    stage = still_at(script, frame, staging)
    canvas = np.asarray(_scenery(script, stage, frame, staging) / 255, dtype=np.float32)
    if not stage.empty:
        sprite, x, bottom = placed_sprite(script, frame, staging)
        paste(canvas, sprite, x, bottom - sprite.shape[0])
    return np.asarray((canvas * 255).round().clip(0, 255), dtype=np.uint8)


def loudness(script: Script, staging: Staging = PLAIN) -> npt.NDArray[np.float32]:
    """How loud the puppet talks at each frame, 0 to 1, float32 [num_frames]."""
    return np.array([mouth_at(script, f, staging) / 3 for f in range(staging.num_frames)], dtype=np.float32)


def skeletons(script: Script, staging: Staging = PLAIN) -> npt.NDArray[np.float32]:
    """Pixels (x, y) of the puppet's joints, float32 [num_frames, len(JOINTS), 2]; NaN without a puppet."""
    track = np.full((staging.num_frames, len(puppet.JOINTS), 2), np.nan, dtype=np.float32)
    for frame in range(staging.num_frames):
        stage = still_at(script, frame, staging)
        if stage.subject != "puppet" or stage.empty:
            continue
        _, x, bottom = placed_sprite(script, frame, staging)
        joints = puppet.skeleton(pose_at(script, frame, staging))
        track[frame] = [joints[name] for name in puppet.JOINTS]
        width = _squash(script, frame, staging) * stage.facing / 100  # of the sprite, mirrored where this is negative
        track[frame, :, 0] = (track[frame, :, 0] - puppet.WIDTH / 2) * width + puppet.WIDTH / 2
        track[frame] = track[frame] * staging.pixels + (x, bottom - puppet.HEIGHT * staging.pixels)
    return track


def placed_sprite(script: Script, frame: int, staging: Staging = PLAIN) -> tuple[Sprite, int, int]:
    """The subject's sprite at a frame, its left edge and its lower edge, in pixels."""
    stage, p = still_at(script, frame, staging), staging.pixels
    squash = _squash(script, frame, staging) * stage.facing
    hop = _hop(script, frame, staging)
    if stage.subject == "puppet":
        pose, mouth = pose_at(script, frame, staging), mouth_at(script, frame, staging)
        sprite = puppet.puppet_sprite(stage.colour, pose, mouth, squash, staging)
        return sprite, stage.x * p, FLOOR * p - hop // 2
    size = _size(script, frame, staging)
    sprite = thing_sprite(stage.subject, stage.colour, size / p, squash, staging)
    small_x = (stage.x + (stage.size - SMALL) // 2) * p
    share = (size / p - SMALL) / (BIG - SMALL)
    lift = 0
    if stage.subject == "bird":
        lift = round((_BIRD_LIFT[SMALL] + share * (_BIRD_LIFT[BIG] - _BIRD_LIFT[SMALL])) * p)
    return sprite, small_x - (size - SMALL * p) // 2, FLOOR * p - lift - (hop if size == SMALL * p else hop // 2)


def _hop(script: Script, frame: int, staging: Staging) -> int:
    """Pixels above the floor: a parabola."""
    share = staging.moved(frame) / staging.action
    return round(_HOP * staging.pixels * (1 - (2 * share - 1) ** 2)) if script.action == "jump" else 0


def _size(script: Script, frame: int, staging: Staging) -> int:
    """Of a thing, in pixels."""
    p, share = staging.pixels, staging.moved(frame) / staging.action
    grown = 2 * round((BIG - SMALL) * p / 2 * share)
    if script.action == "grow":
        return SMALL * p + grown
    if script.action == "shrink":
        return BIG * p - grown
    return script.start.size * p


def _squash(script: Script, frame: int, staging: Staging) -> int:
    """Width in percent while turning: 100 down to a sliver and back up."""
    share = staging.moved(frame) / staging.action
    if script.action != "turn" or share in (0, 1):
        return 100
    return max(12, round(abs(1 - 2 * share) * 100))


def _scenery(script: Script, stage: Still, frame: int, staging: Staging) -> Pixels:
    if script.action != "change scene" or script.new_scene is None:
        return panned(script.start.scene, stage.offset, staging)
    shown = min(round(staging.stride * staging.moved(frame)), WIDTH) * staging.pixels
    canvas = panned(script.start.scene, script.start.offset, staging).copy()
    if shown:
        canvas[:, staging.width - shown :] = backdrop(script.new_scene, staging)[:, :shown]
    return canvas


def paste(canvas: npt.NDArray[np.float32], sprite: Sprite, x: int, y: int) -> None:
    """Lays a sprite on a canvas, float32 [H, W, C] 0..1, with its upper left corner at x, y; what sticks out is cut."""
    (h, w), (rows, columns) = sprite.shape[:2], canvas.shape[:2]
    x0, x1, y0, y1 = max(x, 0), min(x + w, columns), max(y, 0), min(y + h, rows)
    if x0 >= x1 or y0 >= y1:
        return
    part = sprite[y0 - y : y1 - y, x0 - x : x1 - x]
    target = canvas[y0:y1, x0:x1]
    target *= 1 - part[..., 3:]
    target += part[..., :3]
