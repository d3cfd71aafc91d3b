"""Filling the cache: only what is missing, one network after the other, nothing lost on the way."""

import errno
import os
import shutil
import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from svi_studio.disk.fs_ops import FsOps
from svi_studio.domain.errors import DiskFull, Stopped
from svi_studio.domain.training.events import Preparing
from tests.trainer.dataset.small_data import clip, dataset, recipe, silent
from trainer.dataset import prepare
from trainer.dataset.encoders import PictureEncoders, TextEncoder
from trainer.dataset.fill_cache import Share
from trainer.dataset.prepare import Dataset


class Loads:
    """Counts which encoders are loaded, and whether they are still there."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.loaded: list[str] = []
        self.networks: list[weakref.ref[Any]] = []
        for kind in (PictureEncoders, TextEncoder):
            self._watch(kind, monkeypatch)

    def _watch(self, kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        load = kind.load

        def watched(*args: Any, **kwargs: Any) -> Any:
            assert not self.alive(), "one kind of network at a time"
            encoder = load(*args, **kwargs)
            self.loaded.append(kind.__name__)
            self.networks.append(weakref.ref(encoder.vae if kind is PictureEncoders else encoder.network))
            return encoder

        monkeypatch.setattr(getattr(prepare, kind.__name__), "load", staticmethod(watched))

    def alive(self) -> list[Any]:
        return [network() for network in self.networks if network() is not None]


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> Loads:
    return Loads(monkeypatch)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "latents"


def filled(data: Dataset, folder: Path, loads: Loads) -> list[str]:
    """What is loaded to fill the cache once more."""
    loads.loaded.clear()
    data.cached(folder, silent)
    return list(loads.loaded)


def test_no_encoder_is_left_in_memory(tiny_model: Path, folder: Path, loads: Loads) -> None:
    batches = dataset(tiny_model).cached(folder, silent)
    assert batches and len(loads.networks) == 2
    assert not loads.alive()


def test_one_file_a_caption_and_one_a_variant(tiny_model: Path, folder: Path) -> None:
    dataset(tiny_model, count=3, variants=2).cached(folder, silent)
    assert len(list(folder.glob("text-*"))) == 3
    assert len(list(folder.glob("clip-*"))) == 6


def test_a_full_cache_loads_nothing(tiny_model: Path, folder: Path, loads: Loads) -> None:
    data = dataset(tiny_model)
    data.cached(folder, silent)
    assert filled(data, folder, loads) == []


def test_a_changed_caption_costs_only_its_text(tiny_model: Path, folder: Path, loads: Loads) -> None:
    data = dataset(tiny_model)
    data.cached(folder, silent)
    changed = replace(data, clips=[clip(0, "Something else."), *data.clips[1:]])
    assert filled(changed, folder, loads) == ["TextEncoder"]


def test_more_variants_keep_those_that_are_there(tiny_model: Path, folder: Path) -> None:
    dataset(tiny_model, variants=1).cached(folder, silent)
    before = {path: path.stat().st_mtime_ns for path in folder.glob("clip-*")}
    dataset(tiny_model, variants=3).cached(folder, silent)
    assert len(list(folder.glob("clip-*"))) == 9
    assert all(path.stat().st_mtime_ns == time for path, time in before.items())


def test_another_seed_uses_the_same_files(tiny_model: Path, folder: Path, loads: Loads) -> None:
    dataset(tiny_model, seed=1).cached(folder, silent)
    assert filled(dataset(tiny_model, seed=2), folder, loads) == []


def test_a_damaged_file_is_encoded_again(tiny_model: Path, folder: Path) -> None:
    data = dataset(tiny_model)
    data.cached(folder, silent)
    victim = min(folder.glob("clip-*"))
    content = victim.read_bytes()
    victim.write_bytes(content[:100])
    data.cached(folder, silent)
    assert victim.read_bytes() == content


def test_a_disk_full_in_the_middle_keeps_what_is_done(
    tiny_model: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = dataset(tiny_model, count=3, variants=1)
    with monkeypatch.context() as patch:
        patch.setattr(FsOps, "sync", _full_after(5))
        with pytest.raises(DiskFull):
            data.cached(folder, silent)
    assert len(list(folder.iterdir())) == 5
    told: list[Preparing] = []
    data.cached(folder, told.append)
    assert told[-1].total == 1


def _full_after(count: int) -> Callable[..., None]:
    left = iter(range(count))

    def sync(*_: object) -> None:
        if next(left, None) is None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    return sync


def test_a_disk_too_small_for_all_is_told_after_the_first(
    tiny_model: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=1000))
    with pytest.raises(DiskFull, match="lower variants"):
        dataset(tiny_model).cached(folder, silent)
    assert len(list(folder.glob("clip-*"))) == 1


def test_stops_before_the_next_piece(tiny_model: Path, folder: Path) -> None:
    answers = iter([False] * 4 + [True] * 100)
    with pytest.raises(Stopped):
        dataset(tiny_model).cached(folder, silent, lambda: next(answers))


def test_tells_every_piece_by_name(tiny_model: Path, folder: Path) -> None:
    told: list[Preparing] = []
    dataset(tiny_model, count=2, variants=1).cached(folder, told.append)
    names = list(dict.fromkeys(event.name for event in told))
    assert names == ["Scene 0.", "Scene 1.", "clip 0", "clip 1", ""]
    assert (told[-1].done, told[-1].total) == (4, 4)


def test_processes_share_the_work(tiny_model: Path, folder: Path) -> None:
    for rank in range(2):
        part = replace(dataset(tiny_model, count=2, variants=2), share=Share(rank, 2))
        part.fill(folder, silent)
    assert len(list(folder.iterdir())) == 2 + 4


def test_identical_captions_are_encoded_once(tiny_model: Path, folder: Path) -> None:
    clips = [clip(number, "The same.") for number in range(3)]
    data = Dataset(clips, recipe(variants=1), tiny_model, dataset(tiny_model).device)
    data.cached(folder, silent)
    assert len(list(folder.glob("text-*"))) == 1
