"""Reference pictures are accepted by content, whole, upright and not too large."""

from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from svi_studio.domain.errors import BadInput
from svi_studio.media import images
from svi_studio.media.images import open_reference, picture_size


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_each_accepted_kind_opens_as_rgb(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "picture"
    Image.new("RGB", (20, 12), (200, 10, 10)).save(path, kind)
    assert (open_reference(path).mode, open_reference(path).size) == ("RGB", (20, 12))


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "CMYK", "1", "I;16"])
def test_each_colour_mode_becomes_rgb(tmp_path: Path, mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    Image.new(mode, (16, 16)).save(tmp_path / "picture", kind)
    assert open_reference(tmp_path / "picture").mode == "RGB"


def test_sixteen_bit_grey_keeps_its_brightness(tmp_path: Path) -> None:
    Image.new("I;16", (4, 4), 128 * 256).save(tmp_path / "grey.png")
    assert open_reference(tmp_path / "grey.png").getpixel((0, 0)) == (128, 128, 128)


def test_transparent_parts_become_white(tmp_path: Path) -> None:
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    assert open_reference(tmp_path / "clear.png").getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_is_shown_upright_and_its_size_agrees(tmp_path: Path, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "photo.png"
    Image.linear_gradient("L").resize((40, 20)).rotate(30).convert("RGB").save(path, exif=exif)
    with Image.open(path) as photo:
        upright = ImageOps.exif_transpose(photo)
    assert open_reference(path).tobytes() == upright.tobytes()
    assert open_reference(path).size == picture_size(path) == upright.size


@pytest.mark.parametrize(
    ("kind", "place"), [("WEBP", slice(10, None)), ("PNG", slice(12, None)), ("JPEG", slice(17, 18))]
)
def test_damaged_notes_of_a_camera_do_not_matter(tmp_path: Path, kind: str, place: slice) -> None:
    exif = Image.Exif()
    exif[0x010E] = "a meadow"
    notes = bytearray(exif.tobytes())
    notes[place] = bytes(len(notes[place])) if place.stop else b""
    Image.new("RGB", (40, 20)).save(tmp_path / "photo", kind, exif=bytes(notes))
    assert open_reference(tmp_path / "photo").size == picture_size(tmp_path / "photo") == (40, 20)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_size_of_a_truncated_picture_is_told_or_refused(tmp_path: Path, kind: str) -> None:
    buffer = BytesIO()
    Image.effect_noise((64, 64), 90).convert("RGB").save(buffer, kind)
    path = tmp_path / "cut"
    for length in range(0, len(buffer.getvalue()), 97):
        path.write_bytes(buffer.getvalue()[:length])
        with suppress(BadInput):
            assert picture_size(path) == (64, 64)


def test_a_missing_picture_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"gone\.png.*was not found"):
        open_reference(tmp_path / "gone.png")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_truncated_picture_is_refused(tmp_path: Path, kind: str) -> None:
    buffer = BytesIO()
    Image.effect_noise((64, 64), 90).convert("RGB").save(buffer, kind)
    path = tmp_path / "cut.png"
    path.write_bytes(buffer.getvalue()[: len(buffer.getvalue()) // 2])
    with pytest.raises(BadInput, match="broken"):
        open_reference(path)


@pytest.mark.parametrize("content", [b"", b"hello", b"<svg xmlns='x'/>", b"GIF89a" + bytes(100), b"\x89PNG\r\n\x1a\n"])
def test_anything_else_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "not.png"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=r"not\.png"):
        open_reference(path)


def test_a_picture_over_the_limit_is_refused_before_it_is_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.new("RGB", (30, 30)).save(tmp_path / "large.png")
    monkeypatch.setattr(images, "MAX_PIXELS", 899)
    with pytest.raises(BadInput, match="30 x 30 pixels, more than 50 megapixels"):
        open_reference(tmp_path / "large.png")


@pytest.mark.parametrize("side", [7100, 30_000])
def test_a_real_giant_is_refused_in_one_sentence(tmp_path: Path, side: int) -> None:
    Image.new("1", (side, side)).save(tmp_path / "giant.png")
    with pytest.raises(BadInput, match="more than 50 megapixels"):
        open_reference(tmp_path / "giant.png")
    with pytest.raises(BadInput, match="more than 50 megapixels"):
        picture_size(tmp_path / "giant.png")


def test_a_folder_is_not_a_picture(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="was not found"):
        open_reference(tmp_path)


@pytest.mark.parametrize("kind", ["PPM", "ICO", "TGA", "PCX", "SGI", "JPEG2000"])
def test_a_kind_that_is_not_on_the_list_is_refused_though_pillow_could_open_it(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "picture.png"
    Image.new("RGB", (16, 16), "red").save(path, kind)
    with Image.open(path) as opened:
        assert opened.format == kind
    with pytest.raises(BadInput, match=r"picture\.png\" is not a PNG"):
        open_reference(path)
