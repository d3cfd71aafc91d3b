"""Line charts as SVG text: several lines a panel with their 95 % bands, readable on light and on dark pages."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

PANEL_WIDTH, PANEL_HEIGHT = 380, 210
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 14, 34, 30  # margins of a panel around its plot
_HEAD, _LEGEND = 30, 22
_INK = "#7a7a7a"  # as far from white as from the black of dark pages
_COLOURS = ("#d95f02", "#2b83ba", "#1b9e77", "#8d6fc4", "#e0489a", "#8c8000", "#a6761d", "#5b9bd5")
_DASHES = ("", "7 3", "10 3 2 3", "2 3", "4 2", "12 4", "1 4", "6 2 1 2")  # colour is never the only sign

Values = Sequence[float | None]


@dataclass(frozen=True)
class Line:
    """One line: a value a clip (None: a gap). Around it its band, or thin lines of what it is the mean of, or none."""

    name: str
    values: Values
    low: Values = ()
    high: Values = ()
    parts: tuple[Values, ...] = ()


@dataclass(frozen=True)
class Panel:
    """One figure of all lines, on its own scale; ``ideal`` is drawn as a dotted line, and 0 is shown when asked for."""

    title: str
    unit: str
    lines: tuple[Line, ...]
    ideal: float | None = None
    from_zero: bool = False


def chart(title: str, panels: Sequence[Panel], *, axis: str = "clip", columns: int = 2) -> str:
    """All ``panels`` under one title and one legend; x counts from 1, its name is ``axis``."""
    names = list(dict.fromkeys(line.name for panel in panels for line in panel.lines))
    columns = min(columns, max(len(panels), 1))
    width = columns * PANEL_WIDTH
    legend, rows = _legend([name for name in names if name], width)
    head = _HEAD + rows * _LEGEND
    height = head + math.ceil(len(panels) / columns) * PANEL_HEIGHT
    drawn = [
        f'<g transform="translate({i % columns * PANEL_WIDTH} {head + i // columns * PANEL_HEIGHT})">'
        f"{_panel(panel, names, axis)}</g>"
        for i, panel in enumerate(panels)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        f'font-size="11" fill="{_INK}"><text x="{width / 2:g}" y="20" text-anchor="middle" font-size="15">'
        f"{escape(title)}</text>{legend}{''.join(drawn)}</svg>\n"
    )


def scale(low: float, high: float) -> list[float]:
    """Round ticks from at most ``low`` to at least ``high``, from 0 when 0 is not far below."""
    if 0 < low < 0.6 * high:
        low = 0.0
    span = max(high - low, abs(high) * 0.02, 1e-6)
    rough = span / 4
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [k * step for k in range(first, max(last, first + 1) + 1)]


def _legend(names: Sequence[str], width: int) -> tuple[str, int]:
    parts, x, row = [], 16.0, 0
    for index, name in enumerate(names):
        wide = 44 + 6.6 * len(name)
        if x > 16 and x + wide > width:
            x, row = 16.0, row + 1
        y = _HEAD + 10 + row * _LEGEND
        parts.append(
            f'<path d="M{x:g} {y}h26" {_stroke(index)} stroke-width="3"/><text x="{x + 32:g}" y="{y + 4}" '
            f'font-size="12">{escape(name)}</text>'
        )
        x += wide
    return "".join(parts), row + 1 if names else 0


class _Plot:
    """Where values stand inside a panel, in pixels from its upper left corner."""

    x0, x1, y0, y1 = _LEFT, PANEL_WIDTH - _RIGHT, PANEL_HEIGHT - _BOTTOM, _TOP

    def __init__(self, panel: Panel) -> None:
        self.count = max((len(line.values) for line in panel.lines), default=1)
        self.ticks = _ticks(panel)

    def x(self, index: int) -> float:
        if self.count == 1:
            return (self.x0 + self.x1) / 2
        return self.x0 + (self.x1 - self.x0) * index / (self.count - 1)

    def y(self, value: float) -> float:
        bottom, top = self.ticks[0], self.ticks[-1]
        return self.y0 - (self.y0 - self.y1) * (min(max(value, bottom), top) - bottom) / (top - bottom)

    def points(self, values: Values) -> list[str]:
        return [f"{self.x(k):.1f},{self.y(value):.1f}" for k, value in enumerate(values) if value is not None]


def _panel(panel: Panel, names: Sequence[str], axis: str) -> str:
    plot = _Plot(panel)
    unit = f" ({escape(panel.unit)})" if panel.unit else ""
    title = f'<text x="{plot.x0}" y="{plot.y1 - 12}" font-size="12.5">{escape(panel.title)}{unit}</text>'
    bands = "".join(_band(line, names.index(line.name), plot) for line in panel.lines)  # below every line
    bands += "".join(_parts(line, names.index(line.name), plot) for line in panel.lines)
    lines = "".join(_line(line, names.index(line.name), plot) for line in panel.lines)
    return title + _grid(plot, panel.ideal, axis) + bands + lines


def _grid(plot: _Plot, ideal: float | None, axis: str) -> str:
    parts = []
    for tick in plot.ticks:
        parts.append(f'<path d="M{plot.x0} {plot.y(tick):.1f}H{plot.x1}" stroke="{_INK}" stroke-opacity=".25"/>')
        parts.append(f'<text x="{plot.x0 - 6}" y="{plot.y(tick) + 4:.1f}" text-anchor="end">{tick:.6g}</text>')
    for index in _marks(plot.count):
        anchor = "end" if index == plot.count - 1 and index else "middle"
        name = f"{escape(axis)} 1" if index == 0 else str(index + 1)
        parts.append(f'<text x="{plot.x(index):.1f}" y="{plot.y0 + 16}" text-anchor="{anchor}">{name}</text>')
    if ideal is not None:
        parts.append(f'<path d="M{plot.x0} {plot.y(ideal):.1f}H{plot.x1}" stroke="{_INK}" stroke-dasharray="1 3"/>')
    return "".join(parts)


def _band(line: Line, index: int, plot: _Plot) -> str:
    edge = plot.points(line.high) + plot.points(line.low)[::-1]
    if len(edge) < 4:
        return ""
    return f'<polygon points="{" ".join(edge)}" fill="{_COLOURS[index % len(_COLOURS)]}" fill-opacity=".18"/>'


def _parts(line: Line, index: int, plot: _Plot) -> str:
    style = f'fill="none" stroke="{_COLOURS[index % len(_COLOURS)]}" stroke-opacity=".4"'
    return "".join(f'<polyline points="{" ".join(plot.points(part))}" {style}/>' for part in line.parts)


def _line(line: Line, index: int, plot: _Plot) -> str:
    points = plot.points(line.values)
    if len(points) == 1:
        x, _, y = points[0].partition(",")
        return f'<circle cx="{x}" cy="{y}" r="3" {_stroke(index)}/>'
    return f'<polyline points="{" ".join(points)}" {_stroke(index)} stroke-width="2" stroke-linejoin="round"/>'


def _ticks(panel: Panel) -> list[float]:
    """Bands that reach far out are cut off at three times the lines' own range, so that lines stay to be seen."""
    every = [values for line in panel.lines for values in (line.values, *line.parts)]
    values = [value for one in every for value in one if value is not None]
    values += [] if panel.ideal is None else [panel.ideal]
    values += [0.0] if panel.from_zero else []
    if not values:
        return scale(0, 1)
    low, high = min(values), max(values)
    room = max(high - low, 0.05 * abs(high), 1e-6)
    for line in panel.lines:
        low = min([low, *(max(v, min(values) - room) for v in line.low if v is not None)])
        high = max([high, *(min(v, max(values) + room) for v in line.high if v is not None)])
    return scale(max(low, 0.0) if min(values) >= 0 else low, high)


def _marks(count: int) -> list[int]:
    """Which clips the x axis names: the first, the last, and round numbers between them."""
    step = next((s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500) if count / s <= 8), 1000)
    between = [k - 1 for k in range(step, count, step) if k > 1 and count - k >= step * 0.6 and k - 1 >= step * 0.6]
    return sorted({0, *between, count - 1})


def _stroke(index: int) -> str:
    dash = _DASHES[index % len(_DASHES)]
    return f'fill="none" stroke="{_COLOURS[index % len(_COLOURS)]}"' + (f' stroke-dasharray="{dash}"' if dash else "")
