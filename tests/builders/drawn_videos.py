"""Videos of drawn skeletons for tests: at one rate, with uneven times, with a sound that is longer."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from svi_studio.media.ffmpeg import ffmpeg_path
from svi_studio.media.formats import FFV1
from svi_studio.media.frames import Frames
from svi_studio.media.poses.drawing import draw_skeleton
from svi_studio.media.video_writer import open_writer
from tests.builders.dances import dance


def drawn_video(path: Path, frames: Frames | None = None, fps: float = 12.0) -> Path:
    """``frames`` ``[N, H, W, 3]``, else two seconds of somebody who waves, without loss."""
    pictures = draw_skeleton(dance(24)) if frames is None else frames
    high, wide = pictures.shape[1:3]
    with open_writer(path, width=wide, height=high, fps=fps, film_format=FFV1) as written:
        written.write(pictures)
    return path


def uneven_video(path: Path, even: Path, kept: Sequence[int]) -> Path:
    """The frames ``kept`` of the video ``even``, each at its time there, and none between them."""
    chosen = "+".join(f"eq(n,{number})" for number in kept)
    _run("-i", str(even), "-vf", f"select='{chosen}'", "-fps_mode", "vfr", "-c:v", "ffv1", str(path))
    return path


def with_sound(path: Path, silent: Path, seconds: float) -> Path:
    """The video ``silent`` with a tone of ``seconds``."""
    tone = ["-f", "lavfi", "-i", f"sine=duration={seconds}"]
    _run("-i", str(silent), *tone, "-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "pcm_s16le", str(path))
    return path


def _run(*arguments: str) -> None:
    subprocess.run([ffmpeg_path(), "-nostdin", "-loglevel", "error", *arguments], check=True)
