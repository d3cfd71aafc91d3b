"""Only the file itself is read, by a demuxer that its content names, whatever its name and whatever stands in it."""

import socket
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.media import demuxers, open_media
from svi_studio.media.ffmpeg import Ffmpeg, ffmpeg_path
from svi_studio.media.formats import FFV1, H264
from svi_studio.media.sound import check_sound, fitted_sound, sound_seconds
from svi_studio.media.video_reader import count_frames, probe_video, stream_frames
from svi_studio.media.video_writer import open_writer
from svi_studio.media.videos.video import Video
from tests.builders.tags import read_tags

READERS: dict[str, Callable[[Path], object]] = {
    "probe": probe_video,
    "frames": lambda path: next(stream_frames(path)),
    "tags": read_tags,
    "sound": check_sound,
    "sound's length": sound_seconds,
    "footage": Video,
    "PyAV": open_media.open_media,
}

SEGMENT = "http://127.0.0.1:{port}/part.ts"
PLAYLISTS = {
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n" + SEGMENT + "\n#EXT-X-ENDLIST\n",
    "dash": '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period><BaseURL>' + SEGMENT + "</BaseURL></Period></MPD>",
    "concat": "ffconcat version 1.0\nfile '" + SEGMENT + "'\n",
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video {port} RTP/AVP 96\n",
    "pls": "[playlist]\nFile1=" + SEGMENT + "\n",
}
BEFORE = ["", "\n \n", "<!-- no harm -->\n", "<?xml version='1.0'?>\n<!-- " + "-" * 90 + " -->\n"]


class Server:
    """Listens where the playlists lead, and hangs up on everyone."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port, self.calls = self.socket.getsockname()[1], 0
        self._thread = threading.Thread(target=self._hang_up)
        self._thread.start()

    def _hang_up(self) -> None:
        while True:
            connection = self.socket.accept()[0]
            if connection.recv(4) == b"end.":
                return
            self.calls += 1
            connection.close()

    def close(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port)) as last:
            last.sendall(b"end.")
        self._thread.join()
        self.socket.close()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


def listing(folder: Path, kind: str, server: Server, before: str = "") -> Path:
    """Its name, and its folder's, say nothing of what it is."""
    path = folder / "film.mp4"
    path.write_text(before + PLAYLISTS[kind].replace("{port}", str(server.port)))
    return path


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("kind", PLAYLISTS)
def test_a_playlist_is_refused_as_one(tmp_path: Path, kind: str, reader: str, server: Server) -> None:
    for before in BEFORE if kind in ("hls", "dash") else [""]:
        with pytest.raises(BadInput, match="is a playlist, which names other files"):
            READERS[reader](listing(tmp_path, kind, server, before))


@pytest.fixture
def locked(tmp_path: Path) -> Path:
    """A playlist whose parts are locked with a key: ffmpeg reads it, with a protocol beside that of files."""
    (tmp_path / "key.ts").write_bytes(bytes(16))
    (tmp_path / "key.info").write_text(f"key.ts\n{tmp_path / 'key.ts'}\n")
    tracks = ["-f", "lavfi", "-i", "testsrc=d=1:s=32x32", "-f", "lavfi", "-i", "sine=440:d=1"]
    keys = ["-f", "hls", "-hls_key_info_file", str(tmp_path / "key.info")]
    status, said = Ffmpeg([*tracks, *keys, str(tmp_path / "film.m3u8")]).finish()
    assert status == 0, said
    return tmp_path / "film.m3u8"


@pytest.mark.parametrize("reader", READERS)
def test_even_a_demuxer_of_playlists_would_use_no_protocol_but_that_of_files(
    locked: Path, reader: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = [ffmpeg_path(), "-v", "error", "-f", "hls", "-i", f"file:{locked}", "-f", "null", "-"]
    assert subprocess.run(head, capture_output=True, timeout=60, check=False).returncode == 0, (
        "else this proves nothing"
    )
    monkeypatch.setattr(open_media, "demuxer_of", lambda _path: "hls")

    for path in (locked, listing(locked.parent, "hls", server)):
        with pytest.raises((BadInput, av.FFmpegError)):
            READERS[reader](path)
    assert server.calls == 0


@pytest.mark.parametrize("reader", READERS)
def test_a_playlist_that_looks_like_a_video_is_read_as_that_video(tmp_path: Path, reader: str) -> None:
    """The letter G at every 188th place makes it a transport stream; left to itself, ffmpeg would follow it."""
    tracks = ["-f", "lavfi", "-i", "testsrc=d=1:s=32x32", "-f", "lavfi", "-i", "sine=440:d=1"]
    status, said = Ffmpeg([*tracks, str(tmp_path / "part.ts")]).finish()
    assert status == 0, said
    path = tmp_path / "film.m3u8"
    rest = "#EXT-X-TARGETDURATION:4\n#EXTINF:1,\npart.ts\n#EXT-X-ENDLIST\n"
    path.write_text(f"#EXTM3U\n#{'G'.ljust(188) * 6}\n{rest}")
    with av.open(f"file:{path}") as followed:
        assert followed.format.name == "hls", "else this proves nothing"

    with pytest.raises((BadInput, av.FFmpegError)):
        READERS[reader](path)


def test_a_file_that_is_named_like_a_protocol_or_a_pattern_is_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = ("scene:1", "-i", "%d", "it's", "a\nb", "pipe:1", "concat:a|b", "http:film", "file:x", "@x", "a b;c&d")
    for number, name in enumerate(names):
        film_format = (H264, FFV1)[number % 2]
        path = Path(name + film_format.suffix)
        with open_writer(path, width=32, height=16, fps=8, film_format=film_format) as film:
            film.write(np.zeros((3, 16, 32, 3), np.uint8))
        assert path.is_file(), name
        assert count_frames(path) == len(next(stream_frames(path))) == 3
        with Video(path) as video:
            assert len(list(video.frames())) == 3


def wav(path: Path, data: bytes = bytes(9600), *, kind: int = 1, channels: int = 2, rate: int = 48_000, bits: int = 16,
        says: int | None = None) -> Path:  # fmt: skip
    """A WAV file, whose header says of the length of ``data`` what it ``says``."""
    said = len(data) if says is None else says
    block = channels * bits // 8
    head = struct.pack("<IHHIIHH", 16, kind, channels, rate, rate * block, block, bits)
    whole = b"RIFF" + struct.pack("<I", min(said + 36, 0xFFFFFFFF)) + b"WAVEfmt " + head + b"data"
    path.write_bytes(whole + struct.pack("<I", said) + data)
    return path


@pytest.mark.parametrize("ending", ["webm", "flac", "ogg", "wav", "mp3", "mkv"])
def test_sound_from_a_pipe_which_does_not_know_its_length_is_laid_under(tmp_path: Path, ending: str) -> None:
    kind = {"webm": "webm", "mkv": "matroska"}.get(ending, ending)
    maker = Ffmpeg(["-f", "lavfi", "-i", "sine=440:d=2", "-ac", "2", "-f", kind, "pipe:1"], read=True)
    content = maker.pipe_out.read()
    maker.finish()
    path = tmp_path / f"recorded.{ending}"
    path.write_bytes(content)

    assert sound_seconds(path) == pytest.approx(2.0, abs=0.05)
    with fitted_sound(path, 1.0, 0.5) as track:
        assert track is not None
        samples = np.fromfile(track, "<f4").reshape(-1, 2)
    assert len(samples) == 48_000
    assert 0.06 < np.abs(samples).max() < 0.12


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"data": b""}, "could not be read as sound"),
        ({"rate": 0}, "could not be read as sound"),
        ({"channels": 64, "data": bytes(12_800)}, "more channels than can be mixed"),
    ],
)
def test_sound_that_is_none_is_one_sentence_and_the_terminal_stays_clean(
    tmp_path: Path, facts: dict[str, int], says: str, capfd: pytest.CaptureFixture[str]
) -> None:
    path = wav(tmp_path / "odd.wav", **facts)  # type: ignore[arg-type]

    with pytest.raises(BadInput, match=says) as refusal, fitted_sound(path, 1.0):
        pass
    assert "\n" not in str(refusal.value)
    assert capfd.readouterr() == ("", "")


def test_a_video_without_sound_says_so(tmp_path: Path) -> None:
    path = tmp_path / "mute.mp4"
    with open_writer(path, width=32, height=16, fps=8) as film:
        film.write(np.zeros((40, 16, 32, 3), np.uint8))

    with pytest.raises(BadInput, match=r'mute\.mp4" has no sound in it'):
        check_sound(path)


def test_samples_that_are_no_number_are_silent(tmp_path: Path) -> None:
    odd = np.array([np.nan, np.inf, -np.inf, 5.0, 0.5, -9.0], "<f4").repeat(2)
    path = wav(tmp_path / "odd.wav", odd.tobytes(), kind=3, bits=32)

    with fitted_sound(path, 1.0) as track:
        assert track is not None
        assert np.fromfile(track, "<f4")[::2].tolist() == [0, 0, 0, 1, 0.5, -1]


def test_sound_that_begins_after_the_picture_begins_late(tmp_path: Path) -> None:
    path = tmp_path / "late.mkv"
    tracks = ["-f", "lavfi", "-i", "color=s=32x32:d=2", "-itsoffset", "1", "-f", "lavfi", "-i", "sine=440:d=1"]
    status, said = Ffmpeg([*tracks, "-c:a", "pcm_s16le", f"file:{path}"]).finish()
    assert status == 0, said

    with fitted_sound(path, 2.0) as track:
        assert track is not None
        loud = np.abs(np.fromfile(track, "<f4")[::2]) > 20 / 32_768
    assert int(np.argmax(loud)) == pytest.approx(48_000, abs=100)


def test_a_picture_of_an_album_is_no_film_and_a_tag_is_no_sound(tmp_path: Path) -> None:
    tag = b"ID3\x04\x00\x00\x00\x00\x01\x00" + bytes(128)
    (tmp_path / "tagged").write_bytes(tag + b"fLaC" + bytes(40))

    assert demuxers.sniff(demuxers.read_head(tmp_path / "tagged")) == "flac"
