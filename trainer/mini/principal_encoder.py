"""The encoder of a bundled model, written down instead of trained: principal components of blocks of the paper theatre.

Gradient descent needs days to reach on two cores what one eigenvalue problem gives in seconds. The weights below make
the standard Wan encoder compute, block by block, three nested principal component analyses: a quarter of a latent cell
(4x4 pixels in svi-mini) in one frame, a whole cell in two frames, a whole cell in four frames. Two facts carry it
through the nonlinear layers: a residual branch whose second convolution is zero does nothing, and ``silu(x) - silu(-x)
= x``. A constant channel, large against the others, keeps the root mean square norm before it the same everywhere.
"""

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKLWan
from safetensors.torch import load_file, save
from torch import Tensor, nn

from svi_studio.disk.atomic import atomic_write
from trainer.mini.clips import to_video, training_script
from trainer.mini.configuration import VAE
from trainer.paper_theatre.render import render, subject_mask

LOUD = 1000.0  # the constant channel; blocks have components of up to about 30
SUBJECT_WEIGHT = 6.0

_NAMES = ("quarter", "pair", "four")


@dataclass(frozen=True)
class Counts:
    """How many components each analysis keeps, and the pixels on a side of what the autoencoder folds into channels."""

    quarter: int  # of a quarter of a cell in one frame
    pair: int  # of a cell in two frames
    four: int  # of a cell in four frames: the latents
    fold: int = 2

    @classmethod
    def of_vae(cls, config: Any) -> "Counts":
        """Those that fit into an `AutoencoderKLWan` of this configuration: each beside a second one, for two frames."""
        first, second = (config["base_dim"] * times // 2 for times in config["dim_mult"][:2])
        return cls(first, second, config["z_dim"], config["patch_size"])

    @property
    def folded(self) -> int:
        """Channels before the first convolution."""
        return 3 * self.fold**2


@dataclass(frozen=True)
class Components:
    """One analysis: the rows of ``basis [k, n]`` are orthonormal directions in blocks less ``mean [n]``."""

    mean: Tensor
    basis: Tensor

    def project(self, blocks: Tensor) -> Tensor:
        """Blocks [..., n] to components [..., k]."""
        return (blocks - self.mean) @ self.basis.T

    def to(self, device: torch.device | str) -> "Components":
        """On a device."""
        return Components(self.mean.to(device), self.basis.to(device))


@dataclass(frozen=True)
class PrincipalEncoder:
    """Three nested analyses, and the spread of the last one's components over the training clips."""

    quarter: Components
    pair: Components
    four: Components
    spread: Tensor  # [z]
    fold: int = 2

    def to(self, device: torch.device | str) -> "PrincipalEncoder":
        """On a device."""
        parts = (self.quarter.to(device), self.pair.to(device), self.four.to(device))
        return PrincipalEncoder(*parts, self.spread.to(device), self.fold)

    @property
    def latents_std(self) -> Tensor:
        """What the VAE's configuration divides by, [z]: half whitened, of unit variance on the average.

        Full whitening would make the transformer spend as much on the faintest component as on light and dark.
        """
        return (self.spread * self.spread.mean()).sqrt()

    def latents(self, video: Tensor) -> Tensor:
        """Normalised latents of videos [B, 3, T, H, W], as the denoising loop has them."""
        return self.encode(video) / self.latents_std.view(1, -1, 1, 1, 1)

    def encode(self, video: Tensor) -> Tensor:
        """Videos [B, 3, 1 + 4n, H, W] in -1..1 to components [B, z, 1 + n, h, w]; frame 0 counts as four."""
        quarters = self.quarter.project(_quarters(video, self.fold))
        first = quarters[:, :1].expand(-1, 4, -1, -1, -1)
        frames = torch.cat([first, quarters[:, 1:]], dim=1)
        return self.four.project(_fours(self.pair.project(_pairs(frames)))).permute(0, 4, 1, 2, 3)


Sample = tuple[Tensor, Tensor]
"""Videos [B, 3, T, H, W], and how much each of their pixels counts, [B, T, H, W]."""


def load_or_fit(path: Path, seed: int = 3) -> PrincipalEncoder:
    """The analysis of svi-mini in a safetensors file, made first if it is not there."""
    if not path.exists():
        keep(fit(mini_sample(random.Random(seed)), Counts.of_vae(VAE)), path)
    return load(path)


def keep(principal: PrincipalEncoder, path: Path) -> None:
    """Writes an analysis to a safetensors file."""
    tensors = {f"{n}.{k}": v.contiguous() for n in _NAMES for k, v in vars(getattr(principal, n)).items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic_write(path, save(tensors | {"spread": principal.spread}))


def load(path: Path, fold: int = 2) -> PrincipalEncoder:
    """What `keep` wrote."""
    tensors = load_file(path)
    parts = {n: Components(tensors[f"{n}.mean"], tensors[f"{n}.basis"]) for n in _NAMES}
    return PrincipalEncoder(**parts, spread=tensors["spread"], fold=fold)


def mini_sample(rng: random.Random, clips: int = 200) -> Sample:
    """Random clips of svi-mini's theatre; pixels that a subject touches count more."""
    scripts = [training_script(rng) for _ in range(clips)]
    video = torch.stack([to_video(render(s)) for s in scripts])
    return video, 1 + SUBJECT_WEIGHT * torch.stack([torch.from_numpy(subject_mask(s)).float() for s in scripts])


def fit(sample: Sample, counts: Counts) -> PrincipalEncoder:
    """Measures the components on a sample; a block counts as much as its heaviest pixel."""
    video, weight = sample
    weight = torch.cat([weight[:, :1].expand(-1, 4, -1, -1), weight[:, 1:]], dim=1)  # [B, 4n, H, W]
    by_quarter = _heaviest(weight, 2 * counts.fold)
    by_pair = _heaviest(by_quarter.unflatten(1, (-1, 2)).amax(2), 2)
    by_four = by_pair.unflatten(1, (-1, 2)).amax(2)

    blocks = _quarters(video, counts.fold)
    blocks = torch.cat([blocks[:, :1].expand(-1, 4, -1, -1, -1), blocks[:, 1:]], dim=1)
    quarter = _components(blocks, by_quarter, counts.quarter)
    pairs = _pairs(quarter.project(blocks))
    pair = _components(pairs, by_pair, counts.pair)
    fours = _fours(pair.project(pairs))
    four = _components(fours, by_four, counts.four)
    return PrincipalEncoder(quarter, pair, four, four.project(fours).flatten(0, -2).std(0), counts.fold)


def _heaviest(weight: Tensor, side: int) -> Tensor:
    """[B, T, H, W] to the largest of each square, [B, T, H / side, W / side]."""
    return weight.unflatten(2, (-1, side)).unflatten(4, (-1, side)).amax((3, 5))


def _components(blocks: Tensor, weight: Tensor, count: int) -> Components:
    x, w = blocks.flatten(0, -2), weight.flatten()[:, None]
    mean = (x * w).sum(0) / w.sum()
    covariance = ((x - mean) * w).T @ (x - mean) / w.sum()
    _, vectors = torch.linalg.eigh(covariance.double())
    basis = vectors.flip(1)[:, :count].T
    signs = basis.gather(1, basis.abs().argmax(1, keepdim=True)).sign()  # the same on every machine
    return Components(mean, (basis * signs).float().contiguous())


def _quarters(video: Tensor, fold: int) -> Tensor:
    """[B, 3, T, H, W] to [B, T, h, w, 12 * fold^2]: the four folds (row, column) of a quarter of a cell."""
    folds = _fold(video.transpose(1, 2), fold)  # [B, T, 3 * fold^2, H / fold, W / fold]
    return _four_neighbours(folds.permute(0, 1, 3, 4, 2))


def _fold(frames: Tensor, side: int) -> Tensor:
    """`patchify` of the Wan VAE for frames: [..., 3, H, W] to [..., 3 * side^2, H / side, W / side].

    Channels are ordered colour, column, row.
    """
    *batch, c, h, w = frames.shape
    x = frames.reshape(*batch, c, h // side, side, w // side, side)
    n = len(batch)
    return x.permute(*range(n), n, n + 4, n + 2, n + 1, n + 3).reshape(*batch, c * side**2, h // side, w // side)


def _four_neighbours(grid: Tensor) -> Tensor:
    """[..., h, w, C] to [..., h/2, w/2, 4 * C], ordered row, column, channel."""
    *batch, h, w, c = grid.shape
    x = grid.reshape(*batch, h // 2, 2, w // 2, 2, c).transpose(-4, -3)
    return x.reshape(*batch, h // 2, w // 2, 4 * c)


def _pairs(quarters: Tensor) -> Tensor:
    """[B, 2n, h, w, q] to [B, n, h/2, w/2, 4 * 2 * q]: both frames of a pair side by side, then the four neighbours."""
    b, t, h, w, q = quarters.shape
    together = quarters.reshape(b, t // 2, 2, h, w, q).permute(0, 1, 3, 4, 2, 5).reshape(b, t // 2, h, w, 2 * q)
    return _four_neighbours(together)


def _fours(pairs: Tensor) -> Tensor:
    """[B, 2n, h, w, p] to [B, n, h, w, 2 * p]."""
    b, t, h, w, p = pairs.shape
    return pairs.reshape(b, t // 2, 2, h, w, p).permute(0, 1, 3, 4, 2, 5).reshape(b, t // 2, h, w, 2 * p)


@torch.no_grad()
def write_encoder(vae: AutoencoderKLWan, principal: PrincipalEncoder) -> None:
    """Sets the weights of the encoder and of `quant_conv`, so that the mean latents are the components."""
    encoder: Any = vae.encoder
    counts = Counts.of_vae(vae.config)
    for parameter in [*encoder.parameters(), *vae.quant_conv.parameters()]:
        parameter.zero_()
    for name, parameter in encoder.named_parameters():
        if name.endswith("gamma"):
            parameter.fill_(1)
    block0, down0, block1, down1, block2 = encoder.down_blocks
    _copy_channels(encoder.conv_in, counts.folded)
    _copy_channels(block0.conv_shortcut, counts.folded)
    _write_halving(down0.resample[1], principal.quarter, counts.folded)
    _write_pairing(down0.time_conv, counts.quarter)
    _copy_channels(block1.conv_shortcut, 2 * counts.quarter)
    _write_halving(down1.resample[1], principal.pair, 2 * counts.quarter)
    _write_pairing(down1.time_conv, counts.pair)
    _write_signs(block2.conv_shortcut, principal.four)
    _write_difference(encoder.conv_out, counts.four)
    vae.quant_conv.weight[:, :, 0, 0, 0] = torch.eye(2 * counts.four)
    _bias(vae.quant_conv)[counts.four :] = -10  # log variance: as good as none


@torch.no_grad()
def read_encoder(vae: AutoencoderKLWan) -> PrincipalEncoder:
    """The analyses that `write_encoder` wrote into ``vae``, to the precision of its weights.

    A model's own components are not those that `fit` finds today once the theatre has changed.
    """
    encoder: Any = vae.encoder
    counts = Counts.of_vae(vae.config)
    _, down0, _, down1, block2 = encoder.down_blocks
    four = block2.conv_shortcut
    variance = torch.tensor(vae.config.latents_std).square()
    return PrincipalEncoder(
        _read_halving(down0.resample[1], counts.quarter, counts.folded),
        _read_halving(down1.resample[1], counts.pair, 2 * counts.quarter),
        _components_of(four.weight[: counts.four, :, 0, 0, 0], _bias(four)[: counts.four]),
        spread=variance / variance.mean().sqrt(),
        fold=counts.fold,
    )


def _read_halving(conv: nn.Conv2d, count: int, channels: int) -> Components:
    taps = conv.weight[:count, :channels, :2, :2]
    return _components_of(taps.permute(0, 2, 3, 1).flatten(1), _bias(conv)[:count])


def _components_of(basis: Tensor, offset: Tensor) -> Components:
    return Components(mean=-basis.T.float() @ offset.float(), basis=basis.float())


def _bias(conv: nn.Conv2d | nn.Conv3d) -> Tensor:
    assert conv.bias is not None
    return conv.bias


def _copy_channels(conv: nn.Conv3d, channels: int) -> None:
    middle = conv.kernel_size[1] // 2
    for c in range(channels):
        conv.weight[c, c, -1, middle, middle] = 1


def _write_halving(conv: nn.Conv2d, components: Components, channels: int) -> None:
    """A stride-2 convolution that projects 2x2 neighbours, and says the result twice, for both frames of a pair."""
    count = len(components.basis)
    taps = components.basis.reshape(count, 2, 2, channels).permute(0, 3, 1, 2)
    offset = -components.basis @ components.mean
    for copy in range(2):
        conv.weight[copy * count : (copy + 1) * count, :channels, :2, :2] = taps
        _bias(conv)[copy * count : (copy + 1) * count] = offset


def _write_pairing(conv: nn.Conv3d, channels: int) -> None:
    """Of the three frames that a time convolution sees, put the second first and the third beside it."""
    for c in range(channels):
        conv.weight[c, c, 1] = 1
        conv.weight[channels + c, channels + c, 2] = 1


def _write_signs(conv: nn.Conv3d, components: Components) -> None:
    """Projects, and gives each component with both signs beside the loud constant."""
    k, offset = len(components.basis), -components.basis @ components.mean
    for copy, sign in ((0, 1.0), (1, -1.0)):
        conv.weight[copy * k : (copy + 1) * k, :, 0, 0, 0] = sign * components.basis
        _bias(conv)[copy * k : (copy + 1) * k] = sign * offset
    _bias(conv)[2 * k] = LOUD


def _write_difference(conv: nn.Conv3d, k: int) -> None:
    """``silu(x) - silu(-x) = x``, scaled back from the norm, whose size is that of the loud constant alone."""
    scale = LOUD / conv.in_channels**0.5
    for c in range(k):
        conv.weight[c, c, -1, 1, 1] = scale
        conv.weight[c, k + c, -1, 1, 1] = -scale
