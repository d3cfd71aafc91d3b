"""The storyboards: 16 to try things on, others to be filmed once; no clip of them was trained on, but scene changes."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Final

from trainer.mini.clips import is_held_out
from trainer.paper_theatre.scenes import SCENES
from trainer.paper_theatre.script import ACTIONS, Script, Still, continue_script, possible, random_still
from trainer.proof.boards import Board, consistent_boards, creative_boards

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TRIED, FILMED = "tried", "filmed"
"""Which storyboards: those that anything may be tuned on, and those of the page."""

TRIED_BOARDS: Final = 16

NOISE: Final[Mapping[str, int]] = {TRIED: 10_000_000, FILMED: 20_000_000}
"""What is added to the seeds of all noise, so that no two sets of films have the same (the older proof adds 0)."""

UNMOVED: Final = ("rest", "talk")
"""Left out: a still picture is right, but for a thousandth of it where one talks."""

STAYING: Final = ("jump", "dance", "turn", "wave")
"""On one spot: every clip ends with the view that it began with, but for the side that one turns to."""

PANNING: Final = ("pan left", "pan right")
"""The camera goes on and on; four clips of five end with a view other than the reference picture's."""

ONE_PROMPT: Final = ("jump", "pan left", "dance", "turn", "pan right", "wave")
"""By turns, so that the first of the films have their share of all."""

SCENE_CLIPS: Final = 10
"""Clips between two changes of scene: far enough apart for anything to drift."""

_OLD_FILMS, _CLIPS = 32, 50  # of the older proof, of each kind; its recipe was chosen on them

Combination = tuple[str, str, str, str, int]


def combination(script: Script) -> Combination:
    """Subject, colour, scene, action and place: what was held out from training, and what a clip is known by."""
    start = script.start
    return start.subject, start.colour, start.scene, script.action, start.x


def one_prompt(which: str, count: int, clips: int) -> tuple[Board, ...]:
    """Films of one prompt: a subject repeats one action on its spot, or the camera pans on."""
    boards: list[Board] = []
    taken = set(known(which))
    for n in range(count):
        rng = random.Random(f"{which} one prompt {n}")
        boards.append(_one_prompt(rng, ONE_PROMPT[n % len(ONE_PROMPT)], clips, taken))
        taken.add(combination(boards[-1].scripts[0]))
    return tuple(boards)


def stream(which: str, count: int, clips: int) -> tuple[Board, ...]:
    """Films of a prompt stream: three scenes by turns, so that every one comes back; between, whatever is possible."""
    boards: list[Board] = []
    taken = known(which)
    begun: set[Combination] = set()
    for n in range(count):
        boards.append(_stream(random.Random(f"{which} stream {n}"), clips, taken, begun))
        begun.add(combination(boards[-1].scripts[0]))
    return tuple(boards)


KINDS: Final[Mapping[str, Callable[[str, int, int], tuple[Board, ...]]]] = {"one-prompt": one_prompt, "stream": stream}


@cache
def known(which: str) -> frozenset[Combination]:
    """What earlier films have shown, and storyboards of ``which`` do not, but for changes of scene."""
    if which == FILMED:
        boards = (*one_prompt(TRIED, TRIED_BOARDS, 1), *stream(TRIED, TRIED_BOARDS, _CLIPS))
        return known(TRIED) | _combinations(boards)
    return _combinations((*consistent_boards(_OLD_FILMS, 1), *creative_boards(_OLD_FILMS, _CLIPS)))


def _combinations(boards: tuple[Board, ...]) -> frozenset[Combination]:
    return frozenset(combination(script) for board in boards for script in board.scripts if script.new_scene is None)


def _one_prompt(rng: random.Random, action: str, clips: int, taken: set[Combination]) -> Board:
    """A chain of clips of one combination, which is held out and new: neither such an action nor a pan changes it."""
    while True:
        start = replace(random_still(rng), empty=False)
        if not possible(start, action):
            continue
        scripts = [continue_script(rng, start, action)]
        if not is_held_out(scripts[0]) or combination(scripts[0]) in taken:
            continue
        while len(scripts) < clips:
            scripts.append(continue_script(rng, scripts[-1].end, action))
        return Board(tuple(scripts), start)


def _stream(rng: random.Random, clips: int, taken: frozenset[Combination], begun: set[Combination]) -> Board:
    """A walk through states whose every step is a clip that was never trained on, and leads to the last clip."""
    while True:
        start = replace(random_still(rng), empty=False)
        scenes = (start.scene, *rng.sample([scene for scene in SCENES if scene != start.scene], 2))
        walk = _Walk(scenes, clips, taken)
        if not walk.leads_on(start, 0):
            continue
        scripts: list[Script] = []
        state = start
        for number in range(clips):
            action = rng.choice(walk.actions(state, number))
            scripts.append(replace(continue_script(rng, state, action), new_scene=walk.next_scene(number)))
            state = scripts[-1].end
        if combination(scripts[0]) not in begun:
            return Board(tuple(scripts), start)


class _Walk:
    """Which actions lead on, clip by clip. Facing, camera and what a prompt leaves open change nothing in that."""

    def __init__(self, scenes: tuple[str, ...], clips: int, taken: frozenset[Combination]) -> None:
        self._scenes, self._clips, self._taken = scenes, clips, taken
        self._known: dict[tuple[Still, int], bool] = {}

    def next_scene(self, number: int) -> str | None:
        """The scene that clip ``number``, from 0, changes to: the first of every ten does, but the very first.

        So the clips that the page measures, the 10th, 20th and 50th, are the last of their scene.
        """
        part, place = divmod(number, SCENE_CLIPS)
        return self._scenes[part % len(self._scenes)] if part and not place else None

    def leads_on(self, state: Still, number: int) -> bool:
        """Whether clips from ``number`` to the last can be made from this state."""
        if number == self._clips:
            return True
        key = replace(state, facing=1, offset=0), number
        if key not in self._known:
            self._known[key] = bool(self.actions(state, number))
        return self._known[key]

    def actions(self, state: Still, number: int) -> list[str]:
        """What clip ``number`` can be."""
        scene = self.next_scene(number)
        able = ["change scene"] if scene else [action for action in ACTIONS if _stays(state, action)]
        return [action for action in able if self._is_open(Script(state, action, scene), number)]

    def _is_open(self, script: Script, number: int) -> bool:
        """Changes of scene may be known: hardly a chain could do with the others alone."""
        is_new = is_held_out(script) and combination(script) not in self._taken
        return (script.new_scene is not None or is_new) and self.leads_on(script.end, number + 1)


def _stays(state: Still, action: str) -> bool:
    """Whether it can be done from here, in this scene, with the subject to be seen before and after, and moving."""
    leaves = action == "change scene" or action.startswith(("leave", "enter"))
    return not leaves and action not in UNMOVED and possible(state, action)
