"""A picture has the colours that its profile means, in sRGB, in whatever kind of file it comes."""

import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from svi_studio.domain.errors import BadInput
from svi_studio.domain.pictures.picture_look import PictureLook
from svi_studio.media.images import look_at, note_words, open_reference, read_reference, read_view
from tests.media.pictures import profiles

MEANT, IN_ADOBE = (90, 140, 200), (107, 139, 197)
RED, IN_P3 = (255, 0, 0), (234, 51, 35)
SIZE = (24, 16)


def close(found: object, wanted: tuple[int, int, int], by: int = 3) -> bool:
    assert isinstance(found, tuple)
    return all(abs(one - other) <= by for one, other in zip(found, wanted, strict=True))


def adobe() -> bytes:
    return profiles.of_primaries(profiles.ADOBE, profiles.gamma(2.2))


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.tif", "a.avif"])
def test_adobe_rgb_becomes_srgb_in_every_kind(tmp_path: Path, name: str) -> None:
    Image.new("RGB", SIZE, IN_ADOBE).save(tmp_path / name, icc_profile=adobe(), quality=95)
    assert close(open_reference(tmp_path / name).getpixel((3, 3)), MEANT, by=5)
    assert look_at(tmp_path / name).has_profile


def test_every_reader_gives_the_same_colours(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", SIZE, IN_ADOBE).save(path, icc_profile=adobe())
    whole = open_reference(path).getpixel((0, 0))
    assert read_reference(path.read_bytes(), "a")[1].getpixel((0, 0)) == whole
    view = read_view(path, PictureLook(film=(16, 16)), (8, 8))
    assert tuple(view.pixels[:3]) == whole


def test_display_p3_becomes_srgb(tmp_path: Path) -> None:
    profile = profiles.of_primaries(profiles.DISPLAY_P3, profiles.srgb_curve())
    Image.new("RGB", SIZE, IN_P3).save(tmp_path / "phone.jpg", icc_profile=profile, quality=100, subsampling=0)
    assert close(open_reference(tmp_path / "phone.jpg").getpixel((3, 3)), RED, by=6)


@pytest.mark.parametrize("curve", [profiles.srgb_curve(), None])
def test_a_profile_of_srgb_changes_no_pixel(tmp_path: Path, curve: bytes | None) -> None:
    built_in = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profile = built_in if curve is None else profiles.of_primaries(profiles.SRGB, curve)
    picture = Image.effect_noise(SIZE, 80).convert("RGB")
    picture.save(tmp_path / "a.png", icc_profile=profile)
    assert open_reference(tmp_path / "a.png").tobytes() == picture.tobytes()
    assert not look_at(tmp_path / "a.png").has_profile


def test_transparent_parts_of_a_picture_with_a_profile_are_laid_over_white(tmp_path: Path) -> None:
    picture = Image.new("RGBA", SIZE, (*IN_ADOBE, 255))
    picture.putpixel((0, 0), (*IN_ADOBE, 0))
    picture.save(tmp_path / "a.png", icc_profile=adobe())
    found = open_reference(tmp_path / "a.png")
    assert found.getpixel((0, 0)) == (255, 255, 255)
    assert close(found.getpixel((3, 3)), MEANT)


def test_a_palette_has_the_profile_s_colours(tmp_path: Path) -> None:
    Image.new("RGB", SIZE, IN_ADOBE).quantize(4).save(tmp_path / "a.png", icc_profile=adobe())
    assert close(open_reference(tmp_path / "a.png").getpixel((3, 3)), MEANT)


@pytest.mark.parametrize("mode", ["L", "LA", "I;16"])
def test_grey_follows_its_profile(tmp_path: Path, mode: str) -> None:
    grey = {"L": 128, "LA": (128, 255), "I;16": 128 * 256}[mode]
    Image.new(mode, SIZE, grey).save(tmp_path / "a.png", icc_profile=profiles.of_grey(profiles.gamma(1.0)))
    assert close(open_reference(tmp_path / "a.png").getpixel((3, 3)), (188, 188, 188))  # half of the light


def test_grey_with_a_profile_of_colours_is_grey(tmp_path: Path) -> None:
    Image.new("L", SIZE, 100).save(tmp_path / "a.jpg", icc_profile=adobe())
    found = open_reference(tmp_path / "a.jpg").getpixel((3, 3))
    assert isinstance(found, tuple)
    assert max(found) - min(found) <= 1
    assert look_at(tmp_path / "a.jpg").notes == ()


def test_inks_follow_their_profile(tmp_path: Path) -> None:
    Image.new("CMYK", SIZE, (255, 0, 0, 0)).save(tmp_path / "a.jpg", icc_profile=profiles.of_inks(), quality=100)
    assert close(open_reference(tmp_path / "a.jpg").getpixel((3, 3)), (0, 150, 217), by=12)
    Image.new("CMYK", SIZE, (0, 0, 0, 0)).save(tmp_path / "white.jpg", icc_profile=profiles.of_inks())
    assert open_reference(tmp_path / "white.jpg").getpixel((3, 3)) == (255, 255, 255)


def test_inks_without_a_profile_are_mixed_plainly(tmp_path: Path) -> None:
    Image.new("CMYK", SIZE, (255, 0, 0, 0)).save(tmp_path / "a.jpg", quality=100)
    assert close(open_reference(tmp_path / "a.jpg").getpixel((3, 3)), (0, 255, 255))


def test_lab_becomes_srgb(tmp_path: Path) -> None:
    Image.new("LAB", SIZE, (138, 209, 198)).save(tmp_path / "a.tif")
    assert close(open_reference(tmp_path / "a.tif").getpixel((3, 3)), (255, 0, 0), by=8)


@pytest.mark.parametrize("profile", [b"no profile", adobe()[:200], bytes(2000)])
def test_a_broken_profile_is_left_out_and_said(tmp_path: Path, profile: bytes) -> None:
    Image.new("RGB", SIZE, MEANT).save(tmp_path / "a.png", icc_profile=profile)
    assert open_reference(tmp_path / "a.png").getpixel((3, 3)) == MEANT
    facts = look_at(tmp_path / "a.png")
    assert (facts.has_profile, facts.notes) == (False, ("profile",))
    assert "colour profile" in note_words(facts.notes)


def test_a_profile_of_another_kind_of_colours_is_left_out_and_said(tmp_path: Path) -> None:
    Image.new("RGB", SIZE, MEANT).save(tmp_path / "a.png", icc_profile=profiles.of_inks())
    assert open_reference(tmp_path / "a.png").getpixel((3, 3)) == MEANT
    assert look_at(tmp_path / "a.png").notes == ("profile",)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "CMYK", "I;16", "1"])
def test_as_stored_is_what_earlier_versions_read(tmp_path: Path, mode: str) -> None:
    path = tmp_path / ("a.jpg" if mode == "CMYK" else "a.png")
    profile = {"CMYK": profiles.of_inks(), "L": profiles.of_grey(profiles.gamma(1.0))}.get(mode, adobe())
    noise = Image.effect_noise((600, 300), 90)
    if mode == "I;16":
        picture = Image.frombytes("I;16", (300, 300), noise.tobytes())
    else:
        picture = (noise if mode == "LA" else noise.convert("RGB")).convert(mode)
    if mode in {"LA", "RGBA"}:
        picture.putalpha(noise.rotate(90))
    picture.save(path, icc_profile=profile)
    assert open_reference(path, "as stored").tobytes() == read_by_version_one(path).tobytes()


def read_by_version_one(path: Path) -> Image.Image:
    """What the program did before it knew of colour profiles."""
    with Image.open(path) as opened:
        opened.load()
        image: Image.Image = opened
        if image.mode.startswith("I"):
            image = image.point(lambda value: value / 256).convert("L")
        if image.has_transparency_data:
            rgba = image.convert("RGBA")
            paper = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
            return Image.alpha_composite(paper, rgba).convert("RGB")
        return image.convert("RGB")


def png_with(name: bytes, content: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes(MEANT) * 4 for _ in range(4))
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0))
    picture = chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + chunk(name, content) + picture


@pytest.mark.parametrize("megabytes", [2, 40])
@pytest.mark.parametrize(
    ("name", "start"), [(b"iCCP", b"screen\0\0"), (b"zTXt", b"note\0\0"), (b"iTXt", b"note\0\1\0\0\0")]
)
def test_a_png_with_a_large_profile_or_text_is_read(tmp_path: Path, name: bytes, start: bytes, megabytes: int) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(png_with(name, start + zlib.compress(bytes(megabytes << 20))))
    assert open_reference(path).getpixel((0, 0)) == MEANT


@pytest.mark.parametrize("mode", ["I;16", "RGB"])
def test_sixteen_bits_of_a_tiff_keep_their_brightness(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "a.tif"
    if mode == "RGB":
        path.write_bytes(tiff_of_48_bits((90 * 256, 140 * 256, 200 * 256)))
    else:
        Image.new("I;16", SIZE, 128 * 256).save(path)
    wanted = MEANT if mode == "RGB" else (128, 128, 128)
    assert open_reference(path).getpixel((0, 0)) == wanted


def tiff_of_48_bits(colour: tuple[int, int, int]) -> bytes:
    """One pixel of three colours of sixteen bits."""
    entries = [(256, 3, 1, 1), (257, 3, 1, 1), (258, 3, 3, 122), (259, 3, 1, 1), (262, 3, 1, 2), (273, 4, 1, 128)]
    entries += [(277, 3, 1, 3), (278, 3, 1, 1), (279, 4, 1, 6)]
    table = struct.pack("<H", 9) + b"".join(struct.pack("<HHII", *entry) for entry in entries) + bytes(4)
    head = b"II*\0" + struct.pack("<I", 8) + table
    return head.ljust(122, b"\0") + struct.pack("<6H", 16, 16, 16, *colour)


def test_floating_point_numbers_are_refused_in_a_sentence(tmp_path: Path) -> None:
    Image.new("F", SIZE, 0.5).save(tmp_path / "a.tif")
    with pytest.raises(BadInput, match="floating-point numbers; save it with 8 or 16 bits"):
        open_reference(tmp_path / "a.tif")


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_of_several_pictures_the_first_is_read_and_that_is_said(tmp_path: Path, kind: str) -> None:
    frames = [Image.new("RGB", SIZE, colour) for colour in ("red", "blue", "lime")]
    frames[0].save(tmp_path / "a", kind, save_all=True, append_images=frames[1:])
    assert close(open_reference(tmp_path / "a").getpixel((3, 3)), (255, 0, 0), by=8)
    assert look_at(tmp_path / "a").notes == ("frames",)


@pytest.mark.parametrize("kind", ["BMP", "GIF", "TIFF", "AVIF"])
def test_further_kinds_are_read(tmp_path: Path, kind: str) -> None:
    Image.new("RGB", SIZE, MEANT).save(tmp_path / "picture", kind)
    assert close(open_reference(tmp_path / "picture").getpixel((3, 3)), MEANT)


def test_a_photo_of_a_phone_is_read() -> None:
    content = (Path(__file__).parent / "phone.heic").read_bytes()
    kind, picture = read_reference(content, "phone.heic")
    assert (kind, picture.size) == ("HEIF", SIZE)
    assert close(picture.getpixel((3, 3)), MEANT, by=6)
