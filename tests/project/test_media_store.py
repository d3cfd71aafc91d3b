import hashlib
from pathlib import Path

import pytest

from svi_studio.domain.errors import BadInput, BadProject, Stopped, StudioError
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.project.media.media_store import MediaStore
from tests.builders.faulty_disk import ERRNOS, FaultyDisk, PowerCut, count, cut, failing

PICTURE = b"picture" * 1000
DIGEST = hashlib.sha256(PICTURE).hexdigest()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    (tmp_path / "Mein Bild.PNG").write_bytes(PICTURE)
    return tmp_path / "Mein Bild.PNG"


def test_a_picture_is_named_by_its_content(tmp_path: Path, picture: Path) -> None:
    assert MediaStore(tmp_path / "film").add(picture) == f"media/{DIGEST}.png"


def test_the_copy_has_the_content(tmp_path: Path, picture: Path) -> None:
    store = MediaStore(tmp_path / "film")
    assert store.path(store.add(picture)).read_bytes() == PICTURE


def test_a_storyboard_takes_the_path(tmp_path: Path, picture: Path) -> None:
    assert Storyboard(reference_image=MediaStore(tmp_path / "film").add(picture))


def test_the_same_picture_is_kept_once(tmp_path: Path, picture: Path) -> None:
    store = MediaStore(tmp_path / "film")
    assert store.add(picture) == store.add(picture)
    assert len(list((tmp_path / "film" / "media").iterdir())) == 1


@pytest.mark.parametrize("name", ["x.p\u00f6g", "x.averylongending", "x", "x.a b"])
def test_a_strange_ending_is_left_out(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(PICTURE)
    assert MediaStore(tmp_path / "film").add(tmp_path / name) == f"media/{DIGEST}"


def test_a_changed_copy_is_noticed(tmp_path: Path, picture: Path) -> None:
    store = MediaStore(tmp_path / "film")
    relative = store.add(picture)
    store.path(relative).write_bytes(b"other")
    assert not store.is_whole(relative)


def test_a_whole_copy_is_whole(tmp_path: Path, picture: Path) -> None:
    store = MediaStore(tmp_path / "film")
    assert store.is_whole(store.add(picture))


def test_a_picture_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no file"):
        MediaStore(tmp_path).add(tmp_path / "missing.png")


def test_a_copy_can_be_stopped_and_nothing_of_it_stays(tmp_path: Path) -> None:
    large = tmp_path / "large.wav"
    large.write_bytes(bytes(5 << 20))
    store, asked = MediaStore(tmp_path / "film"), []

    def stops() -> bool:
        asked.append(len(list((tmp_path / "film" / "media").iterdir())))
        return len(asked) == 3

    with pytest.raises(Stopped, match=r"large\.wav"):
        store.add(large, stops)
    assert asked == [1, 1, 1], "it was under way, and was not read to its end"
    assert not list((tmp_path / "film" / "media").iterdir())


@pytest.mark.parametrize("relative", ["../x", "/etc/passwd", "", ".", "a\0b", "..\\x", "media/../../x"])
def test_a_path_outside_is_refused(tmp_path: Path, relative: str) -> None:
    with pytest.raises(BadProject):
        MediaStore(tmp_path).path(relative)


def test_a_cut_at_any_operation_leaves_a_whole_copy_or_none(tmp_path: Path, picture: Path) -> None:
    for at in range(count(lambda fs: MediaStore(tmp_path / "count", fs).add(picture))):
        with pytest.raises(PowerCut):
            MediaStore(tmp_path / str(at), FaultyDisk(at, cut, torn=True)).add(picture)
        copy = tmp_path / str(at) / "media" / f"{DIGEST}.png"
        assert not copy.exists() or copy.read_bytes() == PICTURE


@pytest.mark.parametrize("code", ERRNOS)
def test_an_error_at_any_operation_leaves_a_whole_copy_or_none(tmp_path: Path, picture: Path, code: int) -> None:
    for at in range(count(lambda fs: MediaStore(tmp_path / "count", fs).add(picture))):
        with pytest.raises(StudioError):
            MediaStore(tmp_path / str(at), FaultyDisk(at, failing(code), torn=True)).add(picture)
        copies = list((tmp_path / str(at)).glob("media/*"))
        assert all(copy.read_bytes() == PICTURE and copy.stem == DIGEST for copy in copies)
