"""What a test film from the footage follows: the sound or the skeleton of its clip, for as long as the film lasts."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from svi_studio.disk.atomic import atomic_write, plain_errors
from svi_studio.domain.film.advance import runs_in_film_time
from svi_studio.domain.film.family import FamilyProfile, family
from svi_studio.domain.film.sound_time import SAMPLE_RATE
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.poses.skeleton import Skeleton
from svi_studio.domain.takes.job import ClipInput
from svi_studio.media.poses.skeleton_file import skeleton_bytes
from svi_studio.media.sounds.sound_store import ready_sound

if TYPE_CHECKING:
    from svi_studio.domain.training.recipe import TrainingRecipe
    from trainer.dataset.clip_source import ClipSource, SoundSource

_CANVAS = 576  # pixels of the short side that a skeleton is laid on: drawn there, its lines are as thick as in training


def film_frames(clips: int, num_frames: int, profile: FamilyProfile) -> int:
    """Frames of a film of one chain of `clips`, those of its last clip included."""
    return (clips - 1) * (num_frames - profile.trimmed_frames) + num_frames


def clip_inputs(
    clip: ClipSource, count: int, number: int, recipe: TrainingRecipe, folder: Path
) -> tuple[tuple[ClipInput, ...], ...]:
    """What each of the `count` clips of the film `number` follows, after `clip`; the files are written into `folder`.

    Empty where its family follows nothing. Raises StudioError when the sound or the skeleton cannot be read.
    """
    profile = family(recipe.family)
    frames = film_frames(count, recipe.num_frames, profile)
    files: dict[InputKind, tuple[str, bytes]] = {}
    if clip.sound is not None:
        files[InputKind.SOUND] = (f"sound-{number}.flac", _sound(clip.sound, frames, recipe.fps))
    if clip.skeleton is not None:
        skeleton = on_film(there_and_back(clip.skeleton.fed(), frames), recipe.width, recipe.height)
        files[InputKind.SKELETON] = (f"skeleton-{number}.npz", skeleton_bytes(skeleton, npz=True))
    hashes = {name: _kept(folder / name, content) for name, content in files.values()}
    step = recipe.num_frames - profile.trimmed_frames
    return tuple(
        tuple(
            ClipInput(
                kind=kind,
                file=name,
                sha256=hashes[name],
                first_frame=run.first,
                num_frames=min(run.frames, frames - run.first),
                at=run.at,
                fps=recipe.fps,
            )
            for kind, (name, _) in files.items()
            for run in runs_in_film_time(kind, k * step, recipe.num_frames)
        )
        for k in range(count)
    )


def there_and_back(skeleton: Skeleton, frames: int) -> Skeleton:
    """`frames` frames: the movement, then the same backwards, and so on, so that nothing jumps."""
    last = skeleton.num_frames - 1
    way = np.arange(frames) % max(2 * last, 1)
    order = np.minimum(way, 2 * last - way)
    parts = {name: points[order] for name, points in skeleton.parts.items()}
    return skeleton.with_parts(parts, remarks=())


def on_film(skeleton: Skeleton, width: int, height: int) -> Skeleton:
    """The skeleton on a canvas of the film's shape, stretched to it as its clip's pictures are."""
    factor = _CANVAS / min(width, height)
    wide, high = round(width * factor), round(height * factor)
    scale = np.array((wide / skeleton.width, high / skeleton.height, 1), np.float32)
    parts = {name: points * scale for name, points in skeleton.parts.items()}
    return skeleton.with_parts(parts, width=wide, height=high)


def _sound(source: SoundSource, frames: int, fps: float) -> bytes:
    """The sound from the clip's beginning on, from there again where it ends, as FLAC."""
    import soundfile  # noqa: PLC0415 - only where there is sound

    first, count = round(source.first * SAMPLE_RATE / fps), round(frames * SAMPLE_RATE / fps)
    with ready_sound(source.file) as sound:
        there = max(1, min(count, sound.samples - first))
        samples = sound.read(first, there)
    samples = np.resize(samples, (count, 2)) if there < count else samples
    content = BytesIO()
    soundfile.write(content, np.clip(samples, -1, 1), SAMPLE_RATE, format="FLAC", subtype="PCM_16")
    return content.getvalue()


def _kept(path: Path, content: bytes) -> str:
    with plain_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
    atomic_write(path, content)
    return hashlib.sha256(content).hexdigest()
