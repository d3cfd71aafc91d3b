"""A film whose clips have their own LoRAs: each as if it had been made alone, and only what differs is moved."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from svi_studio.domain.errors import BadInput, BadWeights
from svi_studio.domain.takes.job import ClipJob, JobLora
from svi_studio.engine.chain.clip_loras import ClipLoras
from svi_studio.engine.chain.render_job import render_jobs
from svi_studio.engine.loading.model_part import load_part
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.engine.lora.base_weights import BaseWeights
from svi_studio.engine.lora.merge import MergedLoras
from svi_studio.project.takes.take_store import TakeStore
from tests.builders.small_film import plan_of, small_storyboard, write_picture
from tests.engine.lora_files import Tensors, random_lora, write_lora

A, B, C = "a" * 64, "b" * 64, "c" * 64


@pytest.fixture
def own(models: WanModels) -> WanModels:
    """The tiny model with a transformer of the test's own."""
    return fresh(models)


def fresh(models: WanModels) -> WanModels:
    assert models.folder is not None
    return replace(models, transformer=load_part(models.folder, "transformer", models.device, models.dtype))


@pytest.fixture
def files(own: WanModels, tmp_path: Path) -> dict[str, Path]:
    """Two LoRAs of every block, and one of a single matrix."""
    whole = {digest: random_lora(own.transformer, seed=seed) for seed, digest in enumerate((A, B))}
    part = {name: tensor for name, tensor in random_lora(own.transformer, seed=9).items() if "blocks.0.ffn.0" in name}
    return {
        digest: write_lora(tmp_path / f"{digest[0]}.safetensors", lora) for digest, lora in {**whole, C: part}.items()
    }


def lora(digest: str, weight: float = 1.0) -> JobLora:
    return JobLora(f"media/{digest}.safetensors", digest, weight)


def weights(models: WanModels) -> Tensors:
    return {name: tensor.clone() for name, tensor in models.transformer.state_dict().items()}


def alone(models: WanModels, files: dict[str, Path], loras: tuple[JobLora, ...]) -> Tensors:
    """The weights with these LoRAs in a model that never had others."""
    new = fresh(models)
    MergedLoras(new.transformer, None).use([(files[each.sha256], each.weight) for each in loras])
    return weights(new)


def same(a: Tensors, b: Tensors) -> bool:
    return all(torch.equal(a[name], b[name]) for name in a)


def job(*loras: JobLora) -> ClipJob:
    return ClipJob.model_construct(index=0, loras=loras)


WAYS = [
    ((lora(A),), (lora(A), lora(B))),
    ((lora(A), lora(B)), (lora(A),)),
    ((lora(A), lora(B)), (lora(B), lora(A))),
    ((lora(A), lora(C)), (lora(A), lora(C, 0.5))),
    ((lora(A),), (lora(A, 0.5),)),
    ((lora(A), lora(B)), (lora(B),)),
    ((lora(C),), ()),
    ((), (lora(B, -1.0),)),
]


@pytest.mark.parametrize("way", WAYS)
def test_from_one_clip_to_the_next_the_weights_are_those_of_a_fresh_model_bit_for_bit(
    own: WanModels, files: dict[str, Path], way: tuple[tuple[JobLora, ...], ...]
) -> None:
    loras = ClipLoras(own, files)
    for wanted in (*way, way[0]):
        loras.use(job(*wanted))
        assert same(weights(own), alone(own, files, wanted))


@pytest.mark.parametrize(
    ("before", "after", "read", "merged"),
    [
        ((lora(A),), (lora(A), lora(C)), 0, 1),  # what comes behind is added
        ((lora(A), lora(C)), (lora(A),), 1, 1),  # one matrix is read again, and gets A again
        ((lora(A), lora(C)), (lora(A), lora(C, 0.5)), 1, 2),
        ((lora(A),), (lora(B),), 20, 20),
        ((lora(A),), (lora(A),), 0, 0),
    ],
)
def test_only_what_differs_is_taken_out_and_merged(
    own: WanModels,
    files: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
    before: tuple[JobLora, ...],
    after: tuple[JobLora, ...],
    read: int,
    merged: int,
) -> None:
    loras, counted = ClipLoras(own, files), {"read": 0, "merged": 0}
    loras.use(job(*before))
    read_again, merge = BaseWeights.read, MergedLoras.use.__globals__["merged_weight"]

    def counting_read(self: BaseWeights, names: Iterable[str]) -> Iterator[tuple[str, torch.Tensor]]:
        for found in read_again(self, names):
            counted["read"] += 1
            yield found

    def counting_merge(*arguments: object) -> torch.Tensor:
        counted["merged"] += 1
        result: torch.Tensor = merge(*arguments)
        return result

    monkeypatch.setattr(BaseWeights, "read", counting_read)
    monkeypatch.setattr("svi_studio.engine.lora.merge.merged_weight", counting_merge)
    loras.use(job(*after))
    assert counted == {"read": read, "merged": merged}


def test_a_film_of_such_clips_is_the_same_as_each_clip_made_by_a_model_of_its_own(
    own: WanModels, files: dict[str, Path], tmp_path: Path
) -> None:
    write_picture(tmp_path / "first.png")
    plan = plan_of(small_storyboard(["one", "two"]), tmp_path)
    sets = [(lora(A),), (lora(A), lora(C))]
    marked = [each.model_copy(update={"loras": loras}) for each, loras in zip(plan.jobs, sets, strict=True)]
    together, apart = TakeStore(tmp_path / "together"), TakeStore(tmp_path / "apart")

    def render(store: TakeStore, jobs: list[ClipJob], models: WanModels) -> None:
        render_jobs(
            plan, jobs, models, store,
            folder=tmp_path, lora_files=files, emit=lambda event: None, should_stop=lambda: False,
        )  # fmt: skip

    render(together, marked, own)
    for each in marked:
        render(apart, [each], fresh(own))
    for each in marked:
        a, b = (store.file(each.take_hash, "latents.safetensors").read_bytes() for store in (together, apart))
        assert a == b
    assert len({together.file(each.take_hash, "latents.safetensors").read_bytes() for each in marked}) == 2


def test_a_lora_of_a_late_clip_that_does_not_fit_is_told_before_the_first(
    own: WanModels, files: dict[str, Path], tmp_path: Path
) -> None:
    bad = write_lora(tmp_path / "bad.safetensors", {"blocks.7.self_attn.q.diff_b": torch.ones(48)})
    loras = ClipLoras(own, {**files, B: bad})
    before = weights(own)
    with pytest.raises(BadWeights, match=r"bad.safetensors is a LoRA that was made for another architecture"):
        loras.check([job(lora(A)), job(lora(A), lora(B))])
    assert same(weights(own), before)


def test_a_file_that_is_another_one_now_ends_the_render_in_words(own: WanModels, files: dict[str, Path]) -> None:
    with pytest.raises(BadInput, match="is not the file any more that it was: start the render again"):
        ClipLoras(own, files).use(job(lora("d" * 64)))
