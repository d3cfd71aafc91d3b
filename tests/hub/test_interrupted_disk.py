"""Whenever the disk fails or the power goes, a fetch taken up again ends with the hub's own bytes."""

import errno
from dataclasses import replace
from pathlib import Path

import pytest

from svi_studio.domain.errors import DiskFull, StudioError
from svi_studio.hub.hub import hub_of_environment
from tests.builders.faulty_disk import CountingDisk, FaultyDisk, PowerCut, failing
from tests.builders.volatile_disk import VolatileDisk
from tests.hub.fetches import PACE, content, fetched
from tests.hub.local_hub import LocalHub, standing

ALONE = replace(PACE, parallel=1, save_bytes=60_000)
FILES = {"model_index.json": b"{}", "transformer/one.safetensors": content(200_000, 1)}


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_fails_anywhere_is_one_sentence(code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counting = CountingDisk()
    with standing(LocalHub(FILES)) as hub:
        fetched(hub, tmp_path / "count", monkeypatch, fs=counting, pace=ALONE)
        for at in range(0, len(counting.operations), 5):
            folder = tmp_path / f"at {at}"
            disk = FaultyDisk(at, failing(code))
            try:
                fetched(hub, folder, monkeypatch, fs=disk, pace=ALONE)
            except StudioError as error:
                assert isinstance(error, DiskFull) == (code == errno.ENOSPC)
            else:
                assert len(disk.operations) <= at or disk.operations[at] == "remove"  # notes are made by the clock
            fetched(hub, folder, monkeypatch, pace=ALONE)


@pytest.mark.parametrize("eager", [True, False])
def test_a_power_cut_leaves_what_a_fetch_can_go_on_with(
    eager: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with standing(LocalHub(FILES)) as hub:
        for cut_at in range(3, 60, 7):
            folder = tmp_path / f"at {cut_at}"
            folder.mkdir()
            disk = VolatileDisk(folder, cut_at, eager=eager)
            try:
                fetched(hub, folder, monkeypatch, fs=disk, pace=ALONE)
            except PowerCut:
                fetched(hub, disk.lay_out(folder, tmp_path / f"after {cut_at}"), monkeypatch, pace=ALONE)


def test_a_redirect_into_the_own_network_is_refused_where_the_hub_is_public(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "https://hub.example")
    public = hub_of_environment(lambda host, port: ["93.184.216.34"])
    own = hub_of_environment(lambda host, port: ["10.0.0.7"])
    assert (public.files.reachable.allow_private, own.files.reachable.allow_private) == (False, True)


def test_a_public_hub_must_be_encrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://hub.example")
    with pytest.raises(StudioError, match="https"):
        hub_of_environment(lambda host, port: ["93.184.216.34"])
