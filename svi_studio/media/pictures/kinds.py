"""The one list of the kinds of pictures that a film can use; whatever asks for, names or opens pictures follows it."""

from typing import Final, NamedTuple


class PictureKind(NamedTuple):
    """``name`` is what people call it, ``decoder`` what Pillow does, ``endings`` are of file names, with their dot."""

    name: str
    decoder: str
    endings: tuple[str, ...]


KINDS: Final = (
    PictureKind("PNG", "PNG", (".png",)),
    PictureKind("JPEG", "JPEG", (".jpg", ".jpeg", ".jpe", ".jfif")),
    PictureKind("WebP", "WEBP", (".webp",)),
    PictureKind("HEIC", "HEIF", (".heic", ".heif", ".hif")),
    PictureKind("AVIF", "AVIF", (".avif",)),
    PictureKind("TIFF", "TIFF", (".tif", ".tiff")),
    PictureKind("GIF", "GIF", (".gif",)),
    PictureKind("BMP", "BMP", (".bmp",)),
)
DECODERS: Final = tuple(kind.decoder for kind in KINDS)
HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"})
"""What stands behind ``ftyp`` in a HEIC picture; in a video there is something else."""

ENDINGS: Final = tuple(ending for kind in KINDS for ending in kind.endings)


def kind_words() -> str:
    """The kinds as a sentence names them: ``PNG, JPEG, WebP ... or BMP``."""
    names = [kind.name for kind in KINDS]
    return f"{', '.join(names[:-1])} or {names[-1]}"
