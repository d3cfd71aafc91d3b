"""A transformer that leaves the card while pictures are made: the same film, and the card holds one of the two."""

from pathlib import Path
from typing import Any

import pytest
import torch

from svi_studio.domain.film.family import FAMILIES
from svi_studio.domain.render.memory_plan import MemoryPlan, OtherExpert
from svi_studio.engine.chain.render_job import ready_models
from svi_studio.engine.denoising.clip_renderer import ClipRenderer
from svi_studio.engine.latents import vae
from svi_studio.engine.loading.model_part import ModelPart
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.engine.memory.packed import tensors
from tests.builders.fake_card import FakeCard
from tests.builders.tiny_models import build_tiny_model, build_two_experts
from tests.engine.memory.test_plans import CHAIN, TEXTS, alike, made, rounded, weight_bytes

LAYERS = 3
ASIDE = MemoryPlan(
    aside_for_pictures=True, text_encoder="while_working", image_encoder="processor", vae="while_working"
)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("one"), num_layers=LAYERS)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_two_experts(tmp_path_factory.mktemp("two"), num_layers=LAYERS)


@pytest.fixture
def seen_on_card(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Bytes on the card of `watched` each time that pictures are encoded or decoded."""
    found: list[int] = []
    for name in ("_frames", "_encode"):
        monkeypatch.setattr(vae, name, _noting(getattr(vae, name), found))
    return found


watched = FakeCard()


def _noting(work: Any, found: list[int]) -> Any:
    def noting(*given: Any) -> Any:
        found.append(watched.now)
        return work(*given)

    return noting


def watch(card: FakeCard) -> FakeCard:
    global watched  # noqa: PLW0603 - one card at a time
    watched = card
    return card


@pytest.mark.parametrize("stay", [None, 1])
def test_the_only_transformer_leaves_for_pictures_and_comes_back(
    one: Path, seen_on_card: list[int], stay: int | None
) -> None:
    resident = ready_models(one, (), "cpu")
    expected = made(resident, FAMILIES["film"], *CHAIN)
    card = watch(FakeCard())
    seen_on_card.clear()
    plan = ASIDE.model_copy(update={"resident_blocks": stay})
    assert alike(made(ready_models(one, (), card, plan=plan, texts=TEXTS), FAMILIES["film"], *CHAIN), expected)
    assert len(seen_on_card) >= 4 and set(seen_on_card) == {weight_bytes(resident.vae)}
    assert card.peak == max(working_bytes(resident, stay), weight_bytes(resident.vae))


def working_bytes(models: WanModels, stay: int | None) -> int:
    network = models.transformer
    if stay is None:
        return weight_bytes(network)
    block = network.blocks[0]
    return weight_bytes(network, blocks=False) + stay * weight_bytes(block) + 2 * rounded(block)


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize(("other", "reads"), [("beside", 2), ("waiting", 2), ("read_again", 4)])
def test_experts_leave_for_pictures_and_none_is_read_once_more_for_it(
    two: Path,
    seen_on_card: list[int],
    monkeypatch: pytest.MonkeyPatch,
    other: OtherExpert,
    reads: int,
    together: bool,
) -> None:
    resident = ready_models(two, (), "cpu")
    expected = made(resident, FAMILIES["pro"], *CHAIN)
    read: list[str] = []
    load = ModelPart.load

    def counted(self: ModelPart, *arguments: Any, **more: Any) -> torch.nn.Module:
        read.append(self.name)
        return load(self, *arguments, **more)

    monkeypatch.setattr(ModelPart, "load", counted)
    card = watch(FakeCard())
    seen_on_card.clear()
    plan = ASIDE.model_copy(update={"resident_blocks": 1, "other_expert": other, "branches_at_once": together})
    models = ready_models(two, (), card, plan=plan, texts=TEXTS)
    assert alike(made(models, FAMILIES["pro"], *CHAIN), expected)
    assert len(seen_on_card) >= 3 and set(seen_on_card) == {weight_bytes(resident.vae)}
    assert sum(name.startswith("transformer") for name in read) == reads
    assert models.experts is not None
    started: list[bool] = []
    renderer = ClipRenderer(models, FAMILIES["pro"])
    renderer.latents(CHAIN[0], on_start=lambda: started.append(bool(models.experts and models.experts.in_memory())))
    assert started == [True], "what comes back is no part of a step"
    renderer.frames(torch.zeros(1, 16, 2, 4, 8))
    held = [len(list(tensors(network))) for network in models.experts.in_memory().values()]
    assert len(held) == (0 if other == "read_again" else 2)
