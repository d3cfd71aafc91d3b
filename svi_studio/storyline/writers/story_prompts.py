"""The messages that ask a model for cards: what the film is, what stands before and after, and how many are wanted."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from svi_studio.domain.story.story_brief import StoryBrief
from svi_studio.storyline.chat import Message
from svi_studio.storyline.instructions import instruction, optional_instruction, worked_examples
from svi_studio.storyline.writers.window_plan import Window

_LAST_PROMPTS = 6
_FIRST_PROMPTS = 2
_NEXT_PROMPTS = 3
_MAX_PROMPT_CHARS = 600  # of a prompt that only tells where the story stands
_CLIPS_A_SCENE = 5


def system_message(brief: StoryBrief) -> Message:
    """The rules for all answers of one story."""
    cuts = (
        instruction("cuts_wanted", every=str(_CLIPS_A_SCENE)) if brief.scene_changes else instruction("cuts_unwanted")
    )
    text = instruction(
        "system",
        seconds=f"{brief.seconds_per_clip:.3g}",
        language=brief.language or "English",
        tone=brief.tone.strip(),
        cuts=cuts,
        example=instruction("example"),
        family=optional_instruction(f"family_{brief.family}"),
    )
    return Message("system", text)


class SoFar(NamedTuple):
    """What is written already: the prompts, what the model itself says of its story and of names in it, and prompts
    that stand behind the new ones.
    """

    prompts: Sequence[str]
    story: str = ""
    names: Sequence[str] = ()
    after: Sequence[str] = ()


def window_message(brief: StoryBrief, window: Window, so_far: SoFar, shows_picture: bool) -> Message:
    """What is asked for one window; ``shows_picture`` adds the picture that the window starts from."""
    before = [*brief.story_so_far, *so_far.prompts]
    picture = window.picture if shows_picture else None
    text = instruction(
        "window",
        subject=brief.subject,
        instruction=brief.instruction,
        picture="" if picture is None else "at the start of these cards",
        names="; ".join(so_far.names),
        story=so_far.story or _outline(before),
        before=_listed(before[-_LAST_PROMPTS:]),
        after=_listed(_following(brief, window, so_far)),
        position=instruction("joining") if so_far.after else _position(brief, window),
        scene=f"{window.first + 1} to {window.last + 1}" if window.picture else "",
        count=str(window.count),
        first=str(window.first + 1),
        last=str(window.last + 1),
        clips=str(brief.clips),
    )
    return Message("user", text, () if picture is None else (Path(brief.images[picture]),))


def rewrite_message(brief: StoryBrief, window: Window, prompts: Sequence[str]) -> Message:
    """What is asked for one window of prompts to be written anew; ``prompts`` are those that are done."""
    wanted = brief.rewrites[window.first : window.last + 1]
    following = [*brief.rewrites[window.last + 1 :], *brief.story_after][:_NEXT_PROMPTS]
    text = instruction(
        "rewrite",
        subject=brief.subject,
        before=_listed([*brief.story_so_far, *prompts][-_LAST_PROMPTS:]),
        after=_listed(following),
        prompts="\n".join(f"{number}. {prompt}" for number, prompt in enumerate(wanted, 1)),
        instruction=brief.instruction.strip() or instruction("better"),
        count=str(window.count),
    )
    return Message("user", text)


def single_messages(brief: StoryBrief, window: Window, so_far: SoFar, shows_picture: bool) -> tuple[Message, ...]:
    """What is asked for one card alone: short rules, good cards of another story as turns, and the question."""
    rules = instruction(
        "single",
        seconds=f"{brief.seconds_per_clip:.3g}",
        language=brief.language or "English",
        tone=brief.tone.strip(),
        cuts=instruction("cuts_wanted", every=str(_CLIPS_A_SCENE)) if brief.scene_changes else "",
        family=optional_instruction(f"family_{brief.family}"),
    )
    turns = [Message("system", rules)]
    for example in worked_examples():
        card = {"prompt": example.prompt, "camera": example.camera, "cut": False}
        turns += [Message("user", example.ask), Message("assistant", json.dumps({"cards": [card]}))]
    return (*turns, window_message(brief, window, so_far, shows_picture))


def caption_message(frames: Sequence[Path], language: str) -> Message:
    """What is asked for the frames of one clip."""
    return Message("user", instruction("caption", language=language), tuple(frames))


def _following(brief: StoryBrief, window: Window, so_far: SoFar) -> Sequence[str]:
    after = [*so_far.after, *(brief.story_after if window.last == brief.clips - 1 else ())]
    return after[:_NEXT_PROMPTS]


def _position(brief: StoryBrief, window: Window) -> str:
    begins = window.first == 0 and not brief.story_so_far
    ends = window.last == brief.clips - 1
    if ends and brief.story_after:
        return instruction("joining")
    if begins and ends:
        return instruction("whole")
    if begins:
        return instruction("beginning")
    return instruction("ending") if ends else instruction("middle", percent=str(100 * window.first // brief.clips or 1))


def _outline(before: Sequence[str]) -> str:
    """How a story began that somebody else wrote; its last prompts stand elsewhere."""
    return " ".join(map(_short, before[:_FIRST_PROMPTS])) if len(before) > _LAST_PROMPTS + _FIRST_PROMPTS else ""


def _listed(prompts: Sequence[str]) -> str:
    return "\n".join(f"- {_short(prompt)}" for prompt in prompts)


def _short(prompt: str) -> str:
    line = " ".join(prompt.split())
    return line if len(line) <= _MAX_PROMPT_CHARS else line[: _MAX_PROMPT_CHARS - 1] + "…"
