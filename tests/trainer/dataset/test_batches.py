"""Batches: the cache gives what encoding at every step gives, any number of processes draw the same training."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.recipe import MemoryRecipe
from svi_studio.engine.denoising.prompt import PromptEncoder
from svi_studio.engine.loading.model_folder import load_models
from tests.trainer.dataset.small_data import CPU, HEIGHT, NUM_FRAMES, WIDTH, dataset, recipe, silent
from trainer.dataset.fill_cache import Share
from trainer.dataset.prepare import Dataset
from trainer.erft.batch import Batch


@pytest.fixture(scope="module")
def latents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that all these tests share: what one has encoded, the others find."""
    return tmp_path_factory.mktemp("latents")


def same(one: Batch, other: Batch) -> bool:
    tensors = all(torch.equal(getattr(one, name), getattr(other, name)) for name in ("latents", "y", "text", "picture"))
    return tensors and (one.names, one.draws) == (other.names, other.draws)


@pytest.mark.parametrize(
    ("family", "precision"),
    [("shot", "float32"), ("film", "float32"), ("film", "bfloat16"), ("talk", "bfloat16"), ("dance", "float32")],
)
def test_the_cache_gives_what_encoding_every_step_gives(
    tiny_model: Path, latents: Path, family: str, precision: str
) -> None:
    data = dataset(
        tiny_model, count=2, family=family, memory=MemoryRecipe.model_validate({"base_precision": precision})
    )
    cached, live = data.cached(latents, silent), data.live(latents, silent)
    assert all(same(cached.next(), live.next()) for _ in range(3))


def test_shapes_are_those_of_the_transformer(tiny_model: Path, latents: Path) -> None:
    batch = dataset(tiny_model, batch_size=2).cached(latents, silent).next()
    cells = ((NUM_FRAMES - 1) // 4 + 1, HEIGHT // 8, WIDTH // 8)
    assert batch.latents.shape == (2, 16, *cells)
    assert batch.y.shape == (2, 20, *cells)
    assert batch.text.shape == (2, 512, 32)
    assert batch.picture is not None and batch.picture.shape == (2, 17, 32)


def test_text_is_what_the_rendering_gives_the_transformer(tiny_model: Path, latents: Path) -> None:
    data = dataset(tiny_model, count=1)
    batch = data.cached(latents, silent).next()
    rendered = PromptEncoder(load_models(tiny_model, device=CPU))(data.clips[0].caption)
    assert torch.equal(batch.text, rendered)


def test_goes_on_where_it_was(tiny_model: Path, latents: Path) -> None:
    data = dataset(tiny_model)
    batches, later = (data.cached(latents, silent) for _ in range(2))
    for _ in range(4):
        batches.next()
    later.restore(batches.state())
    assert same(later.next(), batches.next())


def test_two_processes_see_together_what_one_sees(tiny_model: Path, latents: Path) -> None:
    alone = dataset(tiny_model, batch_size=2).cached(latents, silent)
    parts = [
        replace(dataset(tiny_model, batch_size=1), share=Share(rank, 2)).cached(latents, silent) for rank in range(2)
    ]
    for _ in range(3):
        whole, halves = alone.next(), [part.next() for part in parts]
        assert whole.names == halves[0].names + halves[1].names
        assert torch.equal(whole.y, torch.cat([half.y for half in halves]))


def test_dance_at_times_takes_condition_and_picture_away_together(tiny_model: Path, latents: Path) -> None:
    batches = dataset(tiny_model, count=2, family="dance").cached(latents, silent)
    taken = []
    for _ in range(60):
        batch = batches.next()
        assert batch.picture is not None
        assert bool(batch.y.any()) == bool(batch.picture.any())
        taken.append(not batch.y.any())
    assert 0 < sum(taken) < 20


def test_epochs_show_other_crops_until_the_variants_are_through(tiny_model: Path, latents: Path) -> None:
    batches = dataset(tiny_model, count=1, variants=2).cached(latents, silent)
    first, second, third = (batches.next().latents for _ in range(3))
    assert not torch.equal(first, second)
    assert torch.equal(first, third)


def test_without_a_cache_nothing_is_written(tiny_model: Path, tmp_path: Path) -> None:
    data = dataset(tiny_model)
    changed = replace(data, recipe=recipe(data=data.recipe.data.model_copy(update={"cache": False})))
    changed.batches(tmp_path / "latents", silent).next()
    assert not (tmp_path / "latents").exists()


def test_no_clip_is_told_in_one_sentence(tiny_model: Path, latents: Path) -> None:
    with pytest.raises(BadInput, match="no clip to train on"):
        Dataset([], recipe(), tiny_model, CPU).cached(latents, silent)


def test_a_family_without_a_known_training_is_told_in_one_sentence(tiny_model: Path, latents: Path) -> None:
    with pytest.raises(BadInput, match=r"The family .pro5b. cannot be trained here"):
        dataset(tiny_model, family="pro5b").cached(latents, silent)
