"""Which clips of a footage a training learns from and which it holds out, kept in its folder so that none changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from svi_studio.disk.atomic import atomic_write
from svi_studio.disk.plain_file import read_plain
from svi_studio.domain.errors import from_os_error
from svi_studio.domain.training.footage import Footage, used_clips
from svi_studio.domain.training.held_out import (
    HELD_OUT_FILE,
    MAX_HELD_OUT_BYTES,
    NOTHING_HELD_OUT,
    HeldOut,
    choose_held_out,
    read_held_out,
)
from trainer.dataset.from_footage import clip_source

if TYPE_CHECKING:
    from svi_studio.domain.film.model_card import SkeletonResize
    from svi_studio.domain.training.footage import FootageClip
    from svi_studio.domain.training.recipe import TrainingRecipe
    from trainer.dataset.clip_source import ClipSource
    from trainer.footage.videos.two_clips import Span


class ClipSets(NamedTuple):
    """Clips to learn from, and those that are `held_out`, which may be none."""

    learned: tuple[ClipSource, ...]
    held_out: tuple[ClipSource, ...]

    @property
    def shown(self) -> tuple[ClipSource, ...]:
        """The clips that test films begin with: those held out, where there are any."""
        return self.held_out or self.learned


def clip_sets(
    footage: Footage, recipe: TrainingRecipe, run: Path, resize: SkeletonResize = "nearest", *, keep: bool = False
) -> ClipSets:
    """The clips of `footage` that are used, in order, conformed to `recipe`; `run` is the folder of `footage.json`.

    `resize` is how the model's drawn skeletons come to its size. No frame of a clip that is held out is learned from,
    an anchor of another clip of its scene neither. With `keep` the choice is written into `run`, and holds for good.
    Raises BadInput when there is no clip, StudioError when an earlier choice cannot be read.
    """
    clips = used_clips(footage)
    held = frozenset(_chosen(footage, recipe, run, keep=keep).held_out) if recipe.data.held_out else frozenset()
    spared = _spans(clip for clip in footage.clips if clip.id in held)
    learned, held_out = [], []
    for clip in clips:
        if clip.id in held:
            held_out.append(clip_source(clip, recipe, run, resize))
        else:
            source = clip_source(clip, recipe, run, resize, spared.get(clip.fingerprint, ()))
            learned.append(replace(source, is_learned=True))
    return ClipSets(tuple(learned), tuple(held_out))


def _spans(clips: Iterable[FootageClip]) -> dict[str, list[Span]]:
    """Where `clips` lie, by the fingerprints of their videos; in order."""
    found: dict[str, list[Span]] = {}
    for clip in sorted(clips, key=lambda clip: clip.start):
        found.setdefault(clip.fingerprint, []).append((clip.start, clip.start + clip.seconds))
    return found


def _chosen(footage: Footage, recipe: TrainingRecipe, run: Path, *, keep: bool) -> HeldOut:
    file = run / HELD_OUT_FILE
    before = _before(file)
    chosen = choose_held_out(used_clips(footage), recipe.data.held_out, before)
    if keep and (chosen != before or not file.exists()):
        atomic_write(file, chosen.model_dump_json().encode())
    return chosen


def _before(file: Path) -> HeldOut:
    try:
        return read_held_out(read_plain(file, MAX_HELD_OUT_BYTES))
    except FileNotFoundError:
        return NOTHING_HELD_OUT
    except OSError as error:
        raise from_os_error(error, file) from error
