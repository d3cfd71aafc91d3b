"""Fits the map that draws previews of a bundled model: from what a half-finished clip points to, to its last pixels."""

import json
import random
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save
from torch import Tensor

from svi_studio.disk.atomic import atomic_write
from svi_studio.engine.denoising.clip_renderer import ClipRenderer
from svi_studio.engine.latents.latent_patches import FILE_NAME, MATRIX, LatentPatches, neighbourhoods
from svi_studio.engine.latents.preview import read_latent_rgb
from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.loading.wan_models import WanModels
from trainer.mini.ask import SHOT, clip_request
from trainer.mini.clips import held_out_script, training_script
from trainer.paper_theatre.script import Script

FIRST_STEP = 4  # of 20: before it there is nothing to see
RIDGE = 1e-4  # of the mean of the diagonal
HELD_OUT = 16
LOOKED_AT = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Sample:
    """One clip: `estimates [steps, C, T, h, w]` of its end after each step, and its `frames [4T - 3, H, W, 3]`."""

    estimates: Tensor
    frames: Tensor

    def target(self, latent_frame: int) -> Tensor:
        """The pixels of a latent frame, of which it is the last film frame: `[H, W, 3]` in [-1, 1]."""
        return self.frames[4 * latent_frame].float() / 127.5 - 1


def fit_preview(folder: Path, *, clips: int, seed: int = 5) -> None:
    """Fits on `clips` clips, writes the map into the model `folder`, prints how alike previews of other clips are."""
    models = load_models(folder, device=torch.device("cpu"))
    rng = random.Random(seed)
    matrix = _solved([half_finished(models, training_script(rng), 100 + k) for k in range(clips)]).half().contiguous()
    atomic_write(folder / FILE_NAME, save({MATRIX: matrix}))
    patches = LatentPatches(matrix.float())
    others = [half_finished(models, held_out_script(rng), 1000 + k) for k in range(HELD_OUT)]
    print(json.dumps(likeness(patches, folder, others), indent=1))


def likeness(patches: LatentPatches, folder: Path, samples: list[Sample]) -> dict[str, dict[str, float]]:
    """Decibels (PSNR) of previews against the finished frame, by share of the steps: the map, one colour a cell."""
    colours = read_latent_rgb(folder, samples[0].estimates.shape[1])
    found: dict[str, dict[str, float]] = {}
    for share in LOOKED_AT:
        each: dict[str, list[float]] = {"map": [], "colours": []}
        for sample in samples:
            step = round(share * len(sample.estimates)) - 1
            latents = sample.estimates[step]
            middle = latents.shape[1] // 2
            end = sample.target(middle)
            each["map"].append(_decibels(patches.frame(latents[:, middle]), end))
            each["colours"].append(_decibels(_enlarged(colours.frame(latents[:, middle]), end), end))
        found[f"{share:.0%}"] = {name: round(sum(values) / len(values), 2) for name, values in each.items()}
    return found


def half_finished(models: WanModels, script: Script, seed: int) -> Sample:
    """Makes the clip of a script, and keeps what it looked like on the way."""
    estimates: list[Tensor] = []
    renderer = ClipRenderer(models, SHOT)
    latents = renderer.latents(
        clip_request(models, script, seed), on_step=lambda step: estimates.append(step.clean_estimate()[0].clone())
    )
    return Sample(torch.stack(estimates), torch.from_numpy(renderer.frames(latents).copy()))


def _solved(samples: list[Sample]) -> Tensor:
    """Least squares, a little ridge, over every latent frame but the first and every step from `FIRST_STEP` on."""
    normal, right = torch.zeros(()), torch.zeros(())
    for sample in samples:
        for latents in sample.estimates[FIRST_STEP:]:
            for place in range(1, latents.shape[1]):
                seen = neighbourhoods(latents[:, place])
                normal = normal + seen.T @ seen
                right = right + seen.T @ _cells(sample.target(place), latents.shape[-1])
    ridge = RIDGE * normal.diagonal().mean() * torch.eye(len(normal))
    return torch.linalg.solve(normal + ridge, right)


def _cells(picture: Tensor, columns: int) -> Tensor:
    """`[H, W, 3]` of so many ``columns`` of cells as the rows that `LatentPatches` draws: `[h w, 3 p p]`."""
    cell = picture.shape[1] // columns
    patches = picture.unflatten(1, (columns, cell)).unflatten(0, (-1, cell)).permute(0, 2, 1, 3, 4)
    return patches.reshape(-1, 3 * cell * cell)


def _enlarged(picture: Tensor, like: Tensor) -> Tensor:
    whole = torch.nn.functional.interpolate(
        picture.permute(2, 0, 1)[None].float(), like.shape[:2], mode="bicubic", align_corners=False
    )
    return whole[0].permute(1, 2, 0).clamp(0, 255)


def _decibels(picture: Tensor, end: Tensor) -> float:
    error = (picture.float() / 127.5 - 1 - end).square().mean()
    return float(10 * torch.log10(4 / error))
