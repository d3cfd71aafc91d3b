"""The cheap preview: colours from the model's own table, Wan's, or grey."""

import io
import json
from pathlib import Path

import pytest
import torch
from PIL import Image

from svi_studio.domain.errors import BadWeights
from svi_studio.engine.preview import FILE_NAME, WAN_FACTORS, preview_jpeg, read_latent_rgb


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
