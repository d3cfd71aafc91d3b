"""A fetch that is killed goes on with what came: few bytes come twice, and the files are the hub's."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.hub.fetches import content
from tests.hub.local_hub import Handler, LocalHub, standing
from tests.patience import SECONDS

SIZE = 3_000_000


@dataclass(frozen=True)
class Twice:
    """Bytes that the hub served to a process that was killed, and to the one after it."""

    before: int
    after: int


def files() -> dict[str, bytes]:
    return {
        "model_index.json": b"{}",
        "transformer/large.safetensors": content(SIZE, 3),
        "transformer/small.safetensors": content(SIZE // 3, 4),
    }


def slowly(handler: Handler, body: bytes, first: int) -> bytes:
    time.sleep(0.02)
    return body


def killed_and_taken_up(whose: str, at: int, folder: Path) -> Twice:
    """Kills a fetch when ``at`` bytes were served; then runs it again to its end, and compares the files."""
    with standing(LocalHub(files(), send=slowly)) as hub:
        hub.redirects_to = hub.url.replace("127.0.0.1", "localhost") + "/blobs/"
        process = _begun(whose, hub, folder)
        end = time.monotonic() + SECONDS
        while hub.served < at and process.poll() is None and time.monotonic() < end:
            time.sleep(0.002)
        process.kill()
        process.wait()
        before, hub.send = hub.served, None
        time.sleep(0.05)
        hub.served = 0
        assert _begun(whose, hub, folder).wait(SECONDS) == 0
        for path, data in hub.files.items():
            assert (folder / path).read_bytes() == data
        return Twice(before, hub.served)


def _begun(whose: str, hub: LocalHub, folder: Path) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "HF_HUB_DISABLE_TELEMETRY": "1", "HF_HUB_DISABLE_XET": "1", "HF_HUB_OFFLINE": ""}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.hub.killed_fetch", whose, hub.url, str(folder)], env=environment
    )


@pytest.mark.parametrize("tenth", [1, 5, 9])
def test_a_killed_fetch_goes_on(tenth: int, tmp_path: Path) -> None:
    twice = killed_and_taken_up("ours", SIZE * tenth // 10, tmp_path / "it")
    assert not list(tmp_path.rglob("*.part*"))
    assert twice.after < SIZE * 4 // 3 + 2


@pytest.mark.slow
@pytest.mark.parametrize("point", range(20))
def test_a_fetch_killed_anywhere_goes_on(point: int, tmp_path: Path) -> None:
    twice = killed_and_taken_up("ours", SIZE * 4 // 3 * point // 20, tmp_path / "it")
    assert not list(tmp_path.rglob("*.part*"))
    assert twice.before + twice.after <= SIZE * 4 // 3 + 2 + SIZE // 2


@pytest.mark.slow
def test_fewer_bytes_come_after_a_kill_than_with_the_hubs_own_client(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = killed_and_taken_up("ours", SIZE, tmp_path / "ours")
    theirs = killed_and_taken_up("theirs", SIZE, tmp_path / "theirs")
    with capsys.disabled():
        print(f"\nafter a kill at {SIZE:,} of {SIZE * 4 // 3:,} bytes: ours {ours.after:,}, theirs {theirs.after:,}")
    assert ours.after < theirs.after
