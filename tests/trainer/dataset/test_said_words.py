"""What is really said of a clip is what is encoded and what it is found by; clips of several sizes share a training."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from svi_studio.domain.training.data_recipe import DataRecipe
from tests.trainer.dataset.small_data import CPU, NUM_FRAMES, clip, dataset, recipe, silent
from trainer.dataset.prepare import Dataset


@pytest.mark.parametrize("cache", [True, False])
def test_a_clip_of_which_nothing_is_said_has_the_text_of_nothing(tiny_model: Path, tmp_path: Path, cache: bool) -> None:
    data = DataRecipe(variants=1, cache=cache, caption_dropout=1.0)
    said = dataset(tiny_model, 1, data=DataRecipe(variants=1)).cached(tmp_path, silent).next().text
    dropped = dataset(tiny_model, 1, data=data).batches(tmp_path, silent).next().text
    wordless = [replace(clip(0), caption="")]
    nothing = Dataset(wordless, recipe(variants=1), tiny_model, CPU).cached(tmp_path / "other", silent).next().text

    assert torch.equal(dropped, nothing)
    assert not torch.equal(dropped, said)


def test_other_words_are_encoded_anew_and_the_same_ones_are_not(tiny_model: Path, tmp_path: Path) -> None:
    for caption in ("ohwx, a cat", "a cat", "ohwx, a cat"):
        Dataset([clip(0, caption)], recipe(variants=1), tiny_model, CPU).fill(tmp_path, silent)

    assert len(list(tmp_path.glob("text-*"))) == 2
    assert len(list(tmp_path.glob("clip-*"))) == 1


def test_batches_of_two_have_one_size(tiny_model: Path, tmp_path: Path) -> None:
    def upright(number: int) -> object:
        def frames(_rng: object) -> object:
            return np.full((NUM_FRAMES, 32, 16, 3), 10 * number, np.uint8)

        return replace(clip(number), content=f"upright {number}", frames=frames, size=(16, 32))

    clips = [clip(0), upright(1), clip(2), upright(3), upright(4)]
    made = Dataset(clips, recipe(variants=1, batch_size=2), tiny_model, CPU).cached(tmp_path, silent)  # type: ignore[arg-type]
    batches = [made.next() for _ in range(3)]

    assert {tuple(batch.latents.shape[-2:]) for batch in batches} == {(2, 4), (4, 2)}
    assert {name for batch in batches for name in batch.names} == {each.name for each in clips}  # type: ignore[attr-defined]
