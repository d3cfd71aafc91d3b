"""The cache's files: named by what decides them, whole or not there."""

import errno
import os
from pathlib import Path

import pytest
import torch

from svi_studio.domain.errors import DiskFull, StudioError
from tests.trainer.dataset.small_data import clip
from trainer.dataset.latent_cache import LatentCache

TENSORS = {"video": torch.arange(6.0).view(2, 3), "picture": torch.ones(4).bfloat16()}


@pytest.fixture
def cache(tmp_path: Path) -> LatentCache:
    return LatentCache(tmp_path / "latents", pictures={"size": [48, 32, 9]}, texts={"encoders": "a"})


def test_gives_back_what_was_written(cache: LatentCache) -> None:
    path = cache.clip_file(clip(0), 0)
    cache.write(path, TENSORS)
    read = cache.read(path, "video", "picture")
    assert all(torch.equal(read[name], tensor) for name, tensor in TENSORS.items())


def test_leaves_out_what_a_file_does_not_have(cache: LatentCache) -> None:
    path = cache.clip_file(clip(0), 0)
    cache.write(path, {"video": TENSORS["video"]})
    assert set(cache.read(path, "video", "picture")) == {"video"}


def test_every_clip_variant_and_caption_has_its_own_file(cache: LatentCache) -> None:
    files = [cache.clip_file(clip(n), v) for n in (0, 1) for v in (0, 1)]
    files += [cache.text_file("A cat."), cache.text_file("A dog.")]
    assert len(set(files)) == 6


def test_a_caption_does_not_decide_the_pictures(cache: LatentCache) -> None:
    assert cache.clip_file(clip(0, "A cat."), 0) == cache.clip_file(clip(0, "A dog."), 0)


def test_another_size_or_encoder_has_other_files(cache: LatentCache) -> None:
    other = LatentCache(cache.folder, pictures={"size": [96, 64, 9]}, texts={"encoders": "b"})
    assert other.clip_file(clip(0), 0) != cache.clip_file(clip(0), 0)
    assert other.text_file("A cat.") != cache.text_file("A cat.")


def test_a_missing_file_is_not_whole(cache: LatentCache) -> None:
    assert not cache.is_whole(cache.text_file("A cat."))


@pytest.mark.parametrize("length", [0, 3, 40, -1])
def test_a_cut_off_file_is_not_whole(cache: LatentCache, length: int) -> None:
    path = cache.text_file("A cat.")
    cache.write(path, TENSORS)
    path.write_bytes(path.read_bytes()[:length])
    assert not cache.is_whole(path)


def test_a_damaged_file_is_told_in_one_sentence(cache: LatentCache) -> None:
    path = cache.text_file("A cat.")
    cache.folder.mkdir()
    path.write_bytes(b"nothing")
    with pytest.raises(StudioError, match="missing or damaged"):
        cache.read(path, "text")


def test_a_full_disk_leaves_nothing_half_written(cache: LatentCache, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull, match="The disk is full"):
        cache.write(cache.text_file("A cat."), TENSORS)
    assert not list(cache.folder.iterdir())


def test_what_a_killed_process_left_is_removed(cache: LatentCache) -> None:
    path = cache.text_file("A cat.")
    cache.write(path, TENSORS)
    (cache.folder / ".svi-0123456789abcdef.tmp").write_bytes(b"half")
    cache.tidy()
    assert list(cache.folder.iterdir()) == [path]


def test_too_little_room_is_told_before_hours_are_spent(cache: LatentCache) -> None:
    cache.folder.mkdir()
    cache.check_room(1)
    with pytest.raises(DiskFull, match=r"1,000,000,000[.]0 GB more"):
        cache.check_room(10**18)


def test_a_folder_that_cannot_be_made_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache = LatentCache(tmp_path / "file" / "latents", pictures={}, texts={})
    with pytest.raises(StudioError, match="latents"):
        cache.write(cache.text_file("A cat."), TENSORS)
