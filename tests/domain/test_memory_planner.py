"""Which memory plan is chosen for which card, that it fits by computation, and what is said where nothing does."""

import re
from dataclasses import replace
from itertools import product

import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.domain.render.fitting import fit_model, lockable_memory
from svi_studio.domain.render.full_size_models import (
    FULL_SIZE_MODELS,
    STORED_BITS,
    FullSizeModel,
    full_size_needs,
)
from svi_studio.domain.render.memory_needs import MachineMemory, MemoryNeeds, StageWork
from svi_studio.domain.render.memory_plan import MemoryPlan
from svi_studio.domain.render.memory_planner import ROOM, NoPlan, plan_memory
from svi_studio.domain.render.memory_use import card_peak, card_use, host_use, processor_use
from svi_studio.domain.render.model_shape import ClipSize
from svi_studio.domain.render.plan_time import clip_seconds
from svi_studio.domain.render.plan_wishes import PlanWishes, parse_wishes, wishes_text
from svi_studio.domain.render.plan_words import about, no_plan_sentence, plan_details, plan_sentence
from svi_studio.domain.render.what_fits import what_fits
from svi_studio.domain.render.what_helps import what_helps
from svi_studio.domain.training.hardware import GraphicsCard, Hardware

GB = 1_000_000_000
CLIP = ClipSize(832, 480, 81)
A14B, I2V, TI2V = (
    FULL_SIZE_MODELS["wan2.2-i2v-a14b"],
    FULL_SIZE_MODELS["wan2.1-i2v"],
    FULL_SIZE_MODELS["wan2.2-ti2v-5b"],
)
SMALL = MemoryNeeds(
    blocks=(100,) * 10,
    rest=50,
    text_encoder=400,
    image_encoder=30,
    vae=20,
    work=StageWork(texts=5, pictures=5, encoding=200, encoding_tiled=60, denoising=150, branch=10, decoding=300,
                   decoding_tiled=80),
    call_flops=60e12,
    calls=4,
)  # fmt: skip


def machine(card: float, host: float) -> MachineMemory:
    return MachineMemory(round(card * GB), round(host * GB))


def fitting(needs: MemoryNeeds, card: float, host: float, wishes: PlanWishes | None = None) -> MemoryPlan:
    plan = plan_memory(needs, machine(card, host), wishes or PlanWishes())
    assert isinstance(plan, MemoryPlan), plan
    return plan


@pytest.mark.parametrize("precision", STORED_BITS)
@pytest.mark.parametrize("model", FULL_SIZE_MODELS.values(), ids=lambda model: model.name)
def test_every_plan_stays_below_what_is_free(model: FullSizeModel, precision: str) -> None:
    needs = full_size_needs(model, precision, CLIP)
    for card, host in product((5, 7, 10, 15, 23, 31, 47, 78), (12, 28, 60)):
        plan = plan_memory(needs, machine(card, host))
        if isinstance(plan, NoPlan):
            assert plan.card_lacks or plan.host_lacks
            assert max(card_peak(plan.smallest, needs) - card * GB * ROOM, 0) <= plan.card_lacks + 1
        else:
            assert plan.card_bytes == card_peak(plan, needs) <= card * GB * ROOM
            assert plan.host_bytes == host_use(plan, needs) <= host * GB * ROOM


def test_a_large_card_keeps_everything() -> None:
    plan = fitting(full_size_needs(A14B, "bf16", CLIP), 94, 60)
    assert (plan.resident_blocks, plan.other_expert, plan.text_encoder, plan.vae) == (
        None, "beside", "resident", "resident",
    )  # fmt: skip
    assert not plan.tiled_vae


def test_more_of_the_card_never_means_fewer_blocks_of_one_expert_on_it() -> None:
    needs = full_size_needs(I2V, "fp8-scaled", CLIP, text="fp8-scaled")
    chosen = [fitting(needs, card, 60) for card in (12, 14, 16, 20, 24, 31)]
    assert [plan.tiled_vae for plan in chosen] == [False] * 6
    stay = [40 if plan.resident_blocks is None else plan.resident_blocks for plan in chosen]
    assert stay == sorted(stay)
    assert stay[0] < 5
    assert stay[-1] == 40


def test_tiles_come_only_where_nothing_fits_without() -> None:
    needs = full_size_needs(A14B, "Q4_K_M", CLIP, text="fp8-scaled")
    small, larger = fitting(needs, 7.8, 28), fitting(needs, 12, 28)
    assert small.tiled_vae
    assert not larger.tiled_vae
    with_whole_pictures = plan_memory(needs, machine(7.8, 28), PlanWishes(tiled_vae=False))
    assert isinstance(with_whole_pictures, NoPlan)


def test_an_expert_that_is_read_again_anyway_leaves_for_pictures_so_that_more_of_it_is_on_the_card() -> None:
    needs = full_size_needs(A14B, "fp8-scaled", CLIP, text="fp8-scaled", rank=128 + 64)
    plan, stays = (fitting(needs, 12, 24, PlanWishes(aside_for_pictures=aside)) for aside in (None, False))
    assert (plan.other_expert, plan.aside_for_pictures) == ("read_again", True)
    assert (plan.resident_blocks or 0) > (stays.resident_blocks or 0)
    assert plan.host_bytes < stays.host_bytes
    roomy = fitting(needs, 60, 24, PlanWishes(other_expert="read_again"))
    assert (roomy.resident_blocks, roomy.aside_for_pictures) == (None, False), "nothing is gained"


@pytest.mark.parametrize("host", [18, 20])
def test_an_expert_that_is_read_again_anyway_leaves_for_pictures_where_they_would_not_fit_whole(host: float) -> None:
    needs = full_size_needs(A14B, "fp8-scaled", CLIP, text="fp8-scaled", rank=128 + 64)
    plan = fitting(needs, 12, host)
    assert plan.other_expert == "read_again"
    assert plan.aside_for_pictures
    assert not plan.tiled_vae
    without = plan_memory(needs, machine(12, host), PlanWishes(aside_for_pictures=False))
    assert isinstance(without, NoPlan) or without.tiled_vae
    assert "stay on the card except while pictures are made" in plan_sentence(plan, needs)
    assert "no expert is in memory" in " ".join(plan_details(plan, needs))


def test_a_transformer_leaves_for_pictures_only_where_that_is_needed() -> None:
    needs = full_size_needs(I2V, "fp8-scaled", CLIP, text="fp8-scaled")
    small, larger = fitting(needs, 12, 28, PlanWishes(text_encoder="processor")), fitting(needs, 16, 28)
    assert not small.aside_for_pictures
    assert not larger.aside_for_pictures
    tight = fitting(needs, 10.3, 28)
    assert tight.aside_for_pictures
    assert tight.host_bytes >= needs.rest + sum(needs.blocks), "all of it is in the computer's memory then"
    use = card_use(tight, needs)
    assert use["decoding"] < use["denoising"] + needs.work.decoding
    assert "the transformer waits in the computer's memory" in " ".join(plan_details(tight, needs))


def test_leaving_for_pictures_takes_time_but_for_what_is_read_again_anyway() -> None:
    needs = full_size_needs(A14B, "fp8-scaled", CLIP)
    for other, more in (("waiting", True), ("beside", True), ("read_again", False)):
        stays = MemoryPlan(resident_blocks=10, other_expert=other)
        leaves = stays.model_copy(update={"aside_for_pictures": True})
        both = [clip_seconds(plan, needs, machine(24, 60)) for plan in (stays, leaves)]
        assert (both[1] > both[0]) == more


@pytest.mark.parametrize(("other", "held"), [("read_again", 1), ("waiting", 2)])
def test_blocks_that_the_system_does_not_lock_travel_while_nothing_computes(other: str, held: int) -> None:
    needs = full_size_needs(A14B, "fp8-scaled", CLIP)
    plan = MemoryPlan(resident_blocks=10, other_expert=other)
    here = machine(16, 40)
    streamed = 30 * needs.blocks[0]

    def more(lockable: int) -> float:
        there = replace(here, lockable=lockable)
        return clip_seconds(plan, needs, there) - clip_seconds(plan, needs, here)

    assert more(held * streamed) == 0
    assert more(0) == pytest.approx(needs.calls * streamed / here.unlocked_link)
    assert more(held * streamed // 2) == pytest.approx(needs.calls * streamed / 2 / here.unlocked_link)
    assert lockable_memory(32 * GB, "win32") == 16 * GB
    assert lockable_memory(32 * GB, "linux") is None


def test_little_memory_reads_the_other_expert_again() -> None:
    needs = full_size_needs(A14B, "Q4_K_M", CLIP, text="fp8-scaled")
    assert fitting(needs, 12, 14).other_expert == "read_again"
    assert fitting(needs, 12, 40).other_expert == "waiting"


def test_a_text_encoder_that_is_too_large_for_the_card_works_on_the_processor() -> None:
    needs = full_size_needs(A14B, "fp8-scaled", CLIP, text="bf16")
    assert fitting(needs, 11, 28).text_encoder == "processor"
    assert fitting(needs, 23, 28).text_encoder != "processor"


def test_the_texts_are_encoded_before_the_transformer_comes() -> None:
    plan = MemoryPlan(text_encoder="while_working", image_encoder="while_working", vae="while_working")
    use = card_use(plan, SMALL)
    assert use["texts"] == use["denoising"] - 50 - 1000 - 150 + 400 + 5
    assert use["pictures"] - use["denoising"] == 30 + 5 - 150
    assert use["decoding"] - use["encoding"] == 100


def test_streamed_blocks_lie_in_the_computers_memory_and_two_of_them_on_the_card() -> None:
    whole, streamed = MemoryPlan(), MemoryPlan(resident_blocks=3)
    stages = card_use(whole, SMALL), card_use(streamed, SMALL)
    assert {stage: stages[0][stage] - stages[1][stage] for stage in stages[0]} == {
        "texts": 0, "pictures": 700, "encoding": 700, "denoising": 700 - 2 * 100, "decoding": 700,
    }  # fmt: skip
    assert host_use(streamed, SMALL) - host_use(whole, SMALL) == 700 + 100  # one block is there twice for a moment


def test_of_blocks_that_differ_the_count_is_on_the_safe_side() -> None:
    needs = replace(SMALL, blocks=(100, 10, 10, 10))
    one = MemoryPlan(resident_blocks=1)
    assert card_use(one, needs)["denoising"] - card_use(one, replace(needs, blocks=()))["denoising"] == 100 + 2 * 100
    assert host_use(one, needs) - host_use(MemoryPlan(), needs) == 120 + 100


def test_guidance_at_once_is_chosen_where_blocks_travel_longer_than_they_work() -> None:
    draft = full_size_needs(I2V, "bf16", ClipSize(416, 240, 33), text="fp8-scaled")
    assert fitting(draft, 10, 60).branches_at_once
    whole = full_size_needs(I2V, "bf16", CLIP, text="fp8-scaled")
    assert not fitting(whole, 16, 60).branches_at_once


def test_streaming_costs_nothing_where_the_card_computes_longer() -> None:
    needs = full_size_needs(I2V, "fp8-scaled", CLIP)
    free = MachineMemory(24 * GB, 60 * GB)
    streamed = clip_seconds(MemoryPlan(resident_blocks=0), needs, free)
    assert streamed == pytest.approx(clip_seconds(MemoryPlan(), needs, free))


def test_the_processor_holds_everything_once() -> None:
    needs = full_size_needs(TI2V, "bf16", CLIP)
    plan = plan_memory(needs, MachineMemory(None, 60 * GB))
    assert isinstance(plan, MemoryPlan)
    assert plan.resident_blocks is None
    assert processor_use(plan, needs) < 60 * GB * ROOM
    assert isinstance(plan_memory(needs, MachineMemory(None, 16 * GB)), NoPlan)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("blocks=12", "resident_blocks", 12),
        ("blocks=all", "resident_blocks", None),
        ("text=processor,vae=working", "vae", "while_working"),
        ("other=disk", "other_expert", "read_again"),
        ("tiles=yes", "tiled_vae", True),
        ("together=yes", "branches_at_once", True),
        ("stored=no", "keep_stored", False),
        ("aside=yes", "aside_for_pictures", True),
    ],
)
def test_wishes_are_kept(text: str, field: str, value: object) -> None:
    plan = fitting(full_size_needs(A14B, "Q8_0", CLIP), 90, 60, parse_wishes(text))
    assert getattr(plan, field) == value


def test_the_smallest_plan_is_given_though_it_does_not_fit() -> None:
    plan = fitting(full_size_needs(A14B, "bf16", CLIP), 3, 3, parse_wishes("smallest"))
    assert plan.resident_blocks == 0
    assert plan.tiled_vae
    assert plan.card_bytes > 3 * GB


def test_resident_is_what_was_before_there_were_plans() -> None:
    plan = fitting(full_size_needs(A14B, "fp8-scaled", CLIP), 90, 60, parse_wishes("resident"))
    assert plan.model_copy(update={"card_bytes": 0, "host_bytes": 0}) == MemoryPlan()


@pytest.mark.parametrize("text", ["", "bloks=3", "blocks=-1", "blocks=99999", "blocks=x", "vae=moon", "tiles", "text="])
def test_wishes_that_mean_nothing_are_one_sentence(text: str) -> None:
    with pytest.raises(BadInput, match="memory plan") as found:
        parse_wishes(text)
    assert str(found.value).count("\n") == 0


def test_the_sentence_says_what_fits_and_how_long_it_takes() -> None:
    needs = full_size_needs(I2V, "fp8-scaled", CLIP)
    said = plan_sentence(MemoryPlan(resident_blocks=12), needs, 540)
    assert said == "Fits: fp8, 12 of 40 blocks stay on the card, about 9 minutes a clip."
    both = plan_sentence(MemoryPlan(tiled_vae=True), full_size_needs(A14B, "Q4_K_M", CLIP))
    assert both == "Fits: Q4_K_M, both experts stay on the card, pictures are made in tiles."


def test_the_details_name_what_is_not_on_the_card() -> None:
    needs = full_size_needs(A14B, "Q8_0", CLIP)
    plan = MemoryPlan(resident_blocks=4, other_expert="read_again", text_encoder="processor", vae="while_working")
    said = " ".join(plan_details(plan, needs))
    for words in ("of the card and", "The other blocks wait", "read again from the disk", "works on the processor"):
        assert words in said
    none_stays = " ".join(plan_details(plan.model_copy(update={"resident_blocks": 0}), needs))
    assert "The blocks wait in the computer's memory, and each comes while the one before works." in none_stays
    assert "of the card (RTX 3060) and" in plan_details(plan, needs, card="RTX 3060")[0]
    assert "picture encoder" not in said  # this model has none


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.4, "about 1 second"), (40, "about 40 seconds"), (58, "about 1 minute"), (540, "about 9 minutes"),
     (7200, "about 2 hours"), (9000, "about 2.5 hours")],
)  # fmt: skip
def test_durations_are_rounded_for_people(seconds: float, said: str) -> None:
    assert about(seconds) == said


def test_what_would_help_is_told_in_numbers_and_helps() -> None:
    needs, free = full_size_needs(A14B, "fp8-scaled", CLIP), machine(7.8, 12.5)
    none = plan_memory(needs, free)
    assert isinstance(none, NoPlan)
    helps = what_helps(none, needs, free, CLIP, lambda clip: full_size_needs(A14B, "fp8-scaled", clip))
    said = no_plan_sentence(none, needs, free, helps)
    assert "of this computer's memory, and 12.5 GB are free" in said
    assert "the same model as Q4_K_M (about 9.6 GB an expert)" in said
    assert "more of memory" in said
    assert isinstance(plan_memory(needs, replace(free, host=free.host + none.host_lacks * 2)), MemoryPlan)


@pytest.mark.parametrize("host", [13.5, 14.0, 14.5, 15.0, 15.5, 16.0, 16.5])
def test_a_smaller_file_that_is_named_fits_with_the_loras_of_the_film(host: float) -> None:
    rank, free = 192, machine(9, host)
    needs = full_size_needs(A14B, "fp8-scaled", CLIP, text="fp8-scaled", rank=rank)
    none = plan_memory(needs, free)
    assert isinstance(none, NoPlan)
    helps = what_helps(none, needs, free, CLIP, lambda clip: needs)
    for precision in ("Q5_K_M", "Q4_K_M"):
        if any(each.startswith(f"the same model as {precision} ") for each in helps):
            real = full_size_needs(A14B, precision, CLIP, text="fp8-scaled", rank=rank)
            assert isinstance(plan_memory(real, free), MemoryPlan)


@pytest.mark.parametrize("text", ["resident", "blocks=30", "text=card", "other=memory"])
def test_a_plan_that_was_wished_for_and_does_not_fit_is_not_laid_to_the_model(text: str) -> None:
    def needs_of(clip: ClipSize) -> MemoryNeeds:
        return full_size_needs(A14B, "fp8-scaled", clip, text="fp8-scaled", rank=192)

    free, wishes = machine(11, 24), parse_wishes(text)
    assert fit_model(needs_of, CLIP, free).plan is not None
    said = fit_model(needs_of, CLIP, free, wishes).sentence
    assert said.startswith("This model does not fit here by this memory plan: it needs ")
    assert "What would help: the automatic memory plan, which fits; or " in said
    assert "as fp8" not in said, "it is in fp8 already"
    if size := re.search(r"pictures of (\d+) x (\d+) instead", said):
        smaller = needs_of(ClipSize(int(size[1]), int(size[2]), 81))
        assert isinstance(plan_memory(smaller, free, wishes), MemoryPlan)


def test_smaller_pictures_help_a_small_card() -> None:
    def needs_of(clip: ClipSize) -> MemoryNeeds:
        return full_size_needs(A14B, "Q4_K_M", clip, text="fp8-scaled")

    free = machine(5.5, 28)
    none = plan_memory(needs_of(CLIP), free)
    assert isinstance(none, NoPlan)
    helps = what_helps(none, needs_of(CLIP), free, CLIP, needs_of)
    size = next(each for each in helps if each.startswith("pictures of"))
    width, height = (int(number) for number in size.split(" instead")[0].removeprefix("pictures of ").split(" x "))
    assert isinstance(plan_memory(needs_of(ClipSize(width, height, 81)), free), MemoryPlan)
    assert width > 400


@pytest.mark.parametrize(
    "text",
    [
        "auto",
        "smallest",
        "blocks=all",
        "blocks=0,text=processor,image=card,vae=working,other=disk,tiles=no,together=yes,aside=no",
    ],
)
def test_wishes_are_written_as_they_are_read(text: str) -> None:
    assert wishes_text(parse_wishes(text)) == text


def test_the_models_that_fit_are_named_with_their_finest_files() -> None:
    def computer(card: int, memory: int) -> Hardware:
        return Hardware("A processor", 8, memory << 30, (GraphicsCard("A card", card << 30, 1),), None, memory_free=1)

    assert what_fits(computer(4, 16)) == ()
    assert dict(what_fits(computer(80, 64)))["Wan 2.2 I2V A14B"] == "bf16"
    small = dict(what_fits(computer(12, 16)))
    assert small["Wan 2.2 I2V A14B"] in ("Q5_K_M", "Q4_K_M")
    assert "Wan 2.2 TI2V 5B" in small
    assert what_fits(Hardware("A processor", 8, 64 << 30, (), None)) == ()
