"""The videos of a folder, told by their content, and a word for every other file that somebody may miss."""

import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from svi_studio.domain.errors import BadInput, Refused, StudioError, from_os_error
from svi_studio.domain.text.file_endings import VIDEO_ENDINGS
from svi_studio.domain.text.visible_text import visible
from svi_studio.domain.training.footage import PASSED_OVER, Footage, NotUsed
from svi_studio.media.demuxers import A_PICTURE, has_pictures, read_head, sniff, what_it_is
from svi_studio.media.pictures.moving import is_single_gif, moves

_CAPTIONS = {
    ".txt": "a text, and no video has its name",
    ".caption": "a caption, and no video has its name",
    **dict.fromkeys((".csv", ".tsv", ".json", ".jsonl"), "no table of captions of these videos"),
}
_NOTES = {".yaml", ".yml", ".toml", ".md", ".nfo", ".url", ".xml", ".xmp", ".html", ".log", ".ini", ".db", ".lnk"}
_NOTES |= {".srt", ".vtt", ".ass", ".ssa", ".sbv", ".sub", ".idx", ".lrc"}
_NOTES |= {".thm", ".lrv", ".npz", ".npy", ".safetensors", ".pt"}
"""Subtitles, notes and what cameras and programs leave beside videos: nobody takes them for footage."""

_DOCUMENTS = {".doc", ".docx", ".odt", ".rtf", ".xls", ".xlsx", ".ods", ".ppt", ".pptx", ".odp", ".pages", ".key"}

_UNFINISHED = {".part", ".crdownload", ".download", ".tmp", ".aria2", ".ytdl", ".incomplete"}
_ONLY_SOUND = "sound without a picture"
_NOTE = "a note or a file of another program"
_A_MOVING_PICTURE = "a picture that moves: save it as a video"
_KINDS = "MP4, MOV, MKV, WebM, AVI, MPEG, WMV, FLV or GIF"
_MOST_OTHERS = 10_000
SOUND_ENDINGS = (".wav", ".flac", ".mp3", ".m4a", ".ogg", ".opus", ".aac", ".aif", ".aiff", ".wma")
"""Of sound files that may lie beside a video and take the place of its own sound."""

_PICTURES = (A_PICTURE, _A_MOVING_PICTURE)
_GIF = ".gif"
_MOST_NAMES = 3
_MOST_LETTERS = 60
_LONGEST_NAME = 1024
_LONGEST_SHOWN = 2048


@dataclass(frozen=True)
class VideoFolder:
    """``videos``: sorted, with '/' between folders. ``passed_over``: sentences about files that somebody may miss.

    ``others``: every file but the videos and what is hidden, with the words for it after "it is". A text or a table of
    captions is among them too, as nobody has looked into it yet.
    """

    videos: list[str]
    passed_over: list[str]
    others: dict[str, str] = field(default_factory=dict)

    def not_used(self, used: Collection[str]) -> tuple[NotUsed, ...]:
        """Every file but the videos and those in ``used``, such as captions, in the order of their names."""
        left = sorted(name for name in self.others if name not in used)
        return tuple(NotUsed(name=shown(name), why=self.others[name]) for name in left[:_MOST_OTHERS])


def look_into(folder: Path, *, with_sounds: bool = False, with_pictures: bool = False) -> VideoFolder:
    """The videos in ``folder`` and the folders in it; hidden ones are passed over, and what lies beside videos.

    ``with_sounds``: a sound file with the name of a video belongs to it, and is none of the others.
    ``with_pictures``: pictures are taken for videos, too, and one that moves is named. Links to videos are
    followed, links to folders are not. Raises BadInput when there is no folder or no video, StudioError when it must
    not be read.
    """
    if not folder.is_dir():
        raise BadInput(f"There is no folder {folder}: choose the folder with your videos.")
    reasons = dict(_files(folder))
    moving = sorted(name for name, reason in reasons.items() if with_pictures and reason == _A_MOVING_PICTURE)
    if with_pictures:
        reasons = {name: _name_problem(name) if reason in _PICTURES else reason for name, reason in reasons.items()}
    videos = [name for name, reason in reasons.items() if not reason]
    if with_sounds:
        own = {str(PurePosixPath(name).with_suffix("")) for name in videos if not _is_sound(name)}
        reasons = {name: reason for name, reason in reasons.items() if not _belongs(name, own)}
        videos = [name for name in videos if name in reasons]
    others = {name: reason for name, reason in reasons.items() if reason}
    passed_over = [*map(_only_still, moving), *_sentences(others)]
    if not videos:
        said = " ".join(["", *passed_over])
        raise BadInput(f"There is no video in {folder}: choose a folder with {_KINDS} files.{said}"[:2000])
    return VideoFolder(sorted(videos), passed_over, others)


def came_since(folder: Path, footage: Footage) -> int:
    """How many videos, or pictures where they are used, lie in ``folder`` and did not when ``footage`` was read of it.

    Nothing is decoded; a folder that cannot be read has none.
    """
    known = {clip.source for clip in footage.clips} | {file.name for file in footage.not_used}
    new = {"", *(_PICTURES if footage.stills == "held" else ())}
    with suppress(StudioError):
        return sum(reason in new for _, reason in _files(folder, known))
    return 0


def _files(folder: Path, known: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """Every file that is not hidden nor ``known``, and why it is no video; an empty reason for a video."""
    for place, folders, names in os.walk(folder, onerror=_refuse):
        below = PurePosixPath(Path(place).relative_to(folder).as_posix())
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from ((f"{below / name}", "a link to a folder") for name in folders if (Path(place) / name).is_symlink())
        for name in (str(below / name) for name in names if not name.startswith(".")):
            if name not in known and shown(name) not in known:
                yield name, _reason(folder / name) or _name_problem(name)


def _reason(path: Path) -> str:
    """Why a file is not fed, after "it is"; empty for a video."""
    ending = path.suffix.lower()
    if ending in VIDEO_ENDINGS:
        return A_PICTURE if ending == _GIF and _told_by(is_single_gif, path) else ""
    if ending in _NOTES:
        return _NOTE
    if ending in _CAPTIONS:
        return _CAPTIONS[ending]
    if ending in _DOCUMENTS:
        return "a document, not a video"
    if ending in _UNFINISHED:
        return "an unfinished download"
    try:
        head = read_head(path)
    except BadInput:
        return "not to be read"
    demuxer = sniff(head)
    if demuxer is None:
        words = what_it_is(head)
        return _A_MOVING_PICTURE if words == A_PICTURE and _told_by(moves, path) else words
    if demuxer == "gif" and _told_by(is_single_gif, path):
        return A_PICTURE
    return "" if has_pictures(demuxer) else _ONLY_SOUND


def _told_by(test: Callable[[Path], bool], path: Path) -> bool:
    """What ``test`` says of a file; False for one that cannot be read, which is said when it is opened."""
    try:
        return test(path)
    except (OSError, Refused):
        return False


def _only_still(name: str) -> str:
    return f'"{shown(name)[-_MOST_LETTERS:]}" moves; only its first picture is used: save it as a video.'


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
    return "" if _is_unicode(name) else "named in letters that are not Unicode: rename it"


def _is_unicode(name: str) -> bool:
    return name.encode("utf-8", "replace").decode() == name


def shown(name: str) -> str:
    """A name as it can be shown and saved: on one line, without halves of characters."""
    return visible(" ".join(name.splitlines()))[-_LONGEST_SHOWN:]


def _sentences(others: Mapping[str, str]) -> list[str]:
    """One for each reason, with a few of the names; none for what nobody takes for a video."""
    by_reason: defaultdict[str, list[str]] = defaultdict(list)
    for name, reason in others.items():
        by_reason[reason].append(name)
    quiet = {_NOTE, *_CAPTIONS.values()}
    return [_sentence(reason, sorted(names)) for reason, names in sorted(by_reason.items()) if reason not in quiet]


def _sentence(reason: str, names: list[str]) -> str:
    said = ", ".join(f'"{shown(name)[-_MOST_LETTERS:]}"' for name in names[:_MOST_NAMES])
    more = f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
    if len(names) == 1:
        return f"{PASSED_OVER}{said} is {reason}."
    return f"{PASSED_OVER}{said}{more}; each is {reason}."


def _refuse(error: OSError) -> None:
    raise from_os_error(error, Path(os.fsdecode(error.filename or ""))) from error
