"""However the networks of a model lie, a clip comes out the same, and the card holds no more than its plan says."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from platformdirs import user_cache_path
from torch import Tensor

from svi_studio.domain.film.family import FAMILIES, FamilyProfile
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.render.memory_needs import Stage
from svi_studio.domain.render.memory_plan import EVERYTHING_RESIDENT, MemoryPlan
from svi_studio.engine.chain.render_job import ready_models
from svi_studio.engine.conditions.attachment import SKELETON, SOUND
from svi_studio.engine.denoising import kept_texts
from svi_studio.engine.denoising.carry import Carry
from svi_studio.engine.denoising.clip_renderer import ClipRenderer
from svi_studio.engine.denoising.clip_request import ClipRequest
from svi_studio.engine.denoising.kept_texts import UnwrittenTexts
from svi_studio.engine.loading.model_part import ModelPart
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.engine.lora.apply import apply_loras
from svi_studio.engine.memory.packed import tensors
from svi_studio.weights.lora_in_use import LoraInUse
from svi_studio.weights.model_folder import OneExpert
from tests.builders.fake_card import FakeCard
from tests.builders.tiny_models import add_inputs, build_held_model, build_tiny_model, build_two_experts
from tests.engine.lora_files import random_lora, write_lora

LAYERS = 4
PLANS = {
    "streamed": MemoryPlan(resident_blocks=1, text_encoder="while_working", image_encoder="while_working"),
    "smallest": MemoryPlan(
        resident_blocks=0,
        other_expert="read_again",
        text_encoder="processor",
        image_encoder="processor",
        vae="while_working",
        branches_at_once=True,
    ),
    "swapped": MemoryPlan(other_expert="waiting", vae="processor", image_encoder="while_working"),
    "streamed and swapped": MemoryPlan(
        resident_blocks=2, other_expert="waiting", text_encoder="while_working", vae="while_working"
    ),
    "all stay, and have room for both branches": MemoryPlan(branches_at_once=True),
}
MODELS: dict[str, tuple[Callable[..., Path], str]] = {
    "one": (build_tiny_model, "film"),
    "two": (build_two_experts, "pro"),
    "held": (build_held_model, "pro5b"),
}


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    place = tmp_path_factory.mktemp("models")
    return {name: build(place / name, num_layers=LAYERS) for name, (build, _) in MODELS.items()}


def clip(seed: int = 4, steps: int = 2, **more: object) -> ClipRequest:
    anchor = np.random.default_rng(0).integers(0, 256, (1, 32, 64, 3), dtype=np.uint8)
    return ClipRequest("a ball", "grey", seed, 9, steps, 3.0, 5.0, anchor, None, **more)  # type: ignore[arg-type]


TEXTS = ("a ball", "grey")
CHAIN = (clip(4), clip(5))


def made(models: WanModels, profile: FamilyProfile, *clips: ClipRequest) -> list[Tensor]:
    """Latents and frames of a clip, and of one that follows from it."""
    renderer = ClipRenderer(models, profile)
    found = []
    carry: Carry | None = None
    for request in clips:
        latents = renderer.latents(replace(request, carry=carry))
        frames = renderer.frames(latents)
        carry = Carry(frames[-profile.num_motion_frames :], latents)
        found += [latents, torch.from_numpy(frames)]
    return found


def alike(some: list[Tensor], others: list[Tensor]) -> bool:
    return len(some) == len(others) and all(map(torch.equal, some, others))


@pytest.fixture(scope="module")
def resident(folders: dict[str, Path]) -> dict[str, list[Tensor]]:
    """What the chain of each model is when everything lies on the card."""
    return {
        kind: made(ready_models(folder, (), "cpu"), FAMILIES[MODELS[kind][1]], *CHAIN)
        for kind, folder in folders.items()
    }


@pytest.mark.parametrize(
    ("kind", "name"),
    [*(("two", name) for name in PLANS), ("one", "streamed"), ("one", "smallest"), ("held", "smallest")],
)
def test_a_chain_is_the_same_by_every_plan(
    folders: dict[str, Path], resident: dict[str, list[Tensor]], kind: str, name: str
) -> None:
    models = ready_models(folders[kind], (), FakeCard(), plan=PLANS[name], texts=TEXTS)
    assert alike(made(models, FAMILIES[MODELS[kind][1]], *CHAIN), resident[kind])


@pytest.fixture(scope="module")
def one(folders: dict[str, Path]) -> WanModels:
    return ready_models(folders["one"], (), "cpu")


def weight_bytes(network: object, *, blocks: bool = True) -> int:
    held = [tensor for _, _, tensor in tensors(network)] if isinstance(network, torch.nn.Module) else []
    if not blocks and isinstance(network, torch.nn.Module):
        inside = {id(tensor) for _, _, tensor in tensors(network.get_submodule("blocks"))}
        held = [tensor for tensor in held if id(tensor) not in inside]
    return sum(tensor.nbytes for tensor in held)


def rounded(block: torch.nn.Module) -> int:
    """Bytes of a block in one piece, each tensor from a multiple of 256 on."""
    return sum(-(-tensor.nbytes // 256) * 256 for _, _, tensor in tensors(block))


@pytest.mark.parametrize("stay", [0, 3])
def test_the_card_holds_two_streamed_blocks_those_that_stay_and_one_helper_at_a_time(
    folders: dict[str, Path], one: WanModels, stay: int
) -> None:
    card = FakeCard()
    plan = PLANS["smallest"].model_copy(update={"resident_blocks": stay, "image_encoder": "while_working"})
    models = ready_models(folders["one"], (), card, plan=plan, texts=TEXTS)
    made(models, FAMILIES["film"], *CHAIN)
    block = one.transformer.blocks[0]
    rest = weight_bytes(one.transformer, blocks=False) + stay * weight_bytes(block)
    ring = rounded(block) * min(2, LAYERS - stay)
    assert card.peak == rest + max(ring, weight_bytes(one.vae), weight_bytes(one.image_encoder))
    assert card.now == rest, "the two places are given back when a clip is denoised"


@pytest.mark.parametrize("text_encoder", ["while_working", "processor"])
def test_the_text_encoder_is_gone_before_the_transformer_comes(
    folders: dict[str, Path], one: WanModels, text_encoder: str
) -> None:
    card = FakeCard()
    plan = EVERYTHING_RESIDENT.model_copy(update={"text_encoder": text_encoder})
    models = ready_models(folders["one"], (), card, plan=plan, texts=TEXTS)
    made(models, FAMILIES["film"], clip())
    assert card.peak == sum(weight_bytes(network) for network in (one.transformer, one.vae, one.image_encoder))
    assert all(tensor.is_meta for _, _, tensor in tensors(models.text_encoder)), "nothing of it is in memory"


def test_texts_that_cannot_be_kept_on_disk_do_not_bring_the_text_encoder_back(
    folders: dict[str, Path], resident: dict[str, list[Tensor]], one: WanModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_texts, "UNWRITTEN", UnwrittenTexts())
    cache = user_cache_path("svi-studio", appauthor=False)
    cache.mkdir(parents=True)
    (cache / "texts").write_text("a file where the folder should be")
    read: list[str] = []
    load = ModelPart.load

    def counted(self: ModelPart, *arguments: Any, **more: Any) -> torch.nn.Module:
        read.append(self.name)
        return load(self, *arguments, **more)

    monkeypatch.setattr(ModelPart, "load", counted)
    card = FakeCard()
    plan = EVERYTHING_RESIDENT.model_copy(update={"text_encoder": "while_working"})
    models = ready_models(folders["one"], (), card, plan=plan, texts=TEXTS)
    assert alike(made(models, FAMILIES["film"], *CHAIN), resident["one"])
    assert read.count("text_encoder") == 1
    assert card.peak == sum(weight_bytes(network) for network in (one.transformer, one.vae, one.image_encoder))


def test_a_text_that_nobody_foresaw_brings_the_text_encoder_back_for_a_moment(
    folders: dict[str, Path], resident: dict[str, list[Tensor]]
) -> None:
    models = ready_models(folders["one"], (), FakeCard(), plan=PLANS["streamed"], texts=["another"])
    assert alike(made(models, FAMILIES["film"], clip()), resident["one"][:2])
    assert all(tensor.is_meta for _, _, tensor in tensors(models.text_encoder))


def test_loras_are_in_streamed_blocks_as_in_resident_ones(folders: dict[str, Path], tmp_path: Path) -> None:
    plain = ready_models(folders["two"], (), "cpu")
    laid_out = ready_models(folders["two"], (), FakeCard(), plan=PLANS["streamed and swapped"], texts=TEXTS)
    assert plain.experts is not None
    random = [random_lora(plain.experts.get("high"), seed=seed) for seed in (1, 2)]
    one, other = (
        LoraInUse(write_lora(tmp_path / f"{seed}.safetensors", lora), 0.5) for seed, lora in enumerate(random)
    )
    for loras in ([other, one], []):
        for models in (plain, laid_out):
            apply_loras(models, loras)
        assert alike(made(laid_out, FAMILIES["pro"], clip()), made(plain, FAMILIES["pro"], clip()))


def test_branches_go_through_the_blocks_together_where_sound_and_a_skeleton_are_followed(tmp_path: Path) -> None:
    folder = add_inputs(build_tiny_model(tmp_path / "follower"))
    noise = torch.Generator().manual_seed(1)
    heard = torch.randn(9 + 10, 2, 24, generator=noise)
    drawn = torch.rand(3, 9, 32, 64, generator=noise) * 2 - 1
    request = clip(inputs={SOUND: heard, SKELETON: drawn}, audio_guidance_scale=2.0)
    profile = FAMILIES["film"]
    both = [InputKind.SOUND, InputKind.SKELETON]
    plan = PLANS["smallest"]
    laid_out, resident = ready_models(folder, (), FakeCard(), both, plan=plan), ready_models(folder, (), "cpu", both)
    assert alike(made(laid_out, profile, request), made(resident, profile, request))


def test_half_precision_is_the_same_by_a_small_plan(tmp_path: Path) -> None:
    folder = build_two_experts(tmp_path / "half", card={"dtype": "bfloat16"}, num_layers=3)
    resident = made(ready_models(folder, (), "cpu"), FAMILIES["pro"], clip())
    laid_out = ready_models(folder, (), FakeCard(), plan=PLANS["smallest"])
    assert alike(made(laid_out, FAMILIES["pro"], clip()), resident)


@pytest.mark.parametrize(
    ("other", "on_card", "reads"), [("beside", 2, [1, 1]), ("waiting", 1, [1, 1]), ("read_again", 1, [2, 1])]
)
def test_the_expert_that_does_not_work_is_where_the_plan_says_whatever_is_free(
    folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch, other: str, on_card: int, reads: list[int]
) -> None:
    monkeypatch.setattr("svi_studio.engine.loading.experts.free_memory", lambda _: 0)
    read: list[str] = []
    load = ModelPart.load

    def counted(self: ModelPart, *arguments: Any, **more: Any) -> torch.nn.Module:
        read.append(self.name)
        return load(self, *arguments, **more)

    monkeypatch.setattr(ModelPart, "load", counted)
    card = FakeCard()
    plan = MemoryPlan(other_expert=other, text_encoder="processor", vae="processor")
    models = ready_models(folders["two"], (), card, plan=plan, smaller=nothing_smaller)
    assert models.experts is not None
    for expert in ONE_CLIP_AND_THE_NEXT:
        assert card.has(models.experts.get(expert))
    assert card.peak == on_card * weight_bytes(models.experts.get("high"))
    assert [read.count(part) for part in ("transformer", "transformer_2")] == reads


ONE_CLIP_AND_THE_NEXT: tuple[OneExpert, ...] = ("high", "low", "high")


def nothing_smaller(plan: MemoryPlan, stage: Stage, *, of_the_card: bool) -> None:
    """No smaller plan is known."""
