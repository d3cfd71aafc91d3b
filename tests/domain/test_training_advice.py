"""Honest words before a training: each of them when it is true, and none when all is well."""

from dataclasses import replace

from svi_studio.domain.training.advice import Machine, is_small, training_cautions
from svi_studio.domain.training.cost import Speed, training_cost
from svi_studio.domain.training.data_recipe import DataRecipe, FolderRepeat
from svi_studio.domain.training.model_size import ModelSize
from svi_studio.domain.training.noise_range import ExpertsRecipe
from svi_studio.domain.training.phases import largest
from svi_studio.domain.training.recipe import ErrorRecycling, EvaluationRecipe, MemoryRecipe, TrainingRecipe
from svi_studio.domain.value import with_fields

BIG = ModelSize(16_390_000_000, 5_680_000_000, 632_000_000, 127_000_000, 40, 5120, 13824, 4096, 1280)
MINI = ModelSize(2_000_000, 87_000, 490_000, 5_410_000, 4, 160, 512, 64, 48)
FULL = TrainingRecipe(
    name="x",
    num_frames=81,
    width=832,
    height=480,
    fps=24.0,
    steps=300,
    memory=MemoryRecipe(offload_checkpoints=True),
    evaluation=EvaluationRecipe(every=300, clips=1),
)
LARGE = Machine(has_card=True, card=141_000_000_000, memory=500_000_000_000, disk_free=2_000_000_000_000)


def words(
    machine: Machine = LARGE,
    model: ModelSize = BIG,
    clips: int = 300,
    recipe: TrainingRecipe = FULL,
    flops: float = 4e14,
) -> list[str]:
    cost = training_cost(recipe, model, clips=clips, speed=Speed(flops, is_measured=True))
    return [caution.text for caution in training_cautions(recipe, cost, machine, clips)]


def obstacles(machine: Machine, model: ModelSize = BIG) -> list[str]:
    found = training_cautions(FULL, training_cost(FULL, model, clips=300), machine, 300)
    return [caution.text for caution in found if caution.is_obstacle]


def test_on_a_large_computer_only_the_authors_number_of_cards_is_told() -> None:
    assert [text[:40] for text in words()] == ["The authors trained on 8 to 64 large gra"]


def test_the_bundled_model_trains_anywhere_without_a_word() -> None:
    machine = Machine(has_card=False, card=None, memory=8_000_000_000, disk_free=100_000_000_000)
    assert words(machine, MINI) == []
    assert is_small(training_cost(FULL, MINI, clips=1))


def test_without_a_card_a_large_model_cannot_be_trained() -> None:
    machine = replace(LARGE, has_card=False, card=None)
    assert "no graphics card" in obstacles(machine)[0]


def test_a_large_model_is_large_with_its_blocks_in_ordinary_memory_too() -> None:
    memory = MemoryRecipe(base_precision="float8", offload_checkpoints=True, swapped_blocks=40)
    recipe = with_fields(FULL, {"memory": memory, "num_frames": 9})
    machine = replace(LARGE, has_card=False, card=None)
    assert "no graphics card" in words(machine, recipe=recipe)[0]


def test_a_card_that_is_too_small_is_told_with_both_figures() -> None:
    text = obstacles(replace(LARGE, card=24_000_000_000))[0]
    assert "52.1 GB" in text
    assert "24.0 GB" in text


def test_a_smaller_preset_is_named_only_where_there_is_one() -> None:
    small = replace(LARGE, card=24_000_000_000)
    assert "choose a smaller preset" in words(small, recipe=with_fields(FULL, {"smaller_preset": "shot-24gb"}))[0]
    assert "smaller rank" in words(small)[0]


def test_too_little_memory_is_told_with_what_takes_the_most() -> None:
    text = obstacles(replace(LARGE, memory=8_000_000_000))[0]
    assert "above all for the inputs of the blocks, and this computer has 8.0 GB: choose fewer" in text


def test_an_error_bank_that_fills_the_memory_belongs_on_disk() -> None:
    recipe = with_fields(FULL, {"steps": 3000})
    cost = training_cost(recipe, BIG, clips=300)
    short = replace(LARGE, memory=largest(cost.memory_phases).bytes - 1_000_000)
    found = training_cautions(recipe, cost, short, 300)
    assert [each.text.rpartition(": ")[2] for each in found if each.is_obstacle] == ["keep the error bank on disk."]


def test_too_little_disk_is_told() -> None:
    assert "of disk" in obstacles(replace(LARGE, disk_free=1_000_000))[0]


def test_what_is_not_known_is_no_obstacle() -> None:
    assert obstacles(Machine(has_card=True, card=None, memory=None, disk_free=None)) == []


def test_few_clips_are_told() -> None:
    assert any("There are 12 clips" in text for text in words(clips=12))


def test_clips_that_are_seen_too_often_are_told() -> None:
    recipe = with_fields(FULL, {"steps": 30_000})
    assert any("seen 100 times;" in text for text in words(recipe=recipe, flops=1e20))
    data = DataRecipe(repeats=(FolderRepeat(folder="cat", times=10),))
    uneven = words(recipe=with_fields(recipe, {"data": data}), flops=1e20)
    assert any("seen 100 times on average;" in text for text in uneven)


def test_many_days_are_told_with_the_step_they_follow_from() -> None:
    text = next(text for text in words(flops=1e12) if "days" in text)
    assert "measured here" in text


def test_test_films_that_take_longer_than_the_training_are_told() -> None:
    recipe = with_fields(FULL, {"evaluation": EvaluationRecipe(every=100, clips=50)})
    assert any("longer than the training itself" in text for text in words(recipe=recipe, flops=1e15))


def test_a_style_says_that_it_does_not_stop_drift() -> None:
    recipe = with_fields(FULL, {"errors": ErrorRecycling(enabled=False)})
    assert any("nothing against drift" in text for text in words(recipe=recipe))


def test_without_test_films_it_is_told_that_the_loss_says_nothing() -> None:
    recipe = with_fields(FULL, {"evaluation": EvaluationRecipe()})
    assert any("the loss says nothing about drift" in text for text in words(recipe=recipe))


def test_obstacles_come_first() -> None:
    found = words(replace(LARGE, disk_free=1), clips=3)
    assert "of disk" in found[0]


def test_pro_at_full_size_says_that_nobody_has_tried_it() -> None:
    pro = with_fields(FULL, {"family": "pro", "experts": ExpertsRecipe()})
    assert [text.split(":")[0] for text in words(recipe=pro)] == ["Untested at full size"]
    assert not [text for text in words(model=MINI, recipe=pro) if "Untested" in text]


def test_errors_made_by_hand_are_told_to_be_the_second_best() -> None:
    recipe = with_fields(FULL, {"errors": ErrorRecycling(source="degraded")})
    assert any(text.startswith("Errors made by hand are here to be compared") for text in words(recipe=recipe))


def test_where_the_second_expert_takes_the_most_memory_test_films_are_what_to_give_up() -> None:
    small = Machine(has_card=True, card=141_000_000_000, memory=20_000_000_000, disk_free=2_000_000_000_000)
    pro = with_fields(FULL, {"family": "pro", "experts": ExpertsRecipe(), "errors": ErrorRecycling(storage="disk")})
    told = words(small, recipe=pro)
    text = next(text for text in told if "above all for the second expert of test films, " in text)
    assert text.endswith("make no test films.")


def test_captions_that_the_processor_encodes_are_told_with_their_time() -> None:
    cost = training_cost(FULL, BIG, clips=300, room=12e9)
    found = training_cautions(FULL, cost, LARGE, 300)
    text = next(each.text for each in found if "processor encodes the captions" in each.text and not each.is_obstacle)
    assert "once, which takes up to 1 h" in text


def test_captions_that_the_processor_encodes_in_every_step_are_told_so() -> None:
    recipe = with_fields(FULL, {"data": DataRecipe(cache=False)})
    told = training_cautions(recipe, training_cost(recipe, BIG, clips=300, room=12e9), LARGE, 300)
    assert any("encodes the captions instead, in every step, 1 h" in each.text for each in told)


def test_a_computer_that_holds_the_text_encoder_nowhere_is_told() -> None:
    small = replace(LARGE, card=12_000_000_000, memory=14_000_000_000)
    recipe = with_fields(FULL, {"num_frames": 9})
    cost = training_cost(recipe, BIG, clips=300, room=12e9)
    texts = [each.text for each in training_cautions(recipe, cost, small, 300) if each.is_obstacle]
    assert "above all for the text encoder" in texts[-1]
    assert texts[-1].endswith(": this model needs more memory, or a larger card.")


def test_fewer_frames_are_not_named_where_the_model_itself_is_too_large_to_be_read() -> None:
    memory = MemoryRecipe(base_precision="float8", offload_checkpoints=True, swapped_blocks=20)
    told = words(replace(LARGE, memory=16_000_000_000), recipe=with_fields(FULL, {"memory": memory, "num_frames": 9}))
    assert "while the model is read, above all for the model, " in told[0]
    assert told[0].endswith(": this model needs more memory, or a larger card.")
