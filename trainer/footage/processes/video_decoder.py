"""One decoding process from the outside: orders in, faults out; a new one after a crash or a stall."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from svi_studio.domain.errors import BadInput, DiskFull
from svi_studio.domain.training.footage import FootageClip
from svi_studio.media.limited_process import Crashed, LimitedProcess, TooSlow
from svi_studio.own_python import python_command
from trainer.footage.processes.posters import frame_files
from trainer.footage.videos.shape import Shape

PATIENCE = 60.0  # seconds without a decoded frame
_MOST_BYTES = 1 << 20  # of one answer
_COMMAND = python_command("trainer.footage.processes.decoding_process")


class VideoDecoder:
    """Used by one thread. ``close`` ends the process."""

    def __init__(self, command: tuple[str, ...] = _COMMAND, patience: float = PATIENCE) -> None:
        """``patience``: seconds without a sign of life after which a video is given up."""
        self._command, self._patience = command, patience
        self._process: LimitedProcess | None = None

    def analyse(self, video: Path, into: Path) -> None:
        """Looks through ``video`` once and writes what was seen to ``into``. Raises BadInput, DiskFull."""
        self._ask(video, {"video": str(video), "into": str(into)})

    def write_pictures(self, clip: FootageClip, shape: Shape, video: Path, into: Path, name: str) -> None:
        """Writes the pictures ``name`` of ``clip`` into the folder ``into``. Raises BadInput, DiskFull."""
        order = {"name": name, "clip": clip.model_dump(mode="json"), "shape": asdict(shape)}
        self._ask(video, {"video": str(video), "into": str(into), **order})

    def write_frames(self, clip: FootageClip, shape: Shape, video: Path, into: Path, looks: int) -> list[Path]:
        """At most ``looks`` frames of ``clip`` as files in the folder ``into``, in order. Raises BadInput, DiskFull."""
        order = {"name": clip.id, "clip": clip.model_dump(mode="json"), "shape": asdict(shape), "looks": looks}
        self._ask(video, {"video": str(video), "into": str(into), **order})
        return [path for path in frame_files(into, clip.id, looks) if path.is_file()]

    def find_person(
        self, clip: FootageClip, shape: Shape, video: Path, into: Path, hear: Callable[[float], None]
    ) -> int:
        """Writes the skeleton of the person in ``clip`` to ``into``; returns how many people were in sight at most.

        ``hear`` is told now and then how many frames a second are looked at. Raises BadInput, DiskFull.
        """
        order = {"clip": clip.model_dump(mode="json"), "shape": asdict(shape), "finds": True}
        return int(self._ask(video, {"video": str(video), "into": str(into), **order}, hear)["people"])

    def close(self) -> None:
        """Ends the process at once; nothing happens when there is none."""
        process, self._process = self._process, None
        if process is not None:
            process.end()

    def _ask(
        self, video: Path, order: dict[str, Any], hear: Callable[[float], None] = lambda _rate: None
    ) -> dict[str, Any]:
        process = self._process = self._process or LimitedProcess(self._command, errors=None)

        def talk(orders: IO[bytes], said: IO[bytes]) -> dict[str, Any]:
            orders.write(json.dumps(order).encode() + b"\n")
            orders.flush()
            while not (answer := json.loads(said.readline(_MOST_BYTES)))["done"]:
                process.beat()
                if answer["rate"] > 0:
                    hear(float(answer["rate"]))
            return dict(answer)

        try:
            answer = process.ask(talk, self._patience)
        except (TooSlow, Crashed) as error:
            self._process = None
            raise BadInput(
                f'"{video}" stops the video decoder: save it with another program or leave it out.'
            ) from error
        if "disk_full" in answer:
            raise DiskFull(answer["disk_full"])
        if "fault" in answer:
            raise BadInput(answer["fault"])
        return answer
