"""Sound and skeletons in the transformer: gradients, batches, computing twice, and nothing where there is nothing."""

import pytest
import torch
from diffusers import WanTransformer3DModel
from torch import Tensor, nn

from svi_studio.engine.conditions.attachment import attach
from svi_studio.engine.conditions.skeleton_network import SkeletonNetwork
from svi_studio.engine.conditions.sound_network import SoundNetwork, SoundSizes
from svi_studio.engine.denoising.transformer_call import predict
from tests.builders.tiny_models import TRANSFORMER

DIM, HEADS, BLOCKS = 48, 2, 2


class Whole:
    """A random transformer with both networks, and inputs for a batch of `count`."""

    def __init__(self, count: int = 1) -> None:
        torch.manual_seed(0)
        self.transformer = WanTransformer3DModel(**TRANSFORMER)
        self.sound = SoundNetwork(SoundSizes(DIM, HEADS, BLOCKS, features=2 * 12, hidden=16, tokens=4, width=24))
        self.skeleton = SkeletonNetwork(DIM, channels=8)
        self.latents, self.y = torch.randn(count, 16, 3, 4, 6), torch.randn(count, 20, 3, 4, 6)
        self.text, self.tokens = torch.randn(count, 512, 32), torch.randn(count, 257, 32)
        self.windows = torch.randn(count, 1, 5, 2, 12), torch.randn(count, 2, 8, 2, 12)
        self.drawings = torch.randint(0, 256, (count, 3, 9, 32, 48), dtype=torch.uint8)
        self.sigma = torch.linspace(0.3, 0.9, count)

    def velocity(self, at: slice = slice(None), **inputs: bool) -> Tensor:
        extra = {"sound": self.sound(*(window[at] for window in self.windows))} if inputs.get("sound") else {}
        if inputs.get("skeleton"):
            extra["skeleton"] = self.skeleton(self.drawings[at])
        return predict(
            self.transformer,
            self.latents[at],
            self.sigma[at],
            y=self.y[at],
            text=self.text[at],
            tokens=self.tokens[at],
            extra=extra,
        )

    def gradients(self) -> list[Tensor]:
        networks: list[nn.Module] = [self.transformer, self.sound, self.skeleton]
        for network in networks:
            network.zero_grad()
        self.velocity(sound=True, skeleton=True).square().mean().backward()
        return [each.grad.clone() for network in networks for each in network.parameters() if each.grad is not None]


def test_a_transformer_that_can_hear_is_as_ever_without_sound() -> None:
    whole = Whole()
    before = whole.velocity()
    attachment = attach(whole.transformer, sound=whole.sound)
    assert torch.equal(whole.velocity(), before)
    whole.velocity(sound=True, skeleton=True)
    assert torch.equal(whole.velocity(), before), "a call says anew what it is given"
    attachment.remove()
    with pytest.raises(TypeError, match="sound"):
        whole.velocity(sound=True)


def test_sound_and_skeleton_both_count() -> None:
    whole = Whole()
    attach(whole.transformer, sound=whole.sound)
    plain, heard, seen = whole.velocity(), whole.velocity(sound=True), whole.velocity(skeleton=True)
    both = whole.velocity(sound=True, skeleton=True)
    assert min((a - b).abs().max() for a, b in [(plain, heard), (plain, seen), (heard, both), (seen, both)]) > 1e-4


def test_each_of_a_batch_follows_its_own() -> None:
    whole = Whole(count=3)
    attach(whole.transformer, sound=whole.sound)
    together = whole.velocity(sound=True, skeleton=True)
    for number in range(3):
        alone = whole.velocity(slice(number, number + 1), sound=True, skeleton=True)
        assert (together[number : number + 1] - alone).abs().max() <= 1e-5


def test_a_frame_hears_its_own_tokens_only() -> None:
    whole = Whole()
    block = whole.sound.blocks[0]
    hidden, sound = torch.randn(1, 3 * 6, DIM), torch.randn(1, 3, 4, 24)
    other = sound.clone()
    other[:, 2] += 1
    changed = (block(hidden, sound) - block(hidden, other)).abs().amax(dim=-1)[0] > 1e-6
    assert changed.tolist() == [False] * 12 + [True] * 6


def test_blocks_that_are_computed_twice_have_the_same_gradients() -> None:
    whole = Whole(count=2)
    attach(whole.transformer, sound=whole.sound)
    once = whole.gradients()
    whole.transformer.enable_gradient_checkpointing()
    twice = whole.gradients()
    assert len(once) == len(twice) == sum(1 for each in whole.transformer.parameters()) + 26 + 14
    assert all(torch.allclose(a, b, atol=1e-7) for a, b in zip(once, twice, strict=True))
    assert all(gradient.abs().max() > 0 for gradient in once[-40:])


def test_the_transformer_keeps_its_names() -> None:
    whole = Whole()
    names = list(whole.transformer.state_dict())
    attach(whole.transformer, sound=whole.sound)
    assert list(whole.transformer.state_dict()) == names


def test_a_sound_network_of_another_transformer_is_refused() -> None:
    whole = Whole()
    other = SoundNetwork(SoundSizes(DIM, HEADS, BLOCKS + 1, features=24, hidden=16, tokens=4, width=24))
    with pytest.raises(ValueError, match="3 blocks and the transformer 2"):
        attach(whole.transformer, sound=other)
