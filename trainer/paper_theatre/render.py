"""Draws a script: frames, and the truths that go with them (loudness and skeleton tracks)."""

import numpy as np
import numpy.typing as npt

from trainer.paper_theatre import puppet
from trainer.paper_theatre.scenes import Pixels, backdrop
from trainer.paper_theatre.script import STRIDE, Script, Still, mouth_at, pose_at, still_at
from trainer.paper_theatre.stage import ACTION_FRAMES, FLOOR, HEIGHT, NUM_FRAMES, WIDTH
from trainer.paper_theatre.subjects import BIG, SMALL, Sprite, thing_sprite

_HOP = (7, 12, 15, 16, 15, 12, 7, 0)  # pixels above the floor
_BIRD_LIFT = {SMALL: 14, BIG: 6}  # pixels; birds hang higher than the rest


def render(script: Script) -> Pixels:
    """All frames of a clip, uint8 [NUM_FRAMES, HEIGHT, WIDTH, 3]."""
    return np.stack([render_frame(script, frame) for frame in range(NUM_FRAMES)])


def subject_mask(script: Script) -> npt.NDArray[np.bool_]:
    """Where the subject (with its rim) covers the backdrop, bool [NUM_FRAMES, HEIGHT, WIDTH]."""
    masks = np.zeros((NUM_FRAMES, HEIGHT, WIDTH, 3), dtype=np.float32)
    for frame in range(NUM_FRAMES):
        if not still_at(script, frame).empty:
            sprite, x, bottom = placed_sprite(script, frame)
            opaque = np.repeat(sprite[..., 3:], 4, axis=2).astype(np.float32)
            paste(masks[frame], opaque, x, bottom - sprite.shape[0])
    return np.asarray(masks[..., 0] > 0.1)


def render_still(stage: Still) -> Pixels:
    """One picture of the stage at rest, uint8 [HEIGHT, WIDTH, 3]."""
    return render_frame(Script(stage, "rest"), 0)


def render_frame(script: Script, frame: int) -> Pixels:
    """One frame of a clip, uint8 [HEIGHT, WIDTH, 3]."""
    stage = still_at(script, frame)
    canvas = np.asarray(_scenery(script, stage, frame) / 255, dtype=np.float32)
    if not stage.empty:
        sprite, x, bottom = placed_sprite(script, frame)
        paste(canvas, sprite, x, bottom - sprite.shape[0])
    return np.asarray((canvas * 255).round().clip(0, 255), dtype=np.uint8)


def loudness(script: Script) -> npt.NDArray[np.float32]:
    """How loud the puppet talks at each frame, 0 to 1, float32 [NUM_FRAMES]."""
    return np.array([mouth_at(script, f) / 3 for f in range(NUM_FRAMES)], dtype=np.float32)


def skeletons(script: Script) -> npt.NDArray[np.float32]:
    """Stage coordinates (x, y) of the puppet's joints, float32 [NUM_FRAMES, len(JOINTS), 2]; NaN without a puppet."""
    track = np.full((NUM_FRAMES, len(puppet.JOINTS), 2), np.nan, dtype=np.float32)
    for frame in range(NUM_FRAMES):
        stage = still_at(script, frame)
        if stage.subject != "puppet" or stage.empty:
            continue
        _, x, bottom = placed_sprite(script, frame)
        joints = puppet.skeleton(pose_at(script, frame))
        track[frame] = [joints[name] for name in puppet.JOINTS]
        width = _squash(script, frame) * stage.facing / 100  # of the sprite, which is mirrored where this is negative
        track[frame, :, 0] = (track[frame, :, 0] - puppet.WIDTH / 2) * width + puppet.WIDTH / 2
        track[frame] += (x, bottom - puppet.HEIGHT)
    return track


def placed_sprite(script: Script, frame: int) -> tuple[Sprite, int, int]:
    """The subject's sprite at a frame, its left edge and its lower edge, in pixels."""
    stage = still_at(script, frame)
    squash = _squash(script, frame) * stage.facing
    hop = _HOP[script.moved(frame) - 1] if script.action == "jump" and script.moved(frame) else 0
    if stage.subject == "puppet":
        sprite = puppet.puppet_sprite(stage.colour, pose_at(script, frame), mouth_at(script, frame), squash)
        return sprite, stage.x, FLOOR - hop // 2
    size = _size(script, frame)
    sprite = thing_sprite(stage.subject, stage.colour, size, squash)
    small_x = stage.x + (stage.size - SMALL) // 2
    share = (size - SMALL) / (BIG - SMALL)
    lift = round(_BIRD_LIFT[SMALL] + share * (_BIRD_LIFT[BIG] - _BIRD_LIFT[SMALL])) if stage.subject == "bird" else 0
    return sprite, small_x - (size - SMALL) // 2, FLOOR - lift - (hop if size == SMALL else hop // 2)


def _size(script: Script, frame: int) -> int:
    share = script.moved(frame) / ACTION_FRAMES
    if script.action == "grow":
        return SMALL + 2 * round((BIG - SMALL) / 2 * share)
    if script.action == "shrink":
        return BIG - 2 * round((BIG - SMALL) / 2 * share)
    return script.start.size


def _squash(script: Script, frame: int) -> int:
    """Width in percent while turning: 100 down to a sliver and back up."""
    moved = script.moved(frame)
    if script.action != "turn" or moved in (0, ACTION_FRAMES):
        return 100
    return max(12, round(abs(1 - 2 * moved / ACTION_FRAMES) * 100))


def _scenery(script: Script, stage: Still, frame: int) -> Pixels:
    old = np.roll(backdrop(script.start.scene), -stage.offset, axis=1)
    if script.action != "change scene" or script.new_scene is None:
        return old
    shown = min(STRIDE * script.moved(frame), WIDTH)
    canvas = np.roll(backdrop(script.start.scene), -script.start.offset, axis=1).copy()
    if shown:
        canvas[:, WIDTH - shown :] = backdrop(script.new_scene)[:, :shown]
    return canvas


def paste(canvas: npt.NDArray[np.float32], sprite: Sprite, x: int, y: int) -> None:
    """Lays a sprite on a canvas, float32 [H, W, C] 0..1, with its upper left corner at x, y; what sticks out is cut."""
    h, w = sprite.shape[:2]
    x0, x1, y0, y1 = max(x, 0), min(x + w, WIDTH), max(y, 0), min(y + h, HEIGHT)
    if x0 >= x1 or y0 >= y1:
        return
    part = sprite[y0 - y : y1 - y, x0 - x : x1 - x]
    target = canvas[y0:y1, x0:x1]
    target *= 1 - part[..., 3:]
    target += part[..., :3]
