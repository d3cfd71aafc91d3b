"""Looks at many videos at once, each in a process of its own, and hands back their clips in order."""

from __future__ import annotations

import os
import queue
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from svi_studio.domain.errors import BadInput, Stopped
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.training.footage import FootageClip, Reason
from svi_studio.media.poses.skeleton_file import read_skeleton
from svi_studio.media.videos.fingerprint import fingerprint
from trainer.footage.clips.analysis import Analysis
from trainer.footage.clips.catalogue import clips_of, unreadable
from trainer.footage.clips.duplicates import PerceptualHash
from trainer.footage.clips.scenes import Span
from trainer.footage.inputs.finding import FoundInClip
from trainer.footage.inputs.skeletons import SkeletonFinder
from trainer.footage.inputs.sounds import with_sounds
from trainer.footage.processes.analysis_store import AnalysisStore
from trainer.footage.processes.earlier import Earlier
from trainer.footage.processes.posters import is_written, picture_files, picture_name
from trainer.footage.processes.video_decoder import VideoDecoder
from trainer.footage.videos.shape import Shape

_CORES_A_DECODER = 2  # a decoder has threads of its own
_MOST_DECODERS = 4
_UNKNOWN = "0" * 64

PICTURES = "footage"
ANALYSES = "footage/analyses"
"""Where the decoders write to, in the folder of the training; analyses only where there is no place for all of them."""

Note = Callable[[str, float], None]


@dataclass(frozen=True)
class Seen:
    """The clips of one video, how each looks (None: nothing to compare), and a sentence when it breaks off."""

    source: str
    clips: list[FootageClip]
    looks: list[PerceptualHash | None] = field(default_factory=list)
    problem: str = ""


class Examiner:
    """A few decoders; leave it with ``with``, which ends their processes."""

    def __init__(self, folder: Path, shape: Shape, run: Path, note: Note = lambda _source, _rate: None) -> None:
        """``run`` is the training's folder, whose folders for what is written exist.

        ``note`` hears now and then in which video somebody is looked for, and at how many frames a second; in any
        thread.
        """
        self._folder, self._shape, self._run, self._note = folder, shape, run, note
        self._analyses, self._pictures = AnalysisStore(run / ANALYSES), run / PICTURES
        self._stopping = threading.Event()
        count = max(1, min(_MOST_DECODERS, (os.cpu_count() or 1) // _CORES_A_DECODER))
        self._decoders = [VideoDecoder() for _ in range(count)]
        self._free: queue.SimpleQueue[VideoDecoder] = queue.SimpleQueue()
        for decoder in self._decoders:
            self._free.put(decoder)
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="footage")

    def look_at(self, videos: Sequence[str], earlier: Earlier) -> Iterator[Seen]:
        """The clips of every video in order, with what was said of them ``earlier``. Raises DiskFull or StudioError."""
        waiting: list[Future[Seen]] = [self._pool.submit(self._look_at, video, earlier) for video in videos]
        for future in waiting:
            yield future.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stopping.set()
        self._pool.shutdown(wait=False, cancel_futures=True)
        for decoder in self._decoders:
            decoder.close()
        self._pool.shutdown()
        self._analyses.tidy()

    def _look_at(self, source: str, earlier: Earlier) -> Seen:
        mark = _UNKNOWN
        try:
            mark = fingerprint(self._folder / source)
            with self._decoder() as decoder:
                return self._examine(source, mark, earlier, decoder)
        except BadInput as error:
            sentence = str(error)
        except OSError as error:
            if error.filename is None:
                raise
            sentence = _not_read(self._folder / source, error)
        return Seen(source, [unreadable(source, mark, sentence)], [None])

    def _examine(self, source: str, mark: str, earlier: Earlier, decoder: VideoDecoder) -> Seen:
        analysis = self._analysis(source, mark, decoder)
        found = clips_of(source, mark, analysis, self._shape)
        clips, problem = self._completed(source, [earlier.said_of(clip, self._shape) for clip in found], decoder)
        for clip in clips:
            self._show(clip, decoder)
        said = " ".join(filter(None, (analysis.broken, problem, _single(source, analysis))))
        return Seen(source, clips, [_look(clip, analysis) for clip in clips], said)

    def _completed(self, source: str, clips: list[FootageClip], decoder: VideoDecoder) -> tuple[list[FootageClip], str]:
        """The clips with what the family needs beside their pictures, and a sentence when a file beside is no good."""
        problem = ""
        if InputKind.SOUND in self._shape.needs:
            clips = with_sounds(clips, self._folder, source, self._stopping.is_set)
        if InputKind.SKELETON in self._shape.needs:
            finder = SkeletonFinder(self._folder, self._run, self._shape, lambda clip: self._find(clip, decoder))
            clips, problem = finder.complete(clips, source)
        return clips, problem

    def _find(self, clip: FootageClip, decoder: VideoDecoder) -> FoundInClip:
        """The person in a clip. Raises BadInput, DiskFull."""
        if self._stopping.is_set():
            raise Stopped("The reading of the footage was stopped.")
        with tempfile.TemporaryDirectory(prefix="svi-person-") as place:
            file = Path(place) / "person.npz"
            video = self._folder / clip.source
            shape = self._shape.fitted(clip.width, clip.height)
            people = decoder.find_person(clip, shape, video, file, lambda rate: self._note(clip.source, rate))
            return FoundInClip(read_skeleton(file), people)

    def _analysis(self, source: str, mark: str, decoder: VideoDecoder) -> Analysis:
        analysis = self._analyses.find(mark)
        if analysis is None:
            decoder.analyse(self._folder / source, self._analyses.file(mark))
            analysis = self._analyses.find(mark)
        if analysis is None:
            raise BadInput(f'"{self._folder / source}" could not be looked through: scan the footage again.')
        return analysis

    def _show(self, clip: FootageClip, decoder: VideoDecoder) -> None:
        shape = self._shape.fitted(clip.width, clip.height)
        name = picture_name(clip, shape)
        if not is_written(self._pictures / picture_files(name)[0]):
            decoder.write_pictures(clip, shape, self._folder / clip.source, self._pictures, name)

    @contextmanager
    def _decoder(self) -> Iterator[VideoDecoder]:
        decoder = self._free.get()
        try:
            yield decoder
        finally:
            self._free.put(decoder)


def _single(source: str, analysis: Analysis) -> str:
    """A sentence about a video of one frame, which is of no use as a video."""
    if analysis.is_picture or len(analysis.times) > 1:
        return ""
    return f'"{source[-60:]}" is a video of a single picture: save it as a picture to use it as one.'


def _not_read(path: Path, error: OSError) -> str:
    if path.is_symlink() and not path.exists():
        return f'"{path}" is a link to a file that is not there: put the video itself into the folder.'
    return f'"{path}" could not be read ({error.strerror}): check its permissions.'


def _look(clip: FootageClip, analysis: Analysis) -> PerceptualHash | None:
    if clip.left_out in (Reason.TOO_SHORT, Reason.UNREADABLE):
        return None
    return PerceptualHash.of(analysis, Span(clip.start, clip.start + clip.seconds))
