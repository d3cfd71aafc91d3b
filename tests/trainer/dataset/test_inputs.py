"""Sound and skeletons of clips: prepared once, cut to the clip's frames, and taken away as the draws say."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from svi_studio.domain.errors import StudioError
from svi_studio.domain.training.events import Preparing, TrainingEvent
from svi_studio.engine.conditions.sound_cache import Features
from svi_studio.engine.conditions.sound_windows import sound_windows
from tests.builders.tiny_inputs import LAYERS, WIDTH
from tests.trainer.dataset.small_data import HEIGHT, NUM_FRAMES, followed_dataset, silent
from tests.trainer.dataset.small_data import WIDTH as PIXELS
from trainer.dataset.clip_source import SoundSource
from trainer.dataset.fill_cache import CacheFiller
from trainer.dataset.packed import packed, unpacked
from trainer.dataset.prepare import Dataset
from trainer.dataset.sound_encoder import SoundEncoder


@pytest.fixture
def talk(following_model: Path, tmp_path: Path) -> Dataset:
    return followed_dataset(following_model, tmp_path, family="talk")


@pytest.fixture
def dance(following_model: Path, tmp_path: Path) -> Dataset:
    return followed_dataset(following_model, tmp_path, family="dance")


def test_a_clip_hears_the_windows_that_the_whole_file_gives_it(talk: Dataset, tmp_path: Path) -> None:
    batches = talk.batches(tmp_path / "cache", silent)
    for draw in range(6):
        batch = batches.batch([draw])
        clip = next(each for each in talk.clips if each.name == batch.names[0])
        assert clip.sound is not None and batch.sound is not None
        encoder = talk.sound_encoder()
        whole = torch.from_numpy(np.array(encoder.hear(clip.sound)))
        if batch.sound.any():
            for own, wanted in zip(
                sound_windows(batch.sound[0], 2, NUM_FRAMES),
                sound_windows(whole, clip.sound.first, NUM_FRAMES),
                strict=True,
            ):
                assert torch.equal(own, wanted)


def test_the_features_are_of_the_frames_the_layers_and_the_width_of_the_network(talk: Dataset, tmp_path: Path) -> None:
    batch = talk.batches(tmp_path / "cache", silent).next()
    assert batch.sound is not None and batch.sound.shape == (1, NUM_FRAMES + 4, LAYERS, WIDTH)
    assert batch.skeleton is None


def test_a_sound_is_silenced_as_often_as_its_draws_say(talk: Dataset, tmp_path: Path) -> None:
    batches = talk.batches(tmp_path / "cache", silent)
    deaf = [draw for draw in range(60) if not batches.batch([draw]).sound.any()]  # type: ignore[union-attr]
    assert deaf == [draw for draw in range(60) if batches._draws.sample(draw).deaf]
    assert deaf


def test_a_skeleton_comes_as_drawings_at_the_clips_size(dance: Dataset, tmp_path: Path) -> None:
    batch = dance.batches(tmp_path / "cache", silent).next()
    assert batch.skeleton is not None and batch.sound is None
    assert batch.skeleton.shape == (1, 3, NUM_FRAMES, HEIGHT, PIXELS) and batch.skeleton.dtype == torch.uint8
    drawn = dance.clips[0].skeleton
    assert drawn is not None and np.array_equal(batch.skeleton[0].permute(1, 2, 3, 0).numpy(), drawn.drawn())


def test_what_was_heard_is_not_heard_again(following_model: Path, tmp_path: Path) -> None:
    times: list[str] = []
    data = followed_dataset(following_model, tmp_path, family="talk")
    shared = [replace(clip, sound=replace(data.clips[0].sound, first=k)) for k, clip in enumerate(data.clips)]
    cache = data.cache(tmp_path / "cache")

    def load() -> SoundEncoder:
        network = data.sound_encoder()

        def hear(sound: SoundSource) -> Features:
            times.append(sound.content)
            return network.hear(sound)

        return SoundEncoder(hear, torch.float32)

    CacheFiller(cache, shared, 1, data.share, silent, lambda: False).fill_inputs(load)
    assert set(times) == {"sound 0"} and len(times) == 3
    CacheFiller(cache, shared, 1, data.share, silent, lambda: False).fill_inputs(load)
    assert len(times) == 3


def test_without_a_cache_sounds_and_skeletons_are_the_same(following_model: Path, tmp_path: Path) -> None:
    for family in ("talk", "dance"):
        data = followed_dataset(following_model, tmp_path, family=family)
        cached, live = data.cached(tmp_path / "one", silent), data.live(tmp_path / "two", silent)
        for _ in range(3):
            one, other = cached.next(), live.next()
            for name in ("sound", "skeleton"):
                mine, theirs = getattr(one, name), getattr(other, name)
                assert (mine is None and theirs is None) or torch.equal(mine, theirs)


def test_every_part_of_the_preparation_is_told(dance: Dataset, tmp_path: Path) -> None:
    told: list[TrainingEvent] = []
    dance.batches(tmp_path / "cache", told.append)
    done = [event.done for event in told if isinstance(event, Preparing)]
    assert max(done) == 3 + 3 + 3 * 2  # captions, skeletons, clips in two variants


def test_another_rate_is_heard_anew(following_model: Path, tmp_path: Path) -> None:
    one, other = (followed_dataset(following_model, tmp_path, family="talk", fps=fps) for fps in (8.0, 6.0))
    files = {str(data.cache(tmp_path).sound_file(data.clips[0].sound)) for data in (one, other)}  # type: ignore[arg-type]
    assert len(files) == 2


def test_a_sound_that_has_gone_is_told_in_one_sentence(talk: Dataset, tmp_path: Path) -> None:
    (tmp_path / "sound-1.wav").unlink()
    with pytest.raises(StudioError, match=r"sound-1\.wav"):
        talk.batches(tmp_path / "cache", silent)


def test_a_sound_of_three_seconds_has_as_many_frames(following_model: Path, tmp_path: Path) -> None:
    data = followed_dataset(following_model, tmp_path, family="talk")
    assert data.clips[0].sound is not None
    encoder = data.sound_encoder()
    assert len(encoder.hear(data.clips[0].sound)) == 24


def test_drawings_are_packed_without_loss_and_damage_is_told() -> None:
    drawings = np.random.default_rng(0).integers(0, 255, (5, 8, 6, 3)).astype(np.uint8)
    tensors = packed(drawings)
    assert np.array_equal(unpacked(tensors).permute(1, 2, 3, 0).numpy(), drawings)
    tensors["skeleton"] = tensors["skeleton"][:-9]
    with pytest.raises(StudioError, match="damaged"):
        unpacked(tensors)
