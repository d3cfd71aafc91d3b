"""The storyboards: 16 to try things on, others to be filmed once; no clip of them was trained on, but scene changes."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from trainer.mini.clips import is_held_out
from trainer.paper_theatre.scenes import SCENES
from trainer.paper_theatre.script import ACTIONS, Script, Still, continue_script, possible, random_still
from trainer.proof.boards import STAYING, Board

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TRIED, FILMED = "tried", "filmed"
"""Which storyboards: those that anything may be tuned on, and those of the page."""

SCENE_CLIPS: Final = 10
"""Clips between two changes of scene: far enough apart for anything to drift."""


def one_prompt(which: str, count: int, clips: int) -> tuple[Board, ...]:
    """Films of one prompt: a subject repeats one action on its spot."""
    return tuple(_one_prompt(random.Random(f"{which} one prompt {n}"), STAYING[n % 6], clips) for n in range(count))


def stream(which: str, count: int, clips: int) -> tuple[Board, ...]:
    """Films of a prompt stream: three scenes by turns, so that every one comes back; between, whatever is possible."""
    return tuple(_stream(random.Random(f"{which} stream {n}"), clips) for n in range(count))


KINDS: Final[Mapping[str, Callable[[str, int, int], tuple[Board, ...]]]] = {"one-prompt": one_prompt, "stream": stream}


def _one_prompt(rng: random.Random, action: str, clips: int) -> Board:
    """A chain whose every clip is held out: the action on its spot leaves the place, and so the combination, alone."""
    while True:
        start = replace(random_still(rng), empty=False)
        if not possible(start, action):
            continue
        scripts = [continue_script(rng, start, action)]
        while len(scripts) < clips and is_held_out(scripts[-1]):
            scripts.append(continue_script(rng, scripts[-1].end, action))
        if is_held_out(scripts[-1]):
            return Board(tuple(scripts), start)


def _stream(rng: random.Random, clips: int) -> Board:
    """A walk through states whose every step is a clip that was never trained on, and leads to the last clip."""
    while True:
        start = replace(random_still(rng), empty=False)
        scenes = (start.scene, *rng.sample([scene for scene in SCENES if scene != start.scene], 2))
        walk = _Walk(scenes, clips)
        if not walk.leads_on(start, 0):
            continue
        scripts: list[Script] = []
        state = start
        for number in range(clips):
            action = rng.choice(walk.actions(state, number))
            scripts.append(replace(continue_script(rng, state, action), new_scene=walk.next_scene(number)))
            state = scripts[-1].end
        return Board(tuple(scripts), start)


class _Walk:
    """Which actions lead on, clip by clip. Facing, camera and what a prompt leaves open change nothing in that."""

    def __init__(self, scenes: tuple[str, ...], clips: int) -> None:
        self._scenes, self._clips = scenes, clips
        self._known: dict[tuple[Still, int], bool] = {}

    def next_scene(self, number: int) -> str | None:
        """The scene that clip ``number``, from 0, changes to: the last of every ten does."""
        part, place = divmod(number, SCENE_CLIPS)
        return self._scenes[(part + 1) % len(self._scenes)] if place == SCENE_CLIPS - 1 else None

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
        return (script.new_scene is not None or is_held_out(script)) and self.leads_on(script.end, number + 1)


def _stays(state: Still, action: str) -> bool:
    """Whether it can be done from here, in this scene, with the subject to be seen before and after."""
    leaves = action == "change scene" or action.startswith(("leave", "enter"))
    return not leaves and possible(state, action)
