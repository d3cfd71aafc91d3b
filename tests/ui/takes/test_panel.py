from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.takes.take_look import looks_of, unused_takes
from svi_studio.document.takes.take_words import made_words
from svi_studio.domain.editing.edits import change_clips
from svi_studio.ui.takes import TakesPanel
from svi_studio.ui.takes import panel as panel_module
from svi_studio.ui.takes.take_delegate import stars_of
from tests.ui.takes.conftest import add_take, settle


def shown(film: OpenFilm, clip_id: str = "c1") -> str | None:
    return film.states.state(clip_id).current_take


def pick(qtbot: QtBot, panel: TakesPanel, take: str) -> None:
    row = panel.list.visualRect(panel.list.takes.index(panel.list.takes.row_of(take)))
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=row.topLeft() + QPoint(20, 20))


def press(box: QMessageBox, words: str) -> None:
    button = next(each for each in box.findChildren(QPushButton) if each.text().startswith(words))
    button.click()


def test_the_newest_take_comes_first(qtbot: QtBot, film: OpenFilm, panel: TakesPanel) -> None:
    old = add_take(qtbot, film, "c1", seed=5, created_at="2020-01-01T00:00:00+00:00")
    settle(qtbot, panel, 2)
    assert [look.take_hash for look in panel.list.takes.looks] == [shown(film), old]


def test_the_take_that_the_clip_shows_is_selected_and_says_so(film: OpenFilm, panel: TakesPanel) -> None:
    assert [look.is_shown for look in panel.list.selected_looks()] == [True]
    assert panel.detail.standing.text() == "The clip shows this take."
    assert not panel.detail.use.isVisible()


def test_another_take_tells_why_it_is_not_the_present_one(qtbot: QtBot, film: OpenFilm, panel: TakesPanel) -> None:
    other = add_take(qtbot, film, "c1", seed=5, prompt="The red puppet jumps.")
    settle(qtbot, panel, 2)
    pick(qtbot, panel, other)
    assert panel.detail.reasons.text() == "Its seed is 5, the clip now has 0."
    assert panel.detail.diff.isVisible()
    assert "jumps" in panel.detail.diff.text()


def test_a_take_of_another_parent_says_so(qtbot: QtBot, film: OpenFilm, panel: TakesPanel) -> None:
    add_take(qtbot, film, "c2", parent_hash="a" * 64)
    film.selection.select(["c2"])
    qtbot.waitUntil(lambda: panel.title.text().startswith("Clip 2"))
    assert "another take of the clip before" in panel.detail.reasons.text()


def test_the_new_take_of_a_clip_that_was_out_of_date_is_selected(
    qtbot: QtBot, film: OpenFilm, panel: TakesPanel
) -> None:
    old = shown(film)
    film.document.edit("Seed", lambda board: change_clips(board, ["c1"], seed=9))
    qtbot.waitUntil(lambda: shown(film) != old)
    panel.show_state()
    new = add_take(qtbot, film, "c1")
    qtbot.waitUntil(lambda: shown(film) == new)
    qtbot.waitUntil(lambda: [look.take_hash for look in panel.list.selected_looks()] == [new])


def test_a_take_that_was_picked_stays_selected_when_another_comes(
    qtbot: QtBot, film: OpenFilm, panel: TakesPanel
) -> None:
    other = add_take(qtbot, film, "c1", seed=5, created_at="2020-01-01T00:00:00+00:00")
    settle(qtbot, panel, 2)
    pick(qtbot, panel, other)
    add_take(qtbot, film, "c1", seed=6)
    settle(qtbot, panel, 3)
    assert [look.take_hash for look in panel.list.selected_looks()] == [other]


def test_using_a_take_keeps_it(qtbot: QtBot, film: OpenFilm, panel: TakesPanel) -> None:
    other = add_take(qtbot, film, "c1", seed=5)
    settle(qtbot, panel, 2)
    pick(qtbot, panel, other)
    qtbot.mouseClick(panel.detail.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown(film) == other)
    qtbot.waitUntil(panel.detail.release.isVisible)
    assert film.document.undo_stack.undoText() == "Choose take"


def test_letting_go_follows_the_settings_again(qtbot: QtBot, film: OpenFilm, panel: TakesPanel) -> None:
    other = add_take(qtbot, film, "c1", seed=5)
    film.commands.takes.choose(other, "c1")
    qtbot.waitUntil(panel.detail.release.isVisible)
    qtbot.mouseClick(panel.detail.release, Qt.MouseButton.LeftButton)
    clip = film.document.clip("c1")
    assert clip is not None
    assert clip.take is None


def test_picking_a_take_asks_to_see_it(qtbot: QtBot, film: OpenFilm, panel: TakesPanel) -> None:
    other = add_take(qtbot, film, "c1", seed=5)
    settle(qtbot, panel, 2)
    with qtbot.waitSignal(panel.show_take_requested) as told:
        pick(qtbot, panel, other)
    assert told.args == [other]


def test_selecting_another_clip_shows_its_takes_without_asking_for_a_preview(
    qtbot: QtBot, film: OpenFilm, panel: TakesPanel
) -> None:
    with qtbot.assertNotEmitted(panel.show_take_requested, wait=50):
        film.selection.select(["c2"])
        settle(qtbot, panel, 0)
    assert panel.empty.isVisible()


def test_number_keys_rate_the_selected_take(qtbot: QtBot, film: OpenFilm, panel: TakesPanel) -> None:
    qtbot.keyClicks(panel.list, "4")
    take = shown(film)
    assert take is not None
    qtbot.waitUntil(lambda: film.takes.rating(take) == 4)


def test_a_click_on_a_star_of_a_row_rates_it(qtbot: QtBot, film: OpenFilm, panel: TakesPanel) -> None:
    row = panel.list.visualRect(panel.list.takes.index(0))
    stars = stars_of(row, panel.list.fontMetrics().height())
    place = stars.center()
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    take = shown(film)
    assert take is not None
    qtbot.waitUntil(lambda: film.takes.rating(take) == 3)


def test_a_take_that_nobody_needs_goes_at_once(qtbot: QtBot, film: OpenFilm, panel: TakesPanel) -> None:
    other = add_take(qtbot, film, "c1", seed=5)
    settle(qtbot, panel, 2)
    assert panel.deletion.delete([other]) is None
    qtbot.waitUntil(lambda: not film.takes.has(other))
    settle(qtbot, panel, 1)


def test_deleting_the_take_of_a_clip_asks_and_says_which(qtbot: QtBot, film: OpenFilm, panel: TakesPanel) -> None:
    take = shown(film)
    assert take is not None
    box = panel.deletion.delete([take])
    assert box is not None
    assert "Clip 1 uses it" in box.informativeText()
    press(box, "Cancel")
    assert film.takes.has(take)


def test_a_rated_take_asks_first(qtbot: QtBot, film: OpenFilm, panel: TakesPanel) -> None:
    other = add_take(qtbot, film, "c1", seed=5)
    film.takes.rate(other, 2)
    qtbot.waitUntil(lambda: film.takes.rating(other) == 2)
    box = panel.deletion.delete([other])
    assert box is not None
    assert "rated" in box.informativeText()
    press(box, "Delete, frees")
    qtbot.waitUntil(lambda: not film.takes.has(other))


def test_unused_takes_go_and_used_and_rated_ones_stay(qtbot: QtBot, film: OpenFilm, panel: TakesPanel) -> None:
    used = shown(film)
    plain = add_take(qtbot, film, "c1", seed=5)
    rated = add_take(qtbot, film, "c1", seed=6)
    film.takes.rate(rated, 5)
    qtbot.waitUntil(lambda: film.takes.rating(rated) == 5)
    box = panel.deletion.delete_unused()
    assert box is not None
    press(box, "Delete")
    qtbot.waitUntil(lambda: not film.takes.has(plain))
    assert used is not None
    assert film.takes.has(used)
    assert film.takes.has(rated)


def test_the_last_picture_of_a_stale_clip_is_not_unused(qtbot: QtBot, film: OpenFilm, panel: TakesPanel) -> None:
    old = shown(film)
    film.document.edit("x", lambda board: change_clips(board, ["c1"], seed=99))
    film.states.settle()
    assert shown(film) is None
    assert old not in unused_takes(film)


def test_two_selected_takes_are_compared(qtbot: QtBot, film: OpenFilm, panel: TakesPanel) -> None:
    add_take(qtbot, film, "c1", seed=5)
    settle(qtbot, panel, 2)
    panel.list.selectAll()
    with qtbot.waitSignal(panel.compare_requested) as told:
        qtbot.mouseClick(panel.detail.compare, Qt.MouseButton.LeftButton)
    assert set(told.args) == {look.take_hash for look in panel.list.takes.looks}


def test_what_if_starts_from_the_selected_take(qtbot: QtBot, film: OpenFilm, panel: TakesPanel) -> None:
    other = add_take(qtbot, film, "c1", seed=5)
    settle(qtbot, panel, 2)
    pick(qtbot, panel, other)
    qtbot.mouseClick(panel.detail.fork, Qt.MouseButton.LeftButton)
    clips = film.document.storyboard.clips
    assert len(clips) == 6
    assert [clip.take for clip in clips] == [None, None, None, other, None, None]


def test_the_folder_of_a_take_can_be_shown(
    qtbot: QtBot, film: OpenFilm, panel: TakesPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown_folders: list[Path] = []
    monkeypatch.setattr(panel_module, "open_with_system", shown_folders.append)
    qtbot.mouseClick(panel.detail.reveal, Qt.MouseButton.LeftButton)
    assert [folder.name for folder in shown_folders] == [shown(film)]


def test_a_film_that_can_only_be_read_offers_no_change(qtbot: QtBot, film: OpenFilm, panel: TakesPanel) -> None:
    film.document.read_only_reason = "Another window has this film."
    panel.show_state()
    qtbot.keyClicks(panel.list, "5")
    qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    take = shown(film)
    assert take is not None
    assert film.takes.rating(take) == 0
    assert film.takes.has(take)
    assert not panel.detail.delete.isEnabled()
    assert panel.detail.reveal.isEnabled()


def test_rows_say_what_they_show(film: OpenFilm, panel: TakesPanel) -> None:
    words = panel.list.takes.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert words.startswith("Seed 0, Fits the settings, 20 steps · 2.0 s")


def test_a_narrow_row_tells_how_much_moves_before_it_is_cut(film: OpenFilm) -> None:
    (look,) = looks_of(film, "c1")
    job = look.take.job.model_copy(update={"num_inference_steps": 1})
    take = look.take.model_copy(update={"job": job, "continuity": {"movement": 3.4}})
    assert made_words(replace(look, take=take)).startswith("1 step · moves 3.4 · 2.0 s")


def test_unused_takes_are_deleted_from_the_menu_too(film: OpenFilm, panel: TakesPanel) -> None:
    action = panel._actions.action("take.delete_unused")
    assert action.isEnabled()
    with_nothing_unused = []
    film.document.refused.connect(with_nothing_unused.append)
    action.trigger()
    assert with_nothing_unused == ["Every take is used by a clip: there is nothing to delete."]
