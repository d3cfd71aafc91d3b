"""A small film whose takes are real videos of noise, and a render queue that does what a test says."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.render.clip_activity import ClipActivity
from svi_studio.document.render.queue import RenderQueue
from svi_studio.domain.render.clip_state import ClipState
from svi_studio.domain.takes.take import Take
from svi_studio.domain.takes.take_files import LOSSLESS_VIDEO, POSTER
from svi_studio.domain.takes.take_hash import take_hash
from svi_studio.jobs.render.render_service import RenderService
from svi_studio.media.formats import FFV1
from svi_studio.media.frames import Frames
from svi_studio.media.video_writer import open_writer
from svi_studio.project.takes.take_store import TakeStore
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.preview.panel import PreviewPanel
from tests.builders.open_films import open_new_film, storyboard

FRAMES = 21  # of a clip of the bundled model; the film keeps 16 of those that another clip continues
KEPT = 16


@dataclass
class Bench:
    """The panel on a film of clips c1, c2, ..."""

    film: OpenFilm
    queue: RenderQueue
    actions: Actions
    panel: PreviewPanel
    qtbot: QtBot

    def show(self, frame: int) -> None:
        """Go to a film frame and wait until it is in the picture."""
        if self.film.playhead.frame == frame:
            self.panel.preview.projector.project()
        self.film.playhead.set_frame(frame)
        self.qtbot.waitUntil(lambda: not self.panel.preview.projector.is_waiting)

    def pixels(self, side: int = 0) -> Frames:
        """What is in the picture, RGB."""
        return rgb(self.panel.preview.projector.scene.sides[side].image)

    def making(self, clip_id: str | None, progress: float = 0.35, picture: bool = True) -> None:
        """The queue says that this clip is being made, or none."""
        self.queue.clip_activity.clear()
        self.film.states.set_activities({clip.id: None for clip in self.film.document.storyboard.clips})
        if clip_id is not None:
            activity = ClipActivity(ClipState.RENDERING, progress, f"Step {round(progress * 20)} of 20")
            self.queue.clip_activity[clip_id] = activity
            self.film.states.set_activity(clip_id, *activity)
            self.queue.clip_changed.emit(clip_id)
            if picture:
                self.queue.preview.emit(clip_id, round(progress * 20), jpeg())
        else:
            self.queue.changed.emit()

    def close(self) -> None:
        assert self.panel.close_threads()
        assert self.queue.close()
        assert self.queue.service.shutdown()
        self.film.close()


def open_bench(qtbot: QtBot, folder: Path, *, rendered: tuple[int, ...] = (0, 1, 2), clips: int = 3) -> Bench:
    """A film of three clips, those at ``rendered`` with a take."""
    board = storyboard(clips)
    cards = (clip.model_copy(update={"prompt": f"Part {number}"}) for number, clip in enumerate(board.clips, start=1))
    film = open_new_film(folder, board.model_copy(update={"clips": tuple(cards)}))
    qtbot.waitUntil(lambda: film.takes.is_scanned and film.states.facts is not None, timeout=20_000)
    for index in rendered:
        put_video(qtbot, film, index)
    queue, actions = RenderQueue(film.path, RenderService()), Actions()
    panel = PreviewPanel(film, queue, actions)
    qtbot.addWidget(panel)
    actions.add_to(panel)
    panel.resize(720, 520)
    return Bench(film, queue, actions, panel, qtbot)


def put_video(
    qtbot: QtBot, film: OpenFilm, index: int, created_at: str = "2026-01-02T03:04:05+00:00", **changes: Any
) -> str:
    """A take of the clip at ``index`` with a real video; ``changes`` make it one of other settings."""
    film.states.settle()
    job = film.states.job(film.document.storyboard.clips[index].id)
    assert job is not None
    job = job.model_copy(update=changes)
    job = job.model_copy(update={"take_hash": take_hash(job)})
    draft = TakeStore(film.takes.folder).begin(job)
    draft.path(LOSSLESS_VIDEO).write_bytes(_video(number_of(job.take_hash)))
    draft.path(POSTER).write_bytes(b"no picture")
    draft.commit(
        Take(take_hash=job.take_hash, parent_hash=job.parent_hash, job=job, num_frames=FRAMES, created_at=created_at)
    )
    film.takes.add(job.take_hash)
    qtbot.waitUntil(lambda: film.takes.has(job.take_hash))
    film.states.settle()
    return job.take_hash


def number_of(digest: str) -> int:
    """A small number for a take, so that few videos have to be written."""
    return int(digest[:4], 16) % 4


@cache
def noise(number: int) -> Frames:
    """The frames of the takes with that number."""
    return np.random.default_rng(number).integers(0, 256, (FRAMES, 48, 80, 3), np.uint8)


def frame_of(digest: str, frame: int) -> Frames:
    """What frame ``frame`` of a take must look like."""
    return noise(number_of(digest))[frame]


@cache
def _video(number: int) -> bytes:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as name:
        path = Path(name) / LOSSLESS_VIDEO
        with open_writer(path, width=80, height=48, fps=12, film_format=FFV1) as film:
            film.write(noise(number))
        return path.read_bytes()


def rgb(image: QImage | None) -> Frames:
    """A picture as uint8 ``[H, W, 3]``."""
    assert image is not None
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : plain.width() * 3].reshape(plain.height(), plain.width(), 3).copy()


def plain(colour: str, width: int = 80, height: int = 48) -> QImage:
    """A picture of one colour."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


def jpeg() -> bytes:
    """A preview from latents."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    plain("orange", 40, 24).save(buffer, "JPEG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())
