"""Finds the skeleton of a dancer in any video, in a process of its own with limits of time and memory."""

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

import numpy as np

from svi_studio.disk.atomic import plain_errors
from svi_studio.disk.plain_file import read_plain, sha256_of
from svi_studio.domain.errors import BadInput, DiskFull, StudioError, from_os_error
from svi_studio.domain.poses.click import Click
from svi_studio.domain.poses.skeleton import Origin, Skeleton
from svi_studio.media.demuxers import demuxer_of, has_pictures
from svi_studio.media.frames import Frames
from svi_studio.media.limited_process import Crashed, LimitedProcess, TooSlow
from svi_studio.media.poses.skeleton_file import read_skeleton
from svi_studio.media.poses.tracking.chase import Step
from svi_studio.own_python import python_command

__all__ = ["Click", "Extracted", "PeopleInFrame", "PoseExtractor", "Step"]

PATIENCE: Final = 90.0
"""Seconds without a sign of life; the first look at a scene takes a few on a slow computer."""

_MOST_BYTES: Final = 1 << 20  # of one answer
_MOST_SIDE: Final = 1920
_COMMAND: Final = python_command("svi_studio.media.poses.extraction_process")


@dataclass(frozen=True)
class Extracted:
    """The skeleton, whose ``remarks`` are frames for a look.

    ``people``: how many were in sight at most where one had to be chosen; with more than one, a click tells who is
    meant. ``broken``: a sentence when the video breaks off.
    """

    skeleton: Skeleton
    people: int
    broken: str = ""


@dataclass(frozen=True)
class PeopleInFrame:
    """A frame as uint8 ``[h, w, 3]`` RGB, of at most 1,920 pixels a side, and who is in it, best first.

    ``width`` and ``height`` are the video's own; ``boxes`` are left, top, width and height in its pixels, and a score.
    """

    picture: Frames
    width: int
    height: int
    boxes: tuple[tuple[float, float, float, float, float], ...]


class PoseExtractor:
    """Used by one thread at a time; leave it with ``with`` or ``close``, which ends its process."""

    def __init__(self, finder: str = "", command: Sequence[str] = _COMMAND, patience: float = PATIENCE) -> None:
        """``finder``: ``blaze`` or ``dwpose``, empty for DWPose where its files are, else the embedded networks."""
        self._finder, self._command, self._patience = finder, command, patience
        self._process: LimitedProcess | None = None

    def extract(
        self,
        video: Path,
        clicks: Sequence[Click] = (),
        progress: Callable[[Step], None] = lambda step: None,
        check: Callable[[], None] = lambda: None,
    ) -> Extracted:
        """The skeleton of one person in ``video``, at the video's own rate and size.

        ``clicks`` say where the dancer is; ``progress`` and ``check``, which may raise Stopped, are called in this
        thread. Raises BadInput in one sentence: no video, nobody in it, nobody where somebody clicked, no networks.
        """
        require_video(video)
        points = [[each.x, each.y, each.seconds] for each in clicks]
        with _temporary() as folder:
            into = folder / "skeleton.npz"
            order = {"video": str(video.absolute()), "into": str(into), "find": True, "clicks": points}
            said = self._ask(video, order, progress, check)
            skeleton = read_skeleton(into)
        origin = Origin(video.name[:200], sha256_of(video), ("found in a video",))
        return Extracted(
            skeleton.with_parts({}, origin=origin), int(said.get("people", 0)), str(said.get("broken", ""))
        )

    def people_at(self, video: Path, seconds: float, check: Callable[[], None] = lambda: None) -> PeopleInFrame:
        """The frame of ``video`` at ``seconds`` and everybody in it; raises as ``extract``."""
        require_video(video)
        with _temporary() as folder:
            into = folder / "picture"
            order = {"video": str(video.absolute()), "into": str(into), "find": False, "seconds": seconds}
            said = self._ask(video, order, lambda step: None, check)
            wide, high = (min(max(int(side), 1), _MOST_SIDE) for side in said["shown"])
            pixels = np.frombuffer(read_plain(into, _MOST_SIDE * _MOST_SIDE * 3), np.uint8)
        if pixels.size != wide * high * 3:
            raise _stopped_the_search(video)
        boxes = tuple((float(x), float(y), float(w), float(h), float(score)) for x, y, w, h, score in said["boxes"])
        return PeopleInFrame(pixels.reshape(high, wide, 3), int(said["width"]), int(said["height"]), boxes)

    def in_picture(
        self,
        pixels: Frames,
        name: str,
        at: tuple[float, float] | None = None,
        check: Callable[[], None] = lambda: None,
    ) -> Skeleton:
        """One frame: the person in a picture ``[H, W, 3]`` RGB, at the place ``at`` (x, y) or the one seen best.

        ``name`` is for the sentence. Raises BadInput when nobody is seen there.
        """
        high, wide = pixels.shape[:2]
        with _temporary() as folder:
            picture, into = folder / "pixels", folder / "skeleton.npz"
            with plain_errors(picture):
                picture.write_bytes(np.ascontiguousarray(pixels, np.uint8).tobytes())
            clicks = [[*at, 0.0]] if at is not None else []
            order = {"video": str(picture), "into": str(into), "find": True, "clicks": clicks, "pixels": [wide, high]}
            self._ask(Path(name), order, lambda step: None, check)
            skeleton = read_skeleton(into)
        return skeleton.with_parts({}, origin=Origin(Path(name).name[:200], "", ("found in a picture",)))

    def close(self) -> None:
        """Ends the process at once; nothing happens when there is none."""
        process, self._process = self._process, None
        if process is not None:
            process.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _ask(
        self, video: Path, order: dict[str, Any], progress: Callable[[Step], None], check: Callable[[], None]
    ) -> dict[str, Any]:
        process = self._started()
        news = _News()

        def talk(orders: IO[bytes], said: IO[bytes]) -> dict[str, Any]:
            orders.write(json.dumps({**order, "finder": self._finder}).encode() + b"\n")
            orders.flush()
            while not (answer := json.loads(said.readline(_MOST_BYTES)))["done"]:
                process.beat()
                news.put(answer)
            return dict(answer)

        def look() -> None:
            check()
            if (step := news.take()) is not None:
                progress(step)

        try:
            answer = process.ask(talk, self._patience, look)
        except (TooSlow, Crashed) as error:
            self._process = None
            raise _stopped_the_search(video) from error
        except BaseException:
            self._process = None
            raise
        look()
        if "disk_full" in answer:
            raise DiskFull(answer["disk_full"])
        if "fault" in answer:
            raise BadInput(answer["fault"])
        return answer

    def _started(self) -> LimitedProcess:
        if self._process is None or not self._process.is_alive():
            try:
                self._process = LimitedProcess(self._command)
            except OSError as error:
                raise StudioError(f"Skeletons can't be found now ({error.strerror}): close other programs.") from error
        return self._process


class _News:
    """The newest step that the process told of, from its thread to the one that waits."""

    def __init__(self) -> None:
        self._newest: Step | None = None

    def put(self, answer: dict[str, Any]) -> None:
        """Takes one line; raises ValueError, TypeError or LookupError for nonsense."""
        done, total = (int(each) for each in answer["step"])
        body = answer["body"]
        points = None if body is None else np.asarray(body, np.float32).reshape(-1, 3)
        self._newest = Step(done, total, points)

    def take(self) -> Step | None:
        """What came since the last time."""
        newest, self._newest = self._newest, None
        return newest


def require_video(path: Path) -> None:
    """Raises BadInput when ``path`` is no video by its content."""
    if not has_pictures(demuxer_of(path)):
        raise BadInput(f'"{path}" is a sound without a picture: choose a video.')


@contextmanager
def _temporary() -> Iterator[Path]:
    """A folder for what the process writes, gone afterwards."""
    try:
        folder = tempfile.TemporaryDirectory(prefix="svi-pose-")
    except OSError as error:
        raise from_os_error(error, Path(tempfile.gettempdir())) from error
    with folder as name:
        yield Path(name)


def _stopped_the_search(video: Path) -> BadInput:
    return BadInput(f'"{video}" stops the search for a skeleton: save it with another program, or shorter.')
