"""The cheap preview: colours from the model's own table, Wan's, or those that its latents of a picture tell."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from svi_studio.domain.errors import BadWeights
from svi_studio.engine.denoising.pixels import to_signed
from svi_studio.engine.latents.latent_patches import FILE_NAME as PATCHES_FILE
from svi_studio.engine.latents.latent_patches import MATRIX, LatentPatches
from svi_studio.engine.latents.picture_colours import colours_of_picture, fitted_colours
from svi_studio.engine.latents.preview import (
    FILE_NAME,
    WAN_FACTORS,
    LatentToRgb,
    preview_jpeg,
    read_latent_rgb,
    read_preview_map,
)
from svi_studio.engine.latents.vae import encode_video
from svi_studio.engine.loading.wan_models import WanModels


def write_table(folder: Path, content: object) -> Path:
    (folder / FILE_NAME).write_text(json.dumps(content), encoding="utf-8")
    return folder


def test_a_models_own_table_decides_the_colours(tmp_path: Path) -> None:
    colours = read_latent_rgb(write_table(tmp_path, {"factors": [[2, 0, 0], [0, 0, 2]], "bias": [-1, -1, -1]}), 2)
    assert colours.frame(torch.tensor([[[1.0]], [[0.0]]])).tolist() == [[[255, 0, 0]]]
    assert colours.frame(torch.tensor([[[0.0]], [[1.0]]])).tolist() == [[[0, 0, 255]]]


def test_wans_table_serves_sixteen_channels_and_grey_the_others(tmp_path: Path) -> None:
    assert read_latent_rgb(tmp_path, 16) is WAN_FACTORS
    grey = read_latent_rgb(None, 48).frame(torch.ones(48, 1, 1))
    assert len(set(grey.flatten().tolist())) == 1


@pytest.mark.parametrize(
    "content", [[], {"factors": [[1, 2, 3]]}, {"factors": [[1, 2, 3]], "bias": [0, 0, 0]}, {"factors": "x", "bias": 1}]
)
def test_a_table_that_does_not_fit_is_one_sentence(tmp_path: Path, content: object) -> None:
    with pytest.raises(BadWeights, match="preview colours"):
        read_latent_rgb(write_table(tmp_path, content), 2)


def test_previews_are_small_pictures_of_the_films_shape() -> None:
    sizes = [
        Image.open(io.BytesIO(preview_jpeg(torch.randn(1, 16, 3, h, w), WAN_FACTORS))).size
        for h, w in [(6, 10), (60, 104), (104, 60)]
    ]
    assert sizes == [(80, 48), (416, 240), (240, 416)]


def patches_file(folder: Path, matrix: torch.Tensor, name: str = MATRIX) -> Path:
    save_file({name: matrix.contiguous()}, folder / PATCHES_FILE)
    return folder


def test_a_map_to_pixels_draws_each_cell_from_itself_and_its_neighbours(tmp_path: Path) -> None:
    """One channel, patches of two pixels: the left column is the cell, the right one the cell at its right."""
    matrix = torch.zeros(10, 12)
    matrix[4, [0, 1, 2, 6, 7, 8]] = 1.0  # the middle of the nine, in the first pixel of both rows
    matrix[5, [3, 4, 5, 9, 10, 11]] = 1.0  # the one at its right
    drawn = read_preview_map(patches_file(tmp_path, matrix), 1).frame(torch.tensor([[[-1.0, 1.0]]]))
    assert drawn[:, :, 0].tolist() == [[0, 255, 255, 255], [0, 255, 255, 255]]
    assert drawn.shape == (2, 4, 3)


def test_a_map_to_pixels_goes_before_a_table_of_colours(tmp_path: Path) -> None:
    write_table(tmp_path, {"factors": [[1, 1, 1]], "bias": [0, 0, 0]})
    assert isinstance(read_preview_map(tmp_path, 1), LatentToRgb)
    assert isinstance(read_preview_map(patches_file(tmp_path, torch.zeros(10, 12)), 1), LatentPatches)


def test_previews_by_a_map_have_the_size_that_others_have() -> None:
    patches = LatentPatches(torch.zeros(145, 192))
    assert Image.open(io.BytesIO(preview_jpeg(torch.randn(1, 16, 3, 6, 10), patches))).size == (80, 48)
    assert Image.open(io.BytesIO(preview_jpeg(torch.randn(1, 16, 3, 60, 104), patches))).size == (416, 240)


@pytest.mark.parametrize(
    "matrix", [torch.zeros(10), torch.zeros(9, 12), torch.zeros(10, 13), torch.full((10, 12), torch.nan)]
)
def test_a_map_that_does_not_fit_is_one_sentence(tmp_path: Path, matrix: torch.Tensor) -> None:
    with pytest.raises(BadWeights, match="previews"):
        read_preview_map(patches_file(tmp_path, matrix), 1)


def test_a_file_that_is_no_map_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadWeights, match="previews"):
        read_preview_map(patches_file(tmp_path, torch.zeros(10, 12), "other"), 1)
    (tmp_path / PATCHES_FILE).write_bytes(b"nothing")
    with pytest.raises(BadWeights, match="previews"):
        read_preview_map(tmp_path, 1)


def test_a_model_of_other_channels_without_a_map_has_none(tmp_path: Path) -> None:
    assert read_preview_map(tmp_path, 48) is None
    assert read_preview_map(None, 16) is WAN_FACTORS


def test_colours_are_found_from_the_latents_of_one_picture() -> None:
    """48 channels, of which the colours are three mixtures, and noise that says nothing about them."""
    noise = torch.Generator().manual_seed(0)
    mixture = torch.randn(3, 48, generator=noise) / 28
    latents = torch.randn(48, 30, 52, generator=noise)
    colours = torch.einsum("rc,chw->rhw", mixture, latents).clamp(-1, 1)
    shown = fitted_colours(latents, colours).frame(latents).permute(2, 0, 1).float() / 127.5 - 1
    assert (shown - colours).abs().mean() < 0.03


def test_a_picture_with_fewer_cells_than_channels_gives_quiet_colours() -> None:
    noise = torch.Generator().manual_seed(0)
    latents = torch.randn(48, 2, 3, generator=noise)
    colours = torch.full((3, 2, 3), 0.5)
    found = fitted_colours(latents, colours)
    assert torch.allclose(found.frame(latents).float(), torch.full((2, 3, 3), 191.0), atol=1)
    assert found.factors.abs().max() < 1e-6
    still = fitted_colours(torch.ones(48, 2, 3), torch.rand(3, 2, 3, generator=noise))
    assert torch.isfinite(still.factors).all()
    other = fitted_colours(latents, torch.rand(3, 2, 3, generator=noise))
    assert torch.isfinite(other.factors).all() and other.factors.abs().max() < 1


def test_the_colours_of_a_picture_are_fitted_to_the_vaes_own_latents(models: WanModels) -> None:
    picture = np.zeros((1, 64, 64, 3), np.uint8)
    picture[:, :32, :, 0], picture[:, 32:, :, 2] = 255, 255
    found = colours_of_picture(models.vae, picture)
    assert found.factors.shape == (16, 3)  # of random weights, which say little about colours
    latents = encode_video(models.vae, to_signed(picture)[None])[0, :, 0]
    above, below = found.frame(latents)[1:-1, 1:-1].float().chunk(2)
    assert above[:-1, :, 0].mean() > below[1:, :, 0].mean() + 10
    assert below[1:, :, 2].mean() > above[:-1, :, 2].mean() + 10
