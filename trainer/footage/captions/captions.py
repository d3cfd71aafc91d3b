"""Captions that lie beside the videos: a text for each of them, or tables of their names and captions."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Self

from svi_studio.domain.errors import BadInput
from svi_studio.domain.text.strict_json import StrictError
from svi_studio.domain.text.visible_text import visible
from svi_studio.domain.training.footage import CaptionSource
from svi_studio.storyline.writers.caption_text import caption_text
from trainer.footage.captions.caption_table import as_source, read_table, tables_in
from trainer.footage.captions.caption_text import MOST_LETTERS, decoded, one_line, shortened

_MOST_NAMES = 3
_MODEL_MARKS = re.compile(r"</?think>|</?answer>|<\|[a-z_]+\|>")
_MOST_BYTES = 4 << 20  # of a text beside a video


@dataclass(frozen=True)
class Caption:
    """A caption, the kind of its source, and the file that it is from, relative to the footage folder."""

    text: str = ""
    source: CaptionSource = ""
    file: str = ""


Table = tuple[str, Mapping[str, str]]
"""The name of a table's file relative to the footage folder, and its captions by video."""


class Captions:
    """The captions of the videos in a footage folder; what is wrong with them is collected, not raised."""

    def __init__(self, folder: Path, tables: Sequence[Table], problems: Iterable[str] = ()) -> None:
        """``tables``: those that count more come first; videos relative to ``folder``, with '/' between folders."""
        self._folder, self._tables = folder, tables
        self._problems = dict.fromkeys(problems)
        self._differ: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._bared: dict[str, None] = {}
        self._read = {name for name, _ in tables}
        self._names: dict[PurePosixPath, dict[str, str]] = {}

    @classmethod
    def beside(cls, folder: Path, videos: Sequence[str]) -> Self:
        """The captions of ``videos``, names relative to ``folder``, in the tables that lie beside them."""
        tables: list[Table] = []
        problems: list[str] = []
        for path in tables_in(folder, videos):
            try:
                rows = read_table(path, problems.append)
            except BadInput as error:
                problems.append(str(error))
                continue
            found, unknown, twice = _matched(rows, path.parent.relative_to(folder).as_posix(), videos)
            name = path.relative_to(folder).as_posix()
            if found:
                tables.append((name, found))
            problems += [_unknown(path, unknown)] if unknown else []
            problems += [_twice(name, twice)] if twice else []
        return cls(folder, tables, problems)

    def of(self, source: str) -> Caption:
        """The caption of the video ``source`` (relative): the text beside it, else its row in a table, else none."""
        found = list(self._all(source))
        if not found:
            return Caption()
        used = found[0]
        for other in found[1:]:
            if other.text != used.text and source not in (known := self._differ[_label(used), _label(other)]):
                known.append(source)
        return used

    def problems(self) -> list[str]:
        """A sentence for every file that could not be used so far, once each, and for captions that differ."""
        bared = [_without_marks(list(self._bared))] if self._bared else []
        return [*self._problems, *bared, *(_different(*names, sources) for names, sources in self._differ.items())]

    @property
    def read(self) -> frozenset[str]:
        """The files, relative to the footage folder, that captions were found in so far."""
        return frozenset(self._read)

    def _all(self, source: str) -> Iterator[Caption]:
        """Every caption of a video, those that count more first."""
        video = PurePosixPath(source)
        endings = [(stem, ending) for ending in (".txt", ".caption") for stem in (video.stem, video.name)]
        for name in filter(None, (self._beside(video.parent, stem + ending) for stem, ending in endings)):
            path = self._folder / name
            self._read.add(str(name))
            try:
                text = self._bare(one_line(decoded(path, _MOST_BYTES, self._note)), source)
            except BadInput as error:
                self._note(str(error))
                continue
            if text:
                yield Caption(shortened(text, f'"{source[-60:]}"', path, self._note), "sidecar", str(name))
        for file, table in self._tables:
            if text := table.get(source, ""):
                yield Caption(text, "table", file)

    def _beside(self, place: PurePosixPath, name: str) -> PurePosixPath | None:
        """The file ``name`` in the folder ``place``, else one that other systems take for it; None without."""
        if (self._folder / place / name).is_file():
            return place / name
        if place not in self._names:
            with suppress(OSError):
                found = sorted(each.name for each in (self._folder / place).iterdir() if each.is_file())
                self._names[place] = {_alike(each): each for each in found}
        known = self._names.get(place, {}).get(_alike(name))
        return None if known is None else place / known

    def _bare(self, text: str, source: str) -> str:
        """A caption that a model wrote into a file with its thoughts and marks, without them."""
        if not _MODEL_MARKS.search(text):
            return text
        try:
            text = caption_text(text, MOST_LETTERS)
        except StrictError:
            return text
        self._bared[source] = None
        return text

    def _note(self, sentence: str) -> None:
        self._problems[sentence] = None


def _alike(name: str) -> str:
    """The same for all ways to write a name that some system takes for one: in capitals, accents in pieces."""
    return unicodedata.normalize("NFC", name).casefold()


def _label(caption: Caption) -> str:
    """What is said of a caption's file: each video has a text of its own, so only its ending."""
    if caption.source == "sidecar":
        return f"its {PurePosixPath(caption.file).suffix} file"
    return f'"{visible(caption.file)}"'


def _without_marks(sources: Sequence[str]) -> str:
    shown, more = _names(sources)
    return f"The captions of {shown}{more} hold a model's thoughts or marks: only what is said of the video is used."


def _names(sources: Sequence[str]) -> tuple[str, str]:
    """A few of the names, and how many there are besides."""
    shown = ", ".join(f'"{source[-60:]}"' for source in sources[:_MOST_NAMES])
    return shown, f" and {len(sources) - _MOST_NAMES:,} more" if len(sources) > _MOST_NAMES else ""


def _different(used: str, other: str, sources: Sequence[str]) -> str:
    shown, more = _names(sources)
    return f"Two captions for {shown}{more}: {used} counts, and {other} says something else."


def _twice(table: str, sources: Sequence[str]) -> str:
    shown, more = _names(sources)
    return f'Two captions for {shown}{more} in "{visible(table)}": the last row counts.'


def _matched(
    rows: Sequence[tuple[str, str]], place: str, videos: Sequence[str]
) -> tuple[dict[str, str], list[str], list[str]]:
    """The captions by video, the names in a table in ``place`` that no video has, and videos with two captions there.

    A name counts from the table's folder, else from the footage folder, else it is the end of one video's name: tables
    come with paths of another computer, and without endings.
    """
    known = set(videos)
    ends: dict[str, list[str]] = {}
    for video in videos:
        parts = PurePosixPath(video).parts
        for count in range(1, len(parts) + 1):
            end = "/".join(parts[-count:])
            for name in (end, str(PurePosixPath(end).with_suffix(""))):
                ends.setdefault(_alike(name), []).append(video)
    found: dict[str, str] = {}
    unknown: dict[str, None] = {}
    twice: dict[str, None] = {}
    for name, caption in rows:
        beside = as_source(f"{place}/{name}")
        owner = beside if beside in known else name if name in known else _by_end(name, ends)
        if owner is None:
            unknown[name] = None
            continue
        if found.get(owner, caption) != caption:
            twice[owner] = None
        found[owner] = caption
    return found, list(unknown), list(twice)


def _by_end(name: str, ends: Mapping[str, list[str]]) -> str | None:
    """The one video whose name ends as ``name`` does; None when there is none, or more than one."""
    parts = PurePosixPath(name).parts
    for count in range(len(parts), 0, -1):
        found = ends.get(_alike("/".join(parts[-count:])), [])
        if len(set(found)) == 1:
            return found[0]
    return None


def _unknown(path: Path, names: Sequence[str]) -> str:
    shown = ", ".join(f'"{name[:60]}"' for name in names[:_MOST_NAMES])
    more = f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
    return f'"{path.name}" has captions for {shown}{more}, and there is no such video, or more than one.'
