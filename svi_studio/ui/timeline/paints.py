"""The timeline's colours and fonts, looked up once per theme instead of once per stroke."""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPixmap

from svi_studio.domain.clip_state import ClipState
from svi_studio.ui.icons import icon_pixmap
from svi_studio.ui.theme import theme

STATE_ICONS = {
    ClipState.EMPTY: "clip",
    ClipState.STALE: "refresh",
    ClipState.QUEUED: "queue",
    ClipState.RENDERING: "film",
    ClipState.DONE: "check",
    ClipState.FAILED: "warning",
}


VEIL_OPACITY = 0.9  # of what lies under badges on a picture


@dataclass(frozen=True)
class Paints:
    """Colours by what they paint, fonts by what they say."""

    ground: QColor
    lane: QColor
    ruler: QColor
    line: QColor
    faint: QColor
    text: QColor
    dim: QColor
    off: QColor
    card: QColor
    card_edge: QColor
    backdrop: QColor
    accent: QColor
    accent_fill: QColor
    warn: QColor
    on_accent: QColor
    selection: QColor
    playhead: QColor
    marker: QColor
    range: QColor
    range_shade: QColor
    outside_shade: QColor
    seam: QColor
    cut: QColor
    snap: QColor
    veil: QColor
    states: dict[ClipState, QColor]
    state_bodies: dict[ClipState, QColor]
    stale_pattern: QBrush
    choice_tint: QColor
    font: QFont
    small: QFont
    bold: QFont
    line_height: int
    small_height: int
    digit_width: int


def make_paints(base: QFont) -> Paints:
    """The paints of the theme in force, in sizes that follow ``base``."""
    look = theme()
    small, bold = QFont(base), QFont(base)
    small.setPointSizeF(max(base.pointSizeF() * 0.88, 6.5))
    bold.setPointSizeF(small.pointSizeF())
    bold.setBold(True)
    return Paints(
        ground=look.colour("timeline"),
        lane=look.colour("timeline-lane"),
        ruler=look.colour("panel"),
        line=look.colour("border"),
        faint=look.colour("border", 0.55),
        text=look.colour("text"),
        dim=look.colour("text-dim"),
        off=look.colour("text-disabled"),
        card=look.colour("card"),
        card_edge=look.colour("border"),
        backdrop=look.colour("picture-backdrop"),
        accent=look.colour("accent"),
        accent_fill=look.colour("accent-fill"),
        warn=look.colour("warn"),
        on_accent=look.colour("on-accent"),
        selection=look.colour("selection"),
        playhead=look.colour("playhead"),
        marker=look.colour("marker"),
        range=look.colour("range"),
        range_shade=look.colour("range", 0.13),
        outside_shade=look.colour("timeline", 0.45),
        seam=look.colour("seam"),
        cut=look.colour("cut"),
        snap=look.colour("snap"),
        veil=look.colour("panel", VEIL_OPACITY),
        states={state: look.colour(f"clip-{state.value}") for state in ClipState},
        state_bodies={
            state: mixed(look.colour("card"), look.colour(f"clip-{state.value}"), 0.28) for state in ClipState
        },
        stale_pattern=QBrush(look.colour("clip-stale"), Qt.BrushStyle.BDiagPattern),
        choice_tint=look.colour("accent", 0.4),
        font=QFont(base),
        small=small,
        bold=bold,
        line_height=QFontMetrics(base).lineSpacing(),
        small_height=QFontMetrics(small).lineSpacing(),
        digit_width=QFontMetrics(small).horizontalAdvance("0"),
    )


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
