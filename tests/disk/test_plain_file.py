"""Whatever the program reads: pipes, devices and files of impossible size are one sentence, and nothing waits."""

import os
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from svi_studio.disk.plain_file import TooLarge, check_plain, open_plain, read_plain
from svi_studio.domain.errors import DiskFull, Refused, StudioError
from svi_studio.domain.training.footage import FOOTAGE_FILE
from svi_studio.domain.training.recipe_text import read_recipe
from svi_studio.media.footage_file import read_footage
from svi_studio.media.images import open_reference, picture_size
from svi_studio.media.sound import check_sound
from svi_studio.media.video_reader import probe_video
from svi_studio.project.film.film_source import open_film
from svi_studio.project.media.media_store import MediaStore, media_name
from svi_studio.project.training.runs import LOG, read_log
from svi_studio.storyline.text_formats import read_prompt_file
from svi_studio.weights.content_hash import file_hash
from svi_studio.weights.model_folder import read_json
from svi_studio.weights.safetensors_header import read_header
from tests.builders.tags import read_tags
from tests.project.test_hostile_files import is_one_sentence

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="makes pipes")

TERABYTE = 1 << 40


def pipe(place: Path) -> None:
    os.mkfifo(place)


def listening(place: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(place.name)


def link_to_a_device(place: Path) -> None:
    place.symlink_to("/dev/zero")


def sparse(place: Path) -> None:
    place.touch()
    os.truncate(place, TERABYTE + 1)


def folder(place: Path) -> None:
    place.mkdir()


THINGS = pytest.mark.parametrize("thing", [pipe, listening, link_to_a_device, sparse, folder])
READERS: dict[str, Callable[[Path], object]] = {
    "weights": read_header,
    "content hash": lambda path: file_hash(path, path.with_name("cache")),
    "a model's configuration": read_json,
    "recipe": read_recipe,
    "footage": lambda path: read_footage(path.parent),
    "sound": check_sound,
    "video": probe_video,
    "tags": read_tags,
    "prompts": read_prompt_file,
    "picture": open_reference,
    "size of a picture": picture_size,
    "storyboard": open_film,
    "media": lambda path: MediaStore(path.parent / "film").add(path),
    "name of media": media_name,
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)  # the name of a socket is short
    return tmp_path / FOOTAGE_FILE


@THINGS
@pytest.mark.parametrize("reader", READERS)
def test_what_is_no_plain_file_is_one_sentence(place: Path, thing: Callable[[Path], None], reader: str) -> None:
    thing(place)
    with pytest.raises(StudioError) as told:
        READERS[reader](place)
    assert is_one_sentence(str(told.value)) and place.stem in str(told.value)


@pytest.mark.parametrize("thing", [pipe, link_to_a_device, sparse])
def test_a_log_that_is_none_says_nothing(place: Path, thing: Callable[[Path], None]) -> None:
    thing(place.with_name(LOG))
    assert read_log(place.parent) == ()


def test_a_plain_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    assert read_plain(tmp_path / "file", 5) == b"12345"
    with pytest.raises(TooLarge, match="larger than"):
        read_plain(tmp_path / "file", 4)


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    monkeypatch.setattr("svi_studio.disk.plain_file._check", lambda *_: None)
    with pytest.raises(TooLarge):
        read_plain(tmp_path / "file", 4)


@pytest.mark.parametrize("name", ["link", "inner/file", "inner/link"])
def test_in_a_film_no_link_is_followed(tmp_path: Path, name: str) -> None:
    film = tmp_path / "film"
    film.mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "file").write_bytes(b"secret")
    (tmp_path / "outside" / "link").symlink_to("file")
    (film / "link").symlink_to(tmp_path / "outside" / "file")
    (film / "inner").symlink_to(tmp_path / "outside")
    with pytest.raises(Refused, match="is a link"), open_plain(film / name, 100, root=film):
        pass
    with open_plain(film / name, 100) as stream:
        assert stream.read() == b"secret"


def test_a_file_swapped_for_a_pipe_after_the_look_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(tmp_path / "file")
    monkeypatch.setattr("svi_studio.disk.plain_file._look", lambda _: None)
    with pytest.raises(Refused, match="is a pipe"):
        read_plain(tmp_path / "file", 100)


def test_media_that_the_disk_has_no_room_for_is_refused_before_a_byte_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "large").write_bytes(bytes(5000))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(total=9000, free=4999))
    with pytest.raises(DiskFull, match="large does not fit on the disk"):
        MediaStore(tmp_path / "film").add(tmp_path / "large")
    assert not (tmp_path / "film").exists()


@THINGS
def test_what_another_program_is_to_read_is_looked_at_in_the_same_way(
    place: Path, thing: Callable[[Path], None]
) -> None:
    thing(place)
    with pytest.raises(Refused):
        check_plain(place, TERABYTE)


def test_what_another_program_is_to_read_may_be_as_large_as_the_limit(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    check_plain(tmp_path / "file", 5)
    with pytest.raises(TooLarge):
        check_plain(tmp_path / "file", 4)
