"""The next smaller memory plan after one that ran out: one thing at a time, what costs least first."""

from collections.abc import Iterator

from svi_studio.domain.render.memory_needs import MemoryNeeds, Stage
from svi_studio.domain.render.memory_plan import MemoryPlan
from svi_studio.domain.render.memory_use import card_peak, card_use, host_use, with_peaks

_FEWEST = 4  # resident blocks; below, none


class Ladder:
    """What an engine asks for the next smaller plan of one model, with ``host`` bytes of the computer's memory free.

    Not ``on_card``: the processor computes, or a card without a memory of its own.
    """

    def __init__(self, needs: MemoryNeeds, host: int | None = None, *, on_card: bool = True) -> None:
        self._needs, self._host, self._on_card = needs, host, on_card

    def __call__(self, plan: MemoryPlan, stage: Stage, *, of_the_card: bool) -> MemoryPlan | None:
        """The plan to go on with after ``plan`` ran out in ``stage``: of the card's memory or the computer's own."""
        if not self._on_card:
            return next_smaller_without_card(plan, self._needs, stage)
        if of_the_card:
            return next_smaller(plan, self._needs, stage, host=self._host)
        return next_smaller_in_host(plan, self._needs)


def next_smaller(
    plan: MemoryPlan, needs: MemoryNeeds, stage: Stage | None = None, *, host: int | None = None
) -> MemoryPlan | None:
    """The plan to go on with after ``plan`` ran out of the card's memory in ``stage``; None when nothing is left.

    It takes less of the card in that stage (without one: in the largest), and never more in another. ``keep_stored``
    stays, since a film would change with it; pictures go in tiles last of all, and only for the stages that do. Where
    the computer has no more than ``host`` bytes free, the other expert is read again rather than kept waiting there.
    """
    smaller = (_within(step, needs, host) for step in _steps(plan, needs))
    fits = (step for step in smaller if step is not None and _shrinks(plan, step, needs, stage))
    found = next(fits, None)
    return None if found is None else with_peaks(found, needs)


def next_smaller_in_host(plan: MemoryPlan, needs: MemoryNeeds) -> MemoryPlan | None:
    """The plan to go on with after ``plan`` ran out of the computer's own memory; None when nothing is left."""
    changes: list[dict[str, object]] = []
    if needs.experts == 2 and plan.other_expert == "waiting":
        changes.append({"other_expert": "read_again"})
    if plan.text_encoder == "processor":
        changes.append({"text_encoder": "while_working"})
    changes.append({"tiled_vae": True})
    smaller = (plan.model_copy(update=change) for change in changes)
    found = next((each for each in smaller if host_use(each, needs) < host_use(plan, needs)), None)
    return None if found is None else with_peaks(found, needs)


def next_smaller_without_card(plan: MemoryPlan, needs: MemoryNeeds, stage: Stage) -> MemoryPlan | None:
    """The plan to go on with after ``plan`` ran out in ``stage`` where all work and all networks share one memory.

    It takes less in that stage. Only what leaves the memory altogether counts, and pictures go in tiles last of all.
    """
    changes: list[dict[str, object]] = []
    if plan.branches_at_once:
        changes.append({"branches_at_once": False})
    if plan.text_encoder == "resident":
        changes.append({"text_encoder": "while_working"})
    if needs.experts == 2 and plan.other_expert != "read_again":
        changes.append({"other_expert": "read_again"})
    changes.append({"tiled_vae": True})
    smaller = (plan.model_copy(update=change) for change in changes)
    found = next((each for each in smaller if _shrinks(plan, each, needs, stage)), None)
    return None if found is None else with_peaks(found, needs)


def _steps(plan: MemoryPlan, needs: MemoryNeeds) -> Iterator[MemoryPlan]:
    """Smaller plans, each by one change (the last two by several), in the order in which they are to be tried."""
    if plan.branches_at_once:
        yield plan.model_copy(update={"branches_at_once": False})
    for name in ("text_encoder", "image_encoder", "vae"):
        if getattr(plan, name) == "resident":
            yield plan.model_copy(update={name: "while_working"})
    if needs.experts == 2 and plan.other_expert == "beside":
        yield plan.model_copy(update={"other_expert": "waiting"})
    for name in ("text_encoder", "image_encoder"):
        if getattr(plan, name) == "while_working":
            yield plan.model_copy(update={name: "processor"})
    if not plan.aside_for_pictures:
        yield plan.model_copy(update={"aside_for_pictures": True})
    fewer = _fewer_blocks(plan, needs)
    if fewer is not None:
        yield plan.model_copy(update={"resident_blocks": fewer})
    if not plan.tiled_vae:
        yield plan.model_copy(update={"tiled_vae": True})


def _fewer_blocks(plan: MemoryPlan, needs: MemoryNeeds) -> int | None:
    """Half as many as stay now; none at all where they are few."""
    stay = len(needs.blocks) if plan.resident_blocks is None else min(plan.resident_blocks, len(needs.blocks))
    if not stay:
        return None
    return stay // 2 if stay // 2 >= _FEWEST else 0


def _within(plan: MemoryPlan, needs: MemoryNeeds, host: int | None) -> MemoryPlan | None:
    """The plan, or the same with the other expert on the disk, whichever the computer's memory holds."""
    if host is None or host_use(plan, needs) <= host:
        return plan
    if needs.experts == 2 and plan.other_expert == "waiting":
        plan = plan.model_copy(update={"other_expert": "read_again"})
    return plan if host_use(plan, needs) <= host else None


def _shrinks(plan: MemoryPlan, step: MemoryPlan, needs: MemoryNeeds, stage: Stage | None) -> bool:
    before, after = card_use(plan, needs), card_use(step, needs)
    if any(after[each] > before[each] for each in before):
        return False
    if stage is not None:
        return after[stage] < before[stage]
    return card_peak(step, needs) < card_peak(plan, needs)
