"""From a host to its numeric addresses, once, without waiting longer than the request may."""

import queue
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from ipaddress import ip_address

from svi_studio.net.errand import Errand
from svi_studio.net.net_errors import Unreachable

Resolve = Callable[[str, int], Sequence[str]]
"""From a host and a port to numeric addresses, best first; raises OSError when there are none."""


def system_addresses(host: str, port: int) -> Sequence[str]:
    """What the computer's own resolver says, each address once. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def look_up(host: str, port: int, resolve: Resolve, errand: Errand) -> Sequence[str]:
    """The addresses of ``host``. Raises Unreachable, or TooSlow and Stopped as the errand says.

    The system's resolver can hang for half a minute and cannot be stopped: it runs in a thread that is left to itself.
    """
    with suppress(ValueError):
        return [str(ip_address(host))]
    answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()
    threading.Thread(target=lambda: answers.put(_answer(resolve, host, port)), name="name lookup", daemon=True).start()
    while True:
        errand.check()
        try:
            answer = answers.get(timeout=errand.tick)
        except queue.Empty:
            continue
        if isinstance(answer, Exception) or not answer:
            raise Unreachable(f"{errand.server} was not found: check the network connection and the address.")
        return answer


def _answer(resolve: Resolve, host: str, port: int) -> Sequence[str] | Exception:
    try:
        return resolve(host, port)
    except Exception as error:  # whatever it is, the one who waits must hear of it
        return error
