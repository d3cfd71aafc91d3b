"""A process's way in: requests are obeyed as they arrive, in a thread of their own."""

import os
import threading
from collections.abc import Callable
from typing import TypeVar

from svi_studio.pipes.messages import Messages
from svi_studio.pipes.packets import PacketError

M = TypeVar("M")

_CHUNK = 1 << 16


def obey_requests(
    descriptor: int, requests: Messages[M], obey: Callable[[M], object], hung_up: Callable[[PacketError | None], object]
) -> None:
    """Begins to read the pipe ``descriptor``, and has every request obeyed.

    ``hung_up`` is called once, at the end: with the error when what came was no request, with None when nobody writes
    any more.
    """
    threading.Thread(target=_read, args=(descriptor, requests, obey, hung_up), name="requests", daemon=True).start()


def _read(
    descriptor: int, requests: Messages[M], obey: Callable[[M], object], hung_up: Callable[[PacketError | None], object]
) -> None:
    reader, fault = requests.reader(), None
    try:
        while piece := os.read(descriptor, _CHUNK):
            for request in reader.feed(piece):
                obey(request)
    except PacketError as error:
        fault = error
    except OSError:
        pass  # a broken pipe says the same as a closed one
    hung_up(fault)
