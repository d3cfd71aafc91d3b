"""From the numbers of a picture to the colours that they mean, in sRGB.

The intent is relative colorimetric with black point compensation: colours that sRGB can show stay exactly what they
are, white stays white, and shadows are not crushed. The perceptual intent would shift colours that need no shift, and
the simple profiles of cameras, phones and screens have no tables for it.
"""

from io import BytesIO
from typing import Final, Literal, NamedTuple

from PIL import Image, ImageCms

_INTENT: Final = ImageCms.Intent.RELATIVE_COLORIMETRIC
_BLACK_POINT: Final = ImageCms.Flags.BLACKPOINTCOMPENSATION
_ALIKE = 2  # of 255: what one profile of sRGB differs from the next
_STEPS = 9
_BAND = 256  # rows


class Coloured(NamedTuple):
    """A picture in sRGB: RGB, or RGBA. ``changed`` by a profile that says so; ``ignored``: its profile is no use."""

    picture: Image.Image
    changed: bool = False
    ignored: bool = False


def in_srgb(picture: Image.Image) -> Coloured:
    """The picture in sRGB by its own profile, where it has one that works."""
    profile = picture.info.get("icc_profile")
    if picture.mode == "LAB":
        return Coloured(_transformed(picture, _built("LAB")))
    if not profile:
        return Coloured(plain_rgb(picture))
    try:
        return _by_profile(picture, ImageCms.ImageCmsProfile(BytesIO(profile)))
    except (OSError, ImageCms.PyCMSError, ValueError, TypeError):
        return Coloured(plain_rgb(picture), ignored=True)


def plain_rgb(picture: Image.Image) -> Image.Image:
    """The picture as RGB, or RGBA where parts are transparent, its numbers taken for sRGB's."""
    picture = eight_bits(picture)
    if picture.has_transparency_data:
        return picture if picture.mode == "RGBA" else picture.convert("RGBA")
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def eight_bits(picture: Image.Image) -> Image.Image:
    """Sixteen bits of grey become the upper eight of them: nothing is clipped. Other pictures stay."""
    if not picture.mode.startswith("I"):
        return picture
    return picture.point(lambda value: value / 256).convert("L")


def over_white(picture: Image.Image) -> Image.Image:
    """Transparent parts laid over white; RGB."""
    if picture.mode != "RGBA":
        return picture
    flat = Image.new("RGB", picture.size)
    for top in range(0, picture.height, _BAND):  # a large picture is not kept four times
        part = picture.crop((0, top, picture.width, min(top + _BAND, picture.height)))
        paper = Image.new("RGBA", part.size, (255, 255, 255, 255))
        flat.paste(Image.alpha_composite(paper, part).convert("RGB"), (0, top))
    return flat


def _by_profile(picture: Image.Image, profile: ImageCms.ImageCmsProfile) -> Coloured:
    picture = eight_bits(picture)
    space = profile.profile.xcolor_space
    if space == "CMYK" and picture.mode == "CMYK":
        return Coloured(_transformed(picture, profile), changed=True)
    if space == "GRAY" and picture.mode in {"L", "LA", "1"}:
        flat = picture.convert("LA" if picture.has_transparency_data else "L")
    elif space == "RGB " and picture.mode != "CMYK":
        flat = plain_rgb(picture)
    else:
        return Coloured(plain_rgb(picture), ignored=True)
    solid = flat.convert(flat.mode.removesuffix("A"))
    if _is_srgb(profile, solid.mode):
        return Coloured(plain_rgb(picture))
    done = _transformed(solid, profile)
    if flat.mode != solid.mode:
        done.putalpha(flat.getchannel("A"))
    return Coloured(done, changed=True)


def _transformed(picture: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    target = _built("sRGB")
    transform = ImageCms.buildTransform(profile, target, picture.mode, "RGB", _INTENT, _BLACK_POINT)
    done = ImageCms.applyTransform(picture, transform, inPlace=picture.mode == "RGB")  # not kept twice
    return picture if done is None else done


def _built(space: Literal["LAB", "sRGB"]) -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(space))


def _is_srgb(profile: ImageCms.ImageCmsProfile, mode: str) -> bool:
    """Whether the profile only says what is so without it: known by what it does to colours, not by its name."""
    ladder = [round(step * 255 / (_STEPS - 1)) for step in range(_STEPS)]
    greys = Image.frombytes("L", (256, 1), bytes(range(256)))
    cube = bytes(part for red in ladder for green in ladder for blue in ladder for part in (red, green, blue))
    probe = greys if mode == "L" else Image.frombytes("RGB", (_STEPS**3, 1), cube)
    before = probe.convert("RGB").tobytes()
    after = _transformed(probe, profile).tobytes()
    return max(abs(one - other) for one, other in zip(before, after, strict=True)) <= _ALIKE
