"""Looks through a folder of videos and writes what a training is fed: footage.json and its pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from svi_studio.disk.atomic import plain_errors, remove_leftovers
from svi_studio.disk.publish import remove
from svi_studio.domain.errors import BadInput
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.training.events import FootageReady, PreparationStage, Preparing, Tell
from svi_studio.domain.training.footage import FOOTAGE_FILE, Footage, FootageClip, NotUsed, Reason
from svi_studio.domain.value import with_fields
from svi_studio.media.footage_file import write_footage
from svi_studio.media.poses.tracking.finders import finding_missing
from trainer.footage.captions.captions import Captions
from trainer.footage.clips.duplicates import Known
from trainer.footage.inputs.skeletons import has_pose_file
from trainer.footage.processes.earlier import Earlier
from trainer.footage.processes.examiner import ANALYSES, PICTURES, Examiner, Seen
from trainer.footage.processes.posters import is_written, picture_files, picture_name
from trainer.footage.remarks import remarks
from trainer.footage.videos.shape import Shape
from trainer.footage.videos.video_folder import look_into, shown


def scan(folder: Path, shape: Shape, run: Path, tell: Tell) -> Footage:
    """Cuts every video below ``folder`` into clips of ``shape`` and writes ``footage.json`` into the folder ``run``.

    What people said in an earlier scan stays. A video that cannot be read is a clip that is left out. Raises BadInput
    when there is no folder or no video in it, DiskFull or StudioError when nothing can be written; then the earlier
    ``footage.json`` is as it was, and the next scan goes on where this one ended.
    """
    folder = folder.absolute()
    with_sounds, with_pictures = InputKind.SOUND in shape.needs, shape.stills == "held"
    found, earlier = look_into(folder, with_sounds=with_sounds, with_pictures=with_pictures), Earlier.of(run)
    videos, captions = found.videos, Captions.beside(folder, found.videos)
    _make_folders(run)
    _check_finding(folder, videos, shape)
    progress = _Progress(tell, len(videos))
    with Examiner(folder, shape, run, progress.looking) as examiner:
        clips: list[FootageClip] = []
        problems: list[str] = []
        known = Known()
        coming = examiner.look_at(videos, earlier)
        for index, source in enumerate(videos):
            progress.at(index, source)
            seen = next(coming)
            problems += [seen.problem] if seen.problem else []
            clips += [_captioned(clip, captions) for clip in _without_repeats(seen, known)]
    clips = [_with_pictures(clip, shape, run) for clip in _each_id_once(clips)]
    problems = [
        *remarks(clips, misses_captions=not shape.footage.caption),
        *captions.problems(),
        *problems,
        *found.passed_over,
    ]
    footage = _footage(folder, shape, clips, problems, found.not_used({*captions.read, *_poses(clips)}))
    write_footage(run, footage)
    _remove_old_pictures(run, footage)
    left_out = sum(not clip.is_used for clip in clips)
    tell(FootageReady(run / FOOTAGE_FILE, len(clips), left_out))
    return footage


class _Progress:
    """Tells which video is waited for, and how quickly people are found."""

    def __init__(self, tell: Tell, total: int) -> None:
        self._tell, self._total, self._done = tell, total, 0

    def at(self, index: int, source: str) -> None:
        self._done = index
        self._tell(Preparing(PreparationStage.FOOTAGE, index, self._total, source))

    def looking(self, source: str, rate: float) -> None:
        name = f"{source}, {rate:.1f} frames a second"
        self._tell(Preparing(PreparationStage.SKELETON, self._done, self._total, name))


def _check_finding(folder: Path, videos: Sequence[str], shape: Shape) -> None:
    """Raises BadInput when people are to be found and this computer cannot do that."""
    if InputKind.SKELETON not in shape.needs:
        return
    bare = [name for name in videos if not has_pose_file(folder / name)]
    if bare and (missing := finding_missing()):
        raise BadInput(f'{missing} Or put a skeleton file beside each video: "{bare[0]}" has none.')


def _make_folders(run: Path) -> None:
    """Makes the folders of what is seen; what a scan that was ended left half written goes."""
    with plain_errors(run):
        (run / ANALYSES).mkdir(parents=True, exist_ok=True)
    for folder in (run, run / PICTURES, run / ANALYSES):
        remove_leftovers(folder)


def _without_repeats(seen: Seen, known: Known) -> list[FootageClip]:
    """The video's clips; one that shows the same as an earlier one is left out, whoever was found at fault first."""
    clips = []
    for clip, look in zip(seen.clips, seen.looks, strict=True):
        original = known.find(look) if look is not None and clip.left_out is None else None
        if original is not None:
            detail = f"It shows the same as {original}."[:500]
            clip = with_fields(clip, {"left_out": Reason.DUPLICATE, "detail": detail})  # noqa: PLW2901
        elif look is not None:
            known.add(f"{clip.source} at {clip.start:.1f} seconds", look)
        clips.append(clip)
    return clips


def _captioned(clip: FootageClip, captions: Captions) -> FootageClip:
    if clip.caption_from == "typed":
        return clip
    caption = captions.of(clip.source)
    if clip.caption_from == "model" and not caption.text:
        return clip
    file = shown(caption.file)
    return with_fields(clip, {"caption": caption.text, "caption_from": caption.source, "caption_file": file})


def _each_id_once(clips: Sequence[FootageClip]) -> list[FootageClip]:
    """A file that lies there twice has the same ids twice: the later ones get a number."""
    times: Counter[str] = Counter()
    named = []
    for clip in clips:
        times[clip.id] += 1
        count = times[clip.id]
        named.append(clip if count == 1 else with_fields(clip, {"id": f"{clip.id}-{count}"}))
    return named


def _with_pictures(clip: FootageClip, shape: Shape, run: Path) -> FootageClip:
    """Names the pictures that were written; a clip without any has a video that could not be read again."""
    poster, strip = picture_files(picture_name(clip, shape.fitted(clip.width, clip.height)))
    if not is_written(run / PICTURES / poster):
        return clip
    return with_fields(clip, {"poster": f"{PICTURES}/{poster}", "strip": f"{PICTURES}/{strip}"})


def _poses(clips: Sequence[FootageClip]) -> set[str]:
    """The pose files that skeletons are from."""
    return {clip.skeleton.source for clip in clips if clip.skeleton is not None}


def _footage(
    folder: Path,
    shape: Shape,
    clips: Sequence[FootageClip],
    problems: Sequence[str],
    not_used: tuple[NotUsed, ...],
) -> Footage:
    return Footage(
        folder=str(folder),
        num_frames=shape.num_frames,
        fps=shape.fps,
        width=shape.width,
        height=shape.height,
        clips=tuple(clips),
        problems=tuple(problems[:1000]),
        needs=shape.needs,
        not_used=not_used,
        shapes=shape.shapes,
        stills=shape.stills,
    )


def _remove_old_pictures(run: Path, footage: Footage) -> None:
    wanted = {Path(name).name for clip in footage.clips for name in (clip.poster, clip.strip)}
    for path in (run / PICTURES).glob("*.jpg"):
        if path.name not in wanted:
            remove(path)
