"""The videos of a folder are told by their content, and what is none is named with the reason."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.media.demuxers import read_head, sniff
from svi_studio.media.ffmpeg import Ffmpeg
from svi_studio.media.videos.video import Video
from tests.builders.videos import grey, write_video
from trainer.footage.videos.video_folder import look_into

ENDINGS = {
    "mp4": "mov", "m4v": "mov", "mov": "mov", "3gp": "mov", "mkv": "matroska", "webm": "matroska", "avi": "avi",
    "mpg": "mpeg", "mpeg": "mpeg", "vob": "mpeg", "ts": "mpegts", "mts": "mpegts", "m2ts": "mpegts", "wmv": "asf",
    "flv": "flv", "ogv": "ogg", "mxf": "mxf", "gif": "gif", "dv": "dv", "y4m": "yuv4mpegpipe", "ivf": "ivf",
}  # fmt: skip


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_video(tmp_path_factory.mktemp("film") / "film.mkv", [grey(40 + 5 * n, 352, 288) for n in range(12)])


def save_as(film: Path, target: Path) -> Path:
    """The same film in the container that the ending asks for."""
    size = "720x576" if target.suffix == ".dv" else "352x288"
    wanted = ["-r", "25", "-s", size, *(["-pix_fmt", "yuv420p"] if target.suffix != ".gif" else [])]
    status, said = Ffmpeg(["-i", str(film), *wanted, *_codec(target.suffix), "-y", f"file:{target}"]).finish()
    assert status == 0, said
    return target


def _codec(ending: str) -> list[str]:
    return {".ivf": ["-c:v", "libvpx"], ".3gp": ["-c:v", "libx264"], ".m2ts": ["-c:v", "mpeg2video"]}.get(ending, [])


@pytest.mark.parametrize(("ending", "demuxer"), ENDINGS.items())
def test_videos_of_every_ending_are_found_and_read(film: Path, tmp_path: Path, ending: str, demuxer: str) -> None:
    path = save_as(film, tmp_path / f"one.{ending}")

    assert sniff(read_head(path)) == demuxer
    assert look_into(tmp_path).videos == [path.name]
    with Video(path) as video:
        frames = [video.upright(each.frame) for each in video.frames()]
    assert len(frames) >= 8
    steps = np.diff([float(frame.mean()) for frame in frames])
    assert np.all(steps > -4), "it becomes brighter, as far as its codec holds"


def test_a_video_is_told_by_its_content(film: Path, tmp_path: Path) -> None:
    (tmp_path / "no ending").write_bytes(film.read_bytes())
    (tmp_path / "odd.jpg").write_bytes(film.read_bytes())

    found = look_into(tmp_path)

    assert (found.videos, found.passed_over) == (["no ending", "odd.jpg"], [])


def test_what_is_no_video_is_named_with_the_reason(film: Path, tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "film.mkv").write_bytes(film.read_bytes())
    for number in range(5):
        (tmp_path / f"still {number}.JPG").write_bytes(b"\xff\xd8\xff\xe0")
    (tmp_path / "song.flac").write_bytes(b"fLaC")
    (tmp_path / "code.ts").write_text("export const a = 1")
    (tmp_path / "list.m3u8").write_text("#EXTM3U")
    (tmp_path / "film.mkv.part").write_bytes(film.read_bytes())
    (tmp_path / "empty").touch()

    found = look_into(tmp_path)

    assert found.videos == ["deep/er/film.mkv"]
    assert found.passed_over == [
        'Passed over: "still 0.JPG", "still 1.JPG", "still 2.JPG" and 2 more; each is a picture.',
        'Passed over: "list.m3u8" is a playlist, which names other files, and no video or sound itself.',
        'Passed over: "empty" is an empty file.',
        'Passed over: "film.mkv.part" is an unfinished download.',
        'Passed over: "code.ts" is no video or sound of a kind that can be read.',
        'Passed over: "song.flac" is sound without a picture.',
    ]


def test_captions_and_hidden_files_need_no_word(film: Path, tmp_path: Path) -> None:
    (tmp_path / "film.mkv").write_bytes(film.read_bytes())
    (tmp_path / ".git").mkdir()
    for name in ("film.txt", "film.srt", "captions.csv", "metadata.jsonl", ".DS_Store", ".git/film.mkv", "Thumbs.db"):
        (tmp_path / name).write_text("x")

    found = look_into(tmp_path)

    assert (found.videos, found.passed_over) == (["film.mkv"], [])


@pytest.mark.skipif(sys.platform == "win32", reason="such names and links are not possible there")
def test_names_and_links_that_cannot_be_followed_are_named(film: Path, tmp_path: Path) -> None:
    folder = tmp_path / "videos"
    folder.mkdir()
    (folder / "film.mkv").write_bytes(film.read_bytes())
    (folder / "a\\b.mkv").write_bytes(film.read_bytes())
    (folder / "a\nb.mkv").write_bytes(film.read_bytes())
    Path(os.fsdecode(bytes(folder) + b"/\xff.mkv")).write_bytes(film.read_bytes())
    (folder / "elsewhere").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")

    found = look_into(folder)

    assert found.videos == ["film.mkv"]
    said = "\n".join(found.passed_over)
    assert "2" not in said
    for words in ("a link to a folder", "not to be read", "a backslash or a line break", "not Unicode"):
        assert words in said
    said.encode()


def test_a_folder_without_a_video_says_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "still.png").write_bytes(b"\x89PNG\r\n")

    with pytest.raises(BadInput, match=r'no video in .* "still\.png" is a picture'):
        look_into(tmp_path)


def test_every_file_that_is_not_used_is_named_on_one_line(film: Path, tmp_path: Path) -> None:
    (tmp_path / "FILM.MKV").write_bytes(film.read_bytes())
    (tmp_path / "-leading.MPG").write_bytes(film.read_bytes())
    for name in ("plan.docx", "FILM.txt", "other.txt", "film.srt", "costs.csv", ".hidden", "日本語.jpg"):
        (tmp_path / name).write_bytes(b"\xff\xd8\xff\xe0" if name.endswith("jpg") else b"PK\x03\x04")
    if sys.platform != "win32":
        (tmp_path / "two\nlines.zip").write_bytes(b"PK\x03\x04")

    found = look_into(tmp_path)
    left = {file.name: file.why for file in found.not_used({"FILM.txt"})}

    assert found.videos == ["-leading.MPG", "FILM.MKV"]
    assert left.pop("two lines.zip", "an archive: unpack it first") == "an archive: unpack it first"
    assert left == {
        "costs.csv": "no table of captions of these videos",
        "film.srt": "a note or a file of another program",
        "other.txt": "a text, and no video has its name",
        "plan.docx": "a document, not a video",
        "日本語.jpg": "a picture",
    }
    assert not any("\n" in sentence for sentence in found.passed_over)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_in_a_loop_end(film: Path, tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "film.mkv").write_bytes(film.read_bytes())
    (tmp_path / "a" / "b" / "up").symlink_to(tmp_path / "a")
    (tmp_path / "self.mp4").symlink_to(tmp_path / "self.mp4")

    found = look_into(tmp_path)

    assert found.videos == ["a/film.mkv", "self.mp4"], "what cannot be opened is said when it is opened"
    assert [(file.name, file.why) for file in found.not_used(())] == [("a/b/up", "a link to a folder")]
