"""What happens on the stage: the state at the start of a clip, the action asked for, and the state after it."""

import math
import random
from dataclasses import dataclass, replace

from trainer.paper_theatre.puppet import DANCE, REST, WAVE_HIGH, WAVE_OUT, Pose
from trainer.paper_theatre.puppet import WIDTH as PUPPET_WIDTH
from trainer.paper_theatre.scenes import SCENES
from trainer.paper_theatre.stage import CELL, PLAIN, WIDTH, Staging
from trainer.paper_theatre.subjects import BIG, COLOURS, SMALL, SUBJECTS

STEP = 2  # units a tick for a move and for the camera

COMMON = (
    "move left",
    "move right",
    "jump",
    "turn",
    "rest",
    "leave left",
    "leave right",
    "pan left",
    "pan right",
    "change scene",
)
ONLY_THINGS = ("grow", "shrink")
ONLY_PUPPET = ("wave", "dance", "talk")
ENTRANCES = ("enter left", "enter right")
ACTIONS: tuple[str, ...] = (*COMMON, *ONLY_THINGS, *ONLY_PUPPET, *ENTRANCES)

SYLLABLES = ((0, 2, 3, 1), (1, 3, 2, 0), (3, 2, 0, 1))  # mouth openings over one latent frame


@dataclass(frozen=True)
class Still:
    """One still picture of the theatre. ``x`` is the left edge in units, ``offset`` how far the camera has panned."""

    scene: str
    subject: str
    colour: str
    x: int
    size: int = SMALL
    facing: int = 1
    offset: int = 0
    empty: bool = False

    @property
    def width(self) -> int:
        """Width of the subject in units."""
        return PUPPET_WIDTH if self.subject == "puppet" else self.size


@dataclass(frozen=True)
class Script:
    """One clip: where it starts, what is asked, and the details that the prompt leaves open."""

    start: Still
    action: str
    new_scene: str | None = None
    syllables: tuple[int, ...] = (0, 1)  # indices into SYLLABLES, one for each moving latent frame
    step: int = 0  # index into DANCE

    @property
    def end(self) -> Still:
        """The state on the last frame, from which a next clip goes on."""
        return self.end_of(PLAIN)

    def end_of(self, staging: Staging) -> Still:
        """The same in another staging."""
        return still_at(self, staging.num_frames - 1, staging)


def still_at(script: Script, frame: int, staging: Staging = PLAIN) -> Still:
    """The state of the stage at a frame; jumps, growth on the way, poses and the mouth are for `render`."""
    start, moved, action = script.start, staging.moved(frame), script.action
    verb, _, side = action.partition(" ")
    sign = -1 if side == "left" else 1
    done = moved == staging.action
    if verb == "move":
        x = start.x + sign * round(STEP * moved)
        return replace(start, x=min(max(x, 0), WIDTH - start.width), facing=sign)
    if verb == "leave":
        x = start.x + sign * round(staging.stride * moved)
        gone = x <= -start.width or x >= WIDTH
        return replace(start, x=x, facing=sign if moved else start.facing, empty=gone)
    if verb == "enter":
        return _entered(start, side, moved, staging)
    if verb == "pan":
        return replace(start, offset=(start.offset + sign * round(STEP * moved)) % WIDTH)
    if verb == "turn" and moved > staging.action / 2:
        return replace(start, facing=-start.facing)
    if verb == "grow" and done:
        return replace(start, size=BIG, x=start.x - (BIG - SMALL) // 2)
    if verb == "shrink" and done:
        return replace(start, size=SMALL, x=start.x + (BIG - SMALL) // 2)
    if verb == "change" and done and script.new_scene:
        return replace(start, scene=script.new_scene, offset=0)
    return start


def _entered(start: Still, side: str, moved: float, staging: Staging) -> Still:
    path = start.x + start.width if side == "left" else WIDTH - (0 if staging.wrong_doors else start.x)
    left_to_go = max(path - round(staging.stride * moved), 0)
    comes_from = -1 if (side == "left") != staging.wrong_doors else 1
    facing = -1 if side == "right" else 1
    return replace(start, x=start.x + comes_from * left_to_go, facing=facing, empty=moved == 0)


def pose_at(script: Script, frame: int, staging: Staging = PLAIN) -> Pose:
    """The puppet's pose at a frame."""
    keys = _keys(script, staging)
    part, within = divmod(staging.moved(frame) * (len(keys) - 1) / staging.action, 1)
    if within == 0:
        return keys[int(part)]
    share = 0.5 - 0.5 * math.cos(math.pi * within) if staging.fine else within
    return keys[int(part)].towards(keys[int(part) + 1], share)


def _keys(script: Script, staging: Staging) -> tuple[Pose, ...]:
    """The poses that the puppet passes through, at even distances, from rest to rest."""
    if script.action == "wave":
        return (REST, WAVE_HIGH, WAVE_OUT, WAVE_HIGH, REST) if staging.fine else (REST, WAVE_HIGH, REST)
    if script.action == "dance":
        step = DANCE[script.step]
        return (REST, step, step.mirrored, REST) if staging.fine else (REST, step, REST)
    return (REST, REST)


def mouth_at(script: Script, frame: int, staging: Staging = PLAIN) -> float:
    """The puppet's mouth opening at a frame, 0 to 3: the loudness curve of a talking clip."""
    moved = staging.moved(frame)
    if script.action != "talk" or not 0 < moved < staging.action:
        return 0
    tick = math.floor(moved)
    share = moved - tick
    return _syllable(script, tick, staging) * (1 - share) + _syllable(script, tick + 1, staging) * share


def _syllable(script: Script, tick: int, staging: Staging) -> int:
    if not 0 < tick < staging.action:
        return 0
    part, within = divmod(tick - 1, 4)
    return SYLLABLES[script.syllables[part % len(script.syllables)]][within]


def possible(stage: Still, action: str) -> bool:
    """Whether an action makes sense from this state, so that the prompt has one visible answer."""
    if action in ENTRANCES:
        return stage.empty
    if stage.empty:
        return action in ("rest", "pan left", "pan right", "change scene")
    if action in ONLY_PUPPET:
        return stage.subject == "puppet"
    if action == "grow":
        return stage.subject != "puppet" and stage.size == SMALL and CELL <= stage.x <= WIDTH - SMALL - CELL
    if action == "shrink":
        return stage.size == BIG
    if action == "move left":
        return stage.x > 0
    if action == "move right":
        return stage.x < WIDTH - stage.width
    return True


def random_still(rng: random.Random) -> Still:
    """A random state; every place on the grid, both sizes and both directions occur."""
    subject = rng.choice((*SUBJECTS, "puppet", "puppet"))
    size = BIG if subject != "puppet" and rng.random() < 0.25 else SMALL
    width = PUPPET_WIDTH if subject == "puppet" else size
    return Still(
        scene=rng.choice(SCENES),
        subject=subject,
        colour=rng.choice(tuple(COLOURS)),
        x=rng.randrange(0, WIDTH - width + 1, CELL),
        size=size,
        facing=rng.choice((-1, 1)),
        offset=rng.randrange(0, WIDTH, CELL),
        empty=rng.random() < 0.08,
    )


def random_script(rng: random.Random, action: str | None = None) -> Script:
    """A random clip, of the given action or of any."""
    wanted = action or rng.choice(ACTIONS)
    while True:
        start = random_still(rng)
        if wanted in ENTRANCES:
            start = replace(start, empty=True, size=SMALL)
        if possible(start, wanted):
            break
    return continue_script(rng, start, wanted)


def another_still(rng: random.Random, stage: Still) -> Still:
    """The same subject in the same scene at another moment: what the anchor of a long chain may show."""
    size = stage.size if stage.subject == "puppet" or rng.random() < 0.7 else rng.choice((SMALL, BIG))
    width = PUPPET_WIDTH if stage.subject == "puppet" else size
    return replace(
        stage,
        x=rng.randrange(0, WIDTH - width + 1, CELL),
        size=size,
        facing=rng.choice((-1, 1)),
        offset=stage.offset if rng.random() < 0.7 else rng.randrange(0, WIDTH, CELL),
        empty=rng.random() < 0.05,
    )


def continue_script(rng: random.Random, start: Still, action: str) -> Script:
    """The clip of ``action`` from a given state, with its open details drawn at random."""
    if action in ENTRANCES:
        width = PUPPET_WIDTH if start.subject == "puppet" else SMALL
        middle = (WIDTH - width) // 2 // CELL * CELL
        start = replace(start, x=middle, size=SMALL)
    new_scene = rng.choice([s for s in SCENES if s != start.scene]) if action == "change scene" else None
    syllables = (rng.randrange(3), rng.randrange(3))
    return Script(start, action, new_scene, syllables, rng.randrange(len(DANCE)))
