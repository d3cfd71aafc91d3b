"""A picture that moves, and a GIF that does not, are told from their files."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from svi_studio.media.pictures.moving import is_single_gif, moves


def saved(path: Path, frames: int, **options: object) -> Path:
    """Pictures that differ, as one file."""
    first, *others = [Image.effect_noise((40, 24), 20 + 30 * number).convert("RGB") for number in range(frames)]
    first.save(path, save_all=frames > 1, append_images=others, duration=100, **options)
    return path


@pytest.mark.parametrize("ending", [".png", ".webp", ".avif"])
def test_pictures_of_several_frames_move(tmp_path: Path, ending: str) -> None:
    assert moves(saved(tmp_path / f"three{ending}", 3))
    assert not moves(saved(tmp_path / f"one{ending}", 1))
    assert not is_single_gif(tmp_path / f"one{ending}")


@pytest.mark.parametrize("comment", ["", "x" * 1000])
def test_a_gif_of_one_frame_is_a_picture(tmp_path: Path, comment: str) -> None:
    assert is_single_gif(saved(tmp_path / "one.gif", 1, comment=comment))
    assert not is_single_gif(saved(tmp_path / "two.gif", 2, comment=comment))
    assert not moves(tmp_path / "two.gif")


@given(cut=st.integers(0, 400), start=st.sampled_from([b"GIF89a", b"\x89PNG\r\n\x1a\n", b"RIFF1234WEBPVP8X"]))
def test_what_is_cut_short_or_garbled_ends(tmp_path_factory: pytest.TempPathFactory, cut: int, start: bytes) -> None:
    file = tmp_path_factory.mktemp("garbled") / "file"
    file.write_bytes((start + bytes(range(256)) * 2)[:cut])
    assert {moves(file), is_single_gif(file)} <= {True, False}
