"""Looks through a folder of videos and writes what a training is fed: footage.json and its pictures."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from svi_studio.domain.errors import BadInput
from svi_studio.domain.footage import Footage, FootageClip
from svi_studio.domain.training_events import FootageReady, Preparing, Stage, TrainingEvent
from svi_studio.domain.value import with_fields
from svi_studio.media.footage_file import write_footage
from trainer.footage.analysis import analyse
from trainer.footage.captions import Captions, read_table
from trainer.footage.catalogue import clips_of, unreadable
from trainer.footage.conform import Shape, crop_box, read_at, sample_times
from trainer.footage.fingerprint import fingerprint
from trainer.footage.posters import write_pictures
from trainer.dataset.crop import cut_out

ENDINGS = (".mp4", ".mov", ".mkv", ".webm")
PICTURES = "footage"


def scan(folder: Path, shape: Shape, run: Path, tell: Callable[[TrainingEvent], None]) -> Footage:
    """Cut every video below ``folder`` into clips of ``shape`` and write ``footage.json`` into ``run``.

    Raises BadInput when there is no folder or no video in it, DiskFull or StudioError when nothing can be written. A
    video that cannot be read is a clip that is left out.
    """
    folder = folder.absolute()
    videos = find_videos(folder)
    captions, problems = _captions(folder)
    (run / PICTURES).mkdir(parents=True, exist_ok=True)
    clips: list[FootageClip] = []
    for index, source in enumerate(videos):
        tell(Preparing(Stage.FOOTAGE, index, len(videos), source))
        found = _look_at(folder, source, shape)
        clips += [_shown(folder, _captioned(clip, captions), shape, run) for clip in found]
    footage = Footage(
        folder=str(folder),
        num_frames=shape.num_frames,
        fps=shape.fps,
        width=shape.width,
        height=shape.height,
        clips=tuple(clips),
        problems=tuple(problems),
    )
    write_footage(run, footage)
    left_out = sum(not clip.is_used for clip in footage.clips)
    tell(FootageReady(run / "footage.json", len(footage.clips), left_out))
    return footage


def find_videos(folder: Path) -> list[str]:
    """The videos below ``folder`` by name, sorted, with '/' between folders; hidden ones are passed over.

    Raises BadInput when there is no folder or no video.
    """
    if not folder.is_dir():
        raise BadInput(f"There is no folder {folder}: choose the folder with your videos.")
    found = [
        (Path(place) / name).relative_to(folder).as_posix()
        for place, folders, names in os.walk(folder)
        for name in names
        if not folders.sort() and name.lower().endswith(ENDINGS) and not name.startswith(".")
    ]
    if not found:
        raise BadInput(f"There is no video in {folder}: choose a folder with .mp4, .mov, .mkv or .webm files.")
    return sorted(found)


def _captions(folder: Path) -> tuple[Captions, list[str]]:
    try:
        return Captions(folder, read_table(folder)), []
    except BadInput as error:
        return Captions(folder, {}), [str(error)]


def _captioned(clip: FootageClip, captions: Captions) -> FootageClip:
    caption = captions.of(clip.source)
    return with_fields(clip, {"caption": caption.text, "caption_from": caption.source})


def _look_at(folder: Path, source: str, shape: Shape) -> list[FootageClip]:
    path = folder / source
    mark = fingerprint(path)
    try:
        return clips_of(source, mark, analyse(path), shape)
    except BadInput as error:
        return [unreadable(source, mark, str(error))]


def _shown(folder: Path, clip: FootageClip, shape: Shape, run: Path) -> FootageClip:
    if not clip.seconds:
        return clip
    size = (shape.width, shape.height)
    count = max(1, min(shape.num_frames, int(clip.seconds * shape.fps)))
    pictures = read_at(folder / clip.source, sample_times(clip.start, count, shape.fps))
    poster, strip = write_pictures(cut_out(pictures, crop_box(clip, size), size), run / PICTURES, clip.id)
    return with_fields(clip, {"poster": f"{PICTURES}/{poster}", "strip": f"{PICTURES}/{strip}"})
