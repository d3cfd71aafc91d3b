"""A film as a folder of PNG pictures, one a frame, every pixel exact."""

import json
from collections.abc import Mapping
from pathlib import Path

from PIL import Image

from svi_studio.disk.publish import part_path, publish_folder, remove
from svi_studio.domain.errors import BadInput, from_os_error
from svi_studio.media.film_writer import FilmWriter
from svi_studio.media.frames import Frames, check_frames


class PictureFolderWriter(FilmWriter):
    """Frames become ``000001.png`` and on in a hidden sibling folder, renamed when it is complete."""

    def __init__(
        self, path: Path, *, width: int, height: int, fps: float, enlarge: int, metadata: Mapping[str, str]
    ) -> None:
        self.path = path
        self.frames_written = 0
        self._shape = (height, width, 3)
        self._enlarge = enlarge
        self._facts = {"fps": fps, "width": width * enlarge, "height": height * enlarge, **metadata}
        refuse_to_replace_other_folders(path)
        self._part = part_path(path)
        try:
            self._part.mkdir()
        except OSError as error:
            raise from_os_error(error, path) from error

    def write(self, frames: Frames) -> None:
        """Add frames ``[n, H, W, 3]``, RGB, 0 to 255."""
        check_frames(frames, self._shape)
        for frame in frames:
            large = frame.repeat(self._enlarge, axis=0).repeat(self._enlarge, axis=1)
            self.frames_written += 1
            try:
                Image.fromarray(large).save(self._part / f"{self.frames_written:06}.png")
            except OSError as error:
                self.discard()
                raise from_os_error(error, self.path) from error

    def close(self) -> None:
        """Write ``film.json`` (frames a second, size, title, seeds, takes) and give the folder its final name."""
        if self.frames_written == 0:
            self.discard()
            raise BadInput(f'The film "{self.path}" would have no frames; nothing was written.')
        facts = json.dumps({**self._facts, "frames": self.frames_written}, ensure_ascii=False, indent=2)
        try:
            (self._part / "film.json").write_text(facts + "\n", encoding="utf-8")
            publish_folder(self._part, self.path)
        except OSError as error:
            raise from_os_error(error, self.path) from error
        finally:
            self.discard()

    def discard(self) -> None:
        """Leave nothing behind; what stood under the final name before stays as it was."""
        remove(self._part)


def refuse_to_replace_other_folders(path: Path) -> None:
    """Raise BadInput unless ``path`` is free, empty, or a picture folder that this program wrote."""
    if path.is_file() or (path.is_dir() and any(path.iterdir()) and not (path / "film.json").is_file()):
        raise BadInput(f'"{path}" already exists and is not a picture folder of this program; choose another name.')
