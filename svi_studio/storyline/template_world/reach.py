"""How many clips lie between any situation of a story and one that must be reached, so that a gap closes smoothly."""

from collections import deque
from collections.abc import Callable

from svi_studio.storyline.template_world.situation import Setting, Situation

MAX_SITUATIONS = 5_000


def clips_to_goal(setting: Setting, start: Situation, is_goal: Callable[[Situation], bool]) -> dict[Situation, int]:
    """For every situation that can come after ``start``: the fewest clips to a goal. Situations that lead to none lack.

    At most ``MAX_SITUATIONS`` situations are looked at.
    """
    before: dict[Situation, set[Situation]] = {start: set()}
    waiting = deque([start])
    while waiting and len(before) < MAX_SITUATIONS:
        now = waiting.popleft()
        for step in setting.steps(now):
            if step.after not in before:
                before[step.after] = set()
                waiting.append(step.after)
            before[step.after].add(now)
    clips = {now: 0 for now in before if is_goal(now)}
    waiting = deque(clips)
    while waiting:
        now = waiting.popleft()
        for earlier in before[now]:
            if earlier not in clips:
                clips[earlier] = clips[now] + 1
                waiting.append(earlier)
    return clips
