"""A model on a local hub, and how tests fetch it."""

import random
from pathlib import Path
from typing import Any

import pytest

from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.domain.fetching.events import FetchEvent
from svi_studio.domain.fetching.known_model import KnownFile, KnownModel
from svi_studio.hub.control import FetchControl
from svi_studio.hub.fetch import fetch, plan_fetch
from svi_studio.hub.fetch_pace import Pace
from svi_studio.hub.hub import hub_of_environment
from tests.hub.local_hub import REPOSITORY, LocalHub

PACE = Pace(parallel=4, range_bytes=50_000, save_s=0.05, save_bytes=100_000, tell_s=0.05, tries=3, first_wait_s=0.01)


def content(size: int, seed: int = 0) -> bytes:
    return random.Random(seed).randbytes(size)


def some_files() -> dict[str, bytes]:
    return {
        "model_index.json": b'{"a": 1}',
        "transformer/one.safetensors": content(300_000, 1),
        "transformer/two.safetensors": content(170_001, 2),
        "transformer/empty.txt": b"",
        "README.py": b"import os",
    }


def model(*patterns: str, **more: Any) -> KnownModel:
    files = tuple(KnownFile(path=each) for each in patterns or ("model_index.json", "transformer/*"))
    return KnownModel(
        name="it", title="It", purpose="model", repository=REPOSITORY, files=files, folder="it", **more
    )  # fmt: skip


def fetched(
    hub: LocalHub,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    known: KnownModel | None = None,
    fs: FsOps = REAL_DISK,
    control: FetchControl | None = None,
    pace: Pace = PACE,
) -> list[FetchEvent]:
    """What happened; every file of the model is compared with the hub's."""
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    events: list[FetchEvent] = []
    ours = hub_of_environment()
    plan = plan_fetch(known or model(), ours, folder)
    record = fetch(plan, ours, emit=events.append, control=control, pace=pace, fs=fs)
    for each in record.files:
        assert (folder / each.save_as).read_bytes() == hub.files[each.path]
    assert not list(folder.rglob("*.part*"))
    return events


def of_kind(events: list[FetchEvent], kind: str) -> list[Any]:
    return [event for event in events if event.kind == kind]
