"""Frames stream in, one film comes out under its final name only when it is complete: nothing is kept in memory."""

import tempfile
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import numpy as np

from svi_studio.disk.publish import part_path, publish_file, remove
from svi_studio.domain.errors import BadInput, from_os_error
from svi_studio.media.ffmpeg import Ffmpeg, write_failure
from svi_studio.media.film_writer import FilmWriter
from svi_studio.media.formats import H264, FilmFormat, quality_to_crf
from svi_studio.media.frames import Frames, check_frames
from svi_studio.media.open_media import as_address
from svi_studio.media.picture_writer import PictureFolderWriter
from svi_studio.media.sound import RAW_SOUND
from svi_studio.media.video_reader import count_frames

MAX_SIDE = 16_384  # pixels, what H.264 can hold


def open_writer(
    path: Path,
    *,
    width: int,
    height: int,
    fps: float,
    film_format: FilmFormat = H264,
    quality: int = 8,
    enlarge: int = 1,
    metadata: Mapping[str, str] | None = None,
    sound: Path | None = None,
    subtitles: Path | None = None,
) -> FilmWriter:
    """Starts a film at ``path``.

    ``width`` and ``height`` are those of the frames that come in; ``enlarge`` repeats every pixel that many times each
    way, so that a small film is shown large without blur. ``quality`` goes from 0 to 10 (mp4 only). ``metadata`` takes
    the keys ``title`` and ``comment``. ``sound`` is a track as ``fitted_sound`` makes it, already as long as the film;
    ``subtitles`` an SRT file to put in as a track that players can show. Raises BadInput for impossible sizes,
    StudioError or DiskFull when the place cannot be written.
    """
    check_size(width, height, fps, enlarge)
    if not film_format.one_file:
        return PictureFolderWriter(path, width=width, height=height, fps=fps, enlarge=enlarge, metadata=metadata or {})
    return VideoWriter(
        path,
        width=width,
        height=height,
        fps=fps,
        film_format=film_format,
        quality=quality,
        enlarge=enlarge,
        metadata=metadata or {},
        sound=sound,
        subtitles=subtitles,
    )


def check_size(width: int, height: int, fps: float, enlarge: int) -> None:
    """Raises BadInput when no film of this size in pixels, enlarged so, at ``fps`` frames a second can be written."""
    if min(width, height, enlarge) < 1 or fps <= 0 or max(width, height) * enlarge > MAX_SIDE:
        size = f"{width} x {height} pixels, enlarged {enlarge} times, at {fps:g} frames a second"
        raise BadInput(f"A film of {size} cannot be written: choose another size or speed.")


class VideoWriter(FilmWriter):
    """One film file, written by ffmpeg into a hidden sibling and renamed when it is complete; see ``open_writer``."""

    def __init__(
        self,
        path: Path,
        *,
        width: int,
        height: int,
        fps: float,
        film_format: FilmFormat,
        quality: int,
        enlarge: int,
        metadata: Mapping[str, str],
        sound: Path | None,
        subtitles: Path | None = None,
    ) -> None:
        self.path = path
        self.frames_written = 0
        self._shape = (height, width, 3)
        self._pad = (height % 2, width % 2) if film_format.even else (0, 0)
        self._part = part_path(path)
        self._notes = _notes_file(path, metadata)
        size = f"{width + self._pad[1]}x{height + self._pad[0]}"
        rate = str(Fraction(fps).limit_denominator(1001))
        frames_in = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", size, "-r", rate, "-i", "pipe:0"]
        notes_in = ["-f", "ffmetadata", "-i", as_address(self._notes)]
        sound_in = [*RAW_SOUND, "-i", as_address(sound)] if sound else []
        titles_in = ["-f", "srt", "-i", as_address(subtitles)] if subtitles else []
        tracks = ["-map", "0:v", *(["-map", "2:a", *film_format.sound] if sound else []), "-map_metadata", "1"]
        tracks += ["-map", f"{3 if sound else 2}:s", *film_format.subtitles] if subtitles else []
        video = [*_filters(film_format, enlarge), *film_format.video, *_quality(film_format, quality)]
        self._ffmpeg = Ffmpeg(
            [
                "-y",
                *(*frames_in, *notes_in, *sound_in, *titles_in),
                *(*tracks, *video, *film_format.container, as_address(self._part)),
            ],
            feed=True,
        )

    def write(self, frames: Frames) -> None:
        """Adds frames ``[n, H, W, 3]``, RGB, 0 to 255; raises BadInput on another shape, DiskFull on a full disk."""
        check_frames(frames, self._shape)
        if any(self._pad):
            frames = np.pad(frames, ((0, 0), (0, self._pad[0]), (0, self._pad[1]), (0, 0)), mode="edge")
        try:
            self._ffmpeg.pipe_in.write(np.ascontiguousarray(frames).reshape(-1).data)
        except OSError as error:
            self._fail(error)
        self.frames_written += len(frames)

    def close(self) -> None:
        """Finishes the film, checks that every frame is in it, and gives it its final name."""
        if self.frames_written == 0:
            self.discard()
            raise BadInput(f'The film "{self.path}" would have no frames; nothing was written.')
        status, complaints = self._ffmpeg.finish()
        if status != 0:
            self._fail(None, complaints)
        if count_frames(self._part) != self.frames_written:
            self._fail(None, complaints or "some frames are missing from the finished file")
        try:
            publish_file(self._part, self.path)
        finally:
            self.discard()

    def discard(self) -> None:
        """Stops and leaves nothing behind; what stood under the final name before stays as it was."""
        self._ffmpeg.kill()
        remove(self._part)
        remove(self._notes)

    def _fail(self, error: OSError | None, complaints: str = "") -> None:
        if not complaints:
            _, complaints = self._ffmpeg.finish()
        failure = write_failure(self.path, complaints)
        self.discard()
        raise failure from error


def _filters(film_format: FilmFormat, enlarge: int) -> list[str]:
    scale = f"scale=iw*{enlarge}:ih*{enlarge}:flags=neighbor" if enlarge > 1 else ""
    if film_format.exact:
        return ["-vf", scale] if scale else []
    to_bt709 = "scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int"
    return ["-vf", f"{scale},{to_bt709}" if scale else to_bt709]


def _quality(film_format: FilmFormat, quality: int) -> list[str]:
    return ["-crf", str(quality_to_crf(quality))] if film_format is H264 else []


def _notes_file(target: Path, metadata: Mapping[str, str]) -> Path:
    """ffmpeg's metadata file: a film of thousands of takes would not fit on a command line."""
    lines = [";FFMETADATA1", *(f"{key}={_escape(value)}" for key, value in metadata.items())]
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="\n", suffix=".ffmeta", delete=False) as file:
            file.write("\n".join(lines) + "\n")
    except OSError as error:
        raise from_os_error(error, target) from error
    return Path(file.name)


def _escape(value: str) -> str:
    return "".join(f"\\{letter}" if letter in "=;#\\\n" else letter for letter in value.replace("\0", ""))
