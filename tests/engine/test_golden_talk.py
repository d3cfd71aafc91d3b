"""Talk's part of the transformer computes what the authors' does, from windows of sound to guidance."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from svi_studio.engine.conditions.attachment import attach
from svi_studio.engine.conditions.sound_network import SoundNetwork, SoundSizes
from svi_studio.engine.conditions.sound_windows import sound_windows, window_indexes
from svi_studio.engine.denoising.branch import Branch
from svi_studio.engine.denoising.sampling import denoise, guided_by_sound
from svi_studio.weights.key_names import is_of_sound
from tests.engine.golden_networks import Golden, golden_transformer


@pytest.fixture(scope="module")
def golden(golden_dir: Path) -> Golden:
    return Golden(golden_dir, "talk")


@pytest.fixture(scope="module")
def network(golden: Golden) -> SoundNetwork:
    weights = {name: tensor for name, tensor in golden.weights().items() if is_of_sound(name)}
    shapes = {name: tuple(tensor.shape) for name, tensor in weights.items()}
    network = SoundNetwork(SoundSizes.of_shapes(shapes, golden.facts["config"]["num_heads"]))
    network.load_state_dict(weights, strict=True)
    return network.eval().requires_grad_(False)


def test_a_clip_hears_the_windows_of_the_authors(golden: Golden) -> None:
    first, later = sound_windows(golden["audio_embedding"], golden.facts["start"], golden.facts["num_frames"])
    assert torch.equal(first, golden["window_first"])
    assert torch.equal(later, golden["window_latter"])


def test_the_windows_of_every_clip_are_the_authors(golden: Golden) -> None:
    names = [name for name in golden.tensors if name.startswith("index_first_clip")]
    assert names
    for name in names:
        clip = int(name.removeprefix("index_first_clip"))
        later = golden[f"index_latter_clip{clip}"]
        num_frames = 4 * len(later) + 1
        ours = window_indexes(max(0, num_frames * clip - min(clip, 1)), num_frames, 300)
        assert torch.equal(ours[0], golden[name])
        assert torch.equal(ours[1], later)


def test_windows_become_the_tokens_of_the_authors(golden: Golden, network: SoundNetwork) -> None:
    tokens = network(golden["window_first"], golden["window_latter"])
    assert (tokens - golden["audio_tokens"]).abs().max() <= 1e-5


@pytest.mark.parametrize(
    ("context", "heard", "expected"),
    [
        ("context", True, "out_cond"),
        ("neg_context", True, "out_droptext_negtext_audio"),
        ("neg_context", False, "out_uncond_negtext_nullaudio"),
    ],
)
def test_the_velocity_with_sound_is_the_authors(
    golden: Golden, network: SoundNetwork, context: str, heard: bool, expected: str
) -> None:
    weights = {name: tensor for name, tensor in golden.weights().items() if not is_of_sound(name)}
    transformer = golden_transformer(weights, golden.facts["config"])
    attach(transformer, sound=network)
    windows = [golden["window_first"], golden["window_latter"]]
    sound = network(*(window if heard else torch.zeros_like(window) for window in windows))
    latents = torch.cat([golden["x"], golden["y"]], dim=1)
    with torch.no_grad():
        velocity: Tensor = transformer(
            latents, golden["timestep"], golden[context], golden["clip_feature"], return_dict=False, sound=sound
        )[0]
    assert (velocity - golden[expected]).abs().max() <= 1e-4


@pytest.mark.parametrize(("scale", "hearing"), [(2.0, 5.0), (5.0, 5.0), (3.0, 1.0), (1.0, 1.0)])
def test_a_step_guided_by_words_and_sound_is_the_authors(
    golden: Golden, network: SoundNetwork, scale: float, hearing: float
) -> None:
    """One step from noise to data, as the authors guide it; where calls are saved, the same comes out."""
    weights = {name: tensor for name, tensor in golden.weights().items() if not is_of_sound(name)}
    transformer = golden_transformer(weights, golden.facts["config"])
    attach(transformer, sound=network)
    windows = [golden["window_first"], golden["window_latter"]]
    extras = [{"sound": network(*each)} for each in (windows, [torch.zeros_like(window) for window in windows])]
    told, heard, neither = (
        Branch(transformer, y=golden["y"], text=golden[context], tokens=golden["clip_feature"], extra=extra)
        for context, extra in [("context", extras[0]), ("neg_context", extras[0]), ("neg_context", extras[1])]
    )
    stepped = denoise(guided_by_sound(told, heard, neither, scale, hearing), golden["x"], torch.tensor([1.0, 0.0]))
    c, d, u = (velocity(golden["x"], 1.0) for velocity in (told, heard, neither))
    assert (stepped - (golden["x"] - (u + scale * (c - d) + hearing * (d - u)))).abs().max() <= 1e-5
    if (scale, hearing) == (2.0, 5.0):
        assert (stepped - golden["one_step_latents_text2_audio5"]).abs().max() <= 1e-4


@pytest.mark.parametrize(("scale", "hearing", "calls"), [(2, 5, 3), (5, 5, 2), (3, 1, 2), (1, 5, 3), (1, 1, 1)])
def test_no_call_is_made_that_counts_for_nothing(scale: float, hearing: float, calls: int) -> None:
    made: list[str] = []

    def named(name: str) -> Callable[[Tensor, float], Tensor]:
        def velocity(latents: Tensor, _: float) -> Tensor:
            made.append(name)
            return latents

        return velocity

    guided_by_sound(named("c"), named("d"), named("u"), scale, hearing)(torch.zeros(1), 1.0)
    assert len(made) == calls
