"""The colours of the window by name, in light and in dark: the only place where a colour is written down."""

from typing import Literal

Scheme = Literal["light", "dark"]

DARK: dict[str, str] = {
    "surface": "#15161a",
    "panel": "#1c1e23",
    "raised": "#272a31",
    "hover": "#30343d",
    "pressed": "#3a3f4a",
    "field": "#121317",
    "border": "#31343c",
    "border-strong": "#767d8c",
    "text": "#e9eaee",
    "text-dim": "#a6abb8",
    "text-disabled": "#696f7d",
    "accent": "#9aaaff",
    "accent-fill": "#4d60dc",
    "accent-hover": "#596be0",
    "on-accent": "#ffffff",
    "selection": "#333a66",
    "focus": "#9aaaff",
    "danger": "#ff8a80",
    "danger-fill": "#b3372d",
    "warn": "#f2b65a",
    "ok": "#63cf9c",
    "info": "#84b9f5",
    "clip-empty": "#999fad",
    "clip-stale": "#f2b65a",
    "clip-queued": "#84b9f5",
    "clip-rendering": "#9aaaff",
    "clip-done": "#63cf9c",
    "clip-failed": "#ff8a80",
    "clip-locked": "#c3b1e1",
    "timeline": "#111215",
    "timeline-lane": "#191b1f",
    "card": "#24272e",
    "picture-backdrop": "#0a0b0d",
    "on-picture": "#e9eaee",
    "on-picture-dim": "#a6abb8",
    "playhead": "#ff7a6b",
    "marker": "#f2b65a",
    "range": "#9aaaff",
    "seam": "#767d8c",
    "cut": "#ff9f6e",
    "snap": "#63cf9c",
    "sound": "#3f9aa3",
    "sound-core": "#6cc6cc",
    "sound-body": "#14282c",
}

LIGHT: dict[str, str] = {
    "surface": "#eef0f3",
    "panel": "#f8f9fb",
    "raised": "#ffffff",
    "hover": "#e6e9ef",
    "pressed": "#d9dde6",
    "field": "#ffffff",
    "border": "#d3d7df",
    "border-strong": "#7e8594",
    "text": "#1c1e24",
    "text-dim": "#565c69",
    "text-disabled": "#9aa0ac",
    "accent": "#3d4ec7",
    "accent-fill": "#4656d0",
    "accent-hover": "#3a49bd",
    "on-accent": "#ffffff",
    "selection": "#d5daff",
    "focus": "#4656d0",
    "danger": "#b3261e",
    "danger-fill": "#b3261e",
    "warn": "#845200",
    "ok": "#12694a",
    "info": "#17599c",
    "clip-empty": "#5e6471",
    "clip-stale": "#845200",
    "clip-queued": "#17599c",
    "clip-rendering": "#3d4ec7",
    "clip-done": "#12694a",
    "clip-failed": "#b3261e",
    "clip-locked": "#67499e",
    "timeline": "#e2e5ea",
    "timeline-lane": "#eceef2",
    "card": "#ffffff",
    "picture-backdrop": "#16181c",
    "on-picture": "#f4f5f8",
    "on-picture-dim": "#b4b9c5",
    "playhead": "#bd2c1a",
    "marker": "#8a5600",
    "range": "#3d4ec7",
    "seam": "#7e8594",
    "cut": "#a34a12",
    "snap": "#12694a",
    "sound": "#4f9fa6",
    "sound-core": "#1f6f77",
    "sound-body": "#d8ecee",
}

SCHEMES: dict[Scheme, dict[str, str]] = {"light": LIGHT, "dark": DARK}


def relative_luminance(colour: str) -> float:
    """Luminance 0..1 of ``#rrggbb`` after WCAG 2.2, "relative luminance"."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast of two ``#rrggbb`` colours, 1..21, after WCAG 2.2, "contrast ratio"."""
    dark, light = sorted((relative_luminance(first), relative_luminance(second)))
    return (light + 0.05) / (dark + 0.05)
