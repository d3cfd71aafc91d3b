"""Judges stories of the bundled model by the program that drew what the model learned from."""

import random
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

from svi_studio.storyline.template_world.recognise import seen_in
from svi_studio.storyline.template_world.world import shipped_world
from trainer.paper_theatre.prompts import prompt_for
from trainer.paper_theatre.scenes import SCENES
from trainer.paper_theatre.script import ACTIONS, ENTRANCES, Script, Still, continue_script, possible
from trainer.paper_theatre.subjects import COLOURS, SUBJECTS

_EMPTY = {
    "empty stage": "rest",
    "pan left over an empty stage": "pan left",
    "pan right over an empty stage": "pan right",
    "change empty scene": "change scene",
}


class _Choice(random.Random):
    """Chooses what it is told, in turn; 0 afterwards."""

    def __init__(self, numbers: tuple[int, ...]) -> None:
        super().__init__(0)
        self._numbers = list(numbers)

    def choice(self, seq: Any) -> Any:
        number = self._numbers.pop(0) if self._numbers else 0
        return seq[number % len(seq)]


@cache
def taught_sentences() -> frozenset[str]:
    """Every sentence that the model was taught with, "A" for "The" left out: subjects stand for all of their kind."""
    return frozenset(
        prompt_for(Script(stage, action, new_scene), _Choice((0, *numbers)))
        for stage in _stages()
        for action in ACTIONS
        for new_scene in (SCENES if action == "change scene" else (None,))
        for numbers in product(range(2), range(3), range(4))
    )


def _stages() -> list[Still]:
    stages = [Still(scene, subject, "red", x=24) for scene in SCENES for subject in SUBJECTS]
    return [replace(stage, empty=empty) for stage in stages for empty in (False, True)]


def as_taught(prompt: str) -> str:
    """``prompt`` about a red subject."""
    for colour in COLOURS:
        prompt = prompt.replace(f" {colour} ", " red ")
    return prompt


def impossible_clips(prompts: list[str], stage: Still) -> list[str]:
    """The prompts that cannot follow what is on the stage, which begins as ``stage``."""
    found = []
    rng = random.Random(1)
    world = shipped_world("paper-theatre")
    for prompt in prompts:
        seen = seen_in(prompt, world)
        assert seen is not None, prompt
        action = _EMPTY.get(seen.action.name, seen.action.name)
        if action in ENTRANCES:
            colour, subject = seen.lead.split()[-2:]
            stage = replace(stage, colour=colour, subject=subject, size=16)
        is_empty_prompt = seen.action.name in _EMPTY
        names_place = "scene changes" in prompt or any(place in prompt for place in _phrases(stage.scene))
        names_lead = is_empty_prompt or f"{stage.colour} {stage.subject}" in prompt
        fits = is_empty_prompt == stage.empty or action in ENTRANCES
        if not (possible(stage, action) and fits and names_place and names_lead):
            found.append(prompt)
        script = continue_script(rng, stage, action)
        if action == "change scene":
            script = replace(script, new_scene=_new_scene(prompt))
        stage = script.end
    return found


def _phrases(scene: str) -> tuple[str, ...]:
    places = {place.name: place for place in shipped_world("paper-theatre").places}
    return places[scene].where


def _new_scene(prompt: str) -> str:
    return next(scene for scene in SCENES if f"changes to the {scene}." in prompt)
