"""Networks of full size with random weights, made on the card itself: nothing is read and nothing is downloaded."""

from collections.abc import Callable
from typing import Any

import torch
from diffusers import AutoencoderKLWan, WanTransformer3DModel
from torch import Tensor, nn

from svi_studio.engine.loading.model_part import kept_dtype
from svi_studio.engine.loading.networks import build_network
from svi_studio.engine.loading.quantised_linear import QuantisedLinear
from svi_studio.engine.loading.quantised_weight import QuantisedWeight
from svi_studio.engine.loading.streamed_weights import fill_tensor
from tests.card.size import CardSize


def random_transformer(
    size: CardSize,
    device: torch.device,
    dtype: torch.dtype,
    *,
    place: Callable[[str], torch.device] | None = None,
    fp8: bool = False,
) -> Any:
    """In evaluation mode, on ``device`` or, by a tensor's name, where ``place`` says; ``fp8``: blocks stored so.

    The numbers are normal, never zeros: products of zeros take less power and run faster.
    """
    network = build_network("transformer", size.transformer)
    fill(network, device, dtype, seed=0, place=place, fp8=fp8)
    return network


def random_vae(size: CardSize, device: torch.device) -> AutoencoderKLWan:
    """Wan 2.1's autoencoder in float32, by ``size`` narrower."""
    config = {"base_dim": size.vae_width, "z_dim": 16, "_class_name": "AutoencoderKLWan"}
    network = build_network("vae", config)
    fill(network, device, torch.float32, seed=1)
    assert isinstance(network, AutoencoderKLWan)
    return network


def fill(
    network: nn.Module,
    device: torch.device,
    dtype: torch.dtype,
    seed: int,
    *,
    place: Callable[[str], torch.device] | None = None,
    fp8: bool = False,
) -> None:
    """Gives a network on the meta device normal weights, so small that nothing grows from layer to layer."""
    generator = torch.Generator(device).manual_seed(seed)
    at = place or (lambda _: device)
    tensors = [*network.named_parameters(), *network.named_buffers()]
    for name, tensor in [(name, tensor) for name, tensor in tensors if tensor.is_meta]:
        kept = kept_dtype(network, name, dtype) if isinstance(network, WanTransformer3DModel) else dtype
        made = _weights(name, tensor.shape, generator, device).to(kept)
        fill_tensor(network, name, made.to(at(name)))
        if fp8 and name.startswith("blocks."):
            keep_in_fp8(network, name)
    if place is None:
        network.to(device)


def keep_in_fp8(network: nn.Module, name: str) -> None:
    """Stores the weight ``name`` as fp8 with a scale for each row, as scaled fp8 files do, if it is a linear layer's.

    A bias that is still to come finds its place.
    """
    path, _, leaf = name.rpartition(".")
    layer = network.get_submodule(path)
    if leaf != "weight" or not isinstance(layer, nn.Linear):
        return
    wide = layer.weight.data.float()
    scale = wide.abs().amax(1).clamp(min=1e-12) / torch.finfo(torch.float8_e4m3fn).max
    raw = (wide / scale[:, None]).to(torch.float8_e4m3fn).view(torch.uint8).flatten()
    parent, _, own = path.rpartition(".")
    weight = QuantisedWeight(raw, "F8_E4M3", tuple(wide.shape), scale)
    setattr(network.get_submodule(parent), own, QuantisedLinear(weight, layer._parameters["bias"]))


def _weights(name: str, shape: torch.Size, generator: torch.Generator, device: torch.device) -> Tensor:
    normal = torch.randn(shape, generator=generator, device=device)
    if len(shape) < 2:  # a norm's scale or a bias
        return 1 + 0.1 * normal if name.endswith(("weight", "gamma")) else 0.1 * normal
    return normal / max(normal[0].numel(), 1) ** 0.5


class Asked:
    """What the transformer is asked with for one clip: random, and the same for every call and plan."""

    def __init__(self, size: CardSize, device: torch.device, dtype: torch.dtype) -> None:
        generator = torch.Generator().manual_seed(7)

        def drawn(*shape: int) -> Tensor:
            return torch.randn(shape, generator=generator).to(device)

        self.noise = drawn(1, 16, *size.latent)
        self.y = drawn(1, 20, *size.latent).to(dtype)
        self.text, self.other_text = (drawn(1, 512, size.transformer["text_dim"]).to(dtype) for _ in range(2))
