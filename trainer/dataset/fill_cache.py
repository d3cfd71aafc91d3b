"""Encodes what a training needs and the cache lacks, one network after the other, and lets go of the networks."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch

from svi_studio.domain.errors import Stopped
from svi_studio.domain.training.events import PreparationStage, Preparing, Tell
from trainer.dataset.clip_source import ClipSource
from trainer.dataset.encode_clip import encoded
from trainer.dataset.encoders import PictureEncoders, TextEncoder
from trainer.dataset.latent_cache import SOUND, TEXT, LatentCache
from trainer.dataset.packed import packed
from trainer.dataset.sound_encoder import SoundEncoder

T = TypeVar("T")
Piece = tuple[ClipSource, int]
"""A clip and the number of one of its variants."""


@dataclass(frozen=True)
class Share:
    """The part of the work that this process does: every `count`-th piece from number `rank`."""

    rank: int = 0
    count: int = 1


ALONE = Share()


@dataclass(frozen=True)
class CacheFiller:
    """Fills `cache` for one training; `tell` hears of every piece, `should_stop` is asked before each.

    `words` is everything that is said in the training; None = the captions of the clips.
    """

    cache: LatentCache
    clips: Sequence[ClipSource]
    variants: int
    share: Share
    tell: Tell
    should_stop: Callable[[], bool]
    words: Sequence[str] | None = None

    def fill(
        self,
        load_text: Callable[[], TextEncoder],
        load_pictures: Callable[[], PictureEncoders],
        load_sounds: Callable[[], SoundEncoder],
    ) -> None:
        """Encodes what is missing. Networks are loaded only if needed, one kind at a time, and gone afterwards.

        Raises Stopped, DiskFull, BadWeights, or what a clip's `frames` raises; finished pieces stay.
        """
        captions, pieces = self._missing_captions(), self._missing_pieces()
        sounds, skeletons = self._missing_sounds(), self._missing_skeletons()
        total = len(captions) + len(sounds) + len(skeletons) + len(pieces)
        for missing, encode in (
            (captions, lambda: self._encode_captions(captions, load_text, total)),
            (sounds, lambda: self._encode_sounds(sounds, load_sounds, len(captions), total)),
            (skeletons, lambda: self._draw(skeletons, len(captions) + len(sounds), total)),
            (pieces, lambda: self._encode_pieces(pieces, load_pictures, total - len(pieces), total)),
        ):
            if missing:
                encode()
                release_memory()
        if total:
            self.tell(Preparing(PreparationStage.LATENTS, total, total))

    def fill_inputs(self, load_sounds: Callable[[], SoundEncoder]) -> None:
        """Encodes the sounds and draws the skeletons that are missing; raises as `fill` does."""
        sounds, skeletons = self._missing_sounds(), self._missing_skeletons()
        total = len(sounds) + len(skeletons)
        if sounds:
            self._encode_sounds(sounds, load_sounds, 0, total)
            release_memory()
        if skeletons:
            self._draw(skeletons, len(sounds), total)

    def _missing_captions(self) -> list[str]:
        words = [clip.caption for clip in self.clips] if self.words is None else self.words
        captions = sorted(set(words))
        return [each for each in self._mine(captions) if not self.cache.is_whole(self.cache.text_file(each))]

    def _missing_pieces(self) -> list[Piece]:
        pieces = [(clip, variant) for clip in self.clips for variant in range(self.variants)]
        return [piece for piece in self._mine(pieces) if not self.cache.is_whole(self.cache.clip_file(*piece))]

    def _missing_sounds(self) -> list[ClipSource]:
        """By file: the features of a file are computed once for all its clips."""
        mine = self._mine([clip for clip in self.clips if clip.sound is not None])
        files = {clip: self.cache.sound_file(clip.sound) for clip in mine if clip.sound is not None}
        missing = [clip for clip, file in files.items() if not self.cache.is_whole(file)]
        return sorted(missing, key=lambda clip: "" if clip.sound is None else clip.sound.content)

    def _missing_skeletons(self) -> list[ClipSource]:
        mine = self._mine([clip for clip in self.clips if clip.skeleton is not None])
        return [
            each for each in mine if each.skeleton and not self.cache.is_whole(self.cache.skeleton_file(each.skeleton))
        ]

    def _mine(self, pieces: list[T]) -> list[T]:
        return pieces[self.share.rank :: self.share.count]  # of all, missing or not: the others write meanwhile

    def _encode_captions(self, captions: Sequence[str], load: Callable[[], TextEncoder], total: int) -> None:
        self._step(0, total, captions[0])
        encode = load()
        where = "on the processor: " if encode.aside else ""
        for number, caption in enumerate(captions):
            self._step(number, total, f"{where}{caption}")
            self.cache.write(self.cache.text_file(caption), {TEXT: encode(caption)})

    def _encode_sounds(
        self, clips: Sequence[ClipSource], load: Callable[[], SoundEncoder], done: int, total: int
    ) -> None:
        self._step(done, total, clips[0].name)
        encode = load()
        for number, clip in enumerate(clips, done):
            self._step(number, total, clip.name)
            if clip.sound is not None:
                features = encode(clip.sound, clip.num_frames)
                self.cache.write(self.cache.sound_file(clip.sound), {SOUND: features})

    def _draw(self, clips: Sequence[ClipSource], done: int, total: int) -> None:
        for number, clip in enumerate(clips, done):
            self._step(number, total, clip.name)
            if clip.skeleton is not None:
                self.cache.write(self.cache.skeleton_file(clip.skeleton), packed(clip.skeleton.drawn()))

    def _encode_pieces(
        self, pieces: Sequence[Piece], load: Callable[[], PictureEncoders], done: int, total: int
    ) -> None:
        self._step(done, total, pieces[0][0].name)
        encoders = load()
        for number, (clip, variant) in enumerate(pieces, done):
            self._step(number, total, clip.name)
            path = self.cache.clip_file(clip, variant)
            self.cache.write(path, encoded(encoders, clip, variant, encoders.condition.kinds))
            if number == done:  # all are of about this size
                self.cache.check_room(path.stat().st_size * self.share.count * (len(pieces) - 1))

    def _step(self, done: int, total: int, name: str) -> None:
        if self.should_stop():
            raise Stopped("The training was stopped while its clips were encoded; those that are done stay.")
        self.tell(Preparing(PreparationStage.LATENTS, done, total, name))


def release_memory() -> None:
    """Gives the memory back of networks that nobody holds any more, the accelerator's too."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
