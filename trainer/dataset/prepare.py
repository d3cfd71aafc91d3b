"""From clips and a recipe to batches: fills the cache and lets go of the encoders, or encodes at every step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import distributed

from svi_studio.domain.film.family import FamilyProfile
from svi_studio.domain.training.events import PreparationStage, Preparing, Tell
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.weights.content_hash import parts_hash
from svi_studio.weights.model_folder import SOUND_ENCODER, TOKENIZER
from trainer.dataset.batches import CachedReader, LiveReader, SampleBatches, SampleReader
from trainer.dataset.clip_source import ClipSource
from trainer.dataset.condition import TrainingCondition
from trainer.dataset.degraded import DEGRADING, degraded
from trainer.dataset.draws import Draws
from trainer.dataset.encoders import COMPUTE_DTYPES, PictureEncoders, TextEncoder
from trainer.dataset.families import FamilyTraining, family_training
from trainer.dataset.fill_cache import ALONE, CacheFiller, Share
from trainer.dataset.latent_cache import LatentCache
from trainer.dataset.sound_encoder import SoundEncoder

T = TypeVar("T")


def _never() -> bool:
    return False


def _unless_usual(values: Sequence[T], usual: T) -> tuple[T, ...]:
    """The values, or none where all are the usual one: nothing is then looked up for each sample."""
    return () if all(value == usual for value in values) else tuple(values)


@dataclass(frozen=True)
class Dataset:
    """The data of one training: `clips` under `recipe`, encoded by the model in `model` (a folder) on `device`."""

    clips: Sequence[ClipSource]
    recipe: TrainingRecipe
    model: Path
    device: torch.device
    share: Share = ALONE

    @property
    def _family(self) -> tuple[FamilyProfile, FamilyTraining]:
        return family_training(self.recipe.family)

    @property
    def _condition(self) -> TrainingCondition:
        return TrainingCondition.of(self._family[0], self.recipe)

    @property
    def _dtype(self) -> torch.dtype:
        return COMPUTE_DTYPES[self.recipe.memory.base_precision]

    def batches(self, cache: Path, tell: Tell, should_stop: Callable[[], bool] = _never) -> SampleBatches:
        """Batches as the recipe wants them; `cache` is the folder of the cache.

        Raises Stopped, DiskFull, BadWeights, BadInput, or what a clip raises that cannot be read.
        """
        make = self.cached if self.recipe.data.cache else self.live
        return make(cache, tell, should_stop)

    def cached(
        self,
        folder: Path,
        tell: Tell,
        should_stop: Callable[[], bool] = _never,
        *,
        draws: Callable[[Draws], Draws] = lambda usual: usual,
    ) -> SampleBatches:
        """Batches from a cache that is filled first; no encoder is left in memory. `draws` may change what is drawn."""
        cache = self.fill(folder, tell, should_stop)
        if self.share.count == 1:
            cache.tidy()
        elif distributed.is_initialized():
            distributed.barrier()
            replace(self, share=ALONE).fill(folder, tell, should_stop)  # what another computer keeps on its own disk
        return self._batches(CachedReader(cache, self._condition), self.recipe.data.variants, draws)

    def fill(self, folder: Path, tell: Tell, should_stop: Callable[[], bool] = _never) -> LatentCache:
        """Encodes this process's share of what the cache lacks; raises as `batches` does."""
        cache = self.cache(folder, should_stop)
        words = [clip.caption for clip in self.clips] + ([""] if self.recipe.data.caption_dropout else [])
        filler = CacheFiller(cache, self.clips, self.recipe.data.variants, self.share, tell, should_stop, words)
        filler.fill(self._text_encoder, self._picture_encoders, lambda: self.sound_encoder(should_stop))
        return cache

    def live(self, folder: Path, tell: Tell, should_stop: Callable[[], bool] = _never) -> SampleBatches:
        """Batches that are encoded when they are asked for, a new variant of each clip in every epoch.

        Sounds and skeletons are in the cache in `folder` all the same.
        """
        cache = self.cache(folder, should_stop)
        CacheFiller(cache, self.clips, 1, ALONE, tell, should_stop).fill_inputs(lambda: self.sound_encoder(should_stop))
        tell(Preparing(PreparationStage.MODEL))
        return self._batches(LiveReader(self._picture_encoders(), self._text_encoder(), cache), None)

    def cache(self, folder: Path, should_stop: Callable[[], bool] = _never) -> LatentCache:
        """The cache in `folder` as this training sees it."""
        profile, training = self._family
        recipe, dtype = self.recipe, str(self._dtype)
        pictures = {
            "encoders": parts_hash(self.model, ("vae", "image_encoder"), should_stop=should_stop),
            "size": [recipe.width, recipe.height, recipe.num_frames],
            "condition": [profile.num_motion_frames, profile.ref_pad_num, *self._condition.kinds],
            "tiled": training.tiled,
            "dtype": dtype,
        }
        if profile.hands_on_latents:
            pictures["hand_off"] = profile.hand_off
        if recipe.errors.degrades:
            pictures["degraded"] = DEGRADING
        texts = {
            "encoders": parts_hash(self.model, (TOKENIZER, "text_encoder"), should_stop=should_stop),
            "dtype": dtype,
        }
        skeletons = {"size": pictures["size"]}
        return LatentCache(
            folder, pictures=pictures, texts=texts, sounds=self._sounds(should_stop), skeletons=skeletons
        )

    def _sounds(self, should_stop: Callable[[], bool]) -> dict[str, Any]:
        """What the features of sounds depend on; nothing where nobody listens."""
        if all(clip.sound is None for clip in self.clips):
            return {}
        return {
            "encoders": parts_hash(self.model, (SOUND_ENCODER,), should_stop=should_stop),
            "frames": [self.recipe.num_frames, self.recipe.fps],
            "dtype": str(self._dtype),
        }

    def _batches(
        self, read: SampleReader, variants: int | None, change: Callable[[Draws], Draws] = lambda usual: usual
    ) -> SampleBatches:
        recipe = self.recipe
        usual = Draws(
            len(self.clips),
            recipe.seed,
            self._condition,
            self._family[1],
            variants,
            times=_unless_usual([clip.times for clip in self.clips], 1),
            wordless_probability=recipe.data.caption_dropout,
            groups=_unless_usual([clip.size for clip in self.clips], None),
            together=recipe.batch_size * self.share.count,
        )
        draws = change(usual)
        return SampleBatches(self.clips, draws, read, size=recipe.batch_size, share=self.share)

    def _picture_encoders(self) -> PictureEncoders:
        tiled = self._family[1].tiled
        spoil = degraded if self.recipe.errors.degrades else None
        return PictureEncoders.load(
            self.model, self._condition, tiled=tiled, dtype=self._dtype, device=self.device, spoil=spoil
        )

    def _text_encoder(self) -> TextEncoder:
        return TextEncoder.load(self.model, dtype=self._dtype, device=self.device)

    def sound_encoder(self, should_stop: Callable[[], bool] = _never) -> SoundEncoder:
        """What hears the sounds of this training."""
        return SoundEncoder.load(
            self.model, self.recipe.fps, dtype=self._dtype, device=self.device, should_stop=should_stop
        )
