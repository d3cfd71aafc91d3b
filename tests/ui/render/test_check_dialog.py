"""The page before a render shows what is bad first, looks in a thread, and lets go when it or the film is closed."""

import threading

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.render import check_desk
from svi_studio.domain.editing import edits
from svi_studio.domain.errors import BadWeights
from svi_studio.domain.finding import Finding
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.render.bar import RenderBar
from svi_studio.ui.render.check_dialog import CheckDialog
from tests.patience import SECONDS

MS = round(SECONDS * 1000)


def words(dialog: CheckDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if label.text())


def shown(qtbot: QtBot, film: OpenFilm) -> CheckDialog:
    dialog = CheckDialog(film)
    with qtbot.waitSignal(dialog.desk.found, timeout=MS):
        dialog.open()
    return dialog


def test_a_sound_film_can_be_rendered(qtbot: QtBot, film: OpenFilm) -> None:
    dialog = shown(qtbot, film)
    told = words(dialog)
    assert "The film can be rendered." in told
    assert "4 clips, 4 to render, 0 ready." in told
    dialog.accept()


def test_what_is_bad_comes_first_and_a_new_look_sees_that_it_is_mended(qtbot: QtBot, film: OpenFilm) -> None:
    board = film.document.storyboard
    film.document.edit("empty", lambda board: edits.change_clip(board, "c2", prompt=""))
    dialog = shown(qtbot, film)
    told = words(dialog)
    assert "Something has to be put right" in told
    assert told.index("Clip 2 has no prompt") < told.index("Family")
    film.document.edit("mend", lambda now: board)
    with qtbot.waitSignal(dialog.desk.found, timeout=MS):
        dialog.look()
    assert "can be rendered" in words(dialog)
    dialog.accept()


def test_notes_come_between_and_begin_as_sentences_do(qtbot: QtBot, film: OpenFilm) -> None:
    dialog = shown(qtbot, film)
    dialog.show_found(
        [
            Finding("good", "Memory", "fp8, all of it stays on the card"),
            Finding("note", "Seeds", "clips 1, 3 have the same one", "give each its own"),
            Finding("bad", "Film", "It does not fit."),
        ]
    )
    told = words(dialog)
    lines = ("It does not fit.", "Clips 1, 3 have the same one.", "Give each its own.", "fp8, all of it stays")
    places = [told.index(line) for line in lines]
    assert places == sorted(places)
    dialog.accept()


def test_a_model_that_is_not_here_is_one_sentence(
    qtbot: QtBot, film: OpenFilm, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(*_: object, **__: object) -> None:
        raise BadWeights("The model has vanished.")

    monkeypatch.setattr(check_desk, "look_at_film", look)
    dialog = shown(qtbot, film)
    assert "The model has vanished." in words(dialog)
    dialog.accept()


def test_closing_the_page_or_the_film_stops_a_look_under_way(
    qtbot: QtBot, film: OpenFilm, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, ended = threading.Event(), threading.Event()

    def look(*_: object, should_stop: object, **__: object) -> None:
        begun.set()
        while not should_stop():  # type: ignore[operator]
            ended.wait(0.01)
        ended.set()
        raise BadWeights("stopped")

    monkeypatch.setattr(check_desk, "look_at_film", look)
    for close in (CheckDialog.reject, lambda dialog: film.closing.emit()):
        begun.clear()
        ended.clear()
        dialog = CheckDialog(film)
        dialog.open()
        assert begun.wait(SECONDS)
        close(dialog)
        assert ended.is_set()


def test_the_menu_opens_it(qtbot: QtBot, bar: RenderBar, actions: Actions) -> None:
    actions.action("render.check").trigger()
    (dialog,) = (each for each in QApplication.topLevelWidgets() if isinstance(each, CheckDialog) and each.isVisible())
    with qtbot.waitSignal(dialog.desk.found, timeout=MS):
        pass
    wanted: list[bool] = []
    actions.connect_action("film.models", lambda: wanted.append(True))
    next(button for button in dialog.findChildren(QPushButton) if button.text() == "Models…").click()
    assert wanted == [True]
    assert not dialog.isVisible()
    bar.menu_button.fill()
    assert actions.action("render.check") in bar.menu_button.choices.actions()


def test_every_line_has_its_room(qtbot: QtBot, film: OpenFilm) -> None:
    dialog = shown(qtbot, film)
    long = "no LoRA of Stable Video Infinity is in the film, so that it drifts from clip to clip, sooner or later"
    findings = [Finding("note", "LoRAs", long, f"add the one of its family: {long}")]
    findings += [Finding("good", "Memory", "fp8, 22 of 40 blocks of each expert stay on the card")] * 7
    dialog.show_found(findings)

    def visible() -> list[QLabel]:
        return [label for label in dialog.findChildren(QLabel) if label.text() and label.isVisible()]

    qtbot.waitUntil(lambda: len(visible()) > 2 * len(findings), timeout=MS)
    for height in range(500, 640, 5):  # about as high as all of it is, where a page could be squeezed
        dialog.resize(640, height)
        QApplication.processEvents()
        assert [label.text() for label in visible() if label.height() < label.heightForWidth(label.width())] == []
    dialog.accept()
