"""Captions that lie beside the videos: a text for each of them, or tables of their names and captions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Self

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.footage import CaptionSource
from trainer.footage.captions.caption_table import MOST_LETTERS, as_source, decoded, one_line, read_table, tables_in

_MOST_NAMES = 3


@dataclass(frozen=True)
class Caption:
    """A caption and where it is from."""

    text: str = ""
    source: CaptionSource = ""


class Captions:
    """The captions of the videos in a footage folder; what is wrong with them is collected, not raised."""

    def __init__(self, folder: Path, table: Mapping[str, str], problems: Iterable[str] = ()) -> None:
        """``table``: captions by the name of the video, relative to ``folder``, with '/' between folders."""
        self._folder, self._table = folder, table
        self._problems = dict.fromkeys(problems)

    @classmethod
    def beside(cls, folder: Path, videos: Sequence[str]) -> Self:
        """The captions of ``videos``, names relative to ``folder``, in the tables that lie beside them."""
        table: dict[str, str] = {}
        problems: list[str] = []
        for path in tables_in(folder, videos):
            try:
                found, unknown = _matched(read_table(path), path.parent.relative_to(folder).as_posix(), videos)
            except BadInput as error:
                problems.append(str(error))
                continue
            table = found | table
            problems += [_unknown(path, unknown)] if unknown else []
        return cls(folder, table, problems)

    def of(self, source: str) -> Caption:
        """The caption of the video ``source`` (relative): the text beside it, else its row in a table, else none."""
        video = self._folder / source
        for sidecar in (video.with_suffix(".txt"), video.with_name(video.name + ".txt"), video.with_suffix(".caption")):
            if sidecar.is_file():
                try:
                    return Caption(one_line(decoded(sidecar, MOST_LETTERS * 4)), "sidecar")
                except BadInput as error:
                    self._problems[str(error)] = None
        text = self._table.get(source, "")
        return Caption(text, "table") if text else Caption()

    def problems(self) -> list[str]:
        """A sentence for every file that could not be used so far, once each."""
        return list(self._problems)


def _matched(rows: Mapping[str, str], place: str, videos: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The captions by video, and the names in a table in the folder ``place`` that no video has.

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
                ends.setdefault(name.casefold(), []).append(video)
    found: dict[str, str] = {}
    unknown: list[str] = []
    for name, caption in rows.items():
        beside = as_source(f"{place}/{name}")
        owner = beside if beside in known else name if name in known else _by_end(name, ends)
        if owner is None:
            unknown.append(name)
        else:
            found.setdefault(owner, caption)
    return found, unknown


def _by_end(name: str, ends: Mapping[str, list[str]]) -> str | None:
    """The one video whose name ends as ``name`` does; None when there is none, or more than one."""
    parts = PurePosixPath(name).parts
    for count in range(len(parts), 0, -1):
        found = ends.get("/".join(parts[-count:]).casefold(), [])
        if len(set(found)) == 1:
            return found[0]
    return None


def _unknown(path: Path, names: Sequence[str]) -> str:
    shown = ", ".join(f'"{name[:60]}"' for name in names[:_MOST_NAMES])
    more = f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
    return f'"{path.name}" has captions for {shown}{more}, and there is no such video, or more than one.'
