"""Has a model write the captions that are still missing: it looks at some frames of each clip."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from svi_studio.domain.errors import BadWeights, DiskFull, StudioError
from svi_studio.domain.training.events import PreparationStage, Preparing, Tell
from svi_studio.domain.training.footage import Footage, FootageClip, with_model_caption
from svi_studio.domain.value import with_fields
from svi_studio.media.footage_file import write_footage
from svi_studio.storyline.chat import ChatModel
from svi_studio.storyline.writers.caption import MAX_FRAMES, caption
from trainer.footage.processes.video_decoder import VideoDecoder
from trainer.footage.remarks import remarks
from trainer.footage.videos.shape import Shape

_MOST_FAILURES = 3
"""In a row: a server that is down or a model that does not fit will not get better with the next clip."""


def describe(footage: Footage, run: Path, chat: ChatModel, language: str, tell: Tell) -> Footage:
    """Asks ``chat`` for a caption in ``language`` for every used clip without one, in order.

    Each is written to ``footage.json`` in the folder ``run`` as soon as it comes, so that the next time goes on where
    this one ended. A clip that fails stays without, and the footage's problems get one sentence. Raises BadWeights for
    a model that cannot be loaded, DiskFull or StudioError when nothing can be written.
    """
    silent = [clip for clip in footage.clips if clip.is_used and not clip.caption]
    known = [problem for problem in footage.problems if problem not in _remarks(footage)]
    problems: dict[str, None] = {}
    failures = 0
    with _Watcher(footage).looking() as watcher:
        for done, clip in enumerate(silent):
            tell(Preparing(PreparationStage.CAPTIONS, done, len(silent), clip.source))
            try:
                text = caption(chat, watcher.frames(clip), language=language)
            except (DiskFull, BadWeights):
                raise  # true of every other clip too
            except StudioError as error:
                problems[f"{clip.source} has no caption: {error}"] = None
                failures += 1
                if failures == _MOST_FAILURES:
                    problems["The captions after that were not asked for: do it again when this is mended."] = None
                    break
                continue
            failures = 0
            footage = _written(with_model_caption(footage, clip.id, text), [*known, *problems], run)
    return _written(footage, [*known, *problems], run)


def _written(footage: Footage, problems: list[str], run: Path) -> Footage:
    footage = with_fields(footage, {"problems": tuple([*problems, *_remarks(footage)][:1000])})
    write_footage(run, footage)
    return footage


def _remarks(footage: Footage) -> list[str]:
    """Families that need more than pictures say one sentence of all their clips, as the authors do."""
    return remarks(footage.clips, misses_captions=not footage.needs)


class _Watcher:
    """Takes frames out of the clips of ``footage``, in a process of its own, into a folder that does not stay."""

    def __init__(self, footage: Footage) -> None:
        self._videos = Path(footage.folder)
        self._shape = Shape(footage.num_frames, footage.fps, footage.width, footage.height)
        self._decoder = VideoDecoder()
        self._folder = Path()

    @contextmanager
    def looking(self) -> Iterator[_Watcher]:
        try:
            with tempfile.TemporaryDirectory(prefix="svi-captions-") as folder:
                self._folder = Path(folder)
                yield self
        finally:
            self._decoder.close()

    def frames(self, clip: FootageClip) -> list[Path]:
        """A few frames of ``clip``, in order. Raises BadInput when its video cannot be read any more."""
        for earlier in self._folder.iterdir():
            earlier.unlink()
        return self._decoder.write_frames(clip, self._shape, self._videos / clip.source, self._folder, MAX_FRAMES)
