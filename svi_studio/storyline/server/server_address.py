"""From what a user types as a server's address to the root of its OpenAI-compatible interface."""

from ipaddress import ip_address

import httpx2

from svi_studio.net.origin import Origin
from svi_studio.net.plain_url import plain_url
from svi_studio.net.public_address import Reach, reach_of

_ENDS = ("/chat/completions", "/completions", "/models", "/chat")


def api_root(typed: str) -> str:
    """``http://127.0.0.1:11434`` and ``localhost:11434/v1/models`` alike become ``http://...:11434/v1``.

    An address without a path gets ``/v1``, where Ollama, LM Studio, llama.cpp and vLLM answer; without a scheme it is
    encrypted unless it is this computer or a numeric address of the own network. Raises BadAddress.
    """
    text = typed.strip()
    url = plain_url(text if "://" in text else f"{_scheme(text)}://{text}")
    path = url.path.rstrip("/")
    for end in _ENDS:
        path = path.removesuffix(end)
    return f"{Origin.of(url)}{httpx2.URL(path=path or '/v1').raw_path.decode('ascii')}"


def _scheme(text: str) -> str:
    try:
        host = httpx2.URL(f"http://{text}").host
    except (httpx2.InvalidURL, ValueError):
        return "https"  # it is no address, and is refused as one
    return "http" if host == "localhost" or _is_own(host) else "https"


def _is_own(host: str) -> bool:
    try:
        return reach_of(str(ip_address(host))) is Reach.OWN
    except ValueError:
        return False
