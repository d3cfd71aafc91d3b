"""The program from its first window to its last: start, open, make, read only, recover, close."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLineEdit, QTabBar, QToolBar
from pytestqt.qtbot import QtBot

from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.jobs.threads.owned_thread import running_threads
from svi_studio.project.film.project_file import Project
from svi_studio.project.film.window_lock import WindowLock
from svi_studio.ui import studio as studio_module
from svi_studio.ui.studio import Studio
from tests.builders.open_films import picture, storyboard, theatre_picture
from tests.domain.short_edits import set_prompt
from tests.ui.shell.conftest import OpenWindow


def make_film(folder: Path, board: Storyboard | None = None) -> Path:
    """A film with a picture in ``folder``."""
    project = Project.create(folder / "Puppet.svi", board or storyboard(3))
    image = project.media.add(picture(folder / "start.png"))
    project.save(project.storyboard.model_copy(update={"reference_image": image}))
    return project.folder


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return make_film(tmp_path)


def test_the_first_start_shows_the_welcome(studio: Studio) -> None:
    studio.start()
    assert studio.welcome is not None and studio.welcome.window.isVisible()


def test_a_film_on_the_command_line_opens_and_the_welcome_goes(qtbot: QtBot, studio: Studio, film: Path) -> None:
    with qtbot.waitSignal(studio.film_shown, timeout=20_000):
        studio.start(film)
    qtbot.waitUntil(lambda: studio.welcome is None)
    assert [window.film.path for window in studio.windows] == [film]


def test_an_opened_film_is_among_the_recent_ones(studio: Studio, open_window: OpenWindow, film: Path) -> None:
    open_window(film)
    assert studio.preferences.recent_films == (film,)


def test_opening_a_film_again_brings_its_window_to_the_front(
    studio: Studio, open_window: OpenWindow, film: Path
) -> None:
    open_window(film)
    studio.open_film(film / "project.json")
    assert len(studio.windows) == 1


def test_a_picture_becomes_a_film_named_after_it(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    with qtbot.waitSignal(studio.film_shown, timeout=20_000):
        studio.new_from_picture(theatre_picture(tmp_path / "Holiday.png"))
    assert studio.windows[0].windowTitle() == "Holiday – SVI Studio"
    assert studio.windows[0].film.path == tmp_path / "films" / "Holiday.svi"


def test_an_example_becomes_a_film(qtbot: QtBot, studio: Studio) -> None:
    with qtbot.waitSignal(studio.film_shown, timeout=20_000):
        studio.new_from_example("first-film")
    assert len(studio.windows[0].film.document.storyboard.clips) == 10


@pytest.mark.parametrize(
    ("name", "content"),
    [("Broken.svi", "{"), ("Newer.svi", '{"format": "svi-studio project", "schema_version": 99, "storyboard": {}}')],
)
def test_a_film_that_cannot_be_read_costs_a_sentence(
    qtbot: QtBot, studio: Studio, tmp_path: Path, name: str, content: str
) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "project.json").write_text(content)
    studio.start(tmp_path / name)
    qtbot.waitUntil(lambda: bool(studio.welcome and studio.welcome.window.banners.shown), timeout=20_000)
    assert studio.welcome is not None and studio.welcome.window.banners.shown["failed"].text.endswith(".")


def test_a_film_that_is_open_elsewhere_can_only_be_read_and_says_why(open_window: OpenWindow, film: Path) -> None:
    other = WindowLock(film)
    assert other.acquire()
    window = open_window(film)
    other.release()
    assert "read only" in window.windowTitle()
    assert "open in another window" in window.banners.shown["read-only"].text
    assert not window.actions_table.action("clip.insert_after").isEnabled()


def test_a_film_that_is_read_only_leaves_the_folder_as_it_was(open_window: OpenWindow, film: Path) -> None:
    other = WindowLock(film)
    assert other.acquire()
    before = {path.name: path.stat().st_mtime_ns for path in film.iterdir()}
    open_window(film).close()
    assert {path.name: path.stat().st_mtime_ns for path in film.iterdir()} == before
    other.release()


def test_edits_that_a_crash_left_are_brought_back_and_told(open_window: OpenWindow, film: Path) -> None:
    crashed = Project.open(film)
    crashed.record(set_prompt(crashed.storyboard, "c2", "The red puppet sings."))
    window = open_window(film)
    assert "restored" in window.banners.shown["recovered"].text
    assert window.film.document.storyboard.clips[1].prompt == "The red puppet sings."


def test_missing_pictures_are_told_with_a_way_out(qtbot: QtBot, open_window: OpenWindow, film: Path) -> None:
    shutil.rmtree(film / "media")
    window = open_window(film)
    qtbot.waitUntil(lambda: "missing" in window.banners.shown, timeout=20_000)
    assert window.actions_table.action("film.relink").isEnabled()


def test_the_banner_goes_when_the_missing_picture_is_found(
    qtbot: QtBot, open_window: OpenWindow, film: Path, tmp_path: Path
) -> None:
    shutil.move(film / "media", tmp_path / "elsewhere")
    window = open_window(film)
    qtbot.waitUntil(lambda: "missing" in window.banners.shown, timeout=20_000)
    window.film.missing.relink_from(tmp_path / "elsewhere")
    qtbot.waitUntil(lambda: "missing" not in window.banners.shown, timeout=20_000)


def test_closing_ends_every_thread_and_lets_go_of_the_film(open_window: OpenWindow, film: Path) -> None:
    window = open_window(film)
    window.close()
    assert [name for name in running_threads() if name not in {"studio", "film opener"}] == []
    lock = WindowLock(film)
    assert lock.acquire()
    lock.release()


def test_the_last_edit_is_on_the_disk_when_the_window_has_closed(open_window: OpenWindow, film: Path) -> None:
    window = open_window(film)
    window.film.document.edit("Type", lambda board: set_prompt(board, "c1", "The red puppet sleeps."))
    window.close()
    assert Project.open(film).storyboard.clips[0].prompt == "The red puppet sleeps."


def test_closing_the_last_window_ends_the_program(
    qtbot: QtBot, studio: Studio, open_window: OpenWindow, film: Path
) -> None:
    window = open_window(film)
    with qtbot.waitSignal(studio.finished, timeout=5000):
        window.close()


def test_closing_a_film_from_the_menu_goes_back_to_the_welcome(
    qtbot: QtBot, studio: Studio, open_window: OpenWindow, film: Path
) -> None:
    window = open_window(film)
    window.actions_table.action("film.close").trigger()
    assert studio.windows == [] and studio.welcome is not None and studio.welcome.window.isVisible()


def test_quitting_closes_every_window(
    qtbot: QtBot, studio: Studio, open_window: OpenWindow, film: Path, tmp_path: Path
) -> None:
    (tmp_path / "two").mkdir()
    open_window(film)
    open_window(make_film(tmp_path / "two"))
    with qtbot.waitSignal(studio.finished, timeout=5000):
        studio.quit()
    assert studio.windows == []


def test_a_film_opened_from_a_films_window_takes_its_place(
    qtbot: QtBot, studio: Studio, open_window: OpenWindow, film: Path, tmp_path: Path
) -> None:
    (tmp_path / "two").mkdir()
    second = make_film(tmp_path / "two")
    first = open_window(film)
    with qtbot.waitSignal(studio.film_shown, timeout=20_000):
        studio.open_film(second, first)
    assert [window.film.path for window in studio.windows] == [second]


@pytest.mark.qt_log_ignore(r"does not support raise")  # the screen of the tests has no stack of windows
def test_a_film_opened_while_another_renders_stands_before_it_and_asks_nothing(
    qtbot: QtBot, studio: Studio, open_window: OpenWindow, film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raised: list[object] = []
    monkeypatch.setattr(studio_module, "bring_forward", raised.append)
    (tmp_path / "two").mkdir()
    second = make_film(tmp_path / "two")
    first = open_window(film)
    qtbot.waitUntil(first.actions_table.action("render.stale").isEnabled)
    first.actions_table.action("render.stale").trigger()
    qtbot.waitUntil(lambda: first.rendering.is_busy)
    with qtbot.waitSignal(studio.film_shown, timeout=20_000) as shown:
        studio.open_film(second, first)
    qtbot.waitUntil(lambda: bool(raised))
    assert raised == shown.args
    assert studio.windows == [first, *shown.args]
    assert first.isVisible()


def test_the_look_that_is_chosen_in_the_menu_is_kept(studio: Studio, open_window: OpenWindow, film: Path) -> None:
    window = open_window(film)
    window.actions_table.action("view.theme_light").trigger()
    assert studio.preferences.theme == "light"
    assert window.actions_table.action("view.theme_light").isChecked()


def test_every_button_in_the_window_has_a_name_to_be_read_aloud(open_window: OpenWindow, film: Path) -> None:
    window = open_window(film)
    all_buttons = window.findChildren(QAbstractButton)
    buttons = [each for each in all_buttons if each.isVisibleTo(window) and not _is_of_qt(each)]
    assert [button for button in buttons if not (button.accessibleName() or button.text())] == []


def _is_of_qt(button: QAbstractButton) -> bool:
    """Arrows of tab bars and the like, which Qt names itself."""
    own = isinstance(button.parent(), QTabBar | QLineEdit | QToolBar | QAbstractItemView)
    return own or button.objectName().startswith("qt_")


def test_asking_twice_for_a_film_opens_it_once(qtbot: QtBot, studio: Studio, film: Path) -> None:
    studio.open_film(film)
    studio.open_film(film)
    qtbot.waitUntil(lambda: bool(studio.windows), timeout=20_000)
    qtbot.wait(500)
    assert len(studio.windows) == 1 and not studio.windows[0].film.read_only


def test_the_end_of_the_program_waits_for_an_answer_and_then_goes_on(
    qtbot: QtBot, studio: Studio, open_window: OpenWindow, film: Path, tmp_path: Path
) -> None:
    (tmp_path / "two").mkdir()
    first = open_window(film)
    open_window(make_film(tmp_path / "two"))
    first.may_close = lambda: False
    studio.quit()
    assert first.isVisible()
    first.may_close = lambda: True
    with qtbot.waitSignal(studio.finished, timeout=5000):
        first.close()


def test_a_film_whose_window_cannot_be_made_is_let_go(
    qtbot: QtBot, studio: Studio, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_words: object) -> None:
        raise ValueError("a fault of the program")

    monkeypatch.setattr("svi_studio.ui.window.film_panels.make_film_window", fail)
    with qtbot.captureExceptions() as faults:
        studio.open_film(film)
        qtbot.waitUntil(lambda: bool(faults), timeout=20_000)
    lock = WindowLock(film)
    assert lock.acquire()
    lock.release()
