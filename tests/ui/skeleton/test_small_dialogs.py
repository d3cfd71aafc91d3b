"""How fast and how large a dance shall be, and what poses do not say."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.poses.assumed import Assumed
from svi_studio.ui.skeleton.film_dances import FilmDances
from svi_studio.ui.skeleton.poses_dialog import PosesDialog
from svi_studio.ui.skeleton.small_dialogs import SizeDialog, SpeedDialog
from tests.ui.skeleton.conftest import Find


@pytest.fixture
def speed(qtbot: QtBot) -> SpeedDialog:
    """Of a dance of six seconds."""
    dialog = SpeedDialog(6.0, 6.0)
    qtbot.addWidget(dialog)
    return dialog


def test_a_speed_in_percent(qtbot: QtBot, speed: SpeedDialog) -> None:
    speed.speed.edited.emit(150.0)
    assert "4.0 s" in speed.told.text()
    with qtbot.waitSignal(speed.factor_chosen) as chosen:
        speed.accept()
    assert chosen.args == [1.5]


def test_as_long_as_some_beats(qtbot: QtBot, speed: SpeedDialog) -> None:
    speed.by_beats.setChecked(True)
    speed.beats.edited.emit(16)
    speed.tempo.edited.emit(120.0)
    with qtbot.waitSignal(speed.factor_chosen) as chosen:
        speed.accept()
    assert chosen.args[0] == pytest.approx(6 / 8)


def test_the_whole_dance_into_its_piece(qtbot: QtBot, speed: SpeedDialog) -> None:
    speed.by_piece.setChecked(True)
    with qtbot.waitSignal(speed.fit_chosen), qtbot.assertNotEmitted(speed.factor_chosen):
        speed.accept()


def test_the_same_speed_is_no_change(qtbot: QtBot, speed: SpeedDialog) -> None:
    with qtbot.assertNotEmitted(speed.factor_chosen):
        speed.accept()


def test_more_than_sixteen_times_is_not_offered(speed: SpeedDialog) -> None:
    speed.by_beats.setChecked(True)
    speed.beats.edited.emit(1)
    speed.tempo.edited.emit(400.0)
    assert not speed.ok.isEnabled()


def test_a_size_in_percent(qtbot: QtBot) -> None:
    dialog = SizeDialog()
    qtbot.addWidget(dialog)
    dialog.size_box.edited.emit(80.0)
    with qtbot.waitSignal(dialog.factor_chosen) as chosen:
        dialog.accept()
    assert chosen.args == [0.8]


def test_what_poses_do_not_say_is_asked_before_they_are_laid(qtbot: QtBot) -> None:
    assumed = Assumed(((120.0, 40.0), (430.0, 50.0)), 4, 1, Fraction(30))
    dialog = PosesDialog("poses", assumed, 60)
    qtbot.addWidget(dialog)
    assert [each.isChecked() for each in dialog.people] == [False, True]
    assert dialog.rate.value == 30
    dialog.people[0].setChecked(True)
    dialog.rate.show_value(25)
    with qtbot.waitSignal(dialog.chosen) as told:
        dialog.accept()
    assert told.args == [Fraction(25), 0]


def test_poses_of_one_person_are_asked_their_rate_alone(qtbot: QtBot) -> None:
    dialog = PosesDialog("poses", Assumed(fps=Fraction(30)), 60)
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(dialog.chosen) as told:
        dialog.accept()
    assert not dialog.people and told.args == [Fraction(30), None]


def test_poses_of_another_program_are_laid_once_the_window_has_asked(
    qtbot: QtBot, film: OpenFilm, dances: FilmDances, shown: Find[QDialog], tmp_path: Path
) -> None:
    body = [each for joint in range(18) for each in (100 + joint * 10, joint * 10, 0.9)]
    for number in range(40):
        content = json.dumps({"people": [{"pose_keypoints_2d": body}]})
        (tmp_path / f"clip_{number:012}_keypoints.json").write_text(content)
    film.dances.bring_in(tmp_path, 0)
    asked = shown(PosesDialog)
    assert not film.skeleton.pieces
    asked.rate.show_value(20)
    asked.accept()
    qtbot.waitUntil(lambda: len(film.skeleton.pieces) == 1)
    assert film.skeleton.pieces[0].length == 24
