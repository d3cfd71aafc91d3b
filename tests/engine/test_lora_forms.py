"""DoRA, LoHa, LoKr and peft's strengths: merged as peft itself merges them."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import LoHaConfig, LoKrConfig, LoraConfig, get_peft_model, get_peft_model_state_dict
from safetensors.torch import save_file
from torch import nn

from svi_studio.domain.errors import BadWeights
from svi_studio.engine.lora.file import read_lora
from svi_studio.engine.lora.merged_weight import merged_weight

ROWS, COLUMNS = 24, 16


class Net(nn.Module):
    """Two layers, called as in a block of Wan."""

    def __init__(self) -> None:
        super().__init__()
        noise = torch.Generator().manual_seed(1)
        self.blocks = nn.ModuleList(nn.ModuleDict({"q": nn.Linear(COLUMNS, ROWS, bias=False)}) for _ in range(12))
        for parameter in self.parameters():
            parameter.data = torch.randn(parameter.shape, generator=noise)


def peft_folder(
    folder: Path, config: Any, **beside: Any
) -> tuple[Path, dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    """A folder as peft saves it with random matrices; and the weights before and after peft's own merge."""
    net = Net()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    model = get_peft_model(net, config)
    noise = torch.Generator().manual_seed(2)
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            parameter.data = torch.randn(parameter.shape, generator=noise) * 0.3 + ("magnitude" in name) * 2
    state = {name: value.clone() for name, value in get_peft_model_state_dict(model).items()}
    folder.mkdir(exist_ok=True)
    save_file(state, folder / "adapter_model.safetensors")
    config.save_pretrained(folder)
    after = dict(model.merge_and_unload().state_dict())
    return folder / "adapter_model.safetensors", before, after


CONFIGS = {
    "alpha": lambda: LoraConfig(r=4, lora_alpha=8, target_modules=["q"]),
    "rank-stabilized": lambda: LoraConfig(r=4, lora_alpha=8, target_modules=["q"], use_rslora=True),
    "patterns": lambda: LoraConfig(
        r=4, lora_alpha=8, target_modules=["q"], alpha_pattern={"blocks.1.q": 3, r"blocks\.(2|10).q": 5, "0.q": 16},
        rank_pattern={"blocks.1.q": 2},
    ),
    "dora": lambda: LoraConfig(r=4, lora_alpha=6, target_modules=["q"], use_dora=True),
    "loha": lambda: LoHaConfig(r=4, alpha=6, target_modules=["q"]),
    "lokr": lambda: LoKrConfig(r=2, alpha=6, target_modules=["q"], decompose_both=False),
    "lokr of products": lambda: LoKrConfig(r=1, alpha=3, target_modules=["q"], decompose_both=True),
}  # fmt: skip


@pytest.mark.parametrize("form", CONFIGS)
def test_a_folder_of_peft_is_merged_as_peft_merges_it(tmp_path: Path, form: str) -> None:
    path, before, after = peft_folder(tmp_path, CONFIGS[form]())
    lora = read_lora(path, before)
    assert set(before) == {*lora.low_rank, *lora.composed}
    for name, base in before.items():
        torch.testing.assert_close(merged_weight(base, lora, name, 1.0), after[name], rtol=1e-5, atol=1e-5)
        half = merged_weight(base, lora, name, 0.5)
        torch.testing.assert_close(half, (base + after[name]) / 2, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("form", "kind"), [("alpha", "LoRA"), ("dora", "DoRA"), ("loha", "LoHa"), ("lokr", "LoKr")])
def test_a_file_is_called_what_it_is(tmp_path: Path, form: str, kind: str) -> None:
    path, before, _ = peft_folder(tmp_path, CONFIGS[form]())
    assert read_lora(path, before).kind == kind


@pytest.mark.parametrize("dtype", [torch.int64, torch.float32, torch.bfloat16, torch.float16])
def test_a_lokr_of_two_whole_factors_has_no_use_for_its_alpha(tmp_path: Path, dtype: torch.dtype) -> None:
    """ai-toolkit's of full rank: the alpha is 9,999,999,999 there, and infinite in float16."""
    first, second, base = torch.randn(4, 4), torch.randn(6, 4), torch.randn(ROWS, COLUMNS)
    module = "diffusion_model.blocks.0.q"
    alpha = torch.tensor(9_999_999_999).to(dtype)
    matrices = {f"{module}.lokr_w1": first, f"{module}.lokr_w2": second, f"{module}.alpha": alpha}
    save_file(matrices, tmp_path / "lokr.safetensors")
    lora = read_lora(tmp_path / "lokr.safetensors", ["blocks.0.q.weight"])
    assert lora.tensors == 3
    torch.testing.assert_close(merged_weight(base, lora, "blocks.0.q.weight", 1.0), base + torch.kron(first, second))


def test_the_alpha_of_a_lokr_with_a_rank_counts(tmp_path: Path) -> None:
    module = "diffusion_model.blocks.0.q"
    matrices = {
        f"{module}.lokr_w1": torch.ones(4, 4),
        f"{module}.lokr_w2_a": torch.ones(6, 2),
        f"{module}.lokr_w2_b": torch.ones(2, 4),
    }
    save_file({**matrices, f"{module}.alpha": torch.tensor(1.0)}, tmp_path / "lokr.safetensors")
    lora = read_lora(tmp_path / "lokr.safetensors", ["blocks.0.q.weight"])
    assert lora.composed["blocks.0.q.weight"].scale == 0.5
    save_file({**matrices, f"{module}.alpha": torch.tensor(9e9)}, tmp_path / "lokr.safetensors")
    with pytest.raises(BadWeights, match=r"alpha should be a single number"):
        read_lora(tmp_path / "lokr.safetensors", ["blocks.0.q.weight"])


def plain_file(folder: Path, metadata: str) -> Path:
    matrices = {
        "transformer.blocks.0.q.lora_A.weight": torch.ones(4, COLUMNS),
        "transformer.blocks.0.q.lora_B.weight": torch.ones(ROWS, 4),
    }
    save_file(matrices, folder / "lora.safetensors", {"lora_adapter_metadata": metadata})
    return folder / "lora.safetensors"


@pytest.mark.parametrize(
    ("metadata", "scale"),
    [
        ({"r": 4, "lora_alpha": 2}, 0.5),
        ({"lora_alpha": 2, "use_rslora": True}, 1.0),
        ({"lora_alpha": 2, "alpha_pattern": {r"^blocks\.\d+\.q$": 4}}, 1.0),
        ({"lora_alpha": 2, "alpha_pattern": {"q": 12}}, 3.0),
        ({"lora_alpha": 2, "alpha_pattern": {"xq": 12}}, 0.5),
        ({}, 1.0),
    ],
)
def test_the_header_says_how_strong_it_is(tmp_path: Path, metadata: dict[str, Any], scale: float) -> None:
    path = plain_file(tmp_path, json.dumps({f"transformer.{key}": value for key, value in metadata.items()}))
    assert read_lora(path, ["blocks.0.q.weight"]).low_rank["blocks.0.q.weight"].scale == pytest.approx(scale)


@pytest.mark.parametrize(
    "metadata",
    [
        "[" * 100_000,
        '{"transformer.lora_alpha": ' + "9" * 400 + "}",
        '{"transformer.lora_alpha": NaN}',
        '{"transformer.lora_alpha": -Infinity}',
        '{"transformer.lora_alpha": "8"}',
        '{"transformer.r": -4, "transformer.lora_alpha": 8}',
        '{"transformer.lora_alpha": 8, "transformer.alpha_pattern": {"q": 1e400}}',
        '{"transformer.lora_alpha": 8, "transformer.alpha_pattern": ["q"]}',
        '{"transformer.lora_alpha": 8, "transformer.alpha_pattern": {"(a+)+$": 8}}',
        '{"transformer.lora_alpha": 8, "transformer.alpha_pattern": {"(a|a)*.*.*.*b": 8}}',
        '{"transformer.lora_alpha": 8, "transformer.alpha_pattern": {"blocks.(0": 8}}',
        '{"transformer.fan_in_fan_out": true}',
        '{"transformer.modules_to_save": ["head"]}',
        "[]",
    ],
    ids=lambda text: text[:60],
)  # fmt: skip
def test_a_strength_that_is_none_is_refused_in_one_sentence(tmp_path: Path, metadata: str) -> None:
    with pytest.raises(BadWeights) as caught:
        read_lora(plain_file(tmp_path, metadata), ["blocks.0.q.weight"])
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        ({"r": 64, "lora_alpha": 64}, "rank 4 .* says 64"),
        ({"r": 4, "lora_alpha": 4, "use_rslora": "false"}, "use_rslora is false"),
        ({"r": 4, "lora_alpha": 4, "use_dora": True}, "a DoRA without its magnitudes"),
        ({"r": 4, "lora_alpha": 4, "init_lora_weights": "pissa_niter_16"}, "changed weights of its model"),
    ],
)
def test_a_strength_that_cannot_be_right_is_refused(tmp_path: Path, metadata: dict[str, Any], words: str) -> None:
    """Each was merged before, as something else than it is."""
    path = plain_file(tmp_path, json.dumps({f"transformer.{key}": value for key, value in metadata.items()}))
    with pytest.raises(BadWeights, match=words):
        read_lora(path, ["blocks.0.q.weight"])
