"""The process that reads the end of a video: one that never ends or wants all the memory costs only this process.

``python -m svi_studio.media.videos.end_process`` takes one order on its stdin, a line of JSON, writes the last frame as
a PNG to the path in it, and answers with one line.
"""

import json
import sys
from pathlib import Path
from typing import Any

import av
from PIL import Image

from svi_studio.domain.errors import StudioError
from svi_studio.media.limits import limit_memory, limit_seconds, stdout_for_answers
from svi_studio.media.videos.video_end import last_frames

MEMORY = 6 << 30  # bytes of address space: frames of 50 megapixels in 16 bits, a dozen of them
SECONDS = 600  # of the processor, for a file that cannot be sought
MAX_LINE = 1 << 16


def main() -> None:
    """Carries out one order."""
    answers = stdout_for_answers()
    limit_memory(MEMORY)
    limit_seconds(SECONDS)
    av.logging.set_level(None)
    answers.write(json.dumps(_answer(json.loads(sys.stdin.buffer.readline(MAX_LINE)))).encode() + b"\n")
    answers.flush()


def _answer(order: dict[str, Any]) -> dict[str, Any]:
    try:
        frames = last_frames(Path(order["video"]), int(order["count"]), float(order["fps"]))
        Image.fromarray(frames[-1]).save(Path(order["picture"]), "PNG")
    except StudioError as error:
        return {"sentence": str(error)}
    except MemoryError:
        return {"fault": "memory"}
    except OSError as error:
        return {"fault": "disk", "errno": error.errno or 0}
    return {"done": True}


if __name__ == "__main__":
    main()
