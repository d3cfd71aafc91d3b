"""The process that finds people in a video: networks and decoders that fail cost only this process, never the window.

``python -m svi_studio.media.poses.search_process VIDEO`` says how long the video is, then takes one order a line on its
stdin, ``["look", SECONDS]`` or ``["search", PERSON, FILE]``, PERSON being null or x, y in pixels and seconds, and says
what comes of it on its stdout, one JSON object a line. It ends with its stdin.
"""

import base64
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from svi_studio.domain.errors import StudioError, as_studio_error
from svi_studio.domain.poses.search_events import (
    SearchDone,
    SearchEvent,
    SearchFailed,
    SearchProgress,
    VideoLook,
    VideoOpened,
)
from svi_studio.media.limits import stdout_for_answers
from svi_studio.media.poses.extraction import PoseExtractor, networks_missing
from svi_studio.media.poses.skeleton_file import write_skeleton
from svi_studio.media.poses.stills import look_at_video, still

_EVERY = 0.1  # seconds between two words of progress
_LONGEST_LINE = 10_000


class Search:
    """One video, and where what is found is told."""

    def __init__(self, video: Path, answers: BinaryIO) -> None:
        self._video, self._answers = video, answers
        self._extractor: PoseExtractor | None = None
        self._told = 0.0

    def open(self) -> None:
        """Says what the video is."""
        found = look_at_video(self._video)
        self._say(VideoOpened(found.width, found.height, found.fps, found.seconds))

    def obey(self, order: list[Any]) -> None:
        """Carries one order out; what is wrong with it or its video is said."""
        match order:
            case ["look", int() | float() as seconds]:
                self._look(float(seconds))
            case ["search", list() | None as person, str(file)]:
                self._search(None if person is None else (person[0], person[1], person[2]), Path(file))

    def fail(self, error: Exception) -> None:
        """Says why something came to nothing."""
        told = as_studio_error(error)
        sentence = str(told) if told is not None else f"The search for people failed ({type(error).__name__}: {error})."
        self._say(SearchFailed(sentence, lacks_networks=bool(networks_missing())))

    def _look(self, seconds: float) -> None:
        picture = base64.b64encode(still(self._video, seconds)).decode("ascii")
        self._say(VideoLook(seconds, picture))
        if not networks_missing():
            people = tuple(self._networks().people_at(self._video, seconds))
            self._say(VideoLook(seconds, "", people))

    def _search(self, person: tuple[float, float, float] | None, file: Path) -> None:
        missing = networks_missing()
        if missing:
            self._say(SearchFailed(missing, lacks_networks=True))
            return
        skeleton = self._networks().extract(self._video, person=person, progress=self._tell)
        write_skeleton(file, skeleton)
        self._say(SearchDone(str(file)))

    def _tell(self, done: int, total: int, body: Any = None) -> None:
        if time.monotonic() - self._told < _EVERY and done < total:
            return
        self._told = time.monotonic()
        numbers = () if body is None else tuple(round(float(each), 2) for each in body.ravel())
        self._say(SearchProgress(done, total, numbers))

    def _networks(self) -> PoseExtractor:
        self._extractor = self._extractor or PoseExtractor()
        return self._extractor

    def _say(self, event: SearchEvent) -> None:
        self._answers.write(json.dumps(asdict(event)).encode() + b"\n")
        self._answers.flush()


def main() -> int:
    """Carries out orders until there are no more."""
    answers = stdout_for_answers()
    search = Search(Path(sys.argv[1]), answers)
    try:
        search.open()
    except (StudioError, OSError) as error:
        search.fail(error)
        return 2
    while line := sys.stdin.buffer.readline(_LONGEST_LINE):
        try:
            search.obey(json.loads(line))
        except Exception as error:
            search.fail(error)
    return 0


if __name__ == "__main__":
    sys.exit(main())
