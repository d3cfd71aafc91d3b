"""Keeps what was seen of a video beside the training, so that a second scan decodes nothing again."""

import json
import zipfile
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from svi_studio.disk.atomic import atomic_write
from svi_studio.media.videos.video import VideoFacts
from trainer.footage.clips.analysis import THUMB, Analysis

_VERSION = 2  # since mirrored videos are read as they are shown


def save_analysis(path: Path, analysis: Analysis) -> None:
    """Writes ``analysis`` to ``path``, whole or not at all. Raises DiskFull or StudioError."""
    head = {"version": _VERSION, "facts": asdict(analysis.facts), "end": analysis.end, "broken": analysis.broken}
    head["is_picture"] = analysis.is_picture
    arrays: dict[str, NDArray[Any]] = {
        "head": np.frombuffer(json.dumps(head).encode(), np.uint8),
        "times": analysis.times,
        "thumbs": analysis.thumbs,
        "cuts": np.array(analysis.scene_cuts, np.float64),
    }
    content = BytesIO()
    np.savez_compressed(content, allow_pickle=False, **arrays)
    atomic_write(path, content.getvalue(), sync=False)


def load_analysis(path: Path) -> Analysis | None:
    """What ``save_analysis`` wrote, or None when there is none, a damaged or an older one."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            head = json.loads(stored["head"].tobytes())
            times, thumbs, scene_cuts = stored["times"], stored["thumbs"], stored["cuts"]
        if head["version"] != _VERSION or thumbs.shape != (len(times), *THUMB) or not len(times):
            return None
        facts = VideoFacts(**head["facts"])
        cuts, is_picture = tuple(map(float, scene_cuts)), bool(head.get("is_picture", False))
        return Analysis(facts, times, thumbs, float(head["end"]), cuts, str(head["broken"]), is_picture)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        return None
