"""A film as a folder of PNG pictures, one a frame, every pixel exact."""

import json
import os
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from PIL import Image

from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.disk.publish import make_part_folder, remove
from svi_studio.domain.errors import BadInput, from_os_error
from svi_studio.media.film_writer import FilmWriter
from svi_studio.media.frames import Frames, check_frames
from svi_studio.media.picture_folder import (
    FACTS,
    PICTURES,
    picture_line,
    put_in_place,
    refuse_to_replace_other_folders,
)


class PictureFolderWriter(FilmWriter):
    """Frames become ``000001.png`` and on in a hidden sibling folder, renamed when it is complete.

    What the user put beside the pictures of an earlier export is in the new folder too.
    """

    def __init__(
        self,
        path: Path,
        *,
        width: int,
        height: int,
        fps: float,
        enlarge: int,
        metadata: Mapping[str, str],
        fs: FsOps = REAL_DISK,
    ) -> None:
        self.path = path
        self.frames_written = 0
        self._shape = (height, width, 3)
        self._enlarge = enlarge
        self._facts = {"fps": fps, "width": width * enlarge, "height": height * enlarge, **metadata}
        refuse_to_replace_other_folders(path)
        self._fs = fs
        self._lines: list[str] = []
        self._part = make_part_folder(path, fs)

    def write(self, frames: Frames) -> None:
        """Adds frames ``[n, H, W, 3]``, RGB, 0 to 255."""
        check_frames(frames, self._shape)
        for frame in frames:
            large = frame.repeat(self._enlarge, axis=0).repeat(self._enlarge, axis=1)
            self.frames_written += 1
            try:
                self._add(f"{self.frames_written:06}.png", large)
            except OSError as error:
                self.discard()
                raise from_os_error(error, self.path) from error

    def close(self) -> None:
        """Writes ``film.json`` (frames a second, size, title, seeds, takes) and gives the folder its final name."""
        if self.frames_written == 0:
            self.discard()
            raise BadInput(f'The film "{self.path}" would have no frames; nothing was written.')
        about = {**self._facts, "frames": self.frames_written, PICTURES: self._lines}
        facts = json.dumps(about, ensure_ascii=False, indent=2)
        try:
            self._put(FACTS, facts.encode() + b"\n")
            put_in_place(self._part, self.path, self._fs)
        except OSError as error:
            raise from_os_error(error, self.path) from error
        finally:
            self.discard()

    def discard(self) -> None:
        """Leaves nothing behind; what stood under the final name before stays as it was."""
        remove(self._part)

    def _add(self, name: str, frame: Frames) -> None:
        buffer = BytesIO()
        Image.fromarray(frame).save(buffer, "PNG")
        self._put(name, buffer.getvalue())
        self._lines.append(picture_line(name, buffer.getvalue()))

    def _put(self, name: str, content: bytes) -> None:
        file = self._part / name
        descriptor = self._fs.create(file)
        try:
            self._fs.write(descriptor, content, file)
        finally:
            os.close(descriptor)
