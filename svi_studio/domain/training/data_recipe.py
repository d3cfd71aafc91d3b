"""How clips become training examples: crops, words, how often each folder counts, and the shapes of pictures."""

from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from svi_studio.domain.value import Value, with_fields

Probability = Annotated[float, Field(ge=0, le=1)]

Shapes = Literal["one", "fit"]
"""Of fed pictures: all of one size, or each of the upright, square or wide size that is nearest to its video's."""

Stills = Literal["out", "held"]
"""What becomes of pictures in the folder: they are no clips, or clips that hold still."""

TOP: Final = "."
"""The footage folder itself, as a folder within it is named."""


def _below(text: str) -> str:
    parts = text.split("/")
    if text != TOP and (not {"", ".", ".."}.isdisjoint(parts) or "\\" in text or "\0" in text):
        raise ValueError('must be a folder below the footage, with "/" between folders, or "." for the top')
    return text


class FolderRepeat(Value):
    """The clips of ``folder``, and of the folders in it that have no number of their own, count ``times`` times."""

    folder: Annotated[str, StringConstraints(min_length=1, max_length=1024), AfterValidator(_below)]
    times: int = Field(ge=1, le=1000)


class WordChange(Value):
    """Plain text in captions, capital and small letters apart, and what stands there instead."""

    find: str = Field(min_length=1, max_length=200)
    instead: str = Field(default="", max_length=1000)


def _usual(value: Any) -> Callable[[Any], bool]:
    return lambda given: bool(given == value)


class DataRecipe(Value):
    """How clips become training examples.

    ``motion_frames_probability``: that the family's motion frames are shown, else one frame; where latents are handed
    on, that a clip goes on from the one before it, else it is the first of its chain. ``variants``: crops and
    references that are encoded for each clip when ``cache`` encodes every clip once, before the first step.

    What is said of a clip: its caption after all ``replacements`` in order, ``caption_prefix`` before it, and the
    ``trigger`` word first of all, or where the caption says ``[trigger]``. With ``caption_dropout`` nothing is said.
    ``repeats``: how often an epoch shows the clips of a folder; once where none is named.
    ``held_out``: the share of the clips that is never trained on; test films begin with them.
    """

    motion_frames_probability: Probability = 0.9
    variants: int = Field(default=4, ge=1, le=1000)
    cache: bool = True
    trigger: str = Field(default="", max_length=200, exclude_if=_usual(""))
    caption_prefix: str = Field(default="", max_length=1000, exclude_if=_usual(""))
    caption_dropout: Probability = Field(default=0.0, exclude_if=_usual(0))
    replacements: tuple[WordChange, ...] = Field(default=(), max_length=100, exclude_if=_usual(()))
    repeats: tuple[FolderRepeat, ...] = Field(default=(), max_length=1000, exclude_if=_usual(()))
    shapes: Shapes = Field(default="one", exclude_if=_usual("one"))
    stills: Stills = Field(default="out", exclude_if=_usual("out"))
    held_out: float = Field(default=0.0, ge=0, le=0.5, exclude_if=_usual(0))

    @model_validator(mode="after")
    def _each_folder_once(self) -> Self:
        if len({each.folder for each in self.repeats}) != len(self.repeats):
            raise ValueError("repeats must name every folder at most once")
        return self

    def times(self, source: str) -> int:
        """How often an epoch shows a clip of the video ``source``: as its nearest folder with a number says."""
        known = {each.folder: each.times for each in self.repeats}
        places = (str(place) for place in PurePosixPath(source).parents)
        return next((known[place] for place in places if place in known), 1)


OWN_FIELDS: Final = (
    "trigger",
    "caption_prefix",
    "caption_dropout",
    "replacements",
    "repeats",
    "shapes",
    "stills",
)
"""What people say of their own footage: no preset knows it, and another preset does not change it."""


def with_own_fields(data: DataRecipe, own: DataRecipe) -> DataRecipe:
    """``data`` with what ``own`` says of somebody's footage."""
    return with_fields(data, {name: getattr(own, name) for name in OWN_FIELDS})


def named_repeats(sources: Iterable[str]) -> tuple[FolderRepeat, ...]:
    """The folders of these videos that are called as kohya's trainer wants it, such as ``10_cat`` for ten times."""
    folders = {str(place): place.name for source in sources for place in PurePosixPath(source).parents}
    found = {folder: _number(name) for folder, name in folders.items()}
    return tuple(FolderRepeat(folder=folder, times=times) for folder, times in sorted(found.items()) if times)[:1000]


def _number(name: str) -> int:
    """The number before the first "_" of a folder's name; 0 where there is none that could be meant so."""
    number, mark, rest = name.partition("_")
    is_number = number.isascii() and number.isdigit() and len(number) <= 3
    return int(number) if mark and rest and is_number else 0
