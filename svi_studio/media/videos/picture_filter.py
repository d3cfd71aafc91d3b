"""Makes decoded frames plain pictures: whole instead of two half ones, and in the colours of ordinary screens."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import av.filter
from av.error import BlockingIOError as NothingYet
from av.error import EOFError as NothingMore
from av.video.reformatter import Colorspace, ColorTrc, VideoReformatter

if TYPE_CHECKING:
    from av import VideoFrame
    from av.video.stream import VideoStream

_HIGH_RANGE = (ColorTrc.SMPTE2084, ColorTrc.ARIB_STD_B67)  # PQ and HLG, as telephones film by themselves
_ORDINARY = "out_primaries=bt709:out_transfer=bt709:flags=bicubic"
_UNKNOWN_COLOURS = 2
_HD_LINES = 720  # players take unmarked pictures from this size on for BT.709


def whole_pictures(stream: VideoStream, frames: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
    """The frames, each woven from two half pictures of different moments made a whole one; others as they are."""
    graph = _graph(stream, [("bwdif", "mode=send_frame:deint=interlaced")])
    for frame in frames:
        graph.push(frame)
        yield from _ready(graph)
    graph.push(None)
    yield from _ready(graph)


class ToScreen:
    """Scales frames of one video and makes them RGB of ordinary brightness."""

    def __init__(self, stream: VideoStream) -> None:
        self._stream = stream
        self._scaler = VideoReformatter()
        self._graph: tuple[tuple[int, int], av.filter.Graph] | None = None

    def convert(self, frame: VideoFrame, width: int, height: int) -> VideoFrame:
        """``frame`` at ``width`` x ``height`` pixels in rgb24."""
        if frame.color_trc in _HIGH_RANGE:
            return self._from_high_range(frame, width, height)
        unmarked = frame.colorspace == _UNKNOWN_COLOURS and min(frame.width, frame.height) >= _HD_LINES
        source = Colorspace.ITU709 if unmarked else None
        return self._scaler.reformat(
            frame, width=width, height=height, format="rgb24", src_colorspace=source, interpolation="BICUBIC"
        )

    def _from_high_range(self, frame: VideoFrame, width: int, height: int) -> VideoFrame:
        if self._graph is None or self._graph[0] != (width, height):
            steps = [("scale", f"w={width}:h={height}:{_ORDINARY}"), ("format", "pix_fmts=rgb24")]
            self._graph = ((width, height), _graph(self._stream, steps))
        graph = self._graph[1]
        graph.push(frame)
        return next(_ready(graph))


def _graph(stream: VideoStream, steps: list[tuple[str, str]]) -> av.filter.Graph:
    graph = av.filter.Graph()
    chain = [graph.add_buffer(template=stream), *(graph.add(*step) for step in steps), graph.add("buffersink")]
    for source, target in pairwise(chain):
        source.link_to(target)
    graph.configure()
    return graph


def _ready(graph: av.filter.Graph) -> Iterator[VideoFrame]:
    while True:
        try:
            yield graph.vpull()
        except (NothingYet, NothingMore):
            return
