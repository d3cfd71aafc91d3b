"""What two steps of a film took here by one memory plan and one speed recipe, and what its clips take so."""

from typing import Annotated, Final, Literal

from pydantic import Field

from svi_studio.domain.render.measured_pace import MeasuredPace
from svi_studio.domain.render.memory_plan import MemoryPlan
from svi_studio.domain.render.plan_wishes import NO_WISHES, PlanWishes
from svi_studio.domain.text.wording import as_bytes, as_duration, plural
from svi_studio.domain.value import ShortText, Value

STEPS: Final = 2
"""Of a trial: the first in which everything starts, and one like all others."""

AS_IT_IS: Final = ""
"""Instead of a recipe's name: the film is tried as it is."""

_Bytes = Annotated[int, Field(ge=0)]


class MeasuredTrial(Value):
    """One trial that was made. ``recipe``: its title, ``AS_IT_IS`` for the film's own values.

    ``sentence``: the plan and the time, in words. ``pace`` is of the model and size, its step by the quicker call of
    the two steps; ``steps`` and ``seconds`` are those of a whole clip. ``card_bytes``: the most that tensors had on the
    graphics card, 0 where there is none; ``host_bytes``: of this process in the computer's memory, at the end.
    """

    recipe: str
    plan: MemoryPlan
    sentence: str
    pace: MeasuredPace
    steps: Annotated[int, Field(ge=1)]
    seconds: Annotated[float, Field(ge=0)]
    card_bytes: _Bytes = 0
    host_bytes: _Bytes = 0

    @property
    def title(self) -> str:
        """What was tried: the recipe, where it is another one, and the plan."""
        plan = self.sentence.removeprefix("Fits: ").removesuffix(".")
        return f"{self.recipe}; {plan}" if self.recipe else plan

    @property
    def figures(self) -> str:
        """What was measured, a sentence."""
        memory = f"{as_bytes(self.card_bytes)} of the card" if self.card_bytes else as_bytes(self.host_bytes)
        clip = f"{plural(self.steps, 'step')} in {as_duration(self.seconds)}"
        return f"{self.pace.step:.3g} s a step, a clip of {clip}, {memory}."


class TrialReport(Value):
    """What is told of one trial: what was measured, or the ``problem``; ``picture`` is a file with its last preview."""

    recipe: ShortText
    trial: MeasuredTrial | None = None
    problem: Annotated[str, Field(max_length=4000)] = ""
    picture: Annotated[str, Field(max_length=4096)] | None = None


def wishes_of(plan: MemoryPlan) -> PlanWishes:
    """What has to be wished for to get ``plan`` again."""
    blocks: int | Literal["all"] = "all" if plan.resident_blocks is None else plan.resident_blocks
    kept = plan.model_dump(exclude={"resident_blocks", "card_bytes", "host_bytes"})
    return PlanWishes(resident_blocks=blocks, **kept)


def trial_wishes(blocks: int, experts: int, *, on_card: bool) -> tuple[PlanWishes, ...]:
    """The plans that are worth a trial, the planner's own first; some may turn out to be the same, or not to fit."""
    if not on_card:
        return (NO_WISHES,)
    streamed = (PlanWishes(resident_blocks=number) for number in (blocks // 2, 0))
    together = (PlanWishes(branches_at_once=True),)
    other = (PlanWishes(other_expert="waiting"),) if experts == 2 else ()
    return (NO_WISHES, PlanWishes(resident_blocks="all"), *streamed, *together, *other)
