"""Where a film uses one of its files, in words for people who look for it."""

from PySide6.QtCore import QCoreApplication

from svi_studio.domain.editing.film_files import named_pieces
from svi_studio.domain.film.storyboard import Clip, Storyboard
from svi_studio.domain.film.track import InputKind

translate = QCoreApplication.translate


def place_words(board: Storyboard, name: str) -> str:
    """Where ``board`` uses the file ``name``; empty when it does not."""
    if name == board.reference_image:
        return translate("FilePlace", "Start picture of the film")
    if any(name == use.file for use in board.loras):
        return translate("FilePlace", "LoRA of the film")
    numbers = [number for number, clip in enumerate(board.clips, start=1) if clip.image == name]
    if len(numbers) == 1:
        return translate("FilePlace", "Picture of clip {number}").format(number=numbers[0])
    if numbers:
        words = translate("FilePlace", "Picture of {count} clips, the first is clip {number}")
        return words.format(count=len(numbers), number=numbers[0])
    return _in_clips(board, name) or _in_tracks(board, name)


def _in_clips(board: Storyboard, name: str) -> str:
    found = ((number, words) for number, clip in enumerate(board.clips, start=1) if (words := _in_clip(clip, name)))
    return next((words.format(number=number) for number, words in found), "")


def _in_clip(clip: Clip, name: str) -> str:
    if name == clip.end_image:
        return translate("FilePlace", "End picture of clip {number}")
    if name == clip.start_video:
        return translate("FilePlace", "Video that clip {number} goes on from")
    is_lora = any(name == use.file for use in clip.loras)
    return translate("FilePlace", "LoRA of clip {number}") if is_lora else ""


def _in_tracks(board: Storyboard, name: str) -> str:
    tracks = {
        InputKind.SOUND: translate("FilePlace", "Sound of the film"),
        InputKind.SKELETON: translate("FilePlace", "Skeleton of the film"),
    }
    return next((words for kind, words in tracks.items() if name in named_pieces(board, kind)), "")
