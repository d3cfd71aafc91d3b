"""The videos of a folder, told by their content, and a word for every other file that somebody may miss."""

import os
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from svi_studio.domain.errors import BadInput, from_os_error
from svi_studio.domain.text.file_endings import VIDEO_ENDINGS
from svi_studio.media.demuxers import has_pictures, read_head, sniff, what_it_is

_BESIDE = {".txt", ".caption", ".csv", ".tsv", ".json", ".jsonl", ".yaml", ".yml", ".toml", ".md", ".nfo", ".url"}
_BESIDE |= {".srt", ".vtt", ".ass", ".ssa", ".sbv", ".sub", ".idx", ".lrc", ".xml", ".xmp", ".html", ".log"}
_BESIDE |= {".thm", ".lrv", ".ini", ".db", ".lnk", ".npz", ".npy", ".safetensors", ".pt"}
"""Captions, subtitles, notes and what cameras and programs leave beside videos: nobody takes them for footage."""

_UNFINISHED = {".part", ".crdownload", ".download", ".tmp", ".aria2", ".ytdl", ".incomplete"}
_ONLY_SOUND = "sound without a picture"
SOUND_ENDINGS = (".wav", ".flac", ".mp3", ".m4a", ".ogg", ".opus", ".aac", ".aif", ".aiff", ".wma")
"""Of sound files that may lie beside a video and take the place of its own sound."""

_MOST_NAMES = 3
_MOST_LETTERS = 60
_LONGEST_NAME = 1024


@dataclass(frozen=True)
class VideoFolder:
    """``videos``: sorted, with '/' between folders. ``passed_over``: sentences about the other files."""

    videos: list[str]
    passed_over: list[str]


def look_into(folder: Path, *, with_sounds: bool = False) -> VideoFolder:
    """The videos in ``folder`` and the folders in it; hidden ones are passed over, and what lies beside videos.

    ``with_sounds``: a sound file with the name of a video belongs to it, and is none of the others. Links to videos are
    followed, links to folders are not. Raises BadInput when there is no folder or no video, StudioError when it must
    not be read.
    """
    if not folder.is_dir():
        raise BadInput(f"There is no folder {folder}: choose the folder with your videos.")
    videos: list[str] = []
    others: defaultdict[str, list[str]] = defaultdict(list)
    for name, reason in _files(folder):
        if reason:
            others[reason].append(name)
        else:
            videos.append(name)
    if with_sounds:
        own = {str(PurePosixPath(name).with_suffix("")) for name in videos if not _is_sound(name)}
        videos = [name for name in videos if not _belongs(name, own)]
        others[_ONLY_SOUND] = [name for name in others[_ONLY_SOUND] if not _belongs(name, own)]
    passed_over = [_sentence(reason, sorted(names)) for reason, names in sorted(others.items()) if names]
    if not videos:
        endings = "MP4, MOV, MKV, WebM, AVI, MPEG, WMV, FLV or GIF"
        said = " ".join(["", *passed_over])
        raise BadInput(f"There is no video in {folder}: choose a folder with {endings} files.{said}"[:2000])
    return VideoFolder(sorted(videos), passed_over)


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file that may be meant as footage, and why it is none; an empty reason for a video."""
    for place, folders, names in os.walk(folder, onerror=_refuse):
        below = PurePosixPath(Path(place).relative_to(folder).as_posix())
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from ((f"{below / name}", "a link to a folder") for name in folders if (Path(place) / name).is_symlink())
        for name in names:
            reason = _reason(Path(place) / name)
            if reason is not None:
                yield str(below / name), reason or _name_problem(str(below / name))


def _reason(path: Path) -> str | None:
    """Why a file is not fed; empty for a video, None where nobody expects one."""
    ending = path.suffix.lower()
    if path.name.startswith(".") or ending in _BESIDE:
        return None
    if ending in VIDEO_ENDINGS:
        return ""
    if ending in _UNFINISHED:
        return "an unfinished download"
    try:
        head = read_head(path)
    except BadInput:
        return "not to be read"
    demuxer = sniff(head)
    if demuxer is None:
        return what_it_is(head)
    return "" if has_pictures(demuxer) else _ONLY_SOUND


def _is_sound(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in SOUND_ENDINGS


def _belongs(name: str, videos: Collection[str]) -> bool:
    """Whether a sound file has the name of one of the ``videos``, which are given without their endings."""
    return _is_sound(name) and str(PurePosixPath(name).with_suffix("")) in videos


def _name_problem(name: str) -> str:
    """Why a video cannot be listed by its name; empty when it can."""
    if "\\" in name or any(ord(letter) < 32 for letter in name):
        return "named with a backslash or a line break: rename it"
    if len(name) > _LONGEST_NAME:
        return "too deep in folders: move it up"
    return "" if _printable(name) == name else "named in letters that are not Unicode: rename it"


def _printable(name: str) -> str:
    return name.encode("utf-8", "replace").decode()


def _sentence(reason: str, names: list[str]) -> str:
    shown = ", ".join(f'"{_printable(name)[-_MOST_LETTERS:]}"' for name in names[:_MOST_NAMES])
    more = f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
    if len(names) == 1:
        return f"Passed over: {shown} is {reason}."
    return f"Passed over: {shown}{more}; each is {reason}."


def _refuse(error: OSError) -> None:
    raise from_os_error(error, Path(os.fsdecode(error.filename or ""))) from error
