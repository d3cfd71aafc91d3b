"""Packets on a pipe come out as they went in, however the pipe cuts them, and nothing else is taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.pipes.packets import Packet, PacketError, PacketReader, pack

packets = st.lists(st.builds(Packet, st.binary(max_size=40), st.binary(max_size=40)), max_size=6)


@given(packets, st.integers(1, 50))
def test_packets_survive_any_cut(wanted: list[Packet], size: int) -> None:
    stream = b"".join(pack(*packet) for packet in wanted)
    reader = PacketReader()
    got = [packet for start in range(0, len(stream), size) for packet in reader.feed(stream[start : start + size])]
    assert got == wanted


@pytest.mark.parametrize("noise", [b"Traceback (most recent call last)", b"\x00", b"SVX"])
def test_anything_else_is_refused_at_its_first_bytes(noise: bytes) -> None:
    with pytest.raises(PacketError):
        list(PacketReader().feed(noise))


def test_a_packet_too_large_is_refused_before_it_comes() -> None:
    head = pack(b"x" * 101)[:12]
    with pytest.raises(PacketError):
        list(PacketReader(max_text=100).feed(head))


def test_half_a_packet_waits_for_the_rest() -> None:
    assert list(PacketReader().feed(pack(b"{}", b"data")[:-1])) == []
