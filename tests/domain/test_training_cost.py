"""The cost of a training: the published figures of Wan at full size, and that each knob moves what it should."""

from dataclasses import replace

import pytest

from svi_studio.domain.training.card_speed import peak_tflops
from svi_studio.domain.training.cost import (
    SECOND_EXPERT,
    Speed,
    TrainingCost,
    bank_entries,
    measured_speed,
    speed_of_card,
    training_cost,
)
from svi_studio.domain.training.model_size import ModelSize
from svi_studio.domain.training.noise_range import ExpertsRecipe
from svi_studio.domain.training.phase_memory import LIBRARIES, TEXT_ENCODER
from svi_studio.domain.training.phases import Phase, PhaseName, total
from svi_studio.domain.training.recipe import (
    DataRecipe,
    ErrorRecycling,
    EvaluationRecipe,
    LoraRecipe,
    MemoryRecipe,
    OptimizerRecipe,
    TrainingRecipe,
)
from svi_studio.domain.value import with_fields

WAN = ModelSize(
    transformer=16_390_000_000,
    text_encoder=5_680_000_000,
    image_encoder=632_000_000,
    vae=127_000_000,
    blocks=40,
    width=5120,
    feed_forward=13824,
    text_width=4096,
    picture_width=1280,
)
FULL = TrainingRecipe(
    name="x",
    family="film",
    num_frames=81,
    width=832,
    height=480,
    fps=24.0,
    steps=1000,
    memory=MemoryRecipe(offload_checkpoints=True),
    evaluation=EvaluationRecipe(every=500),
)
SPEED = Speed(100e12, is_measured=False)


def cost(**fields: object) -> TrainingCost:
    return training_cost(with_fields(FULL, fields), WAN, clips=300, speed=SPEED)


def card(**fields: object) -> int:
    return total(cost(**fields).card)


def part(parts: TrainingCost, name: str) -> int:
    return next(each.bytes for each in parts.card if each.name == name)


def test_a_forward_of_wan_has_the_operations_that_were_counted() -> None:
    assert WAN.forward_flops(FULL) == pytest.approx(1686e12, rel=0.01)


def test_a_training_step_of_wan_has_the_operations_that_were_counted() -> None:
    assert WAN.step_flops(FULL) == pytest.approx(6.4e15, rel=0.01)


def test_wans_lora_of_rank_128_has_613_million_values() -> None:
    assert WAN.lora_parameters(FULL.lora) == pytest.approx(613e6, rel=0.001)


def test_a_lora_on_queries_alone_is_that_much_smaller() -> None:
    assert WAN.lora_parameters(LoraRecipe(targets=("q",))) == 128 * 2 * 2 * 5120 * 40


def test_the_lora_and_adam_take_the_published_memory() -> None:
    assert part(cost(), "LoRA and its optimizer") == pytest.approx(9.8e9, rel=0.01)
    assert part(cost(optimizer=OptimizerRecipe(name="adamw8bit")), "LoRA and its optimizer") == pytest.approx(
        6.1e9, rel=0.01
    )


def test_the_kept_inputs_take_the_published_memory() -> None:
    assert part(cost(memory=MemoryRecipe()), "Inputs of the blocks") == pytest.approx(13.4e9, rel=0.01)


def test_a_step_on_an_a800_takes_about_as_long_as_published() -> None:
    peak = peak_tflops("NVIDIA A800-SXM4-80GB")
    assert peak is not None
    found = training_cost(FULL, WAN, clips=300, speed=speed_of_card(peak)).step_seconds
    assert found == pytest.approx(40, rel=0.05)


def test_with_encoders_that_stay_the_card_holds_about_what_was_published() -> None:
    assert card(data=DataRecipe(cache=False)) == pytest.approx(73e9, rel=0.1)


def in_phase(phases: tuple[Phase, ...], name: PhaseName) -> int:
    return next(phase.bytes for phase in phases if phase.name == name)


def test_inputs_kept_outside_the_card_lie_in_memory() -> None:
    inside, outside = cost(memory=MemoryRecipe()), cost()
    here, there = (
        in_phase(inside.card_phases, PhaseName.TRAINING) - in_phase(outside.card_phases, PhaseName.TRAINING),
        in_phase(outside.memory_phases, PhaseName.TRAINING) - in_phase(inside.memory_phases, PhaseName.TRAINING),
    )
    assert here == there > 13e9


def test_a_test_film_keeps_what_the_training_keeps_and_works_beside_it() -> None:
    films = in_phase(cost().card_phases, PhaseName.FILMING)
    kept = part(cost(), "Model") + part(cost(), "LoRA and its optimizer")
    assert films > kept + 4 * WAN.vae + 3e9
    assert PhaseName.FILMING not in {phase.name for phase in cost(evaluation=EvaluationRecipe()).card_phases}


def test_narrowing_takes_one_weight_more_and_never_the_wide_model() -> None:
    narrow = cost(memory=MemoryRecipe(base_precision="float8", offload_checkpoints=True))
    reading = in_phase(narrow.card_phases, PhaseName.READING)
    assert WAN.transformer < reading < WAN.transformer + 2.6e9
    assert in_phase(narrow.memory_phases, PhaseName.READING) < 4e9


def test_without_a_card_each_phase_is_counted_with_itself() -> None:
    made = cost()
    both = {phase.name: phase.bytes for phase in made.all_in_memory}
    apart = sum(in_phase(phases, PhaseName.TRAINING) for phases in (made.card_phases, made.memory_phases))
    assert both[PhaseName.TRAINING] == apart - LIBRARIES, "a processor has no libraries of a card"
    assert max(both.values()) <= total(made.card) + total(made.memory)


@pytest.mark.parametrize(
    "smaller",
    [
        {"memory": MemoryRecipe(base_precision="float8", offload_checkpoints=True)},
        {"num_frames": 49},
        {"width": 640},
        {"lora": LoraRecipe(rank=16)},
        {"optimizer": OptimizerRecipe(name="adamw8bit")},
    ],
)
def test_what_the_smaller_presets_change_takes_less_of_the_card(smaller: dict[str, object]) -> None:
    assert card(**smaller) < card()


def test_without_computing_blocks_twice_every_block_works_at_once() -> None:
    twice, once = cost(memory=MemoryRecipe()), cost(memory=MemoryRecipe(gradient_checkpointing=False))
    assert part(once, "Work on all blocks") == 40 * part(twice, "Work on one block")


def test_a_measured_step_predicts_itself() -> None:
    speed = measured_speed(FULL, WAN, 12.5)
    assert training_cost(FULL, WAN, clips=1, speed=speed).step_seconds == pytest.approx(12.5)


def test_a_measured_step_predicts_a_step_of_two_clips() -> None:
    speed = measured_speed(FULL, WAN, 10.0)
    two = training_cost(with_fields(FULL, {"accumulation": 2}), WAN, clips=1, speed=speed)
    assert (two.step_seconds, two.is_measured) == (pytest.approx(20.0), True)


def test_nothing_is_said_about_time_when_nothing_is_known() -> None:
    unknown = training_cost(FULL, WAN, clips=300)
    assert (unknown.step_seconds, unknown.seconds) == (None, None)


def test_test_films_cost_time_only_when_they_are_made() -> None:
    assert cost(evaluation=EvaluationRecipe()).test_films == 0
    assert (cost().test_films or 0) > 0


def test_more_processes_share_the_encoding_and_see_more_clips() -> None:
    one, two = cost(), training_cost(FULL, WAN, clips=300, speed=SPEED, processes=2)
    assert (two.encoding, two.epochs) == ((one.encoding or 0) / 2, (one.epochs or 0) * 2)


def test_the_bank_gets_what_steps_with_errors_and_some_clean_ones_leave() -> None:
    assert bank_entries(FULL) == 550  # half of 1,000 steps, and a tenth of the other half


def test_the_bank_holds_no_more_than_it_may() -> None:
    assert bank_entries(with_fields(FULL, {"errors": ErrorRecycling(grids=10, capacity=5)})) == 50


def test_a_plain_lora_has_no_bank() -> None:
    assert bank_entries(with_fields(FULL, {"errors": ErrorRecycling(enabled=False)})) == 0


def test_a_bank_on_disk_takes_almost_no_memory() -> None:
    on_disk = cost(errors=ErrorRecycling(storage="disk"))
    bank = {each.name: each.bytes for each in on_disk.memory}["Error bank"]
    assert bank < 0.01 * {each.name: each.bytes for each in cost().memory}["Error bank"]


def test_the_bundled_models_training_takes_the_disk_that_a_real_one_took() -> None:
    mini = ModelSize(1_998_800, 86_720, 490_560, 5_410_108, 4, 160, 512, 64, 48, picture_tokens=17)
    recipe = TrainingRecipe(
        name="x",
        family="film",
        num_frames=21,
        width=80,
        height=48,
        fps=12.0,
        steps=12,
        lora=LoraRecipe(rank=32),
        memory=MemoryRecipe(base_precision="float32"),
        data=DataRecipe(variants=1),
    )
    disk = {each.name: each.bytes for each in training_cost(recipe, mini, clips=1).disk}
    assert disk["Encoded clips"] - 128 * 64 * 4 == pytest.approx(72_704, rel=0.01)  # the caption was empty
    assert disk["Checkpoints"] / 4 == pytest.approx(2_007_688 + 4_026_024 + 40_320, rel=0.03)
    assert disk["LoRA"] == pytest.approx(2_009_904, rel=0.01)


def test_without_a_cache_no_encoded_clips_lie_on_the_disk() -> None:
    cached = {each.name: each.bytes for each in cost(data=DataRecipe(cache=False)).disk}
    assert cached["Encoded clips"] == 0


@pytest.mark.parametrize(
    ("name", "peak"),
    [
        ("NVIDIA GeForce RTX 4090", 165),
        ("NVIDIA H200", 790),
        ("NVIDIA RTX 6000 Ada Generation", 364),
        ("NVIDIA RTX A6000", 155),
        ("NVIDIA GeForce RTX 3060", 25),
        ("NVIDIA GeForce RTX 3060 Ti", 32),
        ("NVIDIA GeForce RTX 4060 Laptop GPU", 30),
        ("Matrox G200", None),
        ("", None),
    ],
)
def test_a_card_is_known_by_its_name(name: str, peak: float | None) -> None:
    assert peak_tflops(name) == peak


A14B = ModelSize(14_288_000_000, 5_680_000_000, 0, 127_000_000, 40, 5120, 13824, 4096, 0)
PRO = {"family": "pro", "experts": ExpertsRecipe(), "data": DataRecipe(motion_frames_probability=0.8)}


def of_two(**fields: object) -> TrainingCost:
    return training_cost(with_fields(FULL, PRO | fields), A14B, clips=300, speed=SPEED)


def of_one(**fields: object) -> TrainingCost:
    return of_two(experts=None, **fields)


def test_two_experts_take_turns_on_the_card() -> None:
    assert of_two().card == of_one().card


def test_two_experts_take_twice_the_time_and_twice_the_checkpoints() -> None:
    two, one = of_two(evaluation=EvaluationRecipe()), of_one(evaluation=EvaluationRecipe())
    assert two.training == pytest.approx(2 * (one.training or 0))
    assert two.encoding == one.encoding
    checkpoints, other = ({part.name: part.bytes for part in each.disk} for each in (two, one))
    assert checkpoints["Checkpoints"] == 2 * other["Checkpoints"]
    assert checkpoints["LoRAs"] == 2 * other["LoRA"]
    assert checkpoints["Encoded clips"] == other["Encoded clips"]


def test_the_expert_that_waits_for_test_films_is_counted_in_memory() -> None:
    names = {part.name: part.bytes for part in of_two().memory}
    assert names[SECOND_EXPERT] == 2 * A14B.transformer
    assert SECOND_EXPERT not in {part.name for part in of_two(evaluation=EvaluationRecipe()).memory}
    assert SECOND_EXPERT not in {part.name for part in of_one().memory}


def test_errors_made_by_hand_need_no_bank_and_a_copy_of_every_video() -> None:
    errors = ErrorRecycling(source="degraded")
    hands, bank = of_one(errors=errors), of_one()
    assert next(part.bytes for part in hands.memory if part.name == "Error bank") == 0
    encoded, other = (next(p.bytes for p in each.disk if p.name == "Encoded clips") for each in (hands, bank))
    assert encoded == pytest.approx(2 * other, rel=0.1)
    assert hands.encoding == pytest.approx(2 * (bank.encoding or 0))


def test_swapped_blocks_leave_the_card_but_for_two_and_lie_in_memory() -> None:
    narrow = with_fields(FULL, {"memory": MemoryRecipe(base_precision="float8", offload_checkpoints=True)})
    swapped = with_fields(narrow, {"memory": with_fields(narrow.memory, {"swapped_blocks": 20})})
    plain, saving = (training_cost(recipe, WAN, clips=10) for recipe in (narrow, swapped))
    block = WAN.narrowed_bytes() // WAN.blocks
    model = [next(part.bytes for part in cost.card if part.name == "Model") for cost in (plain, saving)]
    assert model[0] - model[1] == 18 * block
    training = next(phase for phase in saving.memory_phases if phase.name is PhaseName.TRAINING)
    assert next(part.bytes for part in training.parts if part.name == "Swapped blocks") == 20 * block
    assert total(saving.memory) > total(plain.memory)


def test_clips_of_several_sizes_cost_what_the_largest_does_and_have_a_bank_each() -> None:
    fit = {"data": DataRecipe(shapes="fit")}
    square = {"width": 640, "height": 640}
    assert cost(**fit).card == cost(**square).card
    assert cost(**fit).step_seconds == cost(**square).step_seconds
    small = {"errors": ErrorRecycling(grids=10, capacity=5)}
    assert bank_entries(with_fields(FULL, {**small, **fit})) == 150
    on_disk = ErrorRecycling(grids=10, capacity=5, storage="disk")
    banks = [cost(**size, errors=on_disk).memory_phases for size in (fit, square)]
    held = [next(part.bytes for part in phases[2].parts if part.name == "Error bank") for phases in banks]
    assert held[0] == 3 * held[1] > 0


def on_disk(name: str, **fields: object) -> int:
    return sum(part.bytes for part in cost(**fields).disk if part.name == name)


def test_clips_that_are_held_out_are_not_learned_from_but_looked_at() -> None:
    plain, held = cost(), cost(data=DataRecipe(held_out=0.1))
    assert (plain.epochs, held.epochs) == (1000 / 300, 1000 / 270)
    assert on_disk("Encoded clips", data=DataRecipe(held_out=0.1)) < 0.91 * on_disk("Encoded clips")
    looks = 11 * 16 * WAN.forward_flops(FULL) / SPEED.flops
    assert (held.training or 0) - (plain.training or 0) == pytest.approx(looks)


def test_a_control_takes_the_time_again_and_has_its_checkpoints_and_file() -> None:
    control = EvaluationRecipe(every=500, control=True)
    assert cost(evaluation=control).training == 2 * (cost().training or 0)
    assert on_disk("Checkpoints") < on_disk("Checkpoints", evaluation=control) < 2 * on_disk("Checkpoints")
    assert on_disk("LoRAs", evaluation=control) == 2 * on_disk("LoRA")


def test_the_lora_of_every_checkpoint_takes_its_place() -> None:
    assert on_disk("LoRAs", keep_loras=True) == 11 * on_disk("LoRA")


def test_a_small_models_step_is_no_quicker_than_its_operations_are_started() -> None:
    small = with_fields(FULL, {"width": 64, "height": 64, "num_frames": 5})
    tiny = replace(WAN, transformer=1_000_000, blocks=2, width=64, feed_forward=128)
    guess = training_cost(small, tiny, clips=10, speed=speed_of_card(165))
    assert guess.step_seconds == pytest.approx(0.1 * small.accumulation)
    assert training_cost(small, tiny, clips=10, speed=measured_speed(small, tiny, 0.01)).step_seconds == pytest.approx(
        0.01
    )


def part_names(phases: tuple[Phase, ...], name: PhaseName) -> list[str]:
    return [part.name for phase in phases if phase.name is name for part in phase.parts]


@pytest.mark.parametrize(("room", "aside"), [(None, False), (12.6e9, False), (12.0e9, True)])
def test_captions_that_a_card_cannot_encode_are_the_processors(room: float | None, *, aside: bool) -> None:
    recipe = with_fields(FULL, {"memory": MemoryRecipe(base_precision="float8", offload_checkpoints=True)})
    found = training_cost(recipe, WAN, clips=300, speed=SPEED, room=room)
    usual = training_cost(recipe, WAN, clips=300, speed=SPEED)
    assert (TEXT_ENCODER in part_names(found.memory_phases, PhaseName.ENCODING)) == aside
    assert (TEXT_ENCODER in part_names(found.card_phases, PhaseName.ENCODING)) != aside
    assert (found.captions is not None) == aside
    assert found.encoding == (usual.encoding or 0.0) + (found.captions or 0.0)


def test_captions_take_as_long_as_there_are_clips_to_encode() -> None:
    one, three = (training_cost(FULL, WAN, clips=clips, room=1e9).captions for clips in (100, 300))
    assert one and three
    assert three == pytest.approx(3 * one, rel=0.1)


@pytest.mark.parametrize(("room", "aside"), [(None, False), (12.0e9, True)])
@pytest.mark.parametrize("phase", [PhaseName.TRAINING, PhaseName.FILMING])
def test_a_training_that_encodes_in_every_step_keeps_its_text_encoder(
    phase: PhaseName, room: float | None, *, aside: bool
) -> None:
    live = training_cost(with_fields(FULL, {"data": DataRecipe(cache=False)}), WAN, clips=300, room=room)
    assert (TEXT_ENCODER in part_names(live.card_phases, phase)) != aside
    assert (TEXT_ENCODER in part_names(live.memory_phases, phase)) == aside
    assert "Picture encoders" in part_names(live.card_phases, phase)


def test_captions_without_a_cache_take_longer_with_every_step() -> None:
    recipe = with_fields(FULL, {"data": DataRecipe(cache=False)})
    one, two = (
        training_cost(with_fields(recipe, {"steps": steps}), WAN, clips=300, room=12e9).captions
        for steps in (1000, 2000)
    )
    assert one and two == 2 * one
