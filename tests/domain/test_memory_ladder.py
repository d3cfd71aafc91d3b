"""From each plan a way leads down, step by step, and each step takes less where memory ran out."""

from itertools import pairwise

import pytest

from svi_studio.domain.render.full_size_models import FULL_SIZE_MODELS, full_size_needs
from svi_studio.domain.render.memory_ladder import Ladder, next_smaller, next_smaller_in_host
from svi_studio.domain.render.memory_needs import STAGES, MachineMemory, Stage
from svi_studio.domain.render.memory_plan import EVERYTHING_RESIDENT, MemoryPlan
from svi_studio.domain.render.memory_planner import plan_memory
from svi_studio.domain.render.memory_use import card_peak, card_use, host_use
from svi_studio.domain.render.model_shape import ClipSize

CLIP = ClipSize(832, 480, 81)
ALL = {name: full_size_needs(model, "fp8-scaled", CLIP) for name, model in FULL_SIZE_MODELS.items()}
A14B = ALL["wan2.2-i2v-a14b"]


def way_down(plan: MemoryPlan, name: str, stage: Stage | None, host: int | None = None) -> list[MemoryPlan]:
    plans = [plan]
    while (smaller := next_smaller(plans[-1], ALL[name], stage, host=host)) is not None:
        plans.append(smaller)
        assert len(plans) < 30, "the ladder has no end"
    return plans


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("stage", [*STAGES, None])
def test_each_step_takes_less_and_there_is_an_end(name: str, stage: Stage | None) -> None:
    plans = way_down(EVERYTHING_RESIDENT.model_copy(update={"branches_at_once": True}), name, stage)
    for before, after in pairwise(plans):
        more, less = card_use(before, ALL[name]), card_use(after, ALL[name])
        assert all(less[each] <= more[each] for each in STAGES)
        if stage is None:
            assert card_peak(after, ALL[name]) < card_peak(before, ALL[name])
        else:
            assert less[stage] < more[stage]
        assert after.keep_stored == before.keep_stored
        assert (after.card_bytes, after.host_bytes) == (max(less.values()), host_use(after, ALL[name]))


def test_denoising_ends_with_no_block_on_the_card_and_whole_pictures() -> None:
    last = way_down(EVERYTHING_RESIDENT, "wan2.2-i2v-a14b", "denoising")[-1]
    assert (last.resident_blocks, last.other_expert, last.vae) == (0, "waiting", "while_working")
    assert not last.tiled_vae


def test_tiles_come_last_and_only_for_pictures() -> None:
    plans = way_down(EVERYTHING_RESIDENT, "wan2.1-i2v", "decoding")
    assert [plan.tiled_vae for plan in plans] == [False] * (len(plans) - 1) + [True]
    assert plans[-1].aside_for_pictures
    assert plans[-1].resident_blocks is None, "what is not there while pictures are made need not be smaller"


def test_a_decode_that_ran_out_clears_the_card_before_it_is_done_in_tiles() -> None:
    plan = EVERYTHING_RESIDENT.model_copy(
        update={"text_encoder": "processor", "vae": "while_working", "other_expert": "waiting", "resident_blocks": 8}
    )
    first = next_smaller(plan, A14B, "decoding")
    assert first is not None
    assert (first.aside_for_pictures, first.resident_blocks, first.tiled_vae) == (True, 8, False)
    full = host_use(plan.model_copy(update={"other_expert": "read_again"}), A14B)
    short = next_smaller(plan.model_copy(update={"other_expert": "read_again"}), A14B, "decoding", host=full)
    assert short is not None
    assert short.aside_for_pictures, "what is let go takes no memory of the computer"
    denoising = way_down(plan, "wan2.2-i2v-a14b", "denoising")
    assert not any(each.aside_for_pictures for each in denoising)


def test_what_costs_least_comes_first() -> None:
    plan = EVERYTHING_RESIDENT.model_copy(update={"branches_at_once": True})
    first = next_smaller(plan, A14B, "denoising")
    assert first is not None
    assert not first.branches_at_once
    assert (first.text_encoder, first.resident_blocks) == ("resident", None)


def test_the_other_expert_waits_only_where_the_computer_has_room() -> None:
    with_room = way_down(EVERYTHING_RESIDENT, "wan2.2-i2v-a14b", "denoising")
    without = way_down(EVERYTHING_RESIDENT, "wan2.2-i2v-a14b", "denoising", host=20_000_000_000)
    assert {plan.other_expert for plan in with_room} == {"beside", "waiting"}
    assert {plan.other_expert for plan in without} == {"beside", "read_again"}
    assert all(host_use(plan, A14B) <= 20_000_000_000 for plan in without)


def test_every_plan_that_is_chosen_has_a_way_down() -> None:
    for card in (8, 12, 16, 24, 48):
        plan = plan_memory(A14B, MachineMemory(card * 10**9, 60 * 10**9))
        assert isinstance(plan, MemoryPlan)
        assert len(way_down(plan, "wan2.2-i2v-a14b", "denoising")) > 1


def test_the_computers_own_memory_is_saved_where_it_ran_out() -> None:
    plan = MemoryPlan(resident_blocks=10, other_expert="waiting", text_encoder="processor")
    ladder = Ladder(A14B)
    first = ladder(plan, "denoising", of_the_card=False)
    assert first is not None
    assert first.other_expert == "read_again"
    assert first.host_bytes < host_use(plan, A14B)
    while (smaller := next_smaller_in_host(first, A14B)) is not None:
        assert host_use(smaller, A14B) < host_use(first, A14B)
        first = smaller


def test_the_ladder_of_the_engine_is_the_same() -> None:
    ladder = Ladder(A14B, host=60_000_000_000)
    assert ladder(EVERYTHING_RESIDENT, "decoding", of_the_card=True) == next_smaller(
        EVERYTHING_RESIDENT, A14B, "decoding", host=60_000_000_000
    )


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("stage", STAGES)
def test_on_a_processor_each_stage_can_be_made_smaller(name: str, stage: Stage) -> None:
    needs, plans = ALL[name], [MemoryPlan(branches_at_once=True)]
    ladder = Ladder(needs, on_card=False)
    while (smaller := ladder(plans[-1], stage, of_the_card=False)) is not None:
        assert card_use(smaller, needs)[stage] < card_use(plans[-1], needs)[stage]
        plans.append(smaller)
    assert plans[-1].tiled_vae == (stage in ("encoding", "decoding"))
    assert all(plan.text_encoder != "processor" and plan.resident_blocks is None for plan in plans), "nothing gained"
