"""Bringing a picture here: what it says it is, begins like and is must agree; it must be whole and not too large."""

import io
from pathlib import Path

import pytest
from PIL import Image

from svi_studio.domain.errors import BadInput, StudioError
from svi_studio.domain.pictures.found_picture import FoundPicture
from svi_studio.media.images import open_reference
from svi_studio.net.net_errors import BadAddress, NetError, Redirected, TooLarge
from svi_studio.storyline.pictures.fetch import PICTURE_BYTES, fetch, picture_client, read_thumbnail
from tests.net.clients import client_for
from tests.net.raw_server import RawServer, head, http, redirect, served
from tests.storyline.pictures.picture_site import picture_bytes

KINDS = {"JPEG": ("image/jpeg", ".jpg"), "PNG": ("image/png", ".png"), "WEBP": ("image/webp", ".webp")}


def picture_at(address: str, title: str = "Red boat") -> FoundPicture:
    return FoundPicture(
        provider="Openverse", title=title, licence="CC0 1.0", thumbnail_url=address, picture_url=address
    )


def fetched(server: RawServer, folder: Path, title: str = "Red boat", path: str = "/a") -> Path:
    return fetch(picture_at(server.url + path, title), folder, client=client_for(server, max_bytes=1_000_000))


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_arrives_as_it_is(kind: str, tmp_path: Path) -> None:
    content = picture_bytes(kind)
    with served(lambda request: http(content, content_type=KINDS[kind][0])) as server:
        path = fetched(server, tmp_path / "new")
    assert (path.name, path.read_bytes()) == (f"Red boat{KINDS[kind][1]}", content)


@pytest.mark.parametrize("declared", ["image/jpg", "IMAGE/JPEG", "image/jpeg; charset=binary"])
def test_a_kind_may_be_spelled_in_several_ways(declared: str, tmp_path: Path) -> None:
    with served(lambda request: http(picture_bytes(), content_type=declared)) as server:
        assert fetched(server, tmp_path).suffix == ".jpg"


def test_a_picture_with_others_behind_it_is_a_jpeg(tmp_path: Path) -> None:
    content = io.BytesIO()
    Image.new("RGB", (64, 48)).save(content, "MPO", save_all=True, append_images=[Image.new("RGB", (64, 48))])
    with served(lambda request: http(content.getvalue(), content_type="image/jpeg")) as server:
        assert fetched(server, tmp_path).suffix == ".jpg"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_picture_is_upright_for_the_engine(orientation: int, tmp_path: Path) -> None:
    image = Image.new("RGB", (64, 48))
    notes = Image.Exif()
    notes[0x0112] = orientation
    content = io.BytesIO()
    image.save(content, "JPEG", exif=notes)
    with served(lambda request: http(content.getvalue(), content_type="image/jpeg")) as server:
        assert open_reference(fetched(server, tmp_path)).size == ((64, 48) if orientation < 5 else (48, 64))


LIES = {
    "a page": ("image/jpeg", b"<html><script>alert(1)</script>"),
    "a page that says so": ("text/html", picture_bytes()),
    "no declared kind": ("", picture_bytes()),
    "another kind than declared": ("image/png", picture_bytes("JPEG")),
    "bytes of no kind": ("application/octet-stream", picture_bytes()),
    "an animation": ("image/gif", picture_bytes("GIF")),
    "an animation in disguise": ("image/jpeg", picture_bytes("GIF")),
    "a bitmap in disguise": ("image/png", picture_bytes("BMP")),
    "a scan in disguise": ("image/jpeg", picture_bytes("TIFF")),
    "a drawing": ("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "a drawing in disguise": ("image/png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "a beginning only": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "a beginning with another behind it": ("image/jpeg", b"\xff\xd8\xff" + picture_bytes("PNG")),
    "half a picture": ("image/jpeg", picture_bytes(size=(640, 480))[:2000]),
    "half a drawing in points": ("image/png", picture_bytes("PNG", (640, 480))[:-40]),
    "more than 50 megapixels": ("image/png", picture_bytes("PNG", (10_000, 5_001))),
    "nothing": ("image/png", b""),
    "sound": ("image/webp", b"RIFF\x24\x00\x00\x00WAVEfmt "),
    "an executable": ("image/png", b"MZ\x90\x00"),
}


@pytest.mark.parametrize(("declared", "content"), LIES.values(), ids=LIES.keys())
def test_what_is_no_sound_picture_is_refused_in_one_sentence(declared: str, content: bytes, tmp_path: Path) -> None:
    with (
        served(lambda request: http(content, content_type=declared)) as server,
        pytest.raises(BadInput, match="choose another one"),
    ):
        fetched(server, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden", "500 Oops", "204 No Content"])
def test_a_picture_that_is_gone_is_one_sentence(status: str, tmp_path: Path) -> None:
    with (
        served(lambda request: http(b"", status, content_type="image/png")) as server,
        pytest.raises(StudioError, match=f"error {status[:3]}"),
    ):
        fetched(server, tmp_path)


def test_a_picture_of_more_than_20_mb_is_left_before_it_comes(tmp_path: Path) -> None:
    assert picture_client().max_bytes == PICTURE_BYTES == 20_000_000
    with served(lambda request: [head("Content-Type: image/png", "Content-Length: 20000001")]) as server:
        client = client_for(server, max_bytes=PICTURE_BYTES)
        with pytest.raises(TooLarge, match="20 MB"):
            fetch(picture_at(server.url), tmp_path, client=client)


def test_a_picture_that_lies_about_its_length_is_left_at_20_mb(tmp_path: Path) -> None:
    endless = [head("Content-Type: image/png"), *[b"\x89PNG\r\n\x1a\n" + b"x" * 999_992] * 25]
    with served(lambda request: endless) as server, pytest.raises(TooLarge):
        fetch(picture_at(server.url), tmp_path, client=client_for(server, max_bytes=PICTURE_BYTES))
    assert list(tmp_path.iterdir()) == []


def test_a_picture_that_ends_before_its_length_is_refused(tmp_path: Path) -> None:
    content = picture_bytes()
    with (
        served(lambda request: [head("Content-Type: image/jpeg", "Content-Length: 90000"), content]) as server,
        pytest.raises(NetError),
    ):
        fetched(server, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_picture_that_moved_is_found(tmp_path: Path) -> None:
    found = http(picture_bytes(), content_type="image/jpeg")
    with served(lambda request: redirect("/b") if request.path == "/a" else found) as server:
        assert fetched(server, tmp_path).is_file()


def test_a_picture_that_moves_for_ever_is_refused(tmp_path: Path) -> None:
    with served(lambda request: redirect("/a")) as server, pytest.raises(Redirected):
        fetched(server, tmp_path)


@pytest.mark.parametrize("address", ["http://127.0.0.1/a.png", "http://169.254.169.254/a", "https://[::1]/a.png"])
def test_a_picture_inside_the_own_network_is_not_fetched(address: str, tmp_path: Path) -> None:
    with pytest.raises(BadAddress):
        fetch(picture_at(address), tmp_path)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("../../etc/passwd", "etc passwd.jpg"),
        ("C:\\boat", "C boat.jpg"),
        ("con", "Picture.jpg"),
        ("\u202egpj.exe", "gpj.exe.jpg"),
        ("...", "Picture.jpg"),
        ("Boat/\x00", "Boat.jpg"),
        ("ボート" * 100, "ボート" * 8 + "ボー.jpg"),
    ],
)
def test_a_title_becomes_a_name_that_every_disk_takes(title: str, name: str, tmp_path: Path) -> None:
    with served(lambda request: http(picture_bytes(), content_type="image/jpeg")) as server:
        path = fetched(server, tmp_path, title)
    assert (path.parent, path.name) == (tmp_path, name)


def test_a_second_picture_of_that_name_replaces_none(tmp_path: Path) -> None:
    with served(lambda request: http(picture_bytes(), content_type="image/jpeg")) as server:
        names = [fetched(server, tmp_path).name for _ in range(3)]
    assert names == ["Red boat.jpg", "Red boat 2.jpg", "Red boat 3.jpg"]


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with served(lambda request: http(picture_bytes(), content_type="image/jpeg")) as server, pytest.raises(StudioError):
        fetched(server, tmp_path / "file")


def test_a_small_picture_comes_as_pixels(tmp_path: Path) -> None:
    with served(lambda request: http(picture_bytes(size=(33, 22)), content_type="image/jpeg")) as server:
        image = read_thumbnail(picture_at(server.url), client=client_for(server))
    assert (image.mode, image.size) == ("RGB", (33, 22))
