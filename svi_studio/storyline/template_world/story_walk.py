"""Walks through a story, clip by clip: an action that is possible and plays its part, in words not used lately."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from svi_studio.storyline.template_world.dice import Dice
from svi_studio.storyline.template_world.manner import Manner
from svi_studio.storyline.template_world.sentences import Sentence, sentences
from svi_studio.storyline.template_world.situation import Setting, Situation, Step
from svi_studio.storyline.template_world.world import World

RECENT_PROMPTS = 12
_RECENT_ACTIONS = (5, 2, 0)  # clips back in which an action should not come again, the best first
_RECENT_CAMERAS = 3
_MOST_WAYS = 4  # an action of more ways counts like one of so many
_PARTS_FOR_ANY = ("move", "look", "explore", "play", "rest", "camera")


class StoryWalk:
    """One story on its way. ``used``: prompts that stand before it, the last of which must not come again at once."""

    def __init__(self, setting: Setting, now: Situation, manner: Manner, dice: Dice, used: Sequence[str] = ()) -> None:
        self._setting = setting
        self._manner = manner
        self._dice = dice
        self._prompts = list(used[-RECENT_PROMPTS:])
        self._actions: list[str] = []
        self._cameras: list[str] = []
        self._uses: Counter[tuple[str, object]] = Counter({("place", now.place): 1})
        self._was_away = False
        self._has_met = False
        self._number = 0
        self._lights = _lights(setting.world, manner, dice)
        self.now = now

    def tell(self, part: str, reach: Mapping[Situation, int] | None, left: int, never: Collection[str] = ()) -> str:
        """The prompt of the next clip, which plays ``part``.

        ``reach``: clips from each situation to the story's end, of which ``left`` come after this one; None = any end.
        ``never``: prompts that it must not be.
        """
        step = self._step(part, reach, left)
        sentence = self._sentence(step, never)
        self._was_away = self._setting.is_away(self.now)
        self._remember(step, sentence)
        return sentence.prompt

    def jump_to(self, situation: Situation) -> None:
        """Goes on from ``situation``, as a cut to another picture does."""
        self.now, self._was_away = situation, False

    def _step(self, part: str, reach: Mapping[Situation, int] | None, left: int) -> Step:
        possible = self._setting.steps(self.now)
        if reach is not None:
            far = len(reach)
            in_time = tuple(step for step in possible if reach.get(step.after, far) <= left)
            possible = in_time or _nearest(possible, reach)
        return self._liked(self._fitting(possible, part, is_last=left == 0))

    def _fitting(self, possible: Sequence[Step], part: str, *, is_last: bool) -> Sequence[Step]:
        """Those of ``possible`` that play ``part``, or else something that stands in for it."""
        if self._setting.is_away(self.now) and (self._was_away or part not in ("travel", "camera")):
            back = [step for step in possible if not self._setting.is_away(step.after)]
            possible = back or possible
        possible = [step for step in possible if self._in_manner(step)] or possible  # it was asked for
        wanted_parts = (part, *self._dice.shuffled(_PARTS_FOR_ANY, "part", self._number))
        for span in _RECENT_ACTIONS:
            fresh = [step for step in possible if step.action.name not in self._actions[len(self._actions) - span :]]
            for wanted in wanted_parts:
                found = [step for step in fresh if wanted in step.action.roles]
                if found := self._without_bad_ends(found, is_last=is_last and wanted != "close"):
                    return found
        return self._without_bad_ends(possible, is_last=is_last) or possible

    def _without_bad_ends(self, steps: Sequence[Step], *, is_last: bool) -> list[Step]:
        """A story does not end with nobody to be seen, unless somebody leaves as its very end."""
        return [step for step in steps if not is_last or not self._setting.is_away(step.after)]

    def _liked(self, steps: Sequence[Step]) -> Step:
        """One of ``steps``: in the manner asked for, with who was not met yet, and done least often so far."""
        for liked in (self._in_manner, self._in_tone, self._meets_first):
            steps = [step for step in steps if liked(step)] or steps
        fewest = min(map(self._wear, steps))
        names = sorted({step.action.name for step in steps if self._wear(step) == fewest})
        name = self._dice.pick(names, "action", self._number)
        chosen = [step for step in steps if step.action.name == name]
        return min(chosen, key=self._visits)

    def _wear(self, step: Step) -> float:
        """How often the action was told, for the ways in which it can be told."""
        ways = len(step.action.wordings) + (0 if step.action.own_camera else _MOST_WAYS)
        return self._uses["action", step.action.name] / min(ways, _MOST_WAYS)

    def _in_manner(self, step: Step) -> bool:
        action, lively = step.action, self._manner.lively
        is_active = action.lively or action.moves
        return (lively is None or is_active == lively) and not (self._manner.same_place and action.changes == "place")

    def _in_tone(self, step: Step) -> bool:
        tones = step.action.tones
        return not self._manner.tone or not tones or self._manner.tone in tones

    def _meets_first(self, step: Step) -> bool:
        """Whether a second character was met before or is met in this step: one that the brief names has to come in
        early.
        """
        return self._has_met or bool(step.action.takes)

    def _visits(self, step: Step) -> tuple[int, int, int]:
        """How often the place and the lead of ``step`` were there: the story goes round all of them."""
        place, lead = step.after.place, step.after.lead
        return self._uses["place", place] if step.action.changes == "place" else 0, self._uses["lead", lead], place

    def _sentence(self, step: Step, never: Collection[str]) -> Sentence:
        others = self._setting.others(step.action)
        other = others[self._uses["action", step.action.name] % len(others)] if others else ""
        light = self._dice.pick(self._lights, "light", self._number) if self._lights else ""
        options = list(sentences(self._setting, step, light=light, other=other))
        lately, cameras = set(self._prompts[-RECENT_PROMPTS:]), set(self._cameras[-_RECENT_CAMERAS:])

        def worth(number: int) -> tuple[object, ...]:
            option = options[number]
            prompt, camera = option.prompt, option.camera
            is_lately = prompt in never, prompt in lately, camera != "" and camera in cameras
            length = len(prompt) if self._manner.shorter else 0
            uses = self._uses["prompt", prompt], not option.is_usual, self._uses["camera", camera]
            return *is_lately, length, *uses, self._dice.number("words", self._number, number)

        return options[min(range(len(options)), key=worth)]

    def _remember(self, step: Step, sentence: Sentence) -> None:
        self._prompts.append(sentence.prompt)
        self._actions.append(step.action.name)
        self._cameras.append(sentence.camera)
        self._has_met |= bool(step.action.takes)
        self._uses["action", step.action.name] += 1
        self._uses["prompt", sentence.prompt] += 1
        self._uses["camera", sentence.camera] += 1
        self._uses["place", step.after.place] += step.action.changes == "place"
        self._uses["lead", step.after.lead] += 1
        self._number += 1
        self.now = step.after


def _lights(world: World, manner: Manner, dice: Dice) -> tuple[str, ...]:
    """How the scenes of one story are lit: as its tone wants it, or one tone's way throughout."""
    lit = [tone for tone in world.tones if tone.lights]
    chosen = [tone for tone in lit if tone.name == manner.tone] or ([dice.pick(lit, "tone")] if lit else [])
    return chosen[0].lights if chosen else ()


def _nearest(possible: Sequence[Step], reach: Mapping[Situation, int]) -> tuple[Step, ...]:
    """The steps that come nearest to the end, when it is too far away."""
    far = len(reach)
    best = min(reach.get(step.after, far) for step in possible)
    return tuple(step for step in possible if reach.get(step.after, far) == best)
