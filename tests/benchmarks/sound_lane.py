"""Opens a film with an hour of sound, and times every frame while it is scrolled and zoomed with busy cores.

Run alone: ``python -m tests.benchmarks.sound_lane [MINUTES]``.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.benchmarks.figure import Figure

if TYPE_CHECKING:
    from svi_studio.ui.timeline.panel import TimelinePanel

MINUTES = 60
OPEN_SECONDS = 3.0
FRAME_MS = 16.7
MEMORY_MB = 200.0
FRAMES = 200
Frame = tuple[float, float]
"""Milliseconds of one frame: on the clock, and of the window's thread on a processor."""


def measure() -> tuple[Figure, ...]:
    """Seconds to open, p99 frame, and megabytes that the sound costs, in a process of its own.

    How long a frame takes on the clock says as much of the other work of the computer; the window's own does not.
    """
    command = [sys.executable, "-m", "tests.benchmarks.sound_lane"]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "QT_NO_GUI_THREADPOOL": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    found = json.loads(done.stdout)
    return (
        Figure("sound lane: an hour of sound opened", found["open"], OPEN_SECONDS, "s"),
        Figure("sound lane: p99 frame, an hour of sound, busy cores", found["p99"], FRAME_MS, "ms", found["phases"]),
        Figure("sound lane: p99 of the window's own work on a frame", found["own"], FRAME_MS, "ms"),
        Figure("sound lane: memory of an hour of sound", found["memory"], MEMORY_MB, "MB"),
    )


def write_hour(path: Path, minutes: int) -> Path:
    """Syllables with pauses, in stereo, without holding more than a minute of it."""
    import wave

    import numpy as np

    dice, rate = np.random.default_rng(1), 48_000
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(rate)
        for _ in range(minutes):
            slow = np.repeat(dice.random(60 * 8) ** 3, rate // 8)
            noise = dice.standard_normal(60 * rate) * slow * 0.3
            stereo = np.stack([noise, noise * 0.7], axis=1)
            file.writeframes((np.clip(stereo, -1, 1) * 32_767).astype("<i2").tobytes())
    return path


def run(minutes: int) -> dict[str, Any]:
    """Everything, with a folder of its own for what is kept ready."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["SVI_SOUNDS"] = str(folder / "ready")
        path, seconds = _film(folder, minutes)
        found = _in_window(path)
        return found | {"import": round(seconds, 1)}


def _film(folder: Path, minutes: int) -> tuple[Path, float]:
    """A film with the sound under it, and the seconds that it took to make that ready."""
    from svi_studio.domain.film.track import InputKind, Piece, Track
    from svi_studio.media.sounds.sound_store import ready_sound
    from svi_studio.project.media.media_store import MediaStore
    from tests.ui.timeline.films import make_film, storyboard_of

    clips = round(minutes * 60 * 24 / 16)
    path = make_film(folder, storyboard_of(min(clips, 5000)), ())
    wav = write_hour(folder / "hour.wav", minutes)
    file = MediaStore(path).add(wav)
    wav.unlink()
    began = time.perf_counter()
    sound = ready_sound(path / file)
    seconds = time.perf_counter() - began
    length = round(sound.samples / 48_000 * 24)
    sound.close()
    from svi_studio.project.film.project_file import Project

    project = Project.open(path)
    track = Track(kind=InputKind.SOUND, pieces=(Piece(file=file, start=0, length=length, name="An hour"),))
    project.save(project.storyboard.model_copy(update={"tracks": (track,), "model": "svi-mini"}))
    return path, seconds


def _in_window(path: Path) -> dict[str, Any]:
    import psutil
    from PySide6.QtWidgets import QApplication

    from svi_studio.document.pictures.thumbnails import Thumbnails
    from svi_studio.ui.actions.window_actions import Actions
    from svi_studio.ui.theme import theme
    from svi_studio.ui.timeline.panel import TimelinePanel
    from tests.benchmarks.timeline_frames import _settle, busy_cores
    from tests.builders.opened import open_film_here

    application, process = QApplication([]), psutil.Process()
    theme().set_mode("dark")
    film, thumbnails = open_film_here(path), Thumbnails()
    before = process.memory_info().rss
    began = time.perf_counter()
    panel = TimelinePanel(film, Actions(), thumbnails)
    panel.resize(1920, 420)
    panel.show()
    piece = film.document.storyboard.tracks[0].pieces[0]
    while film.sounds.ready(piece.file) is None or panel.view._layer.stale:
        application.processEvents()
    opened = time.perf_counter() - began
    _settle(application, 2.0)
    with busy_cores():
        _settle(application, 1.0)
        phases = {name: _phase(application, panel, action) for name, action in _actions(panel).items()}
    memory = (process.memory_info().rss - before) / 1e6
    panel.close()
    film.close()
    thumbnails.close()
    every = sorted(wall for frames in phases.values() for wall, _own in frames)
    own = sorted(own for frames in phases.values() for _wall, own in frames)
    return {
        "open": round(opened, 3),
        "own": own[int(0.99 * len(own))],
        "p99": every[int(0.99 * len(every))],
        "longest": every[-1],
        "memory": round(memory, 1),
        "phases": {name: _spread(frames) for name, frames in phases.items()},
    }


def _spread(frames: list[Frame]) -> dict[str, float]:
    spread = {}
    for name, values in (("", sorted(wall for wall, _ in frames)), ("own ", sorted(own for _, own in frames))):
        middle, most = values[len(values) // 2], values[int(0.99 * len(values))]
        spread |= {f"{name}p50": round(middle, 2), f"{name}p99": round(most, 2), f"{name}max": round(values[-1], 2)}
    return spread


def _phase(application: Any, panel: "TimelinePanel", action: Callable[[int], None]) -> list[Frame]:
    """From the wish to the last painted pixel."""
    taken: list[Frame] = []
    for step in range(FRAMES):
        began, spent = time.perf_counter(), time.thread_time()
        action(step)
        application.processEvents()
        taken.append((1000 * (time.perf_counter() - began), 1000 * (time.thread_time() - spent)))
        time.sleep(max(0.0, 0.016 - (time.perf_counter() - began)))
    return taken


def _actions(panel: "TimelinePanel") -> dict[str, Callable[[int], None]]:
    view = panel.view

    def at_zoom(pixels: float, by: int) -> Callable[[int], None]:
        def action(step: int) -> None:
            if not step:
                view.zoom_to(pixels)
            view.scroll_by(by)

        return action

    return {
        "the whole hour": at_zoom(0.02, 3),
        "scroll minutes": at_zoom(0.5, 37),
        "scroll seconds": at_zoom(4.0, 37),
        "scroll frames": at_zoom(16.0, 37),
        "leap": at_zoom(4.0, 1500),
        "zoom": lambda step: view.zoom(1.15 if step % 40 < 20 else 1 / 1.15, 900),
    }


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")
    print(json.dumps(run(int(sys.argv[1]) if len(sys.argv) > 1 else MINUTES), indent=1))
