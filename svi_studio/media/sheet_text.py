"""Lettering for pictures: a font of this computer that has the letters of a text, and lines that fit a width."""

from functools import cache

from PIL import ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_PLAIN = (
    "NotoSans-Regular.ttf",
    "DejaVuSans.ttf",
    "LiberationSans-Regular.ttf",
    "segoeui.ttf",
    "SFNS.ttf",
    "Arial Unicode.ttf",
    "arial.ttf",
)
_BOLD = ("NotoSans-Bold.ttf", "DejaVuSans-Bold.ttf", "LiberationSans-Bold.ttf", "segoeuib.ttf", "arialbd.ttf")
_OTHER_SCRIPTS = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "msyh.ttc",
    "YuGothR.ttc",
    "malgun.ttf",
    "PingFang.ttc",
    "Hiragino Sans GB.ttc",
    "AppleSDGothicNeo.ttc",
    "DroidSansFallbackFull.ttf",
    "wqy-zenhei.ttc",
    "NotoNaskhArabic-Regular.ttf",
    "NotoSansArabic-Regular.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansDevanagari-Regular.ttf",
    "NotoSansThai-Regular.ttf",
    "tahoma.ttf",
    "Nirmala.ttf",
    "NotoEmoji-Regular.ttf",
    "Symbola.ttf",
    "seguiemj.ttf",
)
_ENDING = "…"


class Lettering:
    """Chooses a font by what is to be written, because none has the letters of every language."""

    def font(self, text: str, size: int, *, bold: bool = False) -> Font:
        """The font of ``size`` pixels that has most of the letters of ``text``."""
        names = (*_BOLD, *_PLAIN) if bold else (*_PLAIN, *_OTHER_SCRIPTS)
        letters = frozenset(text[:400])
        if all(ord(letter) < 0x250 for letter in letters):  # the alphabets of Europe are in every one of them
            return _first_of(names, size)
        fonts = [font for name in names if (font := _load(name, size)) is not None]
        return max(fonts, key=lambda font: _known(font, letters), default=_built_in(size))


def wrapped(text: str, width: float, lines: int, font: Font) -> list[str]:
    """``text`` in at most ``lines`` lines of ``width`` pixels; what does not fit ends in an ellipsis."""
    rest = " ".join(text.split())
    done: list[str] = []
    while rest and len(done) < lines:
        if len(done) == lines - 1:
            done.append(_shortened(rest, width, font))
            break
        line = rest[: _fitting(rest, width, font)]
        done.append(line.strip())
        rest = rest[len(line) :].lstrip()
    return done


def _fitting(text: str, width: float, font: Font) -> int:
    """How many letters fit, ending after a word where there is one."""
    count = _most(text, width, font)
    if count >= len(text):
        return len(text)
    space = text.rfind(" ", 0, count + 1)
    return space if space > count // 3 else max(count, 1)


def _shortened(text: str, width: float, font: Font) -> str:
    count = _most(text, width, font)
    if count >= len(text):
        return text
    return text[: _most(text, width - font.getlength(_ENDING), font)].rstrip(" ,.;:") + _ENDING


def _most(text: str, width: float, font: Font) -> int:
    """How many letters fit, found by halving: a prompt may have thousands."""
    low, high = 0, min(len(text), 1000)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if font.getlength(text[:middle]) <= width else (low, middle - 1)
    return low


@cache
def _first_of(names: tuple[str, ...], size: int) -> Font:
    return next((font for name in names if (font := _load(name, size)) is not None), _built_in(size))


@cache
def _load(name: str, size: int) -> ImageFont.FreeTypeFont | None:
    try:
        return ImageFont.truetype(name, size)
    except OSError:
        return None


@cache
def _built_in(size: int) -> Font:
    return ImageFont.load_default(size)


def _known(font: ImageFont.FreeTypeFont, letters: frozenset[str]) -> int:
    """How many of the letters the font has."""
    return sum(has_letter(font, letter) for letter in letters if not letter.isspace())


def has_letter(font: Font, letter: str) -> bool:
    """Whether the font can draw it: what it has not looks like a letter that no font has."""
    return bytes(font.getmask(letter)) != bytes(font.getmask("\U0010fffe"))


def fonts_here(size: int) -> list[Font]:
    """Every font of the list that this computer has, in ``size`` pixels, the plainest first; the built-in one last."""
    found: list[Font] = [font for name in (*_PLAIN, *_OTHER_SCRIPTS) if (font := _load(name, size)) is not None]
    return [*found, _built_in(size)]
