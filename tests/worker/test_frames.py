"""Frames on a pipe come out as they went in, however the pipe cuts them, and nothing else is taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.worker.frames import Frame, FrameError, FrameReader, pack

frames = st.lists(st.builds(Frame, st.binary(max_size=40), st.binary(max_size=40)), max_size=6)


@given(frames, st.integers(1, 50))
def test_frames_survive_any_cut(wanted: list[Frame], size: int) -> None:
    stream = b"".join(pack(*frame) for frame in wanted)
    reader = FrameReader()
    got = [frame for start in range(0, len(stream), size) for frame in reader.feed(stream[start : start + size])]
    assert got == wanted


@pytest.mark.parametrize("noise", [b"Traceback (most recent call last)", b"\x00", b"SVX"])
def test_anything_else_is_refused_at_its_first_bytes(noise: bytes) -> None:
    with pytest.raises(FrameError):
        list(FrameReader().feed(noise))


def test_a_frame_too_large_is_refused_before_it_comes() -> None:
    head = pack(b"x" * 101)[:12]
    with pytest.raises(FrameError):
        list(FrameReader(max_text=100).feed(head))


def test_half_a_frame_waits_for_the_rest() -> None:
    assert list(FrameReader().feed(pack(b"{}", b"data")[:-1])) == []
