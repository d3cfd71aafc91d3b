"""Writes stories without any model, from story shapes: "Templates", for a fresh machine and for the bundled model."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from svi_studio.domain.errors import BadInput, Stopped
from svi_studio.domain.story.proposal import Proposal, ProposedCard
from svi_studio.domain.story.story_brief import StoryBrief
from svi_studio.storyline.chat import Cancelled, StoryProgress, Tell
from svi_studio.storyline.known_words import KnownWords
from svi_studio.storyline.template_world.cast import Cast
from svi_studio.storyline.template_world.closed_cast import Shown, closed_cast, shown_by
from svi_studio.storyline.template_world.closed_world import closed_world
from svi_studio.storyline.template_world.dice import Dice
from svi_studio.storyline.template_world.manner import Manner, manner_of
from svi_studio.storyline.template_world.open_cast import open_cast
from svi_studio.storyline.template_world.reach import clips_to_goal
from svi_studio.storyline.template_world.recognise import MOST_READ_BACK, after, leads_to, seen_in
from svi_studio.storyline.template_world.reword import reworded
from svi_studio.storyline.template_world.situation import Setting, Situation
from svi_studio.storyline.template_world.story_walk import StoryWalk
from svi_studio.storyline.template_world.world import World, shipped_world
from svi_studio.storyline.vocabulary.starting_pictures import shown_in
from svi_studio.storyline.writers.story_shapes import StoryShape, shipped_shapes
from svi_studio.storyline.writers.window_plan import Window, plan_windows

NAME: Final = "Templates"
_FEW_CLIPS = 3  # up to so many clips a story has no time for a change of scene


class TemplateWriter:
    """A ``StoryWriter`` without a model. ``known``: the words of a model that knows only some; None = any word."""

    def __init__(self, shapes: Sequence[StoryShape], known: KnownWords | None) -> None:
        self._shapes = tuple(shapes)
        self._known = known

    @property
    def name(self) -> str:
        """Always "Templates": nobody shall take these stories for a model's."""
        return NAME

    def remarks(self, brief: StoryBrief) -> tuple[str, ...]:
        """What the story will leave out or tell otherwise, a sentence each. Raises BadInput like ``write``."""
        story = _Story(brief, self._world(), self._shapes)
        return story.remarks

    def write(self, brief: StoryBrief, tell: Tell, cancelled: Cancelled) -> Proposal:
        """The proposal for ``brief``, the same for the same brief. The first card's note holds the remarks.

        Raises Stopped, and BadInput when the model knows nothing of the subject.
        """
        story = _Story(brief, self._world(), self._shapes)
        cards: list[ProposedCard] = []
        for number in range(brief.clips):
            if cancelled():
                raise Stopped("The story was stopped.")
            tell(StoryProgress(tuple(cards), number + 1, brief.clips, ""))
            cards.append(story.card(number))
        return Proposal(cards=tuple(cards), title=story.title, writer=NAME, brief=brief)

    def _world(self) -> World:
        if self._known is None:
            return shipped_world("everyday")
        world = closed_world(self._known)
        if world is None:
            words = ", ".join(self._known.words[:20])
            raise BadInput(
                f"No templates fit this model, which knows only words as {words}: write the prompts yourself."
            )
        return world


def template_writer(known: KnownWords | None = None) -> TemplateWriter:
    """The writer with the shapes that ship."""
    return TemplateWriter(shipped_shapes(), known)


class _Story:
    """One story that is being written."""

    def __init__(self, brief: StoryBrief, world: World, shapes: Sequence[StoryShape]) -> None:
        self._dice = dice = Dice(brief.seed)
        self._manner = manner = manner_of(brief.tone, brief.instruction, brief.language, world)
        cast, shape = _cast(brief, world), _shape(shapes, manner, dice)
        changes_scene = _changes_scene(brief, cast, manner)
        self._brief = brief
        self._setting = Setting(world, cast, (*cast.places, *(cast.spare if changes_scene else ())))
        self._parts = _parts(brief, shape, world, dice, changes_scene=changes_scene, meets=bool(cast.others))
        self._scenes = {window.first: window.picture for window in _windows(brief)}
        start = after(brief.story_so_far, self._setting, self._shown(0))
        self._walk = StoryWalk(self._setting, start, manner, dice, brief.story_so_far)
        self._reach = _reach(brief, self._setting, start)
        self.remarks = (*cast.remarks, *manner.remarks)
        self.title = f"{cast.leads[0].opening}: {shape.title[:1].lower()}{shape.title[1:]}"[:500]

    def card(self, number: int) -> ProposedCard:
        """The next card; ``number`` counts from 0."""
        brief, left = self._brief, self._brief.clips - 1 - number
        picture = self._scenes.get(number)
        is_cut = picture is not None and number > 0
        if picture is not None and is_cut:
            self._walk.jump_to(self._shown(picture))
        if (own := self._reworded(number)) is not None:
            return ProposedCard(prompt=own, cut=None, note=self._note(number))
        never = (*brief.rewrites[number : number + 1], *(brief.story_after[:1] if left == 0 else ()))
        prompt = self._walk.tell(self._parts[number], self._reach, left, never)
        goes_on = number == 0 and bool(brief.story_so_far)
        return ProposedCard(
            prompt=prompt,
            cut=None if brief.rewrites else is_cut,
            image=None if picture is None or goes_on else brief.images[picture],
            note=self._note(number),
        )

    def _reworded(self, number: int) -> str | None:
        """A prompt of the user's own in the manner asked for; None for a new prompt, or one in words of this world."""
        if self._setting.world.closed or not self._brief.rewrites:
            return None
        old = self._brief.rewrites[number]
        return None if seen_in(old, self._setting.world) else reworded(old, self._manner, self._dice)

    def _note(self, number: int) -> str:
        return " ".join(self.remarks) if number == 0 else ""

    def _shown(self, picture: int) -> Situation:
        """The situation in a picture of the brief; pictures that nobody knows show the places of the brief in turn."""
        cast, brief = self._setting.cast, self._brief
        shown = shown_in(Path(brief.images[picture])) if picture < len(brief.images) else None
        if shown is None or not self._setting.world.closed:
            return self._setting.begin(place=picture if picture < min(cast.named_places, len(cast.places)) else 0)
        leads = [(lead.name, lead.colour) for lead in cast.leads]
        places = [place.name for place in self._setting.places]
        lead = (shown.lead, shown.colour)
        return self._setting.begin(lead=leads.index(lead) if lead in leads else 0, place=places.index(shown.place))


def _cast(brief: StoryBrief, world: World) -> Cast:
    """The cast of the brief; in a closed world also those of its pictures and of the film around its place."""
    if not world.closed:
        return open_cast(brief.subject, world, brief.seed)
    around = (*brief.story_so_far[-MOST_READ_BACK:][::-1], *brief.story_after[:1])
    seen = (seen_in(prompt, world) for prompt in around)
    told = [shown_by(each, world) for each in seen if each is not None]
    pictures = (shown_in(Path(image)) for image in brief.images)
    shown = [Shown(each.lead, each.colour, each.place) for each in pictures if each is not None]
    return closed_cast(brief.subject, world, brief.seed, [*told, *shown])


def _changes_scene(brief: StoryBrief, cast: Cast, manner: Manner) -> bool:
    return (brief.scene_changes or cast.named_places > 1) and not manner.same_place


def _shape(shapes: Sequence[StoryShape], manner: Manner, dice: Dice) -> StoryShape:
    fitting = [shape for shape in shapes if manner.tone in shape.tones]
    return dice.pick(fitting or shapes, "shape")


def _parts(
    brief: StoryBrief, shape: StoryShape, world: World, dice: Dice, *, changes_scene: bool, meets: bool
) -> tuple[str, ...]:
    """The part of each clip. A story that goes on has no opening, and one that fills a gap no end.

    ``changes_scene``, ``meets``: it shall change its place at least once, and the lead meet somebody.
    """
    skipped = len(shape.opening) if brief.story_so_far else 0
    spare = len(shape.closing) if brief.story_after else 0
    parts = list(shape.parts(brief.clips + skipped + spare, dice)[skipped : skipped + brief.clips])
    for number, prompt in enumerate(brief.rewrites):
        seen = seen_in(prompt, world)
        parts[number] = seen.action.roles[0] if seen is not None and seen.action.roles else parts[number]
    if meets and "meet" not in parts[: brief.clips // 2] and brief.clips > 1 and not brief.rewrites:
        parts[(brief.clips - 1) // 2] = "meet"
    if changes_scene and "travel" not in parts and brief.clips > _FEW_CLIPS and not brief.rewrites:
        parts[brief.clips // 2] = "travel"
    return tuple("move" if part == "travel" and not changes_scene else part for part in parts)


def _windows(brief: StoryBrief) -> tuple[Window, ...]:
    """Where each of several pictures starts its scene."""
    return () if brief.rewrites or not brief.images else plan_windows(brief.clips, len(brief.images), brief.clips)


def _reach(brief: StoryBrief, setting: Setting, start: Situation) -> Mapping[Situation, int] | None:
    """How far every situation is from one that leads to the clip behind the story; None when any end will do."""
    if not brief.story_after:
        return None
    return clips_to_goal(setting, start, lambda now: leads_to(brief.story_after[0], setting, now)) or None
