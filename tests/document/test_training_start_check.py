"""The last look before a training: a LoRA to go on from that does not fit stands in the way, unless it is in use."""

from pathlib import Path

from svi_studio.document.training.training_check import check
from svi_studio.domain.training.recipe import LoraRecipe
from svi_studio.domain.value import with_fields
from svi_studio.project.training.presets import training_preset


def test_a_lora_that_does_not_fit_is_the_problem(tmp_path: Path) -> None:
    preset = training_preset("film-mini")
    lora = LoraRecipe.model_validate(preset.lora.model_dump() | {"start_from": str(tmp_path / "gone.safetensors")})
    recipe = with_fields(preset, {"lora": lora})
    checked = check(recipe, 3, tmp_path)
    assert checked.cost is None
    assert "gone.safetensors" in checked.problem
    (tmp_path / "checkpoints" / "00000001").mkdir(parents=True)
    assert check(recipe, 3, tmp_path).problem == "", "what was learned lies in the checkpoint"
