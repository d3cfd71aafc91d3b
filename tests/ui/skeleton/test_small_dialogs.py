"""How fast and how large a dance shall be."""

import pytest
from pytestqt.qtbot import QtBot

from svi_studio.ui.skeleton.small_dialogs import SizeDialog, SpeedDialog


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
