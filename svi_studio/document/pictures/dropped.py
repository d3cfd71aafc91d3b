"""What was dropped on a window: pictures, sounds, a film, or something of no use here, which is said in a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QCoreApplication, QMimeData

from svi_studio.document.pictures.picture_files import is_picture
from svi_studio.document.pictures.video_files import is_video
from svi_studio.domain.text.file_endings import PROMPT_ENDINGS, SOUND_ENDINGS
from svi_studio.media.pictures.kinds import kind_words

_FILMS = (".svi", ".json")
_WEIGHTS = (".safetensors", ".sft", ".gguf", ".ckpt", ".pt", ".pth", ".bin")


@dataclass(frozen=True, slots=True)
class Dropped:
    """``film``: open ``paths[0]``. ``prompts``: read them from it. ``pictures``: use them. ``video``: go on from it.

    ``sounds`` go under a film; ``sentence`` says so where none is open. ``weights``: say what the file is.
    ``nothing``: ``sentence`` says why, and what can be done instead.
    """

    kind: Literal["film", "prompts", "pictures", "video", "sounds", "weights", "nothing"]
    paths: tuple[Path, ...] = ()
    sentence: str = ""


def dropped_paths(mime: QMimeData) -> list[Path]:
    """Returns the local files and folders among what is being dropped."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


def tell_kind(paths: Sequence[Path]) -> Dropped:
    """Judges by names only, so that it can be called for every move of the mouse; the content is checked later."""
    if not paths:
        return Dropped("nothing", sentence=_text("Only files from this computer can be dropped here."))
    films = [path for path in paths if path.suffix.lower() in _FILMS]
    if films:
        return Dropped("film", (films[0],))
    ending = paths[0].suffix.lower() if len(paths) == 1 else ""
    if ending in PROMPT_ENDINGS or ending in _WEIGHTS:
        return Dropped("prompts" if ending in PROMPT_ENDINGS else "weights", tuple(paths))
    if all(path.suffix.lower() in SOUND_ENDINGS for path in paths):
        words = _text("“{name}” is a sound: open a film, and drop it there.")
        return Dropped("sounds", tuple(paths), words.format(name=_short(paths[0].name)))
    if len(paths) == 1 and is_video(paths[0]):
        return Dropped("video", (paths[0],))
    pictures = tuple(path for path in paths if is_picture(path))
    return Dropped("pictures", pictures) if len(pictures) == len(paths) else _useless(paths)


def _useless(paths: Sequence[Path]) -> Dropped:
    """Names the first stranger, and says what can be done instead."""
    videos = [path for path in paths if is_video(path)]
    if videos:
        words = _text(
            "“{name}” is a video. A film goes on from one video: drop that alone. "
            "To teach the model how your videos look, use File > Train a LoRA."
        )
        return Dropped("nothing", sentence=words.format(name=_short(videos[0].name)))
    stranger = next(path for path in paths if not is_picture(path))
    sentence = _text(
        "“{name}” is nothing that can be used here: drop a picture ({kinds}), a sound, prompts, a storyboard or a film."
    )
    return Dropped("nothing", sentence=sentence.format(name=_short(stranger.name), kinds=kind_words()))


def _short(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:40]}…{name[-15:]}"


def _text(words: str) -> str:
    return QCoreApplication.translate("Dropped", words)
