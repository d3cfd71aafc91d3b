"""What a user types becomes the root of a server's interface."""

import pytest

from svi_studio.net.net_errors import BadAddress
from svi_studio.storyline.server.server_address import api_root


@pytest.mark.parametrize(
    ("typed", "root"),
    [
        ("http://127.0.0.1:11434", "http://127.0.0.1:11434/v1"),
        ("http://127.0.0.1:11434/", "http://127.0.0.1:11434/v1"),
        ("http://127.0.0.1:1234/v1/", "http://127.0.0.1:1234/v1"),
        ("http://localhost:8000/v1/chat/completions", "http://localhost:8000/v1"),
        ("https://api.example.org/v1/models", "https://api.example.org/v1"),
        ("https://example.org/api/v1beta/openai", "https://example.org/api/v1beta/openai"),
        (" localhost:11434 ", "http://localhost:11434/v1"),
        ("192.168.1.20:1234", "http://192.168.1.20:1234/v1"),
        ("[::1]:8080", "http://[::1]:8080/v1"),
        ("api.example.org", "https://api.example.org/v1"),
        ("HTTPS://API.Example.org:443/v1", "https://api.example.org/v1"),
    ],
)
def test_an_address_is_understood(typed: str, root: str) -> None:
    assert api_root(typed) == root


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "http://",
        "ftp://example.org",
        "file:///etc/passwd",
        "my server",
        "https://user:word@example.org",
        "a\nb",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(BadAddress):
        api_root(typed)
