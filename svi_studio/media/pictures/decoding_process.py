"""The process that decodes pictures: one that never ends, or that wants all the memory, costs only this process.

``python -m svi_studio.media.pictures.decoding_process`` says one line when it is ready, takes orders on its stdin, each
followed by the bytes of a file, and answers on its stdout. It opens no file itself.
"""

import os
import sys
from typing import BinaryIO

from svi_studio.media.limits import limit_memory, limit_seconds, stdout_for_answers
from svi_studio.media.pictures.order import MAX_LINE, Answer, Order
from svi_studio.media.pictures.reading import Unreadable, make_ready, read

SECONDS = 10
MEMORY = 1536 << 20  # bytes: a progressive JPEG of 50 megapixels with four colours takes most of it
READY = b"ready\n"


def main() -> None:
    """Carries out orders until there are no more."""
    orders, answers = sys.stdin.buffer, stdout_for_answers()
    limit_memory(MEMORY)
    make_ready()
    answers.write(READY)
    answers.flush()
    while line := orders.readline(MAX_LINE):
        limit_seconds(SECONDS)
        answer = _answer(orders, *Order.read(line))
        answers.write(answer.line())
        answers.write(answer.pixels)
        answers.flush()


def _answer(orders: BinaryIO, order: Order, length: int) -> Answer:
    try:
        content = orders.read(length)
        if len(content) < length:
            os._exit(1)  # the process that asked is gone
        return read(content, order)
    except Unreadable as error:
        return Answer(fault=error.fault, full=error.full)
    except MemoryError:
        return Answer(fault="memory")


if __name__ == "__main__":
    main()
