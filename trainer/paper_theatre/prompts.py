"""Plain sentences for scripts, in several wordings."""

import random

from trainer.paper_theatre.script import Script

_PLACES = {
    "meadow": ("in the meadow", "on the meadow"),
    "beach": ("on the beach", "at the beach"),
    "night": ("at night", "in the night"),
    "snow": ("in the snow",),
    "desert": ("in the desert",),
    "city": ("in the city",),
    "room": ("in the room",),
}
_NAMES = {"night": ("the night",), "snow": ("the snow",)}
_VERBS = {
    "move left": ("moves left", "moves to the left", "goes left", "goes to the left"),
    "move right": ("moves right", "moves to the right", "goes right", "goes to the right"),
    "jump": ("jumps", "jumps up", "hops"),
    "turn": ("turns", "turns around"),
    "rest": ("rests", "stands still", "does not move"),
    "leave left": ("leaves to the left", "leaves the stage to the left"),
    "leave right": ("leaves to the right", "leaves the stage to the right"),
    "enter left": ("comes in from the left", "enters from the left"),
    "enter right": ("comes in from the right", "enters from the right"),
    "grow": ("grows", "gets bigger"),
    "shrink": ("shrinks", "gets smaller"),
    "wave": ("waves", "waves a hand"),
    "dance": ("dances",),
    "talk": ("talks", "speaks"),
}


def prompt_for(script: Script, rng: random.Random | None = None) -> str:
    """One sentence that asks for the script; the plainest wording without ``rng``."""
    pick = rng.choice if rng else (lambda options: options[0])
    stage = script.start
    who = f"{pick(('The', 'A'))} {stage.colour} {stage.subject}"
    place = f" {pick(_PLACES[stage.scene])}"
    if script.action == "change scene":
        assert script.new_scene is not None
        name = pick(_NAMES.get(script.new_scene, (f"the {script.new_scene}",)))
        rest = "" if stage.empty else f" {who} rests."
        return f"The scene changes to {name}.{rest}"
    if script.action.startswith("pan"):
        side = script.action.split()[1]
        rest = f"The stage is empty{place}." if stage.empty else f"{who} rests{place}."
        return f"{rest} The camera pans {side}."
    if stage.empty and not script.action.startswith("enter"):
        return f"The stage is empty{place}."
    still = pick(("", "", " The camera is still."))
    return f"{who} {pick(_VERBS[script.action])}{place}.{still}"
