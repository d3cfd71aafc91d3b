"""A model of two experts against a loop written by hand, and how its experts share the memory."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from weakref import ref

import numpy as np
import pytest
import torch
from diffusers import WanTransformer3DModel
from torch import Tensor, nn

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.family import FamilyProfile
from svi_studio.engine.denoising.clip_renderer import ClipRenderer
from svi_studio.engine.denoising.clip_request import ClipRequest
from svi_studio.engine.denoising.condition import CONDITIONS
from svi_studio.engine.denoising.prompt import PromptEncoder
from svi_studio.engine.loading.experts import Experts, ExpertSource
from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.weights.model_folder import OneExpert
from tests.builders.tiny_models import build_two_experts

PROFILE = FamilyProfile(name="x", title="", hand_off="latents", num_motion_frames=1, ref_pad_num=-1)
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_two_experts(tmp_path_factory.mktemp("models") / "two", boundary=0.875)


@pytest.fixture(scope="module")
def two(folder: Path) -> WanModels:
    return load_models(folder, device="cpu")


def clip(steps: int = 8) -> ClipRequest:
    anchor = np.random.default_rng(0).integers(0, 256, (1, 32, 48, 3), dtype=np.uint8)
    return ClipRequest("a ball", "grey", 42, 9, steps, 5.0, 5.0, anchor, None)


def by_hand(
    folder: Path, models: WanModels, request: ClipRequest, boundary: float, scales: tuple[float, float]
) -> Tensor:
    """The clip's latents as diffusers' and the authors' loops make them, with networks that diffusers loaded."""
    high = WanTransformer3DModel.from_pretrained(folder / "transformer")
    low = WanTransformer3DModel.from_pretrained(folder / "transformer_2")
    y = CONDITIONS["latents"](models.vae, PROFILE)(request).y
    texts = [PromptEncoder(models)(words) for words in (request.prompt, request.negative_prompt)]
    u = torch.linspace(1, 0, request.num_inference_steps + 1)
    sigmas = request.shift * u / (1 + (request.shift - 1) * u)
    x = torch.randn(1, 16, 3, 4, 6, generator=torch.Generator().manual_seed(request.seed or 0))
    with torch.no_grad():
        for sigma, following in pairwise(sigmas):
            t = sigma * 1000
            expert, scale = (high, scales[0]) if t >= boundary * 1000 else (low, scales[1])
            told, untold = (expert(torch.cat([x, y], 1), t.expand(1), text, return_dict=False)[0] for text in texts)
            x = x + (untold + scale * (told - untold)) * (following - sigma)
    return x


def test_two_experts_make_what_a_loop_by_hand_makes_bit_for_bit(folder: Path, two: WanModels) -> None:
    request = clip()
    made = ClipRenderer(two, PROFILE).latents(request)
    assert torch.equal(made, by_hand(folder, two, request, 0.875, (5.0, 5.0)))


def test_each_expert_has_its_own_guidance_and_a_film_its_own_boundary(folder: Path, two: WanModels) -> None:
    request = replace(clip(), guidance_scale=3.5, guidance_scale_low=2.0, boundary=0.95)
    made = ClipRenderer(two, PROFILE).latents(request)
    assert torch.equal(made, by_hand(folder, two, request, 0.95, (3.5, 2.0)))


def test_an_expert_without_guidance_is_asked_once_a_step(two: WanModels) -> None:
    calls: list[OneExpert] = []
    assert two.experts is not None
    two.experts.ready = lambda expert, _: calls.append(expert)
    try:
        ClipRenderer(two, PROFILE).latents(replace(clip(4), guidance_scale_low=1.0))
    finally:
        two.experts.ready = None
    assert calls == ["high"] * 4 + ["low"] * 2


def test_a_half_precision_model_of_two_experts_renders(folder: Path) -> None:
    models = load_models(folder, device="cpu", dtype=torch.bfloat16)
    latents = ClipRenderer(models, PROFILE).latents(clip(4))
    assert latents.dtype == torch.float32 and torch.isfinite(latents).all()


def short_of_memory(models: WanModels) -> WanModels:
    """The same models, with experts that never find room beside each other."""
    assert models.experts is not None
    sources = models.experts._sources
    return replace(models, experts=Experts(sources, CPU, free_bytes=lambda _: 0))


def test_a_machine_without_room_for_both_makes_the_same_clip(two: WanModels) -> None:
    short = short_of_memory(two)
    assert torch.equal(ClipRenderer(short, PROFILE).latents(clip()), ClipRenderer(two, PROFILE).latents(clip()))


class Net(nn.Module):
    """Counts those that are alive, and says where it is."""

    def __init__(self, expert: str) -> None:
        super().__init__()
        self.expert = expert
        self.at = "cuda"

    def to(self, device: torch.device) -> "Net":  # type: ignore[override]
        self.at = str(device)
        return self


class Stage:
    """Experts of 100 bytes each on a device with so much room, and all that was loaded."""

    def __init__(self, device: str, room: Callable[[torch.device], int], failures: int = 0) -> None:
        self.loaded: list[str] = []
        self.alive: list[ref[nn.Module]] = []
        self._failures = failures
        sources: dict[OneExpert, ExpertSource] = {
            expert: ExpertSource(nn.Identity(), self._load(expert), 100) for expert in ("high", "low")
        }
        self.experts = Experts(sources, torch.device(device), free_bytes=room)

    def _load(self, expert: OneExpert) -> Callable[[], nn.Module]:
        def load() -> nn.Module:
            if self.loaded and self._failures:
                self._failures -= 1
                raise torch.OutOfMemoryError("out of memory")
            self.loaded.append(expert)
            network = Net(expert)
            self.alive.append(ref(network))
            return network

        return load

    def use(self, experts: Iterator[OneExpert] | list[OneExpert]) -> None:
        for expert in experts:
            network = self.experts.get(expert)
            assert isinstance(network, Net) and (network.expert, network.at) == (expert, self.experts._device.type)

    def in_memory(self) -> int:
        return sum(each() is not None for each in self.alive)


TWO_CLIPS: list[OneExpert] = ["high", "high", "low", "low", "high", "low"]


def test_with_room_both_experts_stay_and_each_is_read_once() -> None:
    stage = Stage("cuda", lambda _: 140)
    stage.use(TWO_CLIPS)
    assert stage.loaded == ["high", "low"] and stage.in_memory() == 2


def test_without_room_on_the_card_one_waits_in_the_computers_memory() -> None:
    stage = Stage("cuda", lambda device: 139 if device.type == "cuda" else 140)
    stage.use(TWO_CLIPS)
    assert stage.loaded == ["high", "low"] and stage.in_memory() == 2
    assert [getattr(network, "at", "") for network in stage.experts.in_memory().values()] == ["cpu", "cuda"]


@pytest.mark.parametrize("device", ["cuda", "cpu"])
def test_without_any_room_never_more_than_one_is_in_memory(device: str) -> None:
    stage = Stage(device, lambda _: 139)
    if device == "cpu":
        Net.at = "cpu"
    for expert in TWO_CLIPS:
        stage.experts.get(expert)
        assert stage.in_memory() == 1 and list(stage.experts.in_memory()) == [expert]
    assert stage.loaded == ["high", "low", "high", "low"]


def test_a_card_that_is_full_after_all_has_the_other_let_go() -> None:
    stage = Stage("cuda", lambda _: 1000, failures=1)
    stage.use(["high", "low"])
    assert stage.loaded == ["high", "low"] and stage.in_memory() == 1


def test_an_expert_is_made_ready_when_it_is_read_and_each_time_before_it_works() -> None:
    stage = Stage("cuda", lambda _: 0)
    ready: list[tuple[str, bool]] = []
    seen: set[int] = set()

    def prepare(expert: OneExpert, network: nn.Module) -> None:
        ready.append((expert, id(network) in seen))
        seen.clear()
        seen.add(id(network))

    stage.experts.ready = prepare
    stage.use(["high", "high", "low"])
    read, works_again = [("high", False), ("high", True)], [("high", True)]
    assert ready == [*read, *works_again, ("low", False), ("low", True)]


def test_a_low_noise_expert_of_other_shapes_is_refused_before_anything_is_loaded(tmp_path: Path) -> None:
    folder = build_two_experts(tmp_path / "two")
    WanTransformer3DModel.from_pretrained(folder / "transformer_2")
    config = folder / "transformer_2" / "config.json"
    config.write_text(config.read_text().replace('"ffn_dim": 96', '"ffn_dim": 64'))
    with pytest.raises(BadWeights, match="two experts of the model tiny-two-experts are of different sizes"):
        load_models(folder, device="cpu")
