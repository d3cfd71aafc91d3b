"""LoRAs beside weights that are kept as stored do what they do when they are merged, and leave no trace."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.render.memory_plan import MemoryPlan
from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.loading.model_part import find_part, load_part
from svi_studio.engine.loading.quantised_linear import QuantisedLinear
from svi_studio.engine.loading.wan_models import WanModels
from svi_studio.engine.lora import beside
from svi_studio.engine.lora.apply import apply_loras, check_loras
from svi_studio.engine.lora.merge import MergedLoras
from svi_studio.weights.lora_in_use import LoraInUse
from svi_studio.weights.lora_memory import beside_bytes
from tests.builders.linked_models import link_to_comfy, round_weights
from tests.builders.tiny_models import build_tiny_model, build_two_experts
from tests.engine.lora_files import Tensors, diffusion_model_down_up, random_lora, svi_2x, write_lora

CPU = torch.device("cpu")
WIDE = {"attention_head_dim": 128, "ffn_dim": 256, "added_kv_proj_dim": 256, "num_layers": 1}
KEPT, DEQUANTISED = MemoryPlan(keep_stored=True), MemoryPlan(keep_stored=False)
FORMS = ["fp8-1", "Q5_K"]
Uses = Sequence[tuple[Path, float]]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return round_weights(build_tiny_model(tmp_path_factory.mktemp("models") / "one", **WIDE))


@pytest.fixture(scope="module")
def linked(plain: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The model by the form of its transformer."""
    return {form: link_to_comfy(plain, tmp_path_factory.mktemp(form), {"transformer": form}) for form in FORMS}


@pytest.fixture(scope="module")
def files(plain: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Files of every form, all of them for the same weights and some for others."""
    folder, outline = tmp_path_factory.mktemp("loras"), find_part(plain, "transformer").outline
    first, second = (random_lora(outline, seed=seed) for seed in (1, 2))
    q = "blocks.0.self_attn.q"
    own: dict[str, Tensors] = {
        "a": svi_2x(first),
        "b": diffusion_model_down_up(second),
        "biases": {f"diffusion_model.{q}.diff_b": torch.ones(256), f"diffusion_model.{q}.diff": noise(256, 256)},
        "dora": {
            f"{q}.lora_A.weight": noise(4, 256),
            f"{q}.lora_B.weight": noise(256, 4),
            f"{q}.dora_scale": torch.rand(256, 1) + 3,
        },
        "loha": {
            f"{q}.hada_w1_a": noise(256, 3), f"{q}.hada_w1_b": noise(3, 256),
            f"{q}.hada_w2_a": noise(256, 3), f"{q}.hada_w2_b": noise(3, 256),
        },
        "lokr": {f"{q}.lokr_w1": noise(16, 16), f"{q}.lokr_w2": noise(16, 16)},
    }  # fmt: skip
    return {name: write_lora(folder / f"{name}.safetensors", tensors) for name, tensors in own.items()}


def noise(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(sum(shape))) * 0.2


def output(network: nn.Module) -> torch.Tensor:
    generator = torch.Generator().manual_seed(5)
    video, text, picture = (torch.randn(*s, generator=generator) for s in ((1, 36, 2, 4, 4), (1, 5, 32), (1, 4, 32)))
    dtype = next(p.dtype for p in network.parameters() if p.dtype != torch.float32 or p.ndim == 5)
    inputs = [each.to(dtype) for each in (text, picture)]
    with torch.no_grad():
        found: torch.Tensor = network(video.to(dtype), torch.tensor([500]), *inputs, return_dict=False)[0]
    return found


def kept(folder: Path, dtype: torch.dtype = torch.float32) -> nn.Module:
    network = load_part(folder, "transformer", CPU, dtype, keep_stored=True)
    assert sum(isinstance(module, QuantisedLinear) for module in network.modules()) == 12
    return network


def loras(files: Mapping[str, Path], *names: str) -> list[tuple[Path, float]]:
    """`a` for a file as it is, `a*0.5` for half of it."""
    return [(files[name.partition("*")[0]], float(name.partition("*")[2] or 1)) for name in names]


SETS = [("a*0.5", "b*-1.5"), ("biases*0.5",), ("dora",), ("loha*2",), ("lokr",), ("a", "dora*0.5", "b", "loha")]


@pytest.mark.parametrize(("form", "names"), [*(("fp8-1", names) for names in SETS), ("Q5_K", SETS[-1])])
def test_beside_is_as_merged_into_the_values(
    linked: Mapping[str, Path], files: Mapping[str, Path], form: str, names: Sequence[str]
) -> None:
    """In float32 nothing but the order of sums differs."""
    network = kept(linked[form])
    reports = MergedLoras(network, linked[form]).use(loras(files, *names))
    whole = load_part(linked[form], "transformer", CPU, torch.float32)
    before = output(whole)
    assert reports == MergedLoras(whole, linked[form]).use(loras(files, *names))
    expected = output(whole)
    assert float((expected - before).abs().max()) > 1e-2
    torch.testing.assert_close(output(network), expected, rtol=1e-3, atol=1e-4)


def test_in_bfloat16_beside_is_as_near_to_the_exact_film_as_merged(
    linked: Mapping[str, Path], files: Mapping[str, Path]
) -> None:
    folder, uses = linked["fp8-1"], loras(files, "a", "b*0.5")
    results = []
    for keep, dtype in ((False, torch.float32), (True, torch.bfloat16), (False, torch.bfloat16)):
        network = load_part(folder, "transformer", CPU, dtype, keep_stored=keep)
        MergedLoras(network, folder).use(uses)
        results.append(output(network).float())
    exact, beside_, merged = results
    off = [float((each - exact).square().mean().sqrt()) for each in (beside_, merged)]
    assert off[0] < 1.2 * off[1]


WAYS = [
    (("a",), ("a", "b")),
    (("a", "b"), ("b", "a")),
    (("a", "b"), ("a", "b*0.5")),
    (("a", "dora"), ("a", "dora*0.5")),
    (("biases", "a"), ("a",)),
    (("loha",), ()),
    ((), ("lokr*-1",)),
    (("a*0",), ("a*0", "b")),
]


@pytest.mark.parametrize("way", WAYS)
def test_from_one_clip_to_the_next_it_is_a_fresh_network_bit_for_bit(
    linked: Mapping[str, Path], files: Mapping[str, Path], way: tuple[Sequence[str], Sequence[str]]
) -> None:
    form = "fp8-1"
    network = kept(linked[form], torch.bfloat16)
    merged = MergedLoras(network, linked[form])
    for names in way:
        merged.use(loras(files, *names))
        fresh = kept(linked[form], torch.bfloat16)
        MergedLoras(fresh, linked[form]).use(loras(files, *names))
        assert torch.equal(output(network), output(fresh))
        assert same(state(network), state(fresh))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("keep", [True, False])
def test_taking_all_out_leaves_no_trace(
    linked: Mapping[str, Path], files: Mapping[str, Path], form: str, keep: bool
) -> None:
    network = load_part(linked[form], "transformer", CPU, torch.bfloat16, keep_stored=keep)
    before, told = state(network), output(network)
    merged = MergedLoras(network, linked[form])
    merged.use(loras(files, *files))
    assert not torch.equal(output(network), told)
    merged.use([])
    assert same(state(network), before)
    assert torch.equal(output(network), told)


def test_half_a_lora_is_never_left_behind(
    linked: Mapping[str, Path], files: Mapping[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    network = kept(linked["fp8-1"])
    before, done = state(network), []
    merged = MergedLoras(network, linked["fp8-1"])
    put = beside.put_beside

    def putting(*args: Any) -> None:
        done.append(args)
        if len(done) == 7:
            raise torch.OutOfMemoryError
        put(*args)

    monkeypatch.setattr("svi_studio.engine.lora.merge.put_beside", putting)
    with pytest.raises(torch.OutOfMemoryError):
        merged.use(loras(files, "a", "biases"))
    assert same(state(network), before)
    merged.use(loras(files, "a"))
    fresh = kept(linked["fp8-1"])
    MergedLoras(fresh, linked["fp8-1"]).use(loras(files, "a"))
    assert same(state(network), state(fresh))


def test_a_lora_of_another_model_is_refused_before_anything_changes(
    linked: Mapping[str, Path], files: Mapping[str, Path], tmp_path: Path
) -> None:
    narrow = find_part(build_tiny_model(tmp_path / "narrow"), "transformer").outline
    bad = write_lora(tmp_path / "bad.safetensors", svi_2x(random_lora(narrow)))
    models = load_models(linked["Q5_K"], device="cpu", plan=KEPT)
    apply_loras(models, [LoraInUse(files["a"], 1.0)])
    before = state(models.transformer)
    for ask in (check_loras, apply_loras):
        with pytest.raises(BadWeights, match=r"made for another architecture: .* is 48x48 there and 256x256 in this"):
            ask(models, [LoraInUse(bad, 1.0)])
    assert same(state(models.transformer), before)


@pytest.fixture(scope="module")
def experts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of two experts in fp8 with scales."""
    place = tmp_path_factory.mktemp("experts")
    wide = {"attention_head_dim": 128, "ffn_dim": 256}
    folder = round_weights(build_two_experts(place / "two", num_layers=1, **wide))
    return link_to_comfy(folder, place, {"transformer": "fp8-1", "transformer_2": "fp8-1"})


@pytest.mark.parametrize("room", [1 << 40, 0])
def test_each_expert_has_its_own_beside_it_whenever_it_is_read(
    experts: Path, files: Mapping[str, Path], room: int
) -> None:
    models = load_models(experts, device="cpu")
    held = models.experts
    assert held is not None
    held._free_bytes = lambda _: room
    apply_loras(models, [LoraInUse(files["a"], 1.0, "high"), LoraInUse(files["b"], 0.5, "low")])
    for expert, part, name, weight in (
        ("high", "transformer", "a", 1.0),
        ("low", "transformer_2", "b", 0.5),
        ("high", "transformer", "a", 1.0),
    ):
        alone = load_part(experts, part, CPU, torch.float32, keep_stored=True)
        MergedLoras(alone, experts, part).use([(files[name], weight)])
        assert same(state(held.get(expert)), state(alone))  # type: ignore[arg-type]
    apply_loras(models, [])
    assert all(
        same(state(held.get(expert)), state(load_part(experts, part, CPU, torch.float32, keep_stored=True)))
        for expert, part in (("high", "transformer"), ("low", "transformer_2"))
    )


@pytest.mark.parametrize("name", ["a", "b", "biases", "dora", "loha", "lokr"])
def test_what_will_stand_beside_is_known_before(
    linked: Mapping[str, Path], files: Mapping[str, Path], name: str
) -> None:
    network = kept(linked["fp8-1"])
    before = sum(buffer.nbytes for buffer in network.buffers())
    MergedLoras(network, linked["fp8-1"]).use(loras(files, name))
    held = sum(buffer.nbytes for buffer in network.buffers()) - before
    biases = 4 * 256  # go into the layer's own
    assert held > 0
    assert held <= beside_bytes([LoraInUse(files[name], 1.0)], 4) <= held + biases


def test_what_stands_beside_moves_with_the_layer(linked: Mapping[str, Path], files: Mapping[str, Path]) -> None:
    models: WanModels = load_models(linked["fp8-1"], device="cpu")
    apply_loras(models, [LoraInUse(files["a"], 1.0), LoraInUse(files["biases"], 1.0)])
    layer = models.transformer.blocks[0].attn1.to_q
    assert {name for name, buffer in layer.named_buffers()} == {"raw", "scale_bytes", "down", "up", "change"}
    assert {buffer.device.type for buffer in layer.to("meta").buffers()} == {"meta"}


def state(network: nn.Module) -> Tensors:
    """All that a network holds: parameters, bytes of kept weights, and what stands beside them."""
    tensors = [*network.named_parameters(), *network.named_buffers()]
    return {name: tensor.detach().clone() for name, tensor in tensors}


def same(a: Tensors, b: Tensors) -> bool:
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)
