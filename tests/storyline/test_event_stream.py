"""Server-sent events come out the same however their bytes are cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.net.net_errors import BrokenReply
from svi_studio.storyline.server.event_stream import MAX_EVENT_BYTES, event_data

_LINES = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\ufeff"), min_size=1), max_size=8
)


def _cut(content: bytes, size: int) -> list[bytes]:
    return [content[start : start + size] for start in range(0, len(content), size)]


@given(_LINES, st.sampled_from(["\n", "\r\n", "\r"]), st.integers(1, 30))
def test_each_event_comes_out_whole(texts: list[str], end: str, size: int) -> None:
    content = "".join(f": ping{end}event: x{end}data: {text}{end}{end}" for text in texts).encode()
    assert list(event_data(_cut(content, size))) == texts


def test_lines_of_one_event_are_joined() -> None:
    assert list(event_data([b"data: a\ndata:b\n\ndata: c\n\n"])) == ["a\nb", "c"]


def test_a_last_event_without_an_end_is_kept() -> None:
    assert list(event_data([b"data: a"])) == ["a"]


def test_bytes_that_are_no_text_do_no_harm() -> None:
    assert list(event_data([b"data: \xff\xfe\n\n"])) == ["\ufffd\ufffd"]


@pytest.mark.parametrize("endless", [b"data: " + b"x" * (MAX_EVENT_BYTES + 9), b"data: x\n" * 90_000])
def test_an_event_without_end_is_refused(endless: bytes) -> None:
    with pytest.raises(BrokenReply):
        list(event_data(_cut(endless, 65_536)))
