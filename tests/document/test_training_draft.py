"""A new training while it is put together: what follows from a change follows at once."""

from svi_studio.document.training.training_draft import TrainingDraft
from svi_studio.project.training.presets import training_preset


def test_blocks_that_leave_the_card_are_computed_twice() -> None:
    draft = TrainingDraft()
    draft.start("film-mini", training_preset("film-mini"))
    assert draft.edit("memory.gradient_checkpointing", False)
    assert draft.edit("memory.swapped_blocks", 4)
    assert draft.value("memory.gradient_checkpointing") is True
    assert draft.edit("memory.gradient_checkpointing", False)
    assert draft.value("memory.swapped_blocks") == 0


def test_a_lora_to_go_on_from_is_chosen_and_taken_back() -> None:
    draft = TrainingDraft()
    draft.start("pro-24gb", training_preset("pro-24gb"))
    assert draft.edit("experts.high_start_from", "/loras/high.safetensors")
    assert draft.is_changed
    assert draft.edit("experts.high_start_from", None)
    assert not draft.is_changed
