from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray
from pytestqt.qtbot import QtBot

from svi_studio.document.preferences import MAX_RECENT, Preferences


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "window.ini"


def again(preferences: Preferences) -> Preferences:
    """What the next start reads."""
    preferences.sync()
    return Preferences(preferences.file)


def test_the_first_start_has_calm_defaults(file: Path) -> None:
    fresh = Preferences(file)
    assert (fresh.theme, fresh.recent_films, dict(fresh.keys)) == ("system", (), {})
    assert fresh.bytes("window").isEmpty()


def test_the_newest_film_stands_first_and_once(file: Path) -> None:
    first = Preferences(file)
    for name in ("a.svi", "b.svi", "a.svi"):
        first.add_recent_film(Path("/films") / name)
    assert again(first).recent_films == (Path("/films/a.svi"), Path("/films/b.svi"))


def test_a_film_is_found_again_from_any_folder(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    first = Preferences(file)
    first.add_recent_film(Path("films/a.svi"))
    first.add_recent_film(tmp_path / "films" / "a.svi")
    monkeypatch.chdir("/")
    assert again(first).recent_films == (tmp_path / "films" / "a.svi",)


def test_only_so_many_films_are_remembered(file: Path) -> None:
    first = Preferences(file)
    for number in range(MAX_RECENT + 5):
        first.add_recent_film(Path(f"/films/{number}.svi"))
    assert len(again(first).recent_films) == MAX_RECENT


@pytest.mark.parametrize("name", ["a, b.svi", "ünï 猫.svi", "@x;y.svi", 'quote".svi'])
def test_a_single_film_of_any_name_comes_back(file: Path, name: str) -> None:
    first = Preferences(file)
    first.add_recent_film(Path("/films") / name)
    assert again(first).recent_films == (Path("/films") / name,)


def test_a_film_that_is_gone_is_forgotten(file: Path) -> None:
    first = Preferences(file)
    first.add_recent_film(Path("/films/a.svi"))
    first.forget_recent_film(Path("/films/a.svi"))
    assert again(first).recent_films == ()


def test_keys_of_ones_own_come_back(file: Path) -> None:
    first = Preferences(file)
    first.set_keys("clip.duplicate", ("Ctrl+D", "Ctrl+,"))
    first.set_keys("clip.delete", ())
    first.set_keys("clip.move_left", ("Alt+Left",))
    first.set_keys("clip.move_left", None)
    assert dict(again(first).keys) == {"clip.duplicate": ("Ctrl+D", "Ctrl+,"), "clip.delete": ()}


def test_layouts_come_back_until_they_are_forgotten(file: Path) -> None:
    first = Preferences(file)
    first.set_bytes("window", QByteArray(b"\x00\xff"))
    second = again(first)
    assert second.bytes("window") == b"\x00\xff"
    second.forget_layout()
    assert again(second).bytes("window").isEmpty()


def test_other_wishes_come_back(file: Path) -> None:
    first = Preferences(file)
    first.set_flag("snap", True)
    first.set_theme("dark")
    second = again(first)
    assert (second.flag("snap"), second.flag("other", True), second.theme) == (True, True, "dark")


def test_what_changed_is_told(qtbot: QtBot, file: Path) -> None:
    preferences = Preferences(file)
    with qtbot.waitSignal(preferences.changed) as told:
        preferences.set_theme("light")
    assert told.args == ["theme"]


@pytest.mark.parametrize("content", [b"", b"\x00\xff" * 100, b"[General]\ntheme=@Variant(\x00", b"theme=pink\n"])
def test_a_damaged_file_counts_as_empty(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    assert Preferences(file).theme == "system"
