"""Choosing the dancer in a video: who is clicked, how far it is, and what happens without networks."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from svi_studio.document.skeleton.dance_search import DanceSearch, SearchState
from svi_studio.document.skeleton.pose_networks import PoseNetworks
from svi_studio.domain.poses.search_events import SearchProgress
from svi_studio.media.formats import FFV1
from svi_studio.media.video_writer import open_writer
from svi_studio.ui.skeleton.search_dialog import SearchDialog, pose_in
from tests.document.skeleton.test_search import ScriptedFinder


class SetNetworks(PoseNetworks):
    """Networks that are here or not, as a test says."""

    def __init__(self, missing: str = "") -> None:
        super().__init__()
        self._missing = missing

    def arrive(self) -> None:
        self._missing = ""
        self.changed.emit()


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("video") / "somebody.mkv"
    with open_writer(path, width=64, height=48, fps=12, film_format=FFV1) as written:
        written.write(np.random.default_rng(1).integers(0, 256, (6, 48, 64, 3), np.uint8))
    return path


@pytest.fixture
def finder() -> ScriptedFinder:
    return ScriptedFinder()


@pytest.fixture
def search(video: Path, finder: ScriptedFinder) -> Iterator[DanceSearch]:
    search = DanceSearch(video, finder=finder)
    yield search
    search.close()


def open_dialog(qtbot: QtBot, search: DanceSearch, networks: PoseNetworks) -> SearchDialog:
    dialog = SearchDialog(search, networks)
    qtbot.addWidget(dialog)
    dialog.show()
    search.begin()
    qtbot.waitUntil(lambda: search.image is not None)
    return dialog


def click(qtbot: QtBot, dialog: SearchDialog, x: float, y: float) -> None:
    """Presses the video's pixel (x, y)."""
    view = dialog.person
    scale = min(view.width() / 64, view.height() / 48)
    left, top = (view.width() - 64 * scale) / 2, (view.height() - 48 * scale) / 2
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(left + x * scale), round(top + y * scale)))


def test_nobody_is_followed_before_somebody_is_chosen(qtbot: QtBot, search: DanceSearch) -> None:
    dialog = open_dialog(qtbot, search, SetNetworks())
    qtbot.waitUntil(lambda: "2 people" in dialog.words.text())
    click(qtbot, dialog, 47, 20)
    assert search.person is not None and search.person[:2] == pytest.approx((47, 20), abs=0.5)
    assert "This one is followed" in dialog.words.text() and dialog.find_button.isEnabled()


def test_the_arrows_choose_somebody_too(qtbot: QtBot, search: DanceSearch) -> None:
    dialog = open_dialog(qtbot, search, SetNetworks())
    qtbot.waitUntil(lambda: search.people is not None)
    for wanted in (20.0, 47.5, 20.0):
        qtbot.keyClick(dialog.person, Qt.Key.Key_Right)
        assert search.person is not None and search.person[0] == wanted


def test_the_film_can_go_on_while_the_dancer_is_followed(
    qtbot: QtBot, search: DanceSearch, finder: ScriptedFinder
) -> None:
    finder.holds = True
    dialog = open_dialog(qtbot, search, SetNetworks())
    qtbot.waitUntil(lambda: search.people is not None)
    click(qtbot, dialog, 20, 20)
    dialog.find_button.click()
    qtbot.waitUntil(lambda: dialog.bar.value() == 1)
    assert dialog.pages.currentIndex() == 1 and "Frame 1 of 2" in dialog.far.text()
    assert not dialog.isModal()
    dialog.hide_button.click()
    assert search.state is SearchState.SEARCHING and not dialog.isVisible()
    with qtbot.waitSignal(search.found):
        finder.holds = False


def test_stop_ends_the_search(qtbot: QtBot, search: DanceSearch, finder: ScriptedFinder) -> None:
    finder.holds = True
    dialog = open_dialog(qtbot, search, SetNetworks())
    qtbot.waitUntil(lambda: search.people is not None)
    click(qtbot, dialog, 20, 20)
    dialog.find_button.click()
    dialog.cancel.click()
    assert search.state is SearchState.CANCELLED and finder.is_closed


def test_closing_it_before_anything_is_searched_gives_the_video_up(qtbot: QtBot, search: DanceSearch) -> None:
    dialog = open_dialog(qtbot, search, SetNetworks())
    dialog.close()
    assert search.state is SearchState.CANCELLED


def test_without_networks_there_is_a_button_that_gets_them(qtbot: QtBot, search: DanceSearch) -> None:
    networks = SetNetworks("They are not here.")
    dialog = open_dialog(qtbot, search, networks)
    assert dialog.get.isVisible() and not dialog.find_button.isEnabled()
    assert search.people is None and "networks" in dialog.words.text()
    networks.arrive()
    qtbot.waitUntil(lambda: search.people is not None)
    assert not dialog.get.isVisible()


def test_offline_the_networks_say_so_in_a_sentence(
    qtbot: QtBot, search: DanceSearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    from svi_studio.media.poses.networks.network_files import SetUpFailed

    def refuse(**_options: object) -> None:
        raise SetUpFailed("The pose networks could not be fetched: connect to the internet and try again.")

    monkeypatch.setattr("svi_studio.media.poses.networks.set_up.set_up_networks", refuse)
    networks = SetNetworks("They are not here.")
    dialog = open_dialog(qtbot, search, networks)
    dialog.get.click()
    qtbot.waitUntil(lambda: not networks.is_busy)
    assert "connect to the internet" in dialog.words.text() and dialog.get.isEnabled()
    networks.close()


def test_the_body_that_was_found_last_is_shown_without_what_is_not_seen() -> None:
    pose = pose_in(SearchProgress(1, 2, (*(5.0, 6.0, 0.9), *(0.0, 0.0, 0.0) * 19)), (64, 48))
    assert pose.body[0] == (5.0, 6.0) and pose.body[1:] == (None,) * 19
