"""How a film's subtitles go out with it."""

from enum import StrEnum


class SubtitleWay(StrEnum):
    """``burn``: drawn into the picture. ``file``: an .srt beside it. ``track``: in the film file, to be switched on."""

    NONE = "none"
    BURN = "burn"
    FILE = "file"
    TRACK = "track"
