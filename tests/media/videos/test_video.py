"""Videos of people are opened carefully and come out upright, with square pixels and true times."""

import socket
import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.media.ffmpeg import Ffmpeg
from svi_studio.media.orientation import UPRIGHT, Orientation, orientation_of
from svi_studio.media.video_reader import probe_video, stream_frames
from svi_studio.media.videos.video import Video
from tests.builders.videos import counted, grey, numbers, write_video
from trainer.footage.clips.analysis import analyse
from trainer.footage.videos.conform import read_at


def corners(width: int = 64, height: int = 48) -> np.ndarray:
    picture = grey(90, width, height)
    picture[:20, :20], picture[:20, -20:], picture[-20:, :20] = (255, 0, 0), (0, 255, 0), (0, 0, 255)
    return picture


def as_ffmpeg_shows(path: Path, width: int, height: int) -> np.ndarray:
    process = Ffmpeg(["-i", str(path), "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"], read=True)
    content = process.pipe_out.read()
    process.finish()
    return np.frombuffer(content, np.uint8).reshape(height, width, 3)


def first_picture(path: Path) -> np.ndarray:
    with Video(path) as video:
        return video.upright(next(video.frames()).frame)


def with_matrix(path: Path, a: int, b: int, c: int, d: int) -> Path:
    """The MP4 or MOV file ``path`` with another display matrix in its track's header; all in 16.16 fixed point."""
    content = path.read_bytes()
    place = content.index(b"tkhd") + 4 + 40
    matrix = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(content[:place] + matrix + content[place + 36 :])
    return path


ONE = 1 << 16
EIGHT = [(x, 0, 0, y) for x in (ONE, -ONE) for y in (ONE, -ONE)] + [
    (0, x, y, 0) for x in (ONE, -ONE) for y in (ONE, -ONE)
]


@pytest.mark.parametrize("ending", [".mp4", ".mov"])
@pytest.mark.parametrize("matrix", EIGHT)
def test_a_turned_or_mirrored_video_is_shown_as_ffmpeg_shows_it(
    tmp_path: Path, matrix: tuple[int, int, int, int], ending: str
) -> None:
    path = with_matrix(write_video(tmp_path / f"turned{ending}", [corners()] * 3), *matrix)
    size = (64, 48) if matrix[0] else (48, 64)

    picture = first_picture(path)

    assert picture.shape == (size[1], size[0], 3)
    assert np.abs(picture.astype(int) - as_ffmpeg_shows(path, *size)).mean() < 3
    facts = probe_video(path)
    assert (facts.width, facts.height) == size
    streamed = next(stream_frames(path))[0]
    assert np.abs(picture.astype(int) - streamed).mean() < 3


@pytest.mark.parametrize("matrix", EIGHT)
def test_the_checks_see_a_video_as_it_is_fed(tmp_path: Path, matrix: tuple[int, int, int, int]) -> None:
    picture = grey(60)
    picture[:20, :20] = 255
    path = with_matrix(write_video(tmp_path / "turned.mp4", [picture] * 3), *matrix)

    assert bright_corner(analyse(path).thumbs[0]) == bright_corner(first_picture(path)[:, :, 1])


def bright_corner(picture: np.ndarray) -> int:
    halves = np.array_split(picture, 2)
    return int(np.argmax([part.mean() for half in halves for part in np.array_split(half, 2, axis=1)]))


def test_a_telephones_own_ways_to_turn_are_among_the_eight() -> None:
    assert len({orientation_of(struct.pack("=9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)) for a, b, c, d in EIGHT}) == 8
    assert orientation_of(None) == orientation_of(bytes(36)) == UPRIGHT


@pytest.mark.parametrize(("scale", "mirrored"), [((ONE * 2, 0, 0, ONE), False), ((-ONE // 3, 300, -300, ONE), True)])
def test_a_scaled_or_inexact_matrix_counts_by_its_direction(scale: tuple[int, int, int, int], mirrored: bool) -> None:
    a, b, c, d = scale
    assert orientation_of(struct.pack("=9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)) == Orientation(mirrored=mirrored)


@pytest.mark.parametrize("slant", [(46341, 46341, -46341, 46341), (ONE, ONE // 2, 0, ONE)])
def test_a_slanted_video_is_refused_by_name(tmp_path: Path, slant: tuple[int, int, int, int]) -> None:
    path = with_matrix(write_video(tmp_path / "slanted.mp4", [corners()] * 3), *slant)

    with pytest.raises(BadInput, match=r"slanted\.mp4.* no quarter turn: save it upright"):
        Video(path)


def test_facts_of_a_turned_video_are_those_of_the_upright_picture(tmp_path: Path) -> None:
    with Video(write_video(tmp_path / "turned.mov", counted(8), turned=90)) as video:
        assert (video.facts.width, video.facts.height) == (48, 64)


def test_wide_pixels_become_square(tmp_path: Path) -> None:
    path = write_video(tmp_path / "wide.mp4", counted(3), pixel=Fraction(16, 15))

    assert first_picture(path).shape == (48, 68, 3)


def test_odd_sizes_keep_every_pixel(tmp_path: Path) -> None:
    picture = corners(65, 47)

    shown = first_picture(write_video(tmp_path / "odd.mkv", [picture] * 2))

    assert shown.shape == (47, 65, 3)
    assert np.abs(shown.astype(int) - picture).mean() < 3


def test_times_count_from_the_first_frame(tmp_path: Path) -> None:
    path = write_video(tmp_path / "late.mkv", counted(4), times=[5.0, 5.1, 5.3, 5.35])

    with Video(path) as video:
        assert [round(each.seconds, 3) for each in video.frames()] == [0.0, 0.1, 0.3, 0.35]


@pytest.mark.parametrize("between_key_pictures", [6, 250])
def test_a_transport_stream_loses_no_frame_wherever_one_looks(tmp_path: Path, between_key_pictures: int) -> None:
    path = tmp_path / "camcorder.mts"
    with av.open(str(path), "w", format="mpegts") as container:
        stream = container.add_stream("libx264", rate=16, options={"qp": "0", "bf": "2"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv444p"
        stream.codec_context.gop_size = between_key_pictures
        for picture in counted(60):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())

    assert len(analyse(path).times) == 60
    for first in (0, 1, 20, 40, 57):
        times = [(first + n + 0.5) / 16 for n in range(3)]
        assert numbers(read_at(path, times)) == [first, first + 1, first + 2]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "playlist"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "playlist"),
        (b"<!-- to be sure -->\n<?xml version='1.0'?>\n<MPD ", "playlist"),
        (b"\n \n#EXTM3U\n", "playlist"),
        (b"%PDF-1.7", "a PDF document"),
        (b"PK\x03\x04film.mp4", "an archive"),
        (b"\xff\xd8\xff\xe0", "a picture"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", "damaged"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "damaged"),
        (b"", "an empty file"),
        (b"no video", "no video or sound"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(400), "damaged"),
        (b"\x1a\x45\xdf\xa3" + bytes(400), "damaged"),
    ],
)
def test_what_is_no_video_inside_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(content)

    with pytest.raises(BadInput, match=says):
        Video(path)


def test_an_unknown_codec_is_refused(tmp_path: Path) -> None:
    path = write_video(tmp_path / "film.mkv", counted(4))
    path.write_bytes(path.read_bytes().replace(b"V_MPEG4/ISO/AVC", b"V_MPEG9/ISO/AVC"))

    with pytest.raises(BadInput, match="cannot be decoded"):
        Video(path)


def test_a_size_that_changes_on_the_way_is_refused_there(tmp_path: Path) -> None:
    first = write_video(tmp_path / "a.webm", [grey(50)] * 8, codec="libvpx-vp9")
    second = write_video(tmp_path / "b.webm", [grey(50, 96, 80)] * 8, codec="libvpx-vp9")
    with av.open(str(first)) as one, av.open(str(second)) as two, av.open(str(tmp_path / "c.webm"), "w") as both:
        stream = both.add_stream_from_template(one.streams.video[0])
        for late, packets in ((0, one.demux(video=0)), (500, two.demux(video=0))):
            for packet in packets:
                if packet.dts is not None:
                    packet.pts, packet.dts = packet.pts + late, packet.dts + late
                    packet.stream = stream
                    both.mux(packet)

    with Video(tmp_path / "c.webm") as video, pytest.raises(BadInput, match="changes its size"):
        list(video.frames())


def test_a_playlist_reaches_no_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        path = tmp_path / "film.mp4"
        path.write_text(f"#EXTM3U\nhttp://127.0.0.1:{server.getsockname()[1]}/film.ts\n")
        with pytest.raises(BadInput):
            Video(path)
        server.settimeout(0.2)
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_video_that_breaks_off_gives_its_frames_first(tmp_path: Path) -> None:
    whole = write_video(tmp_path / "whole.mkv", [corners() + np.uint8(n) for n in range(64)])
    part = tmp_path / "part.mkv"
    part.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])

    with Video(part) as video:
        assert 0 < len(list(video.frames())) < 64
