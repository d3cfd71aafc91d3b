"""A real film whose takes have real pictures, and the dialog over it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.preferences import Preferences
from svi_studio.domain.takes.job import ClipJob
from svi_studio.domain.takes.take import Take
from svi_studio.domain.takes.take_files import LOSSLESS_VIDEO, POSTER, VIEWING_VIDEO
from svi_studio.media.formats import FFV1, H264
from svi_studio.media.frames import Frames
from svi_studio.media.video_writer import open_writer
from svi_studio.project.takes.take_store import TakeStore
from svi_studio.ui.export.dialog import ExportDialog
from tests.builders.open_films import open_new_film, storyboard

EXPORT_MS = 60_000  # the export is a process of its own, on a computer that may be busy


def frames_of(job: ClipJob) -> Frames:
    """What the take of ``job`` shows: every frame of a film is different."""
    frames = np.zeros((job.num_frames, job.height, job.width, 3), np.uint8)
    frames[..., 0] = 20 * job.index
    frames[..., 1] = (8 * np.arange(job.num_frames, dtype=np.uint8))[:, None, None]
    return frames


def put_real_take(film: OpenFilm, clip_id: str) -> None:
    """Give the clip a take with videos in it."""
    job = film.states.job(clip_id)
    assert job is not None
    frames = frames_of(job)
    draft = TakeStore(film.path / "takes").begin(job)
    for name, film_format in ((LOSSLESS_VIDEO, FFV1), (VIEWING_VIDEO, H264)):
        with open_writer(
            draft.path(name), width=job.width, height=job.height, fps=12, film_format=film_format
        ) as writer:
            writer.write(frames)
    Image.fromarray(frames[0]).save(draft.path(POSTER))
    take = Take(take_hash=job.take_hash, parent_hash=job.parent_hash, job=job, num_frames=job.num_frames)
    draft.commit(take)
    film.takes.add(job.take_hash)


@pytest.fixture
def film(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenFilm]:
    """Three clips in one chain; the first two have takes."""
    opened = open_new_film(tmp_path, storyboard(3, title="Foxes: a tale"))
    qtbot.waitUntil(lambda: opened.states.job("c3") is not None and opened.takes.is_scanned)
    for clip_id in ("c1", "c2"):
        put_real_take(opened, clip_id)
    qtbot.waitUntil(lambda: len(opened.takes) == 2)
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the exports go."""
    made = tmp_path / "Exports"
    made.mkdir()
    return made


@pytest.fixture
def preferences(qtbot: QtBot, tmp_path: Path, folder: Path) -> Preferences:
    wishes = Preferences(tmp_path / "window.ini")
    wishes.set_text("export_folder", str(folder))
    return wishes


@pytest.fixture
def dialog(qtbot: QtBot, film: OpenFilm, preferences: Preferences) -> Iterator[ExportDialog]:
    """The dialog on the screen."""
    made = ExportDialog(film, preferences)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    assert made.shutdown()
