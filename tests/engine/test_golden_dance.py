"""Dance's part of the transformer computes what the authors' does."""

from pathlib import Path

import numpy as np
import pytest
import torch

from svi_studio.engine.conditions.attachment import attach
from svi_studio.engine.conditions.drawings import fit_drawings
from svi_studio.engine.conditions.skeleton_network import SkeletonNetwork
from svi_studio.engine.denoising.branch import Branch
from svi_studio.engine.denoising.sampling import denoise, guided
from tests.engine.golden_networks import Golden, Weights, golden_transformer


@pytest.fixture(scope="module")
def golden(golden_dir: Path) -> Golden:
    return Golden(golden_dir, "dance")


def network_of(weights: Weights) -> SkeletonNetwork:
    named = {f"dwpose_embedding.{name.removeprefix('dwpose_embedding.')}": each for name, each in weights.items()}
    dim, channels = SkeletonNetwork.sizes({name: tuple(each.shape) for name, each in named.items()})
    network = SkeletonNetwork(dim, channels=channels)
    network.load_state_dict(named, strict=True)
    return network.eval().requires_grad_(False)


def test_drawings_become_the_tokens_of_the_authors(golden: Golden) -> None:
    tokens = network_of(golden.weights("dw."))(golden["pose"][None])
    assert (tokens - golden["add_condition"]).abs().max() <= 1e-5


def test_the_pose_encoder_of_real_size_is_the_authors(golden_dir: Path) -> None:
    golden = Golden(golden_dir, "dance_dwpose_real")
    tokens = network_of(golden.weights("dwpose_embedding."))(golden["pose"][None])
    subset = golden["tokens_subset"]
    assert (tokens[..., : subset.shape[-1]] - subset).abs().max() <= 1e-5


def test_a_guided_step_sees_the_skeleton_with_and_without_the_prompt(golden: Golden) -> None:
    transformer = golden_transformer(golden.weights(), golden.facts["config"])
    attach(transformer)
    skeleton = network_of(golden.weights("dw."))(golden["pose"][None])
    told, untold = (
        Branch(
            transformer,
            y=golden["y"],
            text=golden[context],
            tokens=golden["clip_feature"],
            extra={"skeleton": skeleton},
        )
        for context in ("context", "neg_context")
    )
    stepped = denoise(guided(told, untold, 2.0), golden["x"], torch.tensor([1.0, 0.0]))
    assert (stepped - golden["one_step_latents_text2_pose_in_uncond"]).abs().max() <= 1e-4


@pytest.mark.parametrize("seen", [True, False])
def test_the_velocity_with_a_skeleton_is_the_authors(golden: Golden, seen: bool) -> None:
    transformer = golden_transformer(golden.weights(), golden.facts["config"])
    attach(transformer)
    extra = {"skeleton": golden["add_condition"]} if seen else {}
    with torch.no_grad():
        velocity = transformer(
            torch.cat([golden["x"], golden["y"]], dim=1),
            golden["timestep"],
            golden["context"],
            golden["clip_feature"],
            return_dict=False,
            **extra,
        )[0]
    assert (velocity - golden["out_with_pose" if seen else "out_without_pose"]).abs().max() <= 1e-4


def test_drawings_are_fitted_as_the_authors_do(golden: Golden) -> None:
    source = golden["resize_src"].permute(0, 2, 3, 1).numpy()
    names = [name for name in golden.tensors if name.startswith("resize_") and name != "resize_src"]
    assert names
    for name in names:
        expected = golden[name].permute(0, 2, 3, 1).numpy()
        height, width = expected.shape[1:3]
        assert np.array_equal(fit_drawings(source, width, height), expected), name
