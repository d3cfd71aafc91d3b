"""The storyboards of the proof: fixed chains of scripts whose truth the renderer knows, clip by clip."""

import random
from dataclasses import dataclass, replace

from trainer.mini.clips import is_held_out
from trainer.paper_theatre.script import (
    ACTIONS,
    Script,
    Still,
    another_still,
    continue_script,
    possible,
    random_still,
)

STAYING = ("jump", "dance", "turn", "rest", "wave", "talk")
"""Actions that a subject can do for ever on one spot; a turn is undone by the next."""


@dataclass(frozen=True)
class Board:
    """One chain of clips: its scripts in order, and the still that anchors a Shot from its second clip on."""

    scripts: tuple[Script, ...]
    anchor: Still


def consistent_boards(count: int, clips: int, seed: int = 50) -> tuple[Board, ...]:
    """Films of one prompt: a subject repeats one action on its spot, ``clips`` times."""
    rngs = [random.Random(f"{seed} {number}") for number in range(count)]
    return tuple(_consistent(rng, STAYING[number % len(STAYING)], clips) for number, rng in enumerate(rngs))


def creative_boards(count: int, clips: int, seed: int = 51, *, new_scene_every: int = 5) -> tuple[Board, ...]:
    """Films of a prompt stream: whatever is possible from each state, with a change of scene every few clips."""
    rngs = [random.Random(f"{seed} {number}") for number in range(count)]
    return tuple(_creative(rng, clips, new_scene_every) for rng in rngs)


def _consistent(rng: random.Random, action: str, clips: int) -> Board:
    while True:
        start = replace(random_still(rng), empty=False)
        if possible(start, action) and is_held_out(continue_script(rng, start, action)):
            break
    anchor = elsewhere(rng, start)
    scripts = [continue_script(rng, start, action)]
    while len(scripts) < clips:
        scripts.append(continue_script(rng, scripts[-1].end, action))
    return Board(tuple(scripts), anchor)


def _creative(rng: random.Random, clips: int, new_scene_every: int) -> Board:
    start = replace(random_still(rng), empty=False)
    anchor = elsewhere(rng, start)
    scripts: list[Script] = []
    state = start
    for number in range(clips):
        changes = number % new_scene_every == new_scene_every - 1
        able = [a for a in ACTIONS if possible(state, a) and a != "change scene" and _stays_on(state, a)]
        scripts.append(continue_script(rng, state, "change scene" if changes else rng.choice(able)))
        state = scripts[-1].end
    return Board(tuple(scripts), anchor)


def _stays_on(state: Still, action: str) -> bool:
    """Whether the subject stays to be seen; one that has left comes back first of all."""
    return action.startswith("enter") if state.empty else not action.startswith("leave")


def elsewhere(rng: random.Random, stage: Still) -> Still:
    """The same subject in the same scene, elsewhere and under another camera: an anchor that is not the answer."""
    while True:
        still = replace(another_still(rng, stage), empty=False)
        if still.x != stage.x and still.offset != stage.offset:
            return still
        stage_offset = rng.randrange(0, 80, 8)
        if still.x != stage.x and stage_offset != stage.offset:
            return replace(still, offset=stage_offset)
