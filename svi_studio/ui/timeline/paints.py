"""The timeline's colours and fonts, looked up once per theme instead of once per stroke."""

from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPixmap

from svi_studio.domain.render.clip_state import ClipState
from svi_studio.ui.theme import theme
from svi_studio.ui.theme.icons import icon_pixmap

STATE_ICONS = {
    ClipState.EMPTY: "clip",
    ClipState.STALE: "refresh",
    ClipState.QUEUED: "queue",
    ClipState.RENDERING: "film",
    ClipState.DONE: "check",
    ClipState.FAILED: "warning",
}


VEIL_OPACITY = 0.9  # of what lies under badges on a picture


class Paints:
    """Colours by what they paint, fonts by what they say; of the theme in force, in sizes that follow ``base``."""

    def __init__(self, base: QFont) -> None:
        look = theme()
        small, bold = QFont(base), QFont(base)
        small.setPointSizeF(max(base.pointSizeF() * 0.88, 6.5))
        bold.setPointSizeF(small.pointSizeF())
        bold.setBold(True)
        self.ground = look.colour("timeline")
        self.lane = look.colour("timeline-lane")
        self.ruler = look.colour("panel")
        self.line = look.colour("border")
        self.faint = look.colour("border", 0.55)
        self.text = look.colour("text")
        self.dim = look.colour("text-dim")
        self.off = look.colour("text-disabled")
        self.card = look.colour("card")
        self.card_edge = look.colour("border")
        self.backdrop = look.colour("picture-backdrop")
        self.accent = look.colour("accent")
        self.accent_fill = look.colour("accent-fill")
        self.warn = look.colour("warn")
        self.on_accent = look.colour("on-accent")
        self.selection = look.colour("selection")
        self.playhead = look.colour("playhead")
        self.marker = look.colour("marker")
        self.range = look.colour("range")
        self.range_shade = look.colour("range", 0.13)
        self.outside_shade = look.colour("timeline", 0.45)
        self.sound = look.colour("sound")
        self.sound_core = look.colour("sound-core")
        self.sound_body = look.colour("sound-body")
        self.sound_edge = look.colour("sound", 0.55)
        self.seam = look.colour("seam")
        self.cut = look.colour("cut")
        self.snap = look.colour("snap")
        self.veil = look.colour("panel", VEIL_OPACITY)
        self.states = {state: look.colour(f"clip-{state.value}") for state in ClipState}
        self.state_bodies = {
            state: mixed(look.colour("card"), look.colour(f"clip-{state.value}"), 0.28) for state in ClipState
        }
        self.stale_pattern = QBrush(look.colour("clip-stale"), Qt.BrushStyle.BDiagPattern)
        self.choice_tint = look.colour("accent", 0.4)
        self.font = QFont(base)
        self.small = small
        self.bold = bold
        self.line_height = QFontMetrics(base).lineSpacing()
        self.small_height = QFontMetrics(small).lineSpacing()
        self.digit_width = QFontMetrics(small).horizontalAdvance("0")


def mixed(below: QColor, above: QColor, share: float) -> QColor:
    """``above`` laid over ``below`` with opacity ``share``, as an opaque colour: cheaper to fill with."""
    pairs = zip(below.getRgb()[:3], above.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(low + (high - low) * share) for low, high in pairs))


def sign(name: str, size: int, colour: str, ratio: float) -> QPixmap:
    """The icon ``name`` as a pixmap, drawn once per theme."""
    return _sign(theme().scheme, name, size, colour, ratio)


@lru_cache(maxsize=256)
def _sign(_scheme: str, name: str, size: int, colour: str, ratio: float) -> QPixmap:
    return icon_pixmap(name, size, colour, ratio)
