"""A small line chart as SVG text, readable on light and dark pages."""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

WIDTH, HEIGHT, MARGIN = 640, 220, 44
_COLOURS = ("#d95f02", "#1b9e77", "#7570b3")


def line_chart(title: str, lines: Mapping[str, Sequence[float]]) -> str:
    """One panel a line, side by side, each with its own scale from 0; x counts from 1."""
    panel = WIDTH / len(lines)
    parts = [_panel(name, values, panel * i, panel, _COLOURS[i]) for i, (name, values) in enumerate(lines.items())]
    head = f'<text x="{WIDTH / 2}" y="18" text-anchor="middle" font-size="14">{escape(title)}</text>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'fill="#808080">{head}{"".join(parts)}</svg>\n'
    )


def _panel(name: str, values: Sequence[float], left: float, width: float, colour: str) -> str:
    top = max(*values, 1e-9) * 1.1
    x0, x1, y0, y1 = left + MARGIN, left + width - 12, HEIGHT - 34.0, 46.0
    step = (x1 - x0) / max(len(values) - 1, 1)
    points = " ".join(f"{x0 + i * step:.1f},{y0 - (y0 - y1) * v / top:.1f}" for i, v in enumerate(values))
    axes = f'<path d="M{x0} {y1}V{y0}H{x1}" fill="none" stroke="#808080"/>'
    labels = (
        f'<text x="{left + width / 2}" y="36" text-anchor="middle" font-size="11">{escape(name)}</text>'
        f'<text x="{x0 - 4}" y="{y1 + 4}" text-anchor="end" font-size="10">{top:.3g}</text>'
        f'<text x="{x0 - 4}" y="{y0}" text-anchor="end" font-size="10">0</text>'
        f'<text x="{x0}" y="{y0 + 14}" font-size="10">clip 1</text>'
        f'<text x="{x1}" y="{y0 + 14}" text-anchor="end" font-size="10">{len(values)}</text>'
    )
    return f'{axes}{labels}<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
