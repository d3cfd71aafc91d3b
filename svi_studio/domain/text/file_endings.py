"""What files are called, where a name alone must do: in dialogs, while something is dragged, in a folder of footage."""

from typing import Final

VIDEO_ENDINGS: Final = (
    ".mp4",
    ".m4v",
    ".mov",
    ".qt",
    ".mkv",
    ".webm",
    ".avi",
    ".mpg",
    ".mpeg",
    ".vob",
    ".mts",
    ".m2ts",
    ".wmv",
    ".asf",
    ".flv",
    ".3gp",
    ".3g2",
    ".ogv",
    ".mxf",
)
"""Files called so are videos whatever is in them. A ``.ts`` may also be a program's text, a ``.gif`` a picture."""

SOUND_ENDINGS: Final = (
    ".wav",
    ".mp3",
    ".flac",
    ".m4a",
    ".ogg",
    ".oga",
    ".opus",
    ".aac",
    ".aif",
    ".aiff",
    ".aifc",
    ".wma",
    ".w64",
    ".caf",
    ".au",
    ".mka",
    ".weba",
    ".wv",
    ".ac3",
    ".amr",
)
"""Files called so are sounds; so is what a video has of sound."""

PROMPT_ENDINGS: Final = (
    ".txt",
    ".csv",
    ".tsv",
    ".md",
    ".markdown",
    ".py",
    ".fountain",
    ".spmd",
    ".jsonl",
    ".ndjson",
    ".yaml",
    ".yml",
    ".toml",
    ".srt",
    ".vtt",
    ".sbv",
    ".ass",
    ".ssa",
)
"""Files from which prompts are read; so they are from a ``.json``, but that may be a storyboard too."""
