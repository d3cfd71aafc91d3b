"""Networks of full size with random weights, made on the card itself: nothing is read and nothing is downloaded."""

from collections.abc import Callable
from typing import Any, Final, Literal

import torch
from diffusers import AutoencoderKLWan, WanTransformer3DModel
from torch import Tensor, nn

from svi_studio.engine.loading.model_part import kept_dtype
from svi_studio.engine.loading.networks import build_network
from svi_studio.engine.loading.quantised_linear import BesideProduct, QuantisedLinear
from svi_studio.engine.loading.quantised_weight import QuantisedWeight
from svi_studio.engine.loading.streamed_weights import fill_tensor
from tests.card.size import CardSize

Stored = Literal["", "fp8", "Q4_K"]
"""How the weights of the blocks are stored: as they are computed with, in fp8 with scales, or as GGUF does it."""
BITS: Final[dict[Stored, float]] = {"": 16, "fp8": 8, "Q4_K": 4.5}
_MEAN_OF_Q4: Final = 7.5
_SPREAD_OF_Q4: Final = 255  # of scale x value - 7.5 x minimum, each being any of its numbers


def random_transformer(
    size: CardSize,
    device: torch.device,
    dtype: torch.dtype,
    *,
    place: Callable[[str], torch.device] | None = None,
    stored: Stored = "",
) -> Any:
    """In evaluation mode, on ``device`` or, by a tensor's name, where ``place`` says; ``stored``: its blocks, so.

    The numbers are normal, never zeros: products of zeros take less power and run faster.
    """
    network = build_network("transformer", size.transformer)
    fill(network, device, dtype, seed=0, place=place, stored=stored)
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
    stored: Stored = "",
) -> None:
    """Gives a network on the meta device normal weights, so small that nothing grows from layer to layer."""
    generator = torch.Generator(device).manual_seed(seed)
    at = place or (lambda _: device)
    tensors = [*network.named_parameters(), *network.named_buffers()]
    for name, tensor in [(name, tensor) for name, tensor in tensors if tensor.is_meta]:
        kept = kept_dtype(network, name, dtype) if isinstance(network, WanTransformer3DModel) else dtype
        made = _weights(name, tensor.shape, generator, device).to(kept)
        fill_tensor(network, name, made.to(at(name)))
        if stored and name.startswith("blocks."):
            keep_stored(network, name, stored)
    if place is None:
        network.to(device)


def keep_stored(network: nn.Module, name: str, stored: Stored) -> None:
    """Stores the weight ``name`` so, if it is a linear layer's. A bias that is still to come finds its place."""
    path, _, leaf = name.rpartition(".")
    layer = network.get_submodule(path)
    if leaf != "weight" or not isinstance(layer, nn.Linear):
        return
    parent, _, own = path.rpartition(".")
    weight = _in_fp8(layer.weight.data) if stored == "fp8" else _in_q4(layer.weight.data)
    dtype = layer.weight.dtype
    setattr(network.get_submodule(parent), own, QuantisedLinear(weight, layer._parameters["bias"], dtype=dtype))


def put_lora_beside(network: nn.Module, rank: int) -> None:
    """Puts a random LoRA beside every weight of ``network`` that is kept as it is stored."""
    for layer in network.modules():
        if isinstance(layer, QuantisedLinear):
            made = torch.Generator(layer.raw.device).manual_seed(layer.in_features)
            down, up = (
                torch.randn(shape, generator=made, device=layer.raw.device)
                for shape in ((rank, layer.in_features), (layer.out_features, rank))
            )
            layer.add_beside(BesideProduct(down / layer.in_features**0.5, up, 0.1 / rank**0.5))


def _in_fp8(weight: Tensor) -> QuantisedWeight:
    """With a scale for each row, as scaled fp8 files have it."""
    wide = weight.float()
    scale = wide.abs().amax(1).clamp(min=1e-12) / torch.finfo(torch.float8_e4m3fn).max
    raw = (wide / scale[:, None]).to(torch.float8_e4m3fn).view(torch.uint8).flatten()
    return QuantisedWeight(raw, "F8_E4M3", tuple(wide.shape), scale)


def _in_q4(weight: Tensor) -> QuantisedWeight:
    """Random Q4_K blocks of as many values, whose spread is that of ``weight``: none of its values are in them."""
    block, size = 256, 144  # values, and bytes: two halves, 12 bytes of scales, 128 bytes of values
    generator = torch.Generator(weight.device).manual_seed(weight.numel())
    shape = (weight.numel() // block, size)
    raw = torch.randint(256, shape, generator=generator, device=weight.device, dtype=torch.uint8)
    step = weight.float().std() / _SPREAD_OF_Q4
    raw[:, :4] = torch.stack([step, _MEAN_OF_Q4 * step]).half().view(torch.uint8)
    return QuantisedWeight(raw.flatten(), "Q4_K", tuple(weight.shape))


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
