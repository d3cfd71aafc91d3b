"""One decoding process from the outside: orders in, faults out; a new one after a crash or a stall."""

import json
import os
import queue
import subprocess
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from svi_studio.domain.errors import BadInput, DiskFull
from svi_studio.domain.footage import FootageClip
from svi_studio.own_python import python_command, python_environment
from svi_studio.pipes.packets import PacketError, PacketReader, pack
from trainer.footage.posters import frame_files
from trainer.footage.shape import Shape

PATIENCE = 60.0  # seconds without a decoded frame
_COMMAND = python_command("trainer.footage.decoding_process")


class Lane:
    """Used by one thread. ``close`` ends the process."""

    def __init__(self, command: tuple[str, ...] = _COMMAND, patience: float = PATIENCE) -> None:
        """``patience``: seconds without a sign of life after which a video is given up."""
        self._command, self._patience = command, patience
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()

    def analyse(self, video: Path, into: Path) -> None:
        """Look through ``video`` once and write what was seen to ``into``. Raises BadInput, DiskFull."""
        self._ask(video, {"video": str(video), "into": str(into)})

    def write_pictures(self, clip: FootageClip, shape: Shape, video: Path, into: Path, name: str) -> None:
        """Write the pictures ``name`` of ``clip`` into the folder ``into``. Raises BadInput, DiskFull."""
        order = {"name": name, "clip": clip.model_dump(mode="json"), "shape": asdict(shape)}
        self._ask(video, {"video": str(video), "into": str(into), **order})

    def write_frames(self, clip: FootageClip, shape: Shape, video: Path, into: Path, looks: int) -> list[Path]:
        """At most ``looks`` frames of ``clip`` as files in the folder ``into``, in order. Raises BadInput, DiskFull."""
        order = {"name": clip.id, "clip": clip.model_dump(mode="json"), "shape": asdict(shape), "looks": looks}
        self._ask(video, {"video": str(video), "into": str(into), **order})
        return [path for path in frame_files(into, clip.id, looks) if path.is_file()]

    def close(self) -> None:
        """End the process at once; nothing happens when there is none."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def _ask(self, video: Path, order: dict[str, Any]) -> None:
        process = self._running()
        try:
            assert process.stdin is not None
            process.stdin.write(pack(json.dumps(order).encode()))
            process.stdin.flush()
            answer = self._wait()
        except (OSError, PacketError, queue.Empty):
            answer = None
        if answer is None:
            self.close()
            raise BadInput(f'"{video}" stops the video decoder: save it with another program or leave it out.')
        if "disk_full" in answer:
            raise DiskFull(answer["disk_full"])
        if "fault" in answer:
            raise BadInput(answer["fault"])

    def _wait(self) -> dict[str, Any] | None:
        """The last answer to an order; None when the process has ended. Raises queue.Empty after the patience."""
        while (answer := self._answers.get(timeout=self._patience)) is not None and not answer["done"]:
            pass
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            self._answers = queue.SimpleQueue()
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=python_environment(),
            )
            reading = (self._process, self._answers)
            threading.Thread(target=_read, args=reading, name="decoding answers", daemon=True).start()
        return self._process


def _read(process: "subprocess.Popen[bytes]", answers: "queue.SimpleQueue[dict[str, Any] | None]") -> None:
    assert process.stdout is not None
    reader = PacketReader()
    try:
        while piece := os.read(process.stdout.fileno(), 1 << 16):
            for packet in reader.feed(piece):
                answers.put(json.loads(packet.text))
    except (OSError, ValueError):
        pass  # as good as an end
    answers.put(None)
