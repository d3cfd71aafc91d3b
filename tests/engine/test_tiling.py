"""Tiles cover the plane and blend to what they were cut from, whatever the sizes."""

import torch
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.engine.latents.tiling import Tiles, blend_tiles


@st.composite
def planes(draw: st.DrawFn) -> tuple[tuple[int, int], Tiles]:
    sizes = [draw(st.integers(2, 9)) for _ in range(2)]
    strides = [draw(st.integers((size + 1) // 2, size)) for size in sizes]
    extents = [draw(st.integers(size, 30)) for size in sizes]
    return (extents[0], extents[1]), Tiles((sizes[0], sizes[1]), (strides[0], strides[1]))


@given(planes())
def test_tiles_of_one_picture_blend_to_that_picture(plane: tuple[tuple[int, int], Tiles]) -> None:
    extent, tiles = plane
    picture = torch.rand(1, 3, 2, *extent)
    blended = blend_tiles(lambda tile: picture[..., tile[0], tile[1]], extent, tiles, tuple(picture.shape), 1)
    assert torch.allclose(blended, picture, atol=1e-6)


def test_a_plane_no_larger_than_a_tile_is_one_tile() -> None:
    cut: list[tuple[slice, slice]] = []

    def network(tile: tuple[slice, slice]) -> torch.Tensor:
        cut.append(tile)
        return torch.ones(1, 40, 60)

    blend_tiles(network, (20, 30), Tiles((30, 52), (15, 26)), (1, 40, 60), 2)
    assert cut == [(slice(0, 20), slice(0, 30))]
