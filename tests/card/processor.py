"""What a film changes by where a helper computes: the same networks on the processor and on the card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from svi_studio.engine.latents.vae import decode_chunks
from svi_studio.engine.loading.networks import build_network
from tests.card.random_networks import fill, random_vae
from tests.card.row import Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor, nn

    from tests.card.size import CardSize

LAYERS = 2
CPU = torch.device("cpu")


def processor_rows(size: CardSize, device: torch.device, dtype: torch.dtype) -> list[Row]:
    """A few layers of the text encoder in ``dtype`` and of the picture encoder, and the VAE, both in float32."""
    seed = torch.Generator().manual_seed(11)
    tokens = torch.randint(100, (1, 64), generator=seed)
    text, picture = _text_encoder(size), _picture_encoder(size)
    side = picture.config.image_size
    pixels, latents = torch.randn(1, 3, side, side, generator=seed), torch.randn(1, 16, 2, 8, 8, generator=seed)
    for network, kept in ((text, dtype), (picture, torch.float32)):
        fill(network, CPU, kept, seed=2)
    return [
        _compared("the text encoder", text, device, lambda each, at: each(tokens.to(at)).last_hidden_state),
        _compared("the picture encoder", picture, device, lambda each, at: each(pixels.to(at)).last_hidden_state),
        _compared("the VAE", random_vae(size, CPU), device, lambda each, at: _decoded(each, latents.to(at))),
    ]


@torch.no_grad()
def _compared(what: str, network: nn.Module, device: torch.device, work: Callable[[Any, torch.device], Tensor]) -> Row:
    there = work(network.to(CPU), CPU).float()
    here = work(network.to(device), device).float().cpu()
    off, most = float((here - there).abs().max()), float(there.abs().max())
    said = "bit for bit" if torch.equal(here, there) else f"differs by {off:.3g} at most, of values up to {most:.3g}"
    return Row(f"{what} on the processor and on the card", said)


def _decoded(vae: Any, latents: Tensor) -> Tensor:
    return torch.cat(list(decode_chunks(vae, latents)), dim=1)


def _text_encoder(size: CardSize) -> Any:
    width = size.transformer["text_dim"]
    heads = max(1, width // 64)
    config = {"vocab_size": 100, "d_model": width, "d_kv": width // heads, "d_ff": 5 * width // 2, "num_heads": heads}
    return build_network("text_encoder", config | {"num_layers": LAYERS, "feed_forward_proj": "gated-gelu"})


def _picture_encoder(size: CardSize) -> Any:
    width, side = (1280, 224) if size.vae_width >= 96 else (64, 28)
    config = {"hidden_size": width, "intermediate_size": 4 * width, "num_attention_heads": width // 32}
    return build_network("image_encoder", config | {"num_hidden_layers": LAYERS, "image_size": side, "patch_size": 14})
